import { HttpProblem } from './problems.ts';

/** Cursors of lists are opaque: what is in them is ours to change. */
export function encodeCursor(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** The `count` values of a cursor, or null for the beginning of the list. */
export function decodeCursor(cursor: string | undefined, count: number): string[] | null {
  if (cursor === undefined) return null;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(values) &&
      values.length === count &&
      values.every((value) => typeof value === 'string' && !value.includes('\0'))
    )
      return values;
  } catch {
    // Not JSON: told below.
  }
  throw new HttpProblem('invalid', 'The query is not right: after is not a cursor of this list.', {
    errors: [{ path: 'after', message: 'Give back the `next` of the page before, unchanged.' }],
  });
}

/** A page out of one row more than was asked for, with the cursor of the next. */
export function pageOf<Row extends { id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  present: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(present), next: rows.length > limit && last ? encodeCursor([last.id]) : null };
}

/** What a list by id is read with. */
export function pageQuery(query: { limit: number; after?: string | undefined }): {
  limit: number;
  after: string | null;
} {
  return { limit: query.limit + 1, after: decodeCursor(query.after, 1)?.[0] ?? null };
}
