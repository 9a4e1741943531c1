// What an answer that is none, or no, means: may it be tried again, and is it certain?
import type { Millis } from '@baton/core';
import { AdapterFailure, type FailureKind } from '#ports/failure.ts';
import { AddressRefused } from './guard.ts';

/** What must be known of a call to say what its failure means; of http.ts. */
interface Asked {
  url: string;
  timeoutMs: number;
  signal?: AbortSignal;
  repeatable?: boolean;
  delayOf?(headers: Headers, now: Millis): Millis | undefined;
}

/** `Retry-After` in milliseconds from now: seconds or a date (RFC 9110, 10.2.3). Undefined when absent or unreadable. */
export function retryAfter(header: string | null, now: Millis): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
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
export function statusFailure(response: Response, text: string, request: Asked, now: Millis): AdapterFailure {
  const { status, headers } = response;
  const host = hostOf(request.url);
  const detail = excerpt(text);
  const failure = (kind: FailureKind, message: string, retryAfterMs?: number) =>
    new AnswerFailure(kind, message, status, text, retryAfterMs);
  if (status === 429 || status === 408 || status === 425 || status >= 500) {
    // What a vendor says of its limit stands in every answer, and is no reason to wait for one that is down.
    const delay =
      (status === 429 ? request.delayOf?.(headers, now) : undefined) ?? retryAfter(headers.get('retry-after'), now);
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

/**
 * A write that a server broke over, or that a gateway did not wait for, may be done all the same; 503 alone says that it is not. For
 * calls of which it is looked afterwards what they did.
 */
export function unsureOf(error: unknown): unknown {
  if (!(error instanceof AnswerFailure) || error.status < 500 || error.status === 503) return error;
  const { message, status, text, retryAfterMs } = error;
  return new AnswerFailure('uncertain', message, status, text, retryAfterMs);
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

/** What it means that there was no answer, or not all of it. `timedOut`: it was we who broke off. */
export function networkFailure(cause: unknown, request: Asked, timedOut: boolean): AdapterFailure {
  const host = hostOf(request.url);
  const unsure = request.repeatable ? 'retry' : 'uncertain';
  if (timedOut) return new AdapterFailure(unsure, `${host} did not answer within ${request.timeoutMs} ms`, { cause });
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

export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line === '' ? '' : `: ${line.length > 200 ? `${line.slice(0, 200)}…` : line}`;
}
