import type {
  ConversationId,
  Estimate,
  HandoffId,
  HandoffOutcome,
  IntegrationId,
  Millis,
  QueueId,
  WorkspaceId,
} from '@baton/core';
import type { Db } from './db.ts';

/** A handoff at an outside desk, as far as we see it. */
export interface DeskRow {
  handoff: HandoffId;
  conversation: ConversationId;
  desk: IntegrationId;
  queue: QueueId;
  phase: 'requested' | 'queued' | 'active' | 'ended';
  /** The desk's own id of who has it, or had it last; null: nobody knows. */
  agent: string | null;
  waitingSince: Millis;
  /** When he came into this desk's line; null: not yet. */
  queuedAt: Millis | null;
  /** When somebody answered first, here or elsewhere before. */
  acceptedAt: Millis | null;
  endedAt: Millis | null;
  outcome: HandoffOutcome | null;
  /** What the customer was told of his wait when he came; null: nothing, or that nobody can tell. */
  told: Estimate | null;
}

const millis = (column: string) => `round(extract(epoch from ${column}) * 1000)::float8`;

const ROW = `select h.id as handoff, h.conversation_id as conversation, h.desk_id as desk, h.queue_id as queue, h.phase,
    coalesce(h.agent_id, h.agent ->> 'id') as agent, ${millis('h.waiting_since')} as "waitingSince", ${millis('h.lined_at')} as "queuedAt",
    ${millis('h.accepted_at')} as "acceptedAt", ${millis('h.ended_at')} as "endedAt", h.outcome,
    case when jsonb_typeof(h.told_estimate) = 'object' then h.told_estimate end as told
  from handoffs h`;

/** Each part finds its rows by an index of its own: who waits, who is served, who is done. */
const DESK_LINE = `
${ROW} where h.workspace_id = $1 and h.desk_id is not null and h.phase in ('requested', 'queued')
union all
${ROW} where h.workspace_id = $1 and h.desk_id is not null and h.phase in ('offered', 'active') and h.phase = 'active'
union all
select o.* from queues q cross join lateral (
  ${ROW} where h.workspace_id = q.workspace_id and h.queue_id = q.id and h.desk_id is not null
    and h.ended_at > to_timestamp($2) order by h.ended_at desc limit $3
) o where q.workspace_id = $1`;

/**
 * The handoffs that are open at outside desks, and those that ended after a moment, in no order.
 * @param most of those that ended, the last ones of each queue
 */
export async function readDeskLine(
  db: Db,
  workspace: WorkspaceId,
  endedAfter: Millis,
  most: number,
): Promise<DeskRow[]> {
  const { rows } = await db.query<DeskRow>({
    name: 'read-desk-line',
    text: DESK_LINE,
    values: [workspace, endedAfter / 1_000, most],
  });
  return rows;
}
