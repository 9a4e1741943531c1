import type { Millis } from '@baton/core';
import { AdapterFailure } from '#ports/failure.ts';
import { hostOf, networkFailure, statusFailure } from './http-failure.ts';

/** Longest answer that is read, in bytes, where a call names no other. */
const ANSWER_LIMIT = 1_048_576;

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
 * credentials) go to the first origin only. What is larger than `limit` is `rejected`.
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
    throw networkFailure(cause, request, clock.timedOut());
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
    if (!/^https?:/.test(url))
      throw new AdapterFailure('rejected', `${hostOf(request.url)} led to ${url.slice(0, 100)}`);
    // Not by the host alone: the same host without TLS is everybody on the way.
    const step = originOf(url) === originOf(request.url) ? { ...request, url } : { ...request, url, headers: {} };
    const response = await dispatch(world, step, clock);
    const to = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || to === null || hop === HOPS)
      return accepted(world, step, clock, response);
    await response.body?.cancel();
    url = new URL(to, url).href;
  }
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
    throw networkFailure(cause, request, clock.timedOut());
  }
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
