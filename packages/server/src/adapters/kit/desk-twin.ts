import type { Millis } from '@baton/core';
import { type Fault, misbehave, serveTwin, TWIN_RETRY_SECONDS } from './twin-server.ts';
import type { TwinDelivery, TwinWebhooks } from './twin-webhooks.ts';

/** A person at the twin. Every twin has two. */
export interface TwinAgent {
  /** As the vendor numbers its agents. */
  id: string;
  name: string;
}

export interface SeenFile {
  name: string;
  mime: string;
  bytes: Uint8Array;
}

/** One thing that an agent reads in a ticket. */
export interface SeenEntry {
  id: string;
  /** Whom the agent sees as its author; `us` is Baton itself (the bot's account, the integration's user). */
  author: 'customer' | 'agent' | 'us';
  /** For staff only. */
  internal: boolean;
  /** As the agent reads it: without markup. */
  text: string;
  files: SeenFile[];
}

/** A ticket through an agent's eyes, in the same words for every vendor. */
export interface SeenTicket {
  id: string;
  open: boolean;
  group: string | null;
  /** An agent's id. */
  assignee: string | null;
  /** The person as the desk knows him: what is null was not invented. */
  customer: { name: string | null; email: string | null };
  /** Oldest first. */
  entries: SeenEntry[];
  /** Subject, tags, fields, attributes: everything else that can be read beside it. */
  facts: string;
  /** The customer is typing, as far as the desk shows it. */
  typing: boolean;
  /** The customer has read everything, as far as the desk shows it. */
  read: boolean;
}

/** What agents do in the vendor's own screens. Each tells the webhooks, as the vendor would. */
export interface TwinAgents {
  /** Assigns the ticket to himself, or is given it. */
  take(ticket: string, agent: TwinAgent): Promise<void>;
  /** Puts it back to its group, assigned to nobody. */
  release(ticket: string, agent: TwinAgent): Promise<void>;
  /** Answers the customer; gives the message's id at the vendor. */
  reply(ticket: string, agent: TwinAgent, text: string, files?: readonly SeenFile[]): Promise<string>;
  /** Writes what the customer must never see. */
  note(ticket: string, agent: TwinAgent, text: string): Promise<void>;
  typing(ticket: string, agent: TwinAgent, on: boolean): Promise<void>;
  /** Has read what the customer wrote. */
  read(ticket: string, agent: TwinAgent): Promise<void>;
  /** The documented way to give it back to the bot. */
  handBack(ticket: string, agent: TwinAgent, note?: string): Promise<void>;
  close(ticket: string, agent: TwinAgent): Promise<void>;
  reopen(ticket: string, agent: TwinAgent): Promise<void>;
}

/** What a vendor's call is for: faults aim at it. `ticket` makes one, `message` brings a customer's message. */
export type TwinWork = 'ticket' | 'message' | 'other';

/** What may be wrong with a desk. After `accepts_then_…` the work is done, and the answer never comes, or half of it. */
export type DeskFault = Fault | 'accepts_then_hangs' | 'accepts_then_breaks_off' | 'slow';

/** A desk vendor in small: its HTTP API, its agents, its webhooks and its bad days. */
export interface DeskTwin {
  /** The base URL of its API. */
  readonly url: string;
  readonly agents: readonly [TwinAgent, TwinAgent];
  /** A group, team or department that tickets can be routed to; null where it has none. */
  readonly group: string | null;
  readonly agent: TwinAgents;
  readonly webhooks: TwinWebhooks;
  /** Every call that it got, oldest first. */
  readonly calls: readonly TwinRequest[];
  /** What its 429 asks for; null where the vendor names no time. */
  readonly retryAfterMs: number | null;
  /** Genuine webhooks of shapes that Baton has no use for, and of shapes that nobody has seen yet. */
  odd(): TwinDelivery[];
  /** Oldest first. */
  tickets(): SeenTicket[];
  ticket(id: string): SeenTicket | null;
  /** Are its agents there? */
  staff(there: boolean): void;
  /** The next call goes wrong: of that work only, after letting `skip` such calls pass, `times` times. */
  fault(fault: DeskFault, aim?: FaultAim): void;
  /** Takes away faults that have not happened. */
  calm(): void;
  close(): Promise<void>;
}

export interface FaultAim {
  work?: TwinWork;
  skip?: number;
  times?: number;
}

/** A call to the twin. */
export interface TwinRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  /** The body as text, and as it came. */
  text: string;
  bytes: Uint8Array;
}

/** Its answer: JSON, or a body with its own content type. 200 where no status is named. */
export interface TwinAnswer {
  status?: number;
  json?: unknown;
  body?: string | Uint8Array;
  headers?: Record<string, string>;
}

/** Slower than people like, faster than any time limit. */
const SLOW_MS = 300;
const PARTIAL = '{"partial":';

export interface ServedDesk {
  url: string;
  calls: TwinRequest[];
  fault: DeskTwin['fault'];
  calm(): void;
  close(): Promise<void>;
}

/**
 * The server of a desk's twin. `handle` is the vendor's API, `work` says what a call is for. `limited` and `forbidden` are the
 * vendor's own answers to too many calls and to bad credentials, where they are not the usual ones.
 */
export async function serveDesk({
  handle,
  work,
  limited,
  forbidden,
}: {
  handle(request: TwinRequest): TwinAnswer | Promise<TwinAnswer>;
  work(request: TwinRequest): TwinWork;
  limited?: TwinAnswer;
  forbidden?: TwinAnswer;
}): Promise<ServedDesk> {
  const calls: TwinRequest[] = [];
  const planned: { fault: DeskFault; work: TwinWork | undefined; skip: number; times: number }[] = [];
  const next = (what: TwinWork): DeskFault | undefined => {
    const plan = planned.find((one) => one.work === undefined || one.work === what);
    if (!plan) return undefined;
    if (plan.skip > 0) {
      plan.skip--;
      return undefined;
    }
    plan.times--;
    if (plan.times === 0) planned.splice(planned.indexOf(plan), 1);
    return plan.fault;
  };
  const server = await serveTwin(async (incoming, text, response, bytes) => {
    const url = new URL(incoming.url ?? '/', 'http://twin');
    const request: TwinRequest = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
      text,
      bytes,
    };
    calls.push(request);
    const fault = next(work(request));
    const reply = (answer: TwinAnswer) => {
      const { status = 200, json, body, headers } = answer;
      response.writeHead(status, { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers });
      response.end(json === undefined ? body : JSON.stringify(json));
    };
    if (fault === 'rate_limited' && limited) return reply(limited);
    if (fault === 'forbidden' && forbidden) return reply(forbidden);
    if (fault === 'slow') {
      await new Promise((done) => setTimeout(done, SLOW_MS));
      // On a busy machine it may be too slow after all: what is done after its caller has looked whether it was done is no fault of his.
      if (response.destroyed) return;
    } else if (fault !== undefined && !fault.startsWith('accepts')) return misbehave(fault as Fault, response, PARTIAL);
    const answer = await handle(request);
    if (fault === 'accepts_then_breaks_off') misbehave('breaks_off', response, PARTIAL);
    else if (fault !== 'accepts_then_hangs') reply(answer);
  });
  return {
    url: server.url,
    calls,
    fault: (fault, { work: aimed, skip = 0, times = 1 } = {}) => void planned.push({ fault, work: aimed, skip, times }),
    calm: () => void planned.splice(0),
    close: server.close,
  };
}

/** The usual 429. */
export const TWIN_RETRY_MS: Millis = TWIN_RETRY_SECONDS * 1_000;
