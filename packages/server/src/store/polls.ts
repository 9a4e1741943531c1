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

export async function savePollCursor(db: Db, handoff: HandoffId, cursor: string): Promise<void> {
  await db.query('update handoffs set poll_cursor = $2 where id = $1', [handoff, cursor]);
}
