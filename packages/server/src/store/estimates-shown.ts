import type { ConversationId, Estimate, HandoffId, Millis, Promised, QueueId, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';
import type { Span } from './reports.ts';

export interface Shown {
  workspace: WorkspaceId;
  conversation: ConversationId;
  handoff: HandoffId;
  queue: QueueId;
  at: Millis;
  position: number | null;
  estimate: Estimate;
}

/** Keeps what customers saw; of a conversation that is gone nothing. */
export async function keepShown(db: Db, shown: readonly Shown[]): Promise<void> {
  const rows = shown.map(({ estimate: { lowSeconds, p50Seconds, highSeconds, basis }, ...one }) => ({
    ...one,
    low: lowSeconds,
    middle: p50Seconds,
    high: highSeconds,
    basis,
  }));
  await db.query({
    name: 'keep-shown',
    text: `insert into estimates_shown (workspace_id, conversation_id, handoff_id, queue_id, at, position, low_seconds, middle_seconds, high_seconds, basis)
      select x.workspace, c.id, x.handoff, x.queue, to_timestamp(x.at / 1000), x.position, x.low, x.middle, x.high, x.basis
      from json_to_recordset($1::json) as x(workspace text, conversation text, handoff text, queue text, at float8, position int,
        low real, middle real, high real, basis text)
      join conversations c on c.id = x.conversation`,
    values: [JSON.stringify(rows)],
  });
}

/** What was shown in a stretch and what came of it, the newest first. */
export async function shownIn(
  db: Db,
  workspace: WorkspaceId,
  { from, to, queue }: Span,
  now: Millis,
  most: number,
): Promise<Promised[]> {
  const { rows } = await db.query<{ low: number; middle: number; high: number; seconds: number; answered: boolean }>(
    `select s.low_seconds as low, s.middle_seconds as middle, s.high_seconds as high, h.accepted_at is not null as answered,
            greatest(0, extract(epoch from coalesce(h.accepted_at, h.ended_at, to_timestamp($5 / 1000.0)) - s.at))::float8 as seconds
     from estimates_shown s join handoffs h on h.workspace_id = s.workspace_id and h.id = s.handoff_id
     where s.workspace_id = $1 and s.at >= $2 and s.at < $3 and ($4::text is null or s.queue_id = $4)
     order by s.at desc limit $6`,
    [workspace, from, to, queue, now, most],
  );
  return rows.map(({ low, middle, high, seconds, answered }) => ({
    range: { lowSeconds: low, p50Seconds: middle, highSeconds: high },
    seconds,
    answered,
  }));
}
