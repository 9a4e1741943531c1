import type { z } from 'zod';
import type { DeskEvent } from '#ports/desk.ts';

/** A webhook's body as JSON; null: it is none. Whoever reads it does so with a schema. */
export function jsonIn(body: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body));
  } catch {
    return null;
  }
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
