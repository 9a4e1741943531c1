import type { HandoffId } from '@baton/core';
import type { Db } from './db.ts';

/** How far a ticket was read by polling; the desk's own words, opaque to us. */
export async function pollCursor(db: Db, handoff: HandoffId): Promise<string | null> {
  const { rows } = await db.query<{ cursor: string | null }>(
    'select poll_cursor as cursor from handoffs where id = $1',
    [handoff],
  );
  return rows[0]?.cursor ?? null;
}

/** `read`: where the asking began. Who began at the same place and was slower moves nothing back. */
export async function savePollCursor(db: Db, handoff: HandoffId, read: string | null, cursor: string): Promise<void> {
  await db.query('update handoffs set poll_cursor = $3 where id = $1 and poll_cursor is not distinct from $2', [
    handoff,
    read,
    cursor,
  ]);
}
