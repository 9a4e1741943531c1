import type { Problem } from '@baton/protocol';
import { correctClock } from './clock.ts';

/** The hub answered with a problem (RFC 9457): `code` is stable, `message` is for people. */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly errors: { path: string; message: string }[];
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? `The server answered with ${status}.`);
    this.status = status;
    this.code = problem.code ?? `http_${status}`;
    this.errors = problem.errors ?? [];
    this.retryAfterSeconds = problem.retryAfterSeconds;
  }
}

/** No answer came: no network, or the server is away. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface CallOptions {
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  signal?: AbortSignal;
}

/**
 * Calls the hub with the agent's cookie.
 * @throws ApiProblem when it answers with a problem, Unreachable when no answer comes.
 */
export type Call = <T>(method: Method, path: string, options?: CallOptions) => Promise<T>;

/** @param onUnauthorized the session is over: called on each 401 besides throwing. */
export function createCall(fetch: typeof globalThis.fetch, onUnauthorized: () => void): Call {
  return async (method, path, { query, body, signal } = {}) => {
    const upload = body instanceof FormData;
    const response = await fetch(path + search(query), {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body !== undefined && !upload && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: upload ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    }).catch((cause) => {
      if (signal?.aborted) throw cause;
      throw new Unreachable('The server could not be reached. Check the network.', { cause });
    });
    correctClock(response.headers.get('date'));
    if (response.status === 204) return undefined as never;
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    if (response.status === 401) onUnauthorized();
    // A gateway in front of a server that is away.
    if ([502, 503, 504].includes(response.status) && answer.code === undefined)
      throw new Unreachable('The server is not available just now.');
    throw new ApiProblem(response.status, withRetryAfter(answer, response));
  };
}

function search(query: CallOptions['query']): string {
  const entries = Object.entries(query ?? {}).filter(
    (entry): entry is [string, string | number] => entry[1] !== undefined,
  );
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries.map(([name, value]) => [name, String(value)]))}`;
}

function withRetryAfter(problem: Partial<Problem>, response: Response): Partial<Problem> {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return problem.retryAfterSeconds === undefined && Number.isFinite(seconds)
    ? { ...problem, retryAfterSeconds: seconds }
    : problem;
}

/** What went wrong, in words for the agent. */
export function sayError(error: unknown): string {
  if (error instanceof ApiProblem && error.errors.length > 0)
    return error.errors.map((one) => (one.path ? `${one.path}: ${one.message}` : one.message)).join(' ');
  return error instanceof Error ? error.message : String(error);
}
