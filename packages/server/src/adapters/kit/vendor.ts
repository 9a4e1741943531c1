import type { Millis } from '@baton/core';
import { z } from 'zod';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';
import { type Call, call } from './http.ts';
import { AnswerFailure, unsureOf } from './http-failure.ts';
import { Memory } from './memory.ts';

/** One call to a vendor's JSON API. */
export interface VendorCall<T> {
  method?: Call['method'];
  /** Below the base address. Ids in it are written with `path`. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as multipart/form-data, or as bytes with a content type in `headers`. */
  body?: FormData | Uint8Array<ArrayBuffer>;
  /** What of the answer is used; nothing of it is read without. */
  answer: z.ZodType<T>;
  /** Sending it twice does no harm: reading, or a write that the vendor knows again. */
  repeatable?: boolean;
  /** Most bytes of the answer. */
  limit?: number;
}

/** A vendor's API: `GET` unless there is something to send. Throws `AdapterFailure`; `AnswerFailure` where it answered. */
export type Vendor = <T>(call: VendorCall<T>) => Promise<T>;

/** An answer that is not read. */
export const nothing = z.unknown().transform(() => null);

export function vendorClient(
  world: World,
  {
    name,
    base,
    headers,
    timeoutMs,
    delayOf,
    limitOf,
  }: {
    /** As people know it, for messages. */
    name: string;
    base: string;
    /** Credentials and what every call has. */
    headers: Record<string, string>;
    timeoutMs: Millis;
    delayOf?: Call['delayOf'];
    /** For vendors that count each method by itself: which limit a call is counted against. What one learns, the others of it keep to. */
    limitOf?(call: Pick<VendorCall<unknown>, 'path' | 'json'>): string;
  },
): Vendor {
  const ask: Vendor = async ({
    method,
    path: below,
    query = {},
    headers: own,
    json,
    body,
    answer,
    repeatable,
    limit,
  }) => {
    const url = new URL(base.replace(/\/+$/, '') + below);
    for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, String(value));
    const verb = method ?? (json === undefined && body === undefined ? 'GET' : 'POST');
    const sent = json === undefined ? body : JSON.stringify(json);
    const again = repeatable ?? verb === 'GET';
    const { status, text } = await call(world, {
      url: url.href,
      method: verb,
      headers: {
        accept: 'application/json',
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
        ...own,
      },
      ...(sent === undefined ? {} : { body: sent }),
      timeoutMs,
      repeatable: again,
      ...(limit === undefined ? {} : { limit }),
      ...(delayOf ? { delayOf } : {}),
    }).catch((error: unknown) => {
      throw again ? error : unsureOf(error);
    });
    const read = answer.safeParse(jsonOrNothing(text));
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    const field = issue?.path.join('.') || 'the answer';
    // A gateway may have answered in the vendor's place: what was written may be there.
    throw new AdapterFailure(
      verb === 'GET' ? 'rejected' : 'uncertain',
      `${name} answered ${verb} ${below} with ${status} and something unexpected: ${field}: ${issue?.message ?? 'wrong'}`,
    );
  };
  return limitOf ? withinLimits(world, name, ask, limitOf) : ask;
}

/** Calls of a limit that was met are not made until the time that the vendor asked for is over; all others are. */
function withinLimits(
  { now }: World,
  name: string,
  ask: Vendor,
  limitOf: (call: Pick<VendorCall<unknown>, 'path' | 'json'>) => string,
): Vendor {
  const ends = new Memory<Millis>(now);
  return async (asked) => {
    const limit = limitOf(asked);
    const end = ends.get(limit);
    if (end !== undefined)
      throw new AdapterFailure('retry', `${name} asked for time: ${limit}.`, { retryAfterMs: end - now(), limit });
    try {
      return await ask(asked);
    } catch (error) {
      if (!(error instanceof AnswerFailure) || error.status !== 429 || error.retryAfterMs === undefined) throw error;
      const { message, retryAfterMs } = error;
      ends.set(limit, now() + retryAfterMs, retryAfterMs);
      throw new AdapterFailure('retry', message, { retryAfterMs, limit, cause: error });
    }
  };
}

/** An id as a part of a path: whatever is in it, it is one part. */
export function path(strings: TemplateStringsArray, ...ids: readonly (string | number)[]): string {
  return strings.reduce((whole, piece, index) => whole + encodeURIComponent(String(ids[index - 1])) + piece);
}

/** What `work` gives, or null where the vendor answered with one of these statuses (404: it is not there). */
export async function unless<T>(statuses: readonly number[], work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AnswerFailure && statuses.includes(error.status)) return null;
    throw error;
  }
}

/** What an answer says; undefined: it is no JSON. */
export function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
