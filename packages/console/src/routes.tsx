import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { part } from '#data/part.ts';
import { sessionQuery } from '#data/session.ts';
import { isView } from '#data/views.ts';
import { Conversation } from '#screens/conversation/conversation.tsx';
import { Inbox } from '#screens/inbox/inbox.tsx';
import { NoConversation } from '#screens/inbox/no-conversation.tsx';
import { Login } from '#screens/login/login.tsx';
import { Failure, ScreenFailure } from '#screens/shell/failure.tsx';
import { Shell } from '#screens/shell/shell.tsx';

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ errorComponent: Failure });

export interface LoginSearch {
  /** Where to go after the login. */
  to?: string;
  /** Why the login is shown. */
  why?: 'ended' | 'link';
}

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: ({ to, why }: Record<string, unknown>): LoginSearch => ({
    // Only places of this console: a link must not lead elsewhere after the login.
    ...(typeof to === 'string' && /^\/(?![/\\])/.test(to) && { to }),
    ...((why === 'ended' || why === 'link') && { why }),
  }),
  beforeLoad: async ({ context, search }) => {
    const session = await context.queries.fetchQuery(sessionQuery).catch(() => null);
    if (session) throw redirect({ to: search.to ?? '/' });
  },
  component: Login,
});

/** Everything behind the login. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.fetchQuery(sessionQuery);
    if (!session)
      throw redirect({ to: '/login', search: { ...(location.pathname !== '/' && { to: location.pathname }) } });
    return { session };
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox/$view', params: { view: 'queue' } });
  },
});

const inbox = createRoute({
  getParentRoute: () => shell,
  path: '/inbox/$view',
  beforeLoad: ({ params }) => {
    if (!isView(params.view)) throw redirect({ to: '/inbox/$view', params: { view: 'queue' } });
  },
  component: Inbox,
  errorComponent: ScreenFailure,
});
const inboxIndex = createRoute({ getParentRoute: () => inbox, path: '/', component: NoConversation });
const conversation = createRoute({
  getParentRoute: () => inbox,
  path: '$conversation',
  component: Conversation,
  errorComponent: ScreenFailure,
});

const settings = createRoute({
  getParentRoute: () => shell,
  // The second part is one of what the section lists: a desk, a webhook.
  path: '/settings/{-$section}/{-$item}',
  // Few agents ever open it.
  component: lazyRouteComponent(
    part(() => import('#screens/settings/settings.tsx')),
    'Settings',
  ),
  errorComponent: ScreenFailure,
});

const reports = createRoute({
  getParentRoute: () => shell,
  path: '/reports/{-$report}',
  beforeLoad: ({ context }) => {
    if (context.session.agent.role === 'agent') throw redirect({ to: '/inbox/$view', params: { view: 'queue' } });
  },
  component: lazyRouteComponent(
    part(() => import('#screens/reports/reports.tsx')),
    'Reports',
  ),
  errorComponent: ScreenFailure,
});

const tree = root.addChildren([
  login,
  shell.addChildren([home, inbox.addChildren([inboxIndex, conversation]), settings, reports]),
]);

export function createConsoleRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    basepath: '/console',
    context: { queries },
    // A redirect must not flash; what loads longer shows its own skeleton.
    defaultPendingMs: 400,
    notFoundMode: 'root',
    defaultNotFoundComponent: () => <Failure />,
  });
}

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The agent has just accepted: the reply field gets the focus. */
    write?: boolean;
    /** Which kind of desk is to be connected. */
    kind?: string;
  }

  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
