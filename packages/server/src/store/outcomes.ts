import type { HandoffId, HandoffOutcome, Millis, QueueId, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

/** What became of a handoff to our own console: what estimates of waits are made of. */
export interface OutcomeRow {
  handoff: HandoffId;
  queue: QueueId;
  skills: string[];
  /** Who had it last; null: nobody. */
  agent: string | null;
  waitingSince: Millis;
  /** When an agent was asked first. */
  offeredAt: Millis | null;
  acceptedAt: Millis | null;
  endedAt: Millis | null;
  outcome: HandoffOutcome | null;
}

const OUTCOME = `select h.id as handoff, h.queue_id as queue, h.skills, h.agent_id as agent,
    round(extract(epoch from h.waiting_since) * 1000)::float8 as "waitingSince",
    round(extract(epoch from h.offered_at) * 1000)::float8 as "offeredAt",
    round(extract(epoch from h.accepted_at) * 1000)::float8 as "acceptedAt",
    round(extract(epoch from h.ended_at) * 1000)::float8 as "endedAt", h.outcome
  from handoffs h where h.workspace_id = q.workspace_id and h.queue_id = q.id and h.desk_id is null`;

const OUTCOMES = `
select o.* from queues q cross join lateral (
  (${OUTCOME} and h.accepted_at > to_timestamp($2) order by h.accepted_at desc limit $3)
  union
  (${OUTCOME} and h.ended_at > to_timestamp($2) order by h.ended_at desc limit $3)
) o
where q.workspace_id = $1`;

/**
 * Handoffs that somebody accepted or that ended after a moment, in no order.
 * @param most of each queue and each sort, the last ones
 */
export async function readOutcomes(db: Db, workspace: WorkspaceId, after: Millis, most: number): Promise<OutcomeRow[]> {
  const { rows } = await db.query<OutcomeRow>({
    name: 'read-outcomes',
    text: OUTCOMES,
    values: [workspace, after / 1_000, most],
  });
  return rows;
}
