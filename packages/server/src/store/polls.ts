import type { HandoffId } from '@baton/core';
import type { Db } from './db.ts';

/**
 * How far a ticket was read by polling; the desk's own words, opaque to us. An agent who answers after the end has the ticket in
 * another handoff: it goes on where that of the one before ended, so that its end is not news once more.
 */
export async function pollCursor(db: Db, handoff: HandoffId): Promise<string | null> {
  const { rows } = await db.query<{ cursor: string | null }>(
    `select before.poll_cursor as cursor from handoffs h
     join handoffs before on before.desk_id = h.desk_id and before.ticket ->> 'id' = h.ticket ->> 'id'
     where h.id = $1 and before.poll_cursor is not null order by before.id = h.id desc, before.requested_at desc limit 1`,
    [handoff],
  );
  return rows[0]?.cursor ?? null;
}

/** `read`: where the asking began. Who began at the same place and was slower moves nothing back. */
export async function savePollCursor(db: Db, handoff: HandoffId, read: string | null, cursor: string): Promise<void> {
  await db.query('update handoffs set poll_cursor = $3 where id = $1 and (poll_cursor is null or poll_cursor = $2)', [
    handoff,
    read,
    cursor,
  ]);
}
