import {
  type AgentRef,
  type AgentSlots,
  type ConversationId,
  type Estimate,
  type HandoffId,
  type Millis,
  type QueueId,
  type WorkspaceId,
  weightOf,
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
  /** When he came into this line; null: not yet. */
  queuedAt: Millis | null;
  skills: string[];
  preferredSkills: string[];
  /** His language by its primary tag; null where nobody knows, or no agent's languages are kept. */
  language: string | null;
  /** Who had this customer last; null where his queue does not ask. */
  lastAgent: string | null;
  /** The kind of the conversation's channel; empty where there is none any more, or nobody looks at it. */
  channel: string;
  passedOver: { agent: string; at: Millis }[];
  /** Who is being asked for it, and since when the first one was; null: nobody. */
  offeredTo: string | null;
  offeredAt: Millis | null;
  /** What the customer was told of his wait when he came; null: nothing, or that nobody can tell. */
  told: Estimate | null;
}

/** A conversation that an agent has. */
export interface RunningRow {
  queue: QueueId;
  skills: string[];
  since: Millis;
}

/** An agent with what he has. `active` counts conversations without the offers and the wrap-ups that `load` includes. */
export interface TeamRow extends AgentSlots {
  active: number;
  /** Conversations that he is wrapping up. */
  wrapping: number;
  running: RunningRow[];
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
  backAt: Millis | null;
  skills: string[] | null;
  languages: string[] | null;
  weights: Record<string, number>;
  capacity: number;
  /** The kinds of the channels of what he has now. */
  active: string[];
  offered: string[];
  wrapping: string[];
  running: RunningRow[];
  givenAt: Millis | null;
  endedAt: Millis | null;
}

interface QueueColumns {
  id: QueueId;
  agents: string[] | null;
}

/**
 * Reads the line in one statement, so that nobody is both waiting and being served in it. Handoffs of outside desks
 * are not in it: their desk has a line of its own.
 *
 * @param times a connection that was not seen since `liveSince` is gone; wrap-ups run out by `now`
 */
export async function readLine(
  db: Db,
  workspace: WorkspaceId,
  times: { liveSince: Millis; now: Millis },
): Promise<LineRows> {
  const { rows } = await db.query<{ waiting: WaitingRow[]; agents: AgentColumns[]; queues: QueueColumns[] }>({
    name: 'read-line',
    text: READ_LINE,
    values: [workspace, times.liveSince / 1_000, times.now / 1_000],
  });
  const { waiting, agents, queues } = rows[0] ?? { waiting: [], agents: [], queues: [] };
  return { waiting, team: agents.map((agent) => slotsOf(agent, queues)) };
}

const KIND = `coalesce((select i.kind from conversations c join integrations i on i.workspace_id = c.workspace_id and i.id = c.channel_id
        where c.id = h.conversation_id), '')`;

/** Wrap-ups that began earlier are over, whatever is set. */
const LONGEST_WRAP_UP = "interval '1 hour'";

const READ_LINE = `
select (
  select coalesce(json_agg(json_build_object(
    'handoff', h.id, 'conversation', h.conversation_id, 'phase', h.phase, 'queue', h.queue_id, 'priority', h.priority,
    'front', h.front, 'waitingSince', round(extract(epoch from h.waiting_since) * 1000),
    'requestedAt', round(extract(epoch from h.requested_at) * 1000), 'queuedAt', round(extract(epoch from h.lined_at) * 1000),
    'skills', h.skills, 'preferredSkills', h.preferred_skills, 'passedOver', h.passed_over, 'channel', case when kept.kinds then ${KIND} else '' end,
    'offeredTo', case when h.phase = 'offered' then h.agent_id end,
    'offeredAt', case when h.phase = 'offered' then round(extract(epoch from h.offered_at) * 1000) end,
    'told', h.told_estimate,
    'language', case when kept.languages then (
      select lower(substring(e.event ->> 'locale' from '^[A-Za-z]+')) from events e where e.conversation_id = h.conversation_id and e.seq = 1
    ) end,
    'lastAgent', case when q.routing ->> 'stickySeconds' is not null then (
      select g.agent_id
      from conversations mine join customers self on self.workspace_id = mine.workspace_id and self.id = mine.customer_id
        -- Visitors who turned out to be one customer are one.
        join customers same on same.workspace_id = self.workspace_id
          and (same.id = coalesce(self.merged_into, self.id) or same.merged_into = coalesce(self.merged_into, self.id))
        join conversations other on other.workspace_id = same.workspace_id and other.customer_id = same.id
        join handoffs g on g.conversation_id = other.id
      where mine.id = h.conversation_id and g.id <> h.id and g.accepted_at is not null and g.agent_id is not null
      order by g.accepted_at desc limit 1
    ) end)), '[]')
  from handoffs h left join queues q on q.workspace_id = h.workspace_id and q.id = h.queue_id
    -- What nobody looks at is not read: a line may be thousands long.
    cross join (
      select exists (select from agents a where a.workspace_id = $1 and a.languages is not null) as languages,
        exists (select from agents a where a.workspace_id = $1 and a.weights <> '{}')
          or exists (select from queues k where k.workspace_id = $1 and k.routing ->> 'hook' is not null) as kinds
    ) kept
  where h.workspace_id = $1 and h.desk_id is null and h.phase in ('requested', 'queued', 'offered')
) as waiting, (
  select coalesce(json_agg(json_build_object(
    'id', a.id, 'name', a.name, 'avatarUrl', a.avatar_url, 'capacity', a.capacity,
    'skills', a.skills, 'languages', a.languages, 'weights', a.weights, 'backAt', round(extract(epoch from a.back_at) * 1000),
    'presence', case when exists (
      select from agent_presence p
      where p.workspace_id = a.workspace_id and p.agent_id = a.id and p.seen_at > to_timestamp($2)
    ) then a.presence else 'offline' end,
    'active', l.active, 'offered', l.offered, 'wrapping', w.wrapping, 'running', l.running,
    'givenAt', (
      select round(extract(epoch from g.accepted_at) * 1000) from handoffs g
      where g.workspace_id = a.workspace_id and g.agent_id = a.id and g.accepted_at is not null
      order by g.accepted_at desc limit 1
    ),
    'endedAt', (
      select round(extract(epoch from g.ended_at) * 1000) from handoffs g
      where g.workspace_id = a.workspace_id and g.agent_id = a.id and g.ended_at is not null
      order by g.ended_at desc limit 1
    ))), '[]')
  from agents a cross join lateral (
    select coalesce(json_agg(${KIND}) filter (where h.phase = 'active'), '[]') as active,
      coalesce(json_agg(${KIND}) filter (where h.phase = 'offered'), '[]') as offered,
      coalesce(json_agg(json_build_object(
        'queue', h.queue_id, 'skills', h.skills, 'since', round(extract(epoch from h.accepted_at) * 1000)
      )) filter (where h.phase = 'active' and h.accepted_at is not null), '[]') as running
    from handoffs h
    where h.workspace_id = a.workspace_id and h.agent_id = a.id and h.phase in ('offered', 'active')
  ) l cross join lateral (
    select coalesce(json_agg(${KIND}), '[]') as wrapping
    from handoffs h left join queues q on q.workspace_id = h.workspace_id and q.id = h.queue_id
    where h.workspace_id = a.workspace_id and h.agent_id = a.id and h.ended_at is not null and h.accepted_at is not null
      and h.outcome in ('resolved', 'returned_to_bot', 'converted_to_ticket', 'callback_scheduled')
      -- What ends in the future ended before the clock was set back.
      and h.ended_at between greatest(a.ready_at, to_timestamp($3) - ${LONGEST_WRAP_UP}) and to_timestamp($3) + interval '5 seconds'
      and h.ended_at + make_interval(secs => coalesce(a.wrap_up_seconds, (q.routing ->> 'wrapUpSeconds')::int, 0)) > to_timestamp($3)
  ) w
  where a.workspace_id = $1 and a.disabled_at is null
) as agents, (
  select coalesce(json_agg(json_build_object('id', q.id, 'agents', q.agents)), '[]') from queues q where q.workspace_id = $1
) as queues`;

function slotsOf(columns: AgentColumns, queues: readonly QueueColumns[]): TeamRow {
  const { id, name, avatarUrl, active, offered, wrapping, givenAt, endedAt, weights, ...row } = columns;
  const agent: AgentRef = { id, name, ...(avatarUrl === null ? {} : { avatarUrl }) };
  const served = queues.filter((queue) => queue.agents === null || queue.agents.includes(id));
  const carried = [...active, ...offered, ...wrapping];
  return {
    ...row,
    agent,
    queues: served.length === queues.length ? null : served.map((queue) => queue.id),
    weights,
    active: active.length,
    wrapping: wrapping.length,
    load: carried.reduce((load, channel) => load + weightOf({ weights }, { channel }), 0),
    ringing: offered.length > 0,
    givenAt: givenAt ?? 0,
    idleSince: Math.max(givenAt ?? 0, endedAt ?? 0),
  };
}
