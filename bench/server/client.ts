// The few HTTP calls that benches and browser tests make of a server, as its own administrator.
import type { Agent, EventItem, Problem, Session, WidgetSession, WidgetSessionInput } from '@baton/protocol';

/** The server said no. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly code: string;

  constructor(call: string, status: number, problem: Partial<Problem>) {
    super(`${call}: ${status} ${problem.code ?? ''} ${problem.detail ?? problem.title ?? ''}`.trim());
    this.status = status;
    this.code = problem.code ?? String(status);
  }
}

/** Somebody who is logged in to the console. */
export interface Login {
  session: Session;
  /** For the `Cookie` header of calls and of the agents' socket. */
  cookie: string;
}

export type NewAgent = Pick<Agent, 'email' | 'name' | 'role' | 'capacity'> & { password: string };

/** Events of one page of the timeline. */
const PAGE = 1_000;
/** A visit that is refused for being one of too many is tried again so often. */
const VISIT_TRIES = 20;

export class Client {
  readonly url: string;

  /** @param url without a slash at the end */
  constructor(url: string) {
    this.url = url;
  }

  /** The address of a socket. */
  socket(path: string): string {
    return this.url.replace(/^http/, 'ws') + path;
  }

  async login(email: string, password: string): Promise<Login> {
    const response = await this.#call('POST', '/v1/session', {}, { email, password });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    return { session: (await response.json()) as Session, cookie };
  }

  /** A visitor's page load. Waits where the server says that there were too many. */
  async visit(input: WidgetSessionInput): Promise<WidgetSession> {
    for (let tries = 1; ; tries++) {
      try {
        const response = await this.#call('POST', '/widget/v1/sessions', {}, input);
        return (await response.json()) as WidgetSession;
      } catch (error) {
        if (!(error instanceof Refused && error.status === 429) || tries === VISIT_TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, 3_000));
      }
    }
  }

  async get<T>(path: string, { cookie }: Login): Promise<T> {
    const response = await this.#call('GET', path, { cookie });
    return (await response.json()) as T;
  }

  /** POST, PATCH or DELETE; what is answered, or null where nothing is. */
  async write<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, { cookie }: Login, body?: unknown): Promise<T> {
    const response = await this.#call(method, path, { cookie }, body);
    return (response.status === 204 ? null : await response.json()) as T;
  }

  /** The agent of this email, as given; one who is there already (from an earlier run) is changed. */
  async putAgent(admin: Login, agent: NewAgent): Promise<Agent> {
    try {
      return await this.write<Agent>('POST', '/v1/agents', admin, agent);
    } catch (error) {
      if (!(error instanceof Refused && error.code === 'email_taken')) throw error;
      const { items } = await this.get<{ items: Agent[] }>('/v1/agents?disabled=true&limit=100', admin);
      const known = items.find((one) => one.email === agent.email);
      if (!known) throw error;
      const { email: _, ...fields } = agent;
      return await this.write<Agent>('PATCH', `/v1/agents/${known.id}`, admin, { ...fields, disabled: false });
    }
  }

  /** How far a visitor's own conversation is, as he may read it after `after`. */
  async headOf(token: string, conversation: string, after: number): Promise<number> {
    const path = `/widget/v1/conversations/${conversation}/events?after=${after}`;
    const response = await this.#call('GET', path, { authorization: `Bearer ${token}` });
    const { items } = (await response.json()) as { items: EventItem[] };
    return items.at(-1)?.seq ?? after;
  }

  /** The whole timeline of a conversation, as staff see it. */
  async timeline(admin: Login, conversation: string): Promise<EventItem[]> {
    const items: EventItem[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const path: string = `/v1/conversations/${conversation}/events?after=${after}&limit=${PAGE}`;
      const page: { items: EventItem[]; next: number | null } = await this.get(path, admin);
      items.push(...page.items);
      after = page.next;
    }
    return items;
  }

  async #call(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Response> {
    const response = await fetch(this.url + path, {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
    throw new Refused(`${method} ${path}`, response.status, problem);
  }
}
