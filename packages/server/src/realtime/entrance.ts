import type { ClientFrame } from '@baton/protocol';
import { AgentSession } from './agent.ts';
import { CLOSE, type Connection } from './connection.ts';
import type { Principal, Realtime } from './realtime.ts';
import { ServerSession } from './server-client.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { VisitorSession } from './visitor.ts';

export type Hello = Extract<ClientFrame, { type: 'hello' }>;

/** The close code of a refused hello: a new token is needed before trying again. */
export const HELLO_REFUSED = CLOSE.unauthorized;

/** Who somebody is, or why that cannot be told. From http/auth.ts. */
export interface Identify {
  visitor(token: string): Promise<Principal | Refused>;
  key(token: string): Promise<Principal | Refused>;
  cookie(cookie: string | undefined): Promise<Principal | Refused>;
  /** May a page of this origin speak for this visitor's site? Says why not. */
  originOfVisitor(principal: Principal, origin: string | undefined, host: string | undefined): Promise<Refused | null>;
  /** A cookie is sent by any page of the browser: only our own pages may use it. */
  originOfCookie(from: Pick<Knock, 'origin' | 'host' | 'site'>): Refused | null;
}

export interface Refused {
  code: string;
  message: string;
  retryAfterMs?: number;
}

export interface Knock {
  side: 'visitor' | 'staff';
  hello: Hello;
  cookie: string | undefined;
  origin: string | undefined;
  host: string | undefined;
  /** Sec-Fetch-Site: not every request of a browser has an Origin. */
  site?: string | undefined;
  /** Where it comes from, as far as proxies can be trusted. */
  address: string;
  connection: Connection;
}

/** The way in for sockets and streams: who is it, may he come from there, which session is his. */
export class Entrance {
  readonly #realtime: Realtime;
  readonly #identify: Identify;
  readonly #sessions: Sessions;

  constructor(deps: { realtime: Realtime; identify: Identify; sessions: Sessions }) {
    this.#realtime = deps.realtime;
    this.#identify = deps.identify;
    this.#sessions = deps.sessions;
  }

  async enter(knock: Knock): Promise<Session | Refused> {
    const retryAfterMs = this.#realtime.limits.hello(knock.address);
    if (retryAfterMs > 0)
      return { code: 'rate_limited', message: 'Too many connections from this address.', retryAfterMs };
    try {
      const principal = await this.#principal(knock);
      if ('code' in principal) return principal;
      const session = this.#sessionFor(principal, knock.connection);
      await this.#realtime.directory.load([principal.workspace]);
      this.#sessions.add(session);
      return session;
    } catch (error) {
      this.#realtime.log.warn({ error }, 'a hello could not be answered');
      return { code: 'unavailable', message: 'The server cannot answer right now. Try again in a moment.' };
    }
  }

  async #principal({ side, hello, cookie, origin, host, site }: Knock): Promise<Principal | Refused> {
    if (side === 'visitor') {
      if (!hello.token)
        return { code: 'unauthenticated', message: 'Say hello with the visitor token of POST /widget/v1/sessions.' };
      const principal = await this.#identify.visitor(hello.token);
      if ('code' in principal) return principal;
      return (await this.#identify.originOfVisitor(principal, origin, host)) ?? principal;
    }
    if (hello.token) return this.#identify.key(hello.token);
    return this.#identify.originOfCookie({ origin, host, site }) ?? this.#identify.cookie(cookie);
  }

  #sessionFor(principal: Principal, connection: Connection): Session {
    switch (principal.kind) {
      case 'visitor':
        return new VisitorSession(this.#realtime, connection, principal);
      case 'agent':
        return new AgentSession(this.#realtime, connection, principal);
      case 'key':
        return new ServerSession(this.#realtime, connection, principal);
    }
  }
}
