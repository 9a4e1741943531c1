import type {
  AgentId,
  HandoffId,
  HandoffOutcome,
  HandoffReason,
  Millis,
  QueueId,
  WaitTold,
  WorkspaceId,
} from '@baton/core';
import type { Db } from './db.ts';

export interface Span {
  from: Date;
  to: Date;
  /** Null: all of them. */
  queue: QueueId | null;
}

/** A wait with what was told first. `hour` is the reader's: it needs a time zone. */
export interface ToldRow extends Omit<WaitTold, 'hour'> {
  handoff: HandoffId;
  position: number | null;
  range: (NonNullable<WaitTold['range']> & { basis: string }) | null;
}

/** The newest waits of a stretch, by when the customer was told; `most` at most. */
export async function toldWaits(
  db: Db,
  workspace: WorkspaceId,
  { from, to, queue }: Span,
  now: Millis,
  most: number,
): Promise<ToldRow[]> {
  const { rows } = await db.query<ToldRow>(
    `select h.id as handoff, h.queue_id as queue, h.told_position as position,
            case when jsonb_typeof(h.told_estimate) = 'object' then h.told_estimate end as range,
            (extract(epoch from h.told_at) * 1000)::float8 as at,
            case when h.accepted_at is not null then 'answered'
                 when h.outcome in ('abandoned', 'cancelled_by_customer') then 'left'
                 when h.ended_at is not null then 'ended'
                 else 'waiting' end as end,
            greatest(0, extract(epoch from coalesce(h.accepted_at, h.ended_at, to_timestamp($5 / 1000.0)) - h.told_at))::float8 as seconds
     from handoffs h
     where h.workspace_id = $1 and h.told_at >= $2 and h.told_at < $3 and ($4::text is null or h.queue_id = $4)
     order by h.told_at desc limit $6`,
    [workspace, from, to, queue, now, most],
  );
  return rows;
}

/** Conversations by the quarter of an hour in which they began: every time zone's days are made of those. */
export interface VolumeRow {
  at: Date;
  conversations: number;
  handedOff: number;
  helped: number;
  closed: number;
  resolvedByBot: number;
}

export async function volume(db: Db, workspace: WorkspaceId, { from, to, queue }: Span): Promise<VolumeRow[]> {
  const { rows } = await db.query<VolumeRow>(
    `select date_bin('15 minutes', opened_at, 'epoch') as at, count(*)::int as conversations,
            count(*) filter (where asked)::int as "handedOff", count(*) filter (where helped)::int as helped,
            count(*) filter (where status = 'closed')::int as closed,
            count(*) filter (where status = 'closed' and not helped)::int as "resolvedByBot"
     from (
       select c.opened_at, c.status, coalesce(h.asked, false) as asked, coalesce(h.helped, false) as helped
       from conversations c left join lateral (
         select true as asked, bool_or(accepted_at is not null) as helped, bool_or(queue_id = $4) as here
         from handoffs where conversation_id = c.id having count(*) > 0
       ) h on true
       where c.workspace_id = $1 and c.opened_at >= $2 and c.opened_at < $3 and ($4::text is null or h.here)
     ) one
     group by 1 order by 1`,
    [workspace, from, to, queue],
  );
  return rows;
}

export async function handoffCounts(
  db: Db,
  workspace: WorkspaceId,
  { from, to, queue }: Span,
): Promise<{
  reasons: { reason: HandoffReason; count: number }[];
  outcomes: { outcome: HandoffOutcome; count: number }[];
  firstReplySeconds: number | null;
  handleSeconds: number | null;
}> {
  const { rows } = await db.query(
    `with these as (
       select * from handoffs
       where workspace_id = $1 and requested_at >= $2 and requested_at < $3 and ($4::text is null or queue_id = $4)
     )
     select (select coalesce(json_agg(r order by r.count desc), '[]') from (select reason, count(*)::int from these group by 1) r) as reasons,
            (select coalesce(json_agg(o order by o.count desc), '[]')
               from (select outcome, count(*)::int from these where outcome is not null group by 1) o) as outcomes,
            (select ${median('first_reply_at - accepted_at')} from these) as "firstReplySeconds",
            (select ${median('ended_at - accepted_at')} from these) as "handleSeconds"`,
    [workspace, from, to, queue],
  );
  return rows[0];
}

export interface AgentRow {
  agent: AgentId;
  name: string;
  accepted: number;
  firstReplySeconds: number | null;
  handleSeconds: number | null;
  rating: number | null;
}

export async function agentCounts(db: Db, workspace: WorkspaceId, { from, to, queue }: Span): Promise<AgentRow[]> {
  const { rows } = await db.query<AgentRow>(
    `select a.id as agent, a.name, count(*)::int as accepted, ${median('h.first_reply_at - h.accepted_at')} as "firstReplySeconds",
            ${median('h.ended_at - h.accepted_at')} as "handleSeconds", avg(c.rating)::float8 as rating
     from handoffs h join agents a on a.workspace_id = h.workspace_id and a.id = h.agent_id
     join conversations c on c.id = h.conversation_id
     where h.workspace_id = $1 and h.accepted_at >= $2 and h.accepted_at < $3 and ($4::text is null or h.queue_id = $4)
     group by a.id, a.name order by accepted desc, a.name limit 200`,
    [workspace, from, to, queue],
  );
  return rows;
}

export async function ratings(
  db: Db,
  workspace: WorkspaceId,
  { from, to, queue }: Span,
): Promise<{ count: number; mean: number | null; satisfied: number | null }> {
  const { rows } = await db.query(
    `select count(c.rating)::int as count, avg(c.rating)::float8 as mean,
            (count(*) filter (where c.rating >= 4))::float8 / nullif(count(c.rating), 0) as satisfied
     from conversations c
     where c.workspace_id = $1 and c.opened_at >= $2 and c.opened_at < $3 and c.rating is not null
       and ($4::text is null or exists (select from handoffs h where h.conversation_id = c.id and h.queue_id = $4))`,
    [workspace, from, to, queue],
  );
  return rows[0];
}

/** How often the bot did not know, in the newest conversations: reading every message of a year would help nobody. */
export async function botWords(
  db: Db,
  workspace: WorkspaceId,
  { from, to, queue }: Span,
  most: number,
): Promise<{ messages: number; fallbacks: number; conversations: number }> {
  const { rows } = await db.query(
    `with these as (
       select c.id from conversations c
       where c.workspace_id = $1 and c.opened_at >= $2 and c.opened_at < $3
         and ($4::text is null or exists (select from handoffs h where h.conversation_id = c.id and h.queue_id = $4))
       order by c.opened_at desc limit $5
     )
     select (select count(*)::int from these) as conversations, count(*)::int as messages,
            count(*) filter (where e.event #>> '{message,bot,fallback}' = 'true')::int as fallbacks
     from these join events e on e.conversation_id = these.id
     where e.type = 'message' and e.event #>> '{message,author,role}' = 'bot'`,
    [workspace, from, to, queue, most],
  );
  return rows[0];
}

function median(interval: string): string {
  return `percentile_cont(0.5) within group (order by extract(epoch from ${interval})::float8) filter (where ${interval} >= interval '0')`;
}
