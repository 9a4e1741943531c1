import type { z } from 'zod';
import type { DeskEvent } from '#ports/desk.ts';

/** No vendor's webhook is as deep, or holds as much: the largest that we know are some 15,000 values, 15 deep. */
const MOST_LEVELS = 64;
const MOST_VALUES = 50_000;

/**
 * A webhook's body as JSON; null: it is none, or so deep or so full that nobody has sent it in earnest: reading that with a schema
 * would keep everybody else waiting. Whoever reads it does so with a schema.
 */
export function jsonIn(body: Uint8Array | string): unknown {
  try {
    const value: unknown = JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body));
    return isTooMuch(value) ? null : value;
  } catch {
    return null;
  }
}

function isTooMuch(value: unknown): boolean {
  let level = [value];
  for (let depth = 0, values = 0; level.length > 0; depth++) {
    values += level.length;
    if (depth > MOST_LEVELS || values > MOST_VALUES) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return false;
}

/** `why` is for the person who looks after the desk: its health page lists the reasons. */
export function ignored(why: string): DeskEvent & { type: 'ignored' } {
  return { type: 'ignored', why };
}

/** What `read` makes of a value that has the shape of the schema; of any other it is said where it differs. */
export function understood<T>(schema: z.ZodType<T>, value: unknown, read: (value: T) => DeskEvent): DeskEvent {
  const { success, data, error } = schema.safeParse(value);
  if (success) return read(data);
  const [issue] = error.issues;
  return ignored(`Not understood: ${issue?.path.join('.') || 'all of it'}: ${issue?.message ?? 'wrong'}`);
}
