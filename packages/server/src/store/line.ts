import type {
  AgentRef,
  AgentSlots,
  ConversationId,
  HandoffId,
  Measured,
  Millis,
  QueueId,
  WorkspaceId,
} from '@baton/core';
import type { Db } from './db.ts';

/** A handoff that waits for an agent of our own console. */
export interface WaitingRow {
  handoff: HandoffId;
  conversation: ConversationId;
  phase: 'requested' | 'queued' | 'offered';
  queue: QueueId;
  priority: number;
  front: boolean;
  waitingSince: Millis;
  requestedAt: Millis;
  skills: string[];
  passedOver: { agent: string; at: Millis }[];
}

/** An agent with what he has. `active` counts without the offers that `load` includes. */
export interface TeamRow extends AgentSlots {
  active: number;
}

/** The line of a workspace and those who serve it, as of one moment. */
export interface LineRows {
  waiting: WaitingRow[];
  team: TeamRow[];
}

interface AgentColumns {
  id: string;
  name: string;
  avatarUrl: string | null;
  presence: AgentSlots['presence'];
  capacity: number;
  active: number;
  offered: number;
  givenAt: Millis | null;
}

interface QueueColumns {
  id: QueueId;
  agents: string[] | null;
}

/**
 * Reads the line in one statement, so that nobody is both waiting and being served in it. Handoffs of outside desks
 * are not in it: their desk has a line of its own.
 *
 * @param liveSince a connection that was not seen since then is gone
 */
export async function readLine(db: Db, workspace: WorkspaceId, liveSince: Millis): Promise<LineRows> {
  const { rows } = await db.query<{ waiting: WaitingRow[]; agents: AgentColumns[]; queues: QueueColumns[] }>({
    name: 'read-line',
    text: READ_LINE,
    values: [workspace, liveSince / 1_000],
  });
  const { waiting, agents, queues } = rows[0] ?? { waiting: [], agents: [], queues: [] };
  return { waiting, team: agents.map((agent) => slotsOf(agent, queues)) };
}

const READ_LINE = `
select (
  select coalesce(json_agg(json_build_object(
    'handoff', h.id, 'conversation', h.conversation_id, 'phase', h.phase, 'queue', h.queue_id, 'priority', h.priority,
    'front', h.front, 'waitingSince', round(extract(epoch from h.waiting_since) * 1000),
    'requestedAt', round(extract(epoch from h.requested_at) * 1000), 'skills', h.skills, 'passedOver', h.passed_over)), '[]')
  from handoffs h
  where h.workspace_id = $1 and h.desk_id is null and h.phase in ('requested', 'queued', 'offered')
) as waiting, (
  select coalesce(json_agg(json_build_object(
    'id', a.id, 'name', a.name, 'avatarUrl', a.avatar_url, 'capacity', a.capacity,
    'presence', case when exists (
      select from agent_presence p
      where p.workspace_id = a.workspace_id and p.agent_id = a.id and p.seen_at > to_timestamp($2)
    ) then a.presence else 'offline' end,
    'active', l.active, 'offered', l.offered,
    'givenAt', (
      select round(extract(epoch from g.accepted_at) * 1000) from handoffs g
      where g.workspace_id = a.workspace_id and g.agent_id = a.id and g.accepted_at is not null
      order by g.accepted_at desc limit 1
    ))), '[]')
  from agents a cross join lateral (
    select count(*) filter (where h.phase = 'active') as active, count(*) filter (where h.phase = 'offered') as offered
    from handoffs h
    where h.workspace_id = a.workspace_id and h.agent_id = a.id and h.phase in ('offered', 'active')
  ) l
  where a.workspace_id = $1 and a.disabled_at is null
) as agents, (
  select coalesce(json_agg(json_build_object('id', q.id, 'agents', q.agents)), '[]') from queues q where q.workspace_id = $1
) as queues`;

function slotsOf(
  { id, name, avatarUrl, presence, capacity, active, offered, givenAt }: AgentColumns,
  queues: readonly QueueColumns[],
): TeamRow {
  const agent: AgentRef = { id, name, ...(avatarUrl === null ? {} : { avatarUrl }) };
  const served = queues.filter((queue) => queue.agents === null || queue.agents.includes(id));
  return {
    agent,
    presence,
    queues: served.length === queues.length ? null : served.map((queue) => queue.id),
    skills: null,
    capacity,
    active,
    load: active + offered,
    ringing: offered > 0,
    idleSince: givenAt ?? 0,
  };
}

/** Handle times and answer times that an estimate rests on, at most. */
const TIMES_KEPT = 50;
/** Ended handoffs that are looked at: those that an agent had give handle times, all of them tell who leaves. */
const ENDED_SEEN = 200;
/** With fewer waits than this nobody knows how many leave; then nobody is counted on to leave. */
const WAITS_NEEDED = 20;

/** What was measured lately, per queue. By the end and not by the beginning, or short conversations would count more. */
export async function readMeasured(db: Db, workspace: WorkspaceId): Promise<Map<QueueId, Measured>> {
  const { rows } = await db.query<{
    queue: QueueId;
    handle: number[] | null;
    answer: number[] | null;
    waits: number;
    waited: number;
    left: number;
  }>({ name: 'read-measured', text: READ_MEASURED, values: [workspace] });
  return new Map(
    rows.map(({ queue, handle, answer, waits, waited, left }) => [
      queue,
      {
        handleSeconds: (handle ?? []).slice(0, TIMES_KEPT),
        answerSeconds: answer ?? [],
        leavingPerSecond: waits < WAITS_NEEDED ? 0 : left / Math.max(1, waited),
      },
    ]),
  );
}

const READ_MEASURED = `
select q.id as queue, e.handle, e.waits::int, coalesce(e.waited, 0)::float8 as waited, e.gone::int as left, a.answer
from queues q cross join lateral (
  select array_agg(handle order by ended_at desc) filter (where handle is not null) as handle,
    count(*) as waits, sum(waited) as waited, count(*) filter (where gone) as gone
  from (
    select h.ended_at, extract(epoch from h.ended_at - h.accepted_at)::float8 as handle,
      greatest(0, extract(epoch from coalesce(h.accepted_at, h.ended_at) - h.waiting_since)) as waited,
      h.accepted_at is null and h.outcome in ('abandoned', 'cancelled_by_customer') as gone
    from handoffs h
    where h.workspace_id = q.workspace_id and h.queue_id = q.id and h.ended_at is not null and h.desk_id is null
    order by h.ended_at desc limit ${ENDED_SEEN}
  ) ended
) e cross join lateral (
  select array_agg(seconds) as answer
  from (
    select extract(epoch from h.accepted_at - h.offered_at)::float8 as seconds
    from handoffs h
    where h.workspace_id = q.workspace_id and h.queue_id = q.id and h.accepted_at >= h.offered_at and h.desk_id is null
    order by h.accepted_at desc limit ${TIMES_KEPT}
  ) accepted
) a
where q.workspace_id = $1`;
