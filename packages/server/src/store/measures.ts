import type { QueueId } from '@baton/core';
import type { Db } from './db.ts';

/** Cursors with something to send, by kind of side (bot, desk, poll, webhook); `overdue` in seconds. Reads `cursors_due` only. */
export async function behind(db: Db): Promise<{ side: string; count: number; overdue: number }[]> {
  const { rows } = await db.query<{ side: string; count: number; overdue: number }>(
    `select split_part(side, ':', 1) as side, count(*)::int as count,
            greatest(0, extract(epoch from now() - min(due_at)))::float8 as overdue
     from cursors where due_at is not null group by 1`,
  );
  return rows;
}

/** Who waits for a person, by queue; `oldest` in seconds. Reads `handoffs_line` only. */
export async function waiting(db: Db): Promise<{ queue: QueueId; count: number; oldest: number }[]> {
  const { rows } = await db.query<{ queue: QueueId; count: number; oldest: number }>(
    `select q.id as queue, count(h.id)::int as count,
            greatest(0, coalesce(extract(epoch from now() - min(h.waiting_since)), 0))::float8 as oldest
     from queues q left join handoffs h on h.workspace_id = q.workspace_id and h.queue_id = q.id
       and h.phase in ('requested', 'queued', 'offered')
     group by q.id`,
  );
  return rows;
}
