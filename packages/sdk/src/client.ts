import type { Answer, Call, EventItem, Method, PathOf, Problem } from '@baton/protocol';
import { createSseReader } from '#link/sse.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import { Feed, type FeedOptions } from './feed.ts';
import { BatonProblem, BatonUnreachable } from './problem.ts';

export interface BatonOptions {
  /** How Baton is reached: `https://chat.example.com`. */
  url: string;
  /** An API key with the scopes of what you call. Never in a browser. */
  key: string;
  /** Tries of one call in all (4). */
  tries?: number;
  fetch?: typeof globalThis.fetch;
  clock?: Clock;
  /** 0 to 1, as Math.random. */
  random?: () => number;
}

/** Answers after which the same request may succeed: nothing was done, or its key makes sure that it is done once. */
const AGAIN = new Set([429, 502, 503, 504]);
const WAIT_FIRST_MS = 250;
const WAIT_MOST_MS = 8_000;
/** How long the server may ask us to wait before we rather tell the caller. */
const PATIENCE_MS = 30_000;
/** A call that takes longer is lost on the way. */
const ANSWER_MS = 30_000;
/** A stream says something every 15 seconds. */
const SILENCE_MS = 40_000;

/** What a call takes: what the operation needs, and how it is asked. */
export type RequestOf<M extends Method, P> = Call<M, P> & {
  /** Left out: one is made, so that a retry is never done twice. Give your own to be safe over a crash of yours, too. */
  idempotencyKey?: string;
  signal?: AbortSignal;
};

/** Left out where nothing has to be said: `baton.get('/v1/queues')`. */
type Given<M extends Method, P> =
  object extends RequestOf<M, P> ? [request?: RequestOf<M, P>] : [request: RequestOf<M, P>];

interface Request {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/**
 * The HTTP API, typed by address: `await baton.post('/v1/handoffs', { body: {...} })`. Refusals are thrown as
 * `BatonProblem`, silence as `BatonUnreachable`. Writes carry an Idempotency-Key, so that trying again is safe.
 */
export class Baton {
  readonly #options: BatonOptions;
  readonly #clock: Clock;
  readonly #base: string;

  constructor(options: BatonOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#base = options.url.replace(/\/+$/, '');
  }

  get<P extends PathOf<'GET'>>(path: P, ...[request]: Given<'GET', P>): Promise<Answer<'GET', P>> {
    return this.#call('GET', path, request as Request | undefined);
  }

  post<P extends PathOf<'POST'>>(path: P, ...[request]: Given<'POST', P>): Promise<Answer<'POST', P>> {
    return this.#call('POST', path, request as Request | undefined);
  }

  patch<P extends PathOf<'PATCH'>>(path: P, ...[request]: Given<'PATCH', P>): Promise<Answer<'PATCH', P>> {
    return this.#call('PATCH', path, request as Request | undefined);
  }

  delete<P extends PathOf<'DELETE'>>(path: P, ...[request]: Given<'DELETE', P>): Promise<Answer<'DELETE', P>> {
    return this.#call('DELETE', path, request as Request | undefined);
  }

  /**
   * The events of a conversation, each once and in order, from `after` on and for as long as you read: over server-sent
   * events, so it works from behind a firewall. It comes back by itself; remember `seq` to go on after a crash of yours.
   *
   * Throws `BatonProblem` where the conversation or the key is wrong.
   */
  async *events(conversation: string, { after = 0, signal }: { after?: number; signal?: AbortSignal } = {}) {
    let seq = after;
    for (let tries = 0; !signal?.aborted; tries++) {
      try {
        for await (const item of this.#stream(conversation, seq, signal)) {
          tries = 0;
          seq = item.seq;
          yield item;
        }
      } catch (error) {
        if (signal?.aborted) return;
        if (error instanceof BatonProblem && !AGAIN.has(error.status)) throw error;
      }
      await this.#pause(this.#backoff(tries), signal);
    }
  }

  /** Frames of many conversations over one WebSocket (a stream where those are blocked): `send({type: 'follow', ...})`. */
  feed(more: Pick<FeedOptions, 'resend' | 'WebSocket'> = {}): Feed {
    return new Feed({
      addresses: {
        socket: `${this.#base.replace(/^http/, 'ws')}/v1/realtime`,
        stream: `${this.#base}/v1/stream`,
        frames: `${this.#base}/v1/frames`,
      },
      token: () => this.#options.key,
      ...(this.#options.fetch ? { fetch: this.#options.fetch } : {}),
      clock: this.#clock,
      ...more,
    });
  }

  async *#stream(conversation: string, after: number, signal?: AbortSignal): AsyncGenerator<EventItem> {
    const silence = new AbortController();
    const ends = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
    let quiet = this.#clock.after(SILENCE_MS, () => silence.abort());
    try {
      const response = await this.#fetch('GET', `/v1/conversations/${encodeURIComponent(conversation)}/events`, {
        headers: { accept: 'text/event-stream', 'last-event-id': String(after) },
        signal: ends,
      });
      if (!response.ok || !response.body) throw await problemOf(response);
      const read = createSseReader();
      const text = new TextDecoder();
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        quiet();
        quiet = this.#clock.after(SILENCE_MS, () => silence.abort());
        for (const data of read(text.decode(value, { stream: true }))) yield JSON.parse(data) as EventItem;
      }
    } finally {
      quiet();
      silence.abort();
    }
  }

  async #call<T>(method: Method, path: string, request: Request = {}): Promise<T> {
    const { body, signal } = request;
    const key = method === 'GET' ? undefined : (request.idempotencyKey ?? crypto.randomUUID());
    const headers: Record<string, string> = {
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const address = addressOf(path, request);
    for (let tries = 1; ; tries++) {
      const answer = await this.#try(
        method,
        address,
        { headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) },
        signal,
      );
      if (answer instanceof Response && answer.ok) return (answer.status === 204 ? null : await answer.json()) as T;
      const error = answer instanceof Response ? await problemOf(answer) : new BatonUnreachable(answer.error, key);
      const wait = tries < (this.#options.tries ?? 4) ? this.#waitAfter(error, tries) : null;
      if (wait === null) throw error;
      await this.#pause(wait, signal);
    }
  }

  async #try(
    method: Method,
    address: string,
    init: RequestInit,
    signal?: AbortSignal,
  ): Promise<Response | { error: unknown }> {
    const late = new AbortController();
    const stop = this.#clock.after(ANSWER_MS, () => late.abort(new Error('No answer came in time.')));
    try {
      const ends = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
      const response = await this.#fetch(method, address, { ...init, signal: ends });
      // The body counts, too: it is small, and an answer without an end is none.
      return new Response(response.status === 204 ? null : await response.text(), response);
    } catch (error) {
      signal?.throwIfAborted();
      return { error };
    } finally {
      stop();
    }
  }

  #fetch(method: Method, address: string, { headers, ...init }: RequestInit): Promise<Response> {
    const call = this.#options.fetch ?? fetch;
    const own = { authorization: `Bearer ${this.#options.key}` };
    return call(this.#base + address, { method, ...init, headers: { ...own, ...(headers as Record<string, string>) } });
  }

  /** Milliseconds until the next try; null: another one makes no sense, or takes too long. */
  #waitAfter(error: BatonProblem | BatonUnreachable, tries: number): number | null {
    if (error instanceof BatonUnreachable) return this.#backoff(tries);
    if (!AGAIN.has(error.status) && error.code !== 'idempotency_in_progress') return null;
    const asked = (error.retryAfterSeconds ?? 0) * 1_000;
    return asked > PATIENCE_MS ? null : Math.max(asked, this.#backoff(tries));
  }

  /** Full jitter up to a cap that doubles (AWS Architecture Blog, "Exponential Backoff And Jitter"). */
  #backoff(tries: number): number {
    return (this.#options.random ?? Math.random)() * Math.min(WAIT_MOST_MS, WAIT_FIRST_MS * 2 ** Math.min(tries, 10));
  }

  #pause(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.#clock.after(ms, done);
      signal?.addEventListener('abort', done);
    });
  }
}

function addressOf(path: string, { params = {}, query = {} }: Request): string {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? address : `${address}?${new URLSearchParams(given)}`;
}

async function problemOf(response: Response): Promise<BatonProblem> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new BatonProblem(response.status, {
    ...(Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {}),
    ...(typeof problem === 'object' ? problem : {}),
  });
}
