import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AGENTS, ME, PASSWORD } from './agents.ts';
import { type FakeHub, QUEUE } from './hub.ts';
import { CHANNEL, conversationOf, eventOf, summaryOf } from './present.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
export const COOKIE = 'baton=fake-session';

const workspace = { id: 'wsp_1', name: 'Fernweh Outdoor', defaultQueue: QUEUE, createdAt: '2026-03-02T09:00:00.000Z' };
const queues = [
  {
    id: QUEUE,
    name: 'General',
    isDefault: true,
    desks: [null],
    limits: {},
    agents: null,
    waiting: 0,
    createdAt: workspace.createdAt,
  },
  {
    id: 'que_billing',
    name: 'Billing',
    isDefault: false,
    desks: [null],
    limits: { offerSeconds: 20 },
    agents: ['agt_dana'],
    waiting: 0,
    createdAt: workspace.createdAt,
  },
];
const integrations = [
  {
    id: CHANNEL.id,
    side: 'channel',
    kind: 'widget',
    name: CHANNEL.name,
    config: { origins: ['https://fernweh.example'], identitySecret: 'whsec_c2VjcmV0' },
    bot: 'int_house',
    siteKey: 'site_9f2c4e71',
    enabled: true,
    createdAt: workspace.createdAt,
  },
  {
    id: 'int_house',
    side: 'bot',
    kind: 'house',
    name: 'Fern',
    config: {},
    bot: null,
    siteKey: null,
    enabled: true,
    createdAt: workspace.createdAt,
  },
];
const keys = [
  {
    id: 'key_1',
    name: 'Order system',
    scopes: ['conversations:read', 'handoffs:write'],
    createdAt: workspace.createdAt,
    lastUsedAt: '2026-11-21T16:20:00.000Z',
  },
];

/** The parts of the HTTP API that the console calls. Wrong logins are throttled after three. */
export function createHttp(hub: FakeHub) {
  let failures = 0;
  const loggedIn = (request: IncomingMessage) => request.headers.cookie?.includes(COOKIE) ?? false;

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://hub');
    const answer = (status: number, body?: unknown, headers: Record<string, string> = {}) => {
      response
        .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
        .end(body === undefined ? undefined : JSON.stringify(body));
    };
    const problem = (status: number, code: string, detail: string, more = {}) =>
      answer(status, { type: `https://baton.dev/problems/${code}`, title: code, status, code, detail, ...more });
    if (!url.pathname.startsWith('/v1/')) return serve(url.pathname, response);

    if (url.pathname === '/v1/session') {
      if (request.method === 'GET')
        return loggedIn(request)
          ? answer(200, { agent: ME, workspace })
          : problem(401, 'unauthorized', 'Log in first.');
      if (request.method === 'DELETE') return answer(204, undefined, { 'set-cookie': 'baton=; Path=/; Max-Age=0' });
      if (failures >= 3)
        return problem(429, 'too_many_attempts', 'Too many wrong passwords.', { retryAfterSeconds: 540 });
      const { email, password } = JSON.parse(await bodyOf(request));
      if (email !== ME.email || password !== PASSWORD) {
        failures++;
        return problem(401, 'login_failed', 'There is no such account, or the password is wrong.');
      }
      return answer(200, { agent: ME, workspace }, { 'set-cookie': `${COOKIE}; Path=/; HttpOnly` });
    }
    if (!loggedIn(request)) return problem(401, 'unauthorized', 'Log in first.');
    const found = route(hub, request.method ?? 'GET', url, await bodyOf(request));
    return found ? answer(found.status, found.body) : problem(404, 'not_found', 'There is nothing at this address.');
  };
}

function route(hub: FakeHub, method: string, url: URL, body: string): { status: number; body: unknown } | null {
  const [, , kind, id, more] = url.pathname.split('/');
  const page = (items: unknown[]) => ({ status: 200, body: { items, next: null } });
  switch (`${method} ${kind}${id ? '/id' : ''}${more ? `/${more}` : ''}`) {
    case 'GET conversations':
      return list(hub, url.searchParams);
    case 'GET conversations/id': {
      const talk = hub.talks.get(id as `cnv_${string}`);
      return talk ? { status: 200, body: conversationOf(talk) } : null;
    }
    case 'GET conversations/id/events': {
      const log = hub.talks.get(id as `cnv_${string}`)?.log ?? [];
      const after = Number(url.searchParams.get('after') ?? 0);
      const items = log.slice(after, after + Number(url.searchParams.get('limit') ?? 100));
      return { status: 200, body: { items: items.map(eventOf), next: null } };
    }
    case 'GET agents':
      return page(AGENTS.map((agent) => ({ ...agent, active: held(hub, agent.id) })));
    case 'GET queues':
      return page(queues);
    case 'GET integrations':
      return page(integrations);
    case 'GET keys':
      return page(keys);
    case 'POST keys':
      return {
        status: 201,
        body: {
          ...keys[0],
          ...JSON.parse(body),
          id: 'key_2',
          lastUsedAt: null,
          key: 'bt_live_7Hq2mZ4xW9dKc81LrTnVbYpE3sUaGf06',
        },
      };
    case 'GET workspace':
    case 'PATCH workspace':
      return {
        status: 200,
        body: {
          ...workspace,
          rules: {
            limits: hub.rules.limits,
            escalation: hub.rules.escalation,
            botTries: hub.rules.botTries,
            voice: hub.rules.voice,
          },
        },
      };
    case 'POST files':
      return {
        status: 201,
        body: {
          id: hub.newId('fil'),
          name: /filename="([^"]*)"/.exec(body)?.[1] ?? 'file',
          mime: 'application/pdf',
          size: body.length,
          url: '/files/x',
        },
      };
    default:
      return null;
  }
}

function list(hub: FakeHub, query: URLSearchParams) {
  const limit = Number(query.get('limit') ?? 50);
  const agent = query.get('agent');
  const all = [...hub.talks.values()]
    .map(summaryOf)
    .filter((row) => !query.get('status') || row.status === query.get('status'))
    .filter((row) => !query.get('holder') || row.control.holder === query.get('holder'))
    .filter((row) => !agent || row.control.agent?.id === agent)
    .filter((row) => !query.get('customer') || row.customer.id === query.get('customer'))
    .sort((a, b) => (a.activeAt < b.activeAt ? 1 : -1));
  const from = Number(query.get('after') ?? 0);
  return {
    status: 200,
    body: { items: all.slice(from, from + limit), next: from + limit < all.length ? String(from + limit) : null },
  };
}

export function held(hub: FakeHub, agent: string): number {
  return [...hub.talks.values()].filter(
    ({ state }) => state.control.holder === 'agent' && state.control.agent.id === agent,
  ).length;
}

function serve(path: string, response: ServerResponse): void {
  const name = path.replace(/^\/console\/?/, '');
  const file = join(dist, name.includes('..') || !extname(name) ? 'index.html' : name);
  if (!existsSync(file)) return void response.writeHead(404).end();
  response
    .writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
    .end(readFileSync(file));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('latin1');
}
