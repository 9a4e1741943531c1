import type { Millis } from '@baton/core';
import { AdapterFailure, type FailureKind } from '#ports/failure.ts';
import { AddressRefused } from './guard.ts';

/** Longest answer that is read, in bytes, where a call names no other. */
export const ANSWER_LIMIT = 1_048_576;

export interface Call {
  url: string;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  /** Sent as it stands; the caller names the content type, but for a form, which names its own. */
  body?: string | Uint8Array<ArrayBuffer> | FormData;
  /** Until the answer has come in whole; for a stream, until its first byte. */
  timeoutMs: number;
  /** The caller lost interest. */
  signal?: AbortSignal;
  /** Most bytes of the answer. */
  limit?: number;
  /**
   * Sending it twice does no harm: a time-out is then `retry`. Otherwise it is `uncertain`, because the other
   * side may have done it.
   */
  repeatable?: boolean;
  /** When to come back, where the vendor says it otherwise than by `Retry-After`: milliseconds. */
  delayOf?(headers: Headers, now: Millis): Millis | undefined;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

interface Outside {
  fetch: typeof globalThis.fetch;
  now(): Millis;
}

/**
 * One call to the outside: 2xx gives the answer, everything else throws an `AdapterFailure` that says whether to try
 * again. Redirects are never followed: they would carry our signature or the vendor's credentials elsewhere.
 */
export async function call(world: Outside, request: Call): Promise<Answer> {
  const limits = startClock(request);
  try {
    const response = await send(world, request, limits);
    const text = await readWhole(response, request, limits);
    return { status: response.status, headers: response.headers, text };
  } finally {
    limits.stop();
  }
}

/** One file must not hold up what the agent said for longer. */
const FILE_MS = 20_000;

/**
 * The bytes of a file at a vendor's. Redirects are followed, up to three: storage is often elsewhere. `headers` (the
 * credentials) go to the first host only. What is larger than `limit` is `rejected`.
 */
export async function fetchFile(
  world: Outside,
  request: Pick<Call, 'url' | 'headers'> & { limit: number },
): Promise<{ bytes: Uint8Array<ArrayBuffer>; mime: string }> {
  // Reading twice does no harm.
  const reading: Call = { ...request, method: 'GET', repeatable: true, timeoutMs: FILE_MS };
  const limits = startClock(reading);
  try {
    const response = await follow(world, reading, limits);
    const read: Uint8Array[] = [];
    for await (const piece of pieces(response, reading, limits)) read.push(piece);
    const mime = (response.headers.get('content-type') ?? 'application/octet-stream').split(';')[0] ?? '';
    return { bytes: new Uint8Array(Buffer.concat(read)), mime: mime.trim().toLowerCase() };
  } finally {
    limits.stop();
  }
}

/**
 * The same for an answer that streams: gives its text piece by piece. The time limit starts anew with each piece;
 * `limit` counts all of them.
 */
export async function* callStream(world: Outside, request: Call): AsyncGenerator<string, void, void> {
  const limits = startClock(request);
  try {
    const response = await send(world, request, limits);
    const decoder = new TextDecoder();
    for await (const piece of pieces(response, request, limits)) {
      limits.restart();
      const text = decoder.decode(piece, { stream: true });
      if (text !== '') yield text;
    }
    const rest = decoder.decode();
    if (rest !== '') yield rest;
  } finally {
    limits.stop();
  }
}

/** A JSON answer; anything else is `rejected`, because trying again would give the same. */
export function jsonOf(answer: Answer, who: string): unknown {
  try {
    return JSON.parse(answer.text);
  } catch (cause) {
    throw new AdapterFailure('rejected', `${who} answered ${answer.status} with something that is not JSON.`, {
      cause,
    });
  }
}

/** `Retry-After` in milliseconds from now: seconds or a date (RFC 9110, 10.2.3). Undefined when absent or unreadable. */
export function retryAfter(header: string | null, now: Millis): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** The time limit and the caller's signal as one. */
interface Clock {
  signal: AbortSignal;
  timedOut(): boolean;
  restart(): void;
  stop(): void;
}

function startClock(request: Call): Clock {
  const timeout = new AbortController();
  let timer = setTimeout(() => timeout.abort(), request.timeoutMs);
  return {
    signal: request.signal ? AbortSignal.any([request.signal, timeout.signal]) : timeout.signal,
    timedOut: () => timeout.signal.aborted,
    restart() {
      clearTimeout(timer);
      timer = setTimeout(() => timeout.abort(), request.timeoutMs);
    },
    stop: () => clearTimeout(timer),
  };
}

async function send(world: Outside, request: Call, clock: Clock): Promise<Response> {
  return accepted(world, request, clock, await dispatch(world, request, clock));
}

async function dispatch(world: Outside, request: Call, clock: Clock): Promise<Response> {
  try {
    const { headers, body } = request.body instanceof FormData ? await formOf(request, request.body) : request;
    return await world.fetch(request.url, {
      method: request.method ?? 'POST',
      ...(headers ? { headers } : {}),
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: clock.signal,
    });
  } catch (cause) {
    throw networkFailure(cause, request, clock);
  }
}

/** A form as bytes: undici does not know the forms of Node's own fetch. */
async function formOf({ headers }: Call, form: FormData): Promise<Pick<Call, 'headers' | 'body'>> {
  const written = new Response(form);
  const type = written.headers.get('content-type') ?? '';
  return { headers: { ...headers, 'content-type': type }, body: new Uint8Array(await written.arrayBuffer()) };
}

async function accepted(world: Outside, request: Call, clock: Clock, response: Response): Promise<Response> {
  if (response.ok) return response;
  const text = await readWhole(response, request, clock).catch(() => '');
  throw statusFailure(response, text, request, world.now());
}

/** Redirects of one file that are followed. */
const HOPS = 3;

async function follow(world: Outside, request: Call, clock: Clock): Promise<Response> {
  let { url } = request;
  for (let hop = 0; ; hop++) {
    const step: Call = hostOf(url) === hostOf(request.url) ? { ...request, url } : { ...request, url, headers: {} };
    const response = await dispatch(world, step, clock);
    const to = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || to === null || hop === HOPS)
      return accepted(world, step, clock, response);
    await response.body?.cancel();
    url = new URL(to, url).href;
  }
}

/** The other side answered, and it was no: adapters that know its words look at `status` and `text`. */
export class AnswerFailure extends AdapterFailure {
  readonly status: number;
  readonly text: string;

  constructor(kind: FailureKind, message: string, status: number, text: string, retryAfterMs: number | undefined) {
    super(kind, message, retryAfterMs === undefined ? {} : { retryAfterMs });
    this.name = 'AnswerFailure';
    this.status = status;
    this.text = text;
  }
}

/** What a status outside 2xx means. */
function statusFailure(response: Response, text: string, request: Call, now: Millis): AdapterFailure {
  const { status, headers } = response;
  const host = hostOf(request.url);
  const detail = excerpt(text);
  const failure = (kind: FailureKind, message: string, retryAfterMs?: number) =>
    new AnswerFailure(kind, message, status, text, retryAfterMs);
  if (status === 429 || status === 408 || status === 425 || status >= 500) {
    const delay = request.delayOf?.(headers, now) ?? retryAfter(headers.get('retry-after'), now);
    return failure('retry', `${host} answered ${status}${detail}`, delay);
  }
  if (status === 401 || status === 403) return failure('auth', `${host} refused the credentials (${status})${detail}`);
  if (status >= 300 && status < 400) {
    return failure(
      'rejected',
      `${host} answered with a redirect (${status}) to ${headers.get('location') ?? 'nowhere'}; redirects are not followed. Configure the final address.`,
    );
  }
  return failure('rejected', `${host} answered ${status}${detail}`);
}

/** Codes of Node and undici that say: no connection, so nothing was sent. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** The certificate is wrong: a person must mend it, and nothing was sent. */
const BAD_CERTIFICATE = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

function networkFailure(cause: unknown, request: Call, clock: Clock): AdapterFailure {
  const host = hostOf(request.url);
  const unsure = request.repeatable ? 'retry' : 'uncertain';
  if (clock.timedOut())
    return new AdapterFailure(unsure, `${host} did not answer within ${request.timeoutMs} ms`, { cause });
  if (request.signal?.aborted) return new AdapterFailure(unsure, `The call to ${host} was given up`, { cause });
  if (cause instanceof AdapterFailure) return cause;
  const refused = find(cause, (error) => error instanceof AddressRefused);
  if (refused instanceof Error) return new AdapterFailure('rejected', refused.message, { cause });
  const code = codeOf(cause);
  if (code === 'ERR_INVALID_URL')
    return new AdapterFailure('rejected', `${request.url} is not an address that can be called`, { cause });
  if (code !== undefined && NOT_SENT.has(code))
    return new AdapterFailure('retry', `${host} cannot be reached (${code})`, { cause });
  if (code !== undefined && BAD_CERTIFICATE.test(code))
    return new AdapterFailure('rejected', `${host} has a certificate that cannot be trusted (${code})`, { cause });
  return new AdapterFailure(unsure, `The connection to ${host} broke${code === undefined ? '' : ` (${code})`}`, {
    cause,
  });
}

async function readWhole(response: Response, request: Call, clock: Clock): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of pieces(response, request, clock)) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}

async function* pieces(response: Response, request: Call, clock: Clock): AsyncGenerator<Uint8Array, void, void> {
  if (!response.body) return;
  const limit = request.limit ?? ANSWER_LIMIT;
  let size = 0;
  try {
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      size += piece.byteLength;
      if (size > limit)
        throw new AdapterFailure('rejected', `${hostOf(request.url)} answered with more than ${limit} bytes`);
      yield piece;
    }
  } catch (cause) {
    throw networkFailure(cause, request, clock);
  }
}

function codeOf(error: unknown): string | undefined {
  const found = find(error, (one) => typeof (one as { code?: unknown }).code === 'string');
  return found === undefined ? undefined : (found as { code: string }).code;
}

/** The first error in the chain of causes that fits. fetch hides the real one one or two levels down. */
function find(error: unknown, fits: (error: object) => boolean): object | undefined {
  for (
    let one = error, depth = 0;
    typeof one === 'object' && one !== null && depth < 5;
    one = (one as { cause?: unknown }).cause, depth++
  ) {
    if (fits(one)) return one;
    if (one instanceof AggregateError && typeof one.errors[0] === 'object' && fits(one.errors[0])) return one.errors[0];
  }
  return undefined;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line === '' ? '' : `: ${line.length > 200 ? `${line.slice(0, 200)}…` : line}`;
}
