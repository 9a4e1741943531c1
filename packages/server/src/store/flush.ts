import type { ConversationId, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';

/** One conversation's share of a flush. JSON is text already: it is made once and goes to the log and to the sockets. */
export interface Write {
  id: ConversationId;
  workspace: WorkspaceId;
  /** The seq that the head must have; 0 for a conversation that is born here. */
  expected: number;
  next: number;
  /** Epoch milliseconds of the last event. */
  at: number;
  events: { seq: number; at: number; type: string; json: string; key: string | undefined }[];
  /** What else changed; null when only messages came: then the head moves and nothing is rewritten. */
  head: Head | null;
  /** Rows of `handoffs`, as columns. */
  handoffs: object[];
  /** Sides to wake. */
  wakes: string[];
  /** What became known of the customer. */
  people: { customer: string; changes: Record<string, unknown> }[];
  /** An earlier deadline than the stored one, or null. */
  deadline: number | null;
}

export interface Head {
  /** The core's state as JSON text. */
  state: string;
  channel: string;
  customer: string;
  status: string;
  holder: string;
  agent: string | null;
  queue: string | null;
  phase: string | null;
  page: string | null;
  rating: number | null;
  ratingComment: string | null;
  closedAt: number | null;
}

/**
 * Writes many conversations in one statement, and so in one transaction and one fsync. Each head moves from the
 * expected seq to the next; events, handoffs, wake-ups and deadlines are written for exactly those whose head moved.
 * Answers with their ids: who is missing lost a race and must be loaded and decided again.
 *
 * Why one statement: a transaction a message costs 6 to 14 times the CPU, and the fence costs about 7 microseconds
 * a message (measured; see docs/decisions/0002-group-commit.md).
 */
export async function flush(pool: Pool, writes: readonly Write[]): Promise<Set<ConversationId>> {
  const full = writes.some((write) => write.head !== null || write.wakes.length > 0 || write.deadline !== null);
  const heads = `[${writes.map(headJson).join(',')}]`;
  const events = `[${writes.map(eventsJson).join(',')}]`;
  if (!full) {
    const { rows } = await pool.query<{ id: ConversationId }>({
      name: 'flush-light',
      text: LIGHT,
      values: [heads, events],
    });
    return new Set(rows.map((row) => row.id));
  }
  const handoffs = JSON.stringify(writes.flatMap((write) => write.handoffs));
  const wakes = JSON.stringify(
    writes.flatMap((write) => write.wakes.map((side) => ({ c: write.id, side, seq: write.expected }))),
  );
  const due = JSON.stringify(
    writes.flatMap((write) => (write.deadline === null ? [] : [{ c: write.id, a: write.deadline }])),
  );
  const people = JSON.stringify(
    writes.flatMap((write) => write.people.map(({ customer, changes }) => ({ c: write.id, customer, ...changes }))),
  );
  const { rows } = await pool.query<{ id: ConversationId }>({
    name: 'flush-full',
    text: FULL,
    values: [heads, events, handoffs, wakes, due, people],
  });
  return new Set(rows.map((row) => row.id));
}

function headJson(write: Write): string {
  const { head } = write;
  const base = `"c":"${write.id}","w":"${write.workspace}","s":${write.expected},"n":${write.next},"a":${write.at}`;
  if (!head) return `{${base}}`;
  const { state, page, ...columns } = head;
  // `state` and `page` are JSON text already: they go in as they are.
  return `{${base},"d":${state},"page":${page ?? 'null'},${JSON.stringify(columns).slice(1)}`;
}

function eventsJson(write: Write): string {
  const { id } = write;
  return write.events
    .map(
      (event) =>
        `{"c":"${id}","s":${event.seq},"a":${event.at},"t":"${event.type}","e":${event.json}${event.key === undefined ? '' : `,"k":${JSON.stringify(event.key)}`}}`,
    )
    .join(',');
}

const MOVE = `
  update conversations c set
    seq = i.n,
    active_at = greatest(c.active_at, date_trunc('minute', to_timestamp(i.a / 1000)))`;

const INSERT_EVENTS = `
  insert into events (conversation_id, seq, workspace_id, at, type, event, key)
  select e.c, e.s, m.workspace_id, to_timestamp(e.a / 1000), e.t, e.e, e.k
  from json_to_recordset($2::json) as e(c text, s int, a float8, t text, e json, k text)
  join heads m on m.id = e.c`;

const LIGHT = `
with input as materialized (
  select * from json_to_recordset($1::json) as i(c text, s int, n int, a float8)
), heads as (${MOVE}
  from input i where c.id = i.c and c.seq = i.s
  returning c.id, c.workspace_id
), log as (${INSERT_EVENTS})
select id from heads`;

const FULL = `
with input as materialized (
  select * from json_to_recordset($1::json) as i(
    c text, w text, s int, n int, a float8, d json, page jsonb, channel text, customer text, status text, holder text,
    agent text, queue text, phase text, rating int, "ratingComment" text, "closedAt" float8)
), born as (
  insert into conversations (workspace_id, id, channel_id, customer_id, seq, state, state_seq, status, holder, agent_id,
    queue_id, handoff_phase, page, opened_at, active_at)
  select w, c, channel, customer, n, d, n, status, holder, agent, queue, phase, page, to_timestamp(a / 1000),
    date_trunc('minute', to_timestamp(a / 1000))
  from input where s = 0
  on conflict do nothing
  returning id, workspace_id
), moved as (${MOVE},
    state = coalesce(i.d, c.state),
    state_seq = case when i.d is null then c.state_seq else i.n end,
    status = coalesce(i.status, c.status),
    holder = coalesce(i.holder, c.holder),
    agent_id = case when i.d is null then c.agent_id else i.agent end,
    queue_id = case when i.d is null then c.queue_id else i.queue end,
    handoff_phase = case when i.d is null then c.handoff_phase else i.phase end,
    closed_at = case when i.d is null then c.closed_at else to_timestamp(i."closedAt" / 1000) end,
    page = coalesce(i.page, c.page),
    rating = coalesce(i.rating, c.rating),
    rating_comment = coalesce(i."ratingComment", c.rating_comment)
  from input i where c.id = i.c and c.seq = i.s and i.s > 0
  returning c.id, c.workspace_id
), heads as (
  select * from born union all select * from moved
), log as (${INSERT_EVENTS}
), journey as (
  insert into handoffs (workspace_id, id, conversation_id, phase, reason, evidence, summary, queue_id, desk_id, priority, front,
    skills, agent_id, agent, ticket, outcome, passed_over, expires_at, waiting_since, requested_at, queued_at, offered_at,
    accepted_at, first_reply_at, ended_at, told_position, told_estimate, told_at)
  select m.workspace_id, h.id, h.conversation, h.phase, h.reason, h.evidence, h.summary, h.queue, h.desk, h.priority, h.front,
    h.skills, h."agentId", h.agent, h.ticket, h.outcome, h."passedOver", to_timestamp(h."expiresAt" / 1000),
    to_timestamp(h."waitingSince" / 1000), to_timestamp(h."requestedAt" / 1000), to_timestamp(h."queuedAt" / 1000),
    to_timestamp(h."offeredAt" / 1000), to_timestamp(h."acceptedAt" / 1000), to_timestamp(h."repliedAt" / 1000), to_timestamp(h."endedAt" / 1000),
    h."toldPosition", h."toldEstimate", to_timestamp(h."toldAt" / 1000)
  from json_to_recordset($3::json) as h(
    id text, conversation text, phase text, reason text, evidence jsonb, summary text, queue text, desk text, priority int,
    front boolean, skills text[], "agentId" text, agent jsonb, ticket jsonb, outcome text, "passedOver" jsonb,
    "expiresAt" float8, "waitingSince" float8, "requestedAt" float8, "queuedAt" float8, "offeredAt" float8, "acceptedAt" float8,
    "repliedAt" float8, "endedAt" float8, "toldPosition" int, "toldEstimate" jsonb, "toldAt" float8)
  join heads m on m.id = h.conversation
  on conflict (workspace_id, id) do update set
    phase = excluded.phase, queue_id = excluded.queue_id, desk_id = excluded.desk_id, front = excluded.front,
    agent_id = coalesce(excluded.agent_id, case when excluded.phase = 'ended' then handoffs.agent_id end),
    agent = coalesce(excluded.agent, case when excluded.phase = 'ended' then handoffs.agent end),
    ticket = coalesce(excluded.ticket, handoffs.ticket), outcome = excluded.outcome, passed_over = excluded.passed_over,
    expires_at = excluded.expires_at, summary = coalesce(excluded.summary, handoffs.summary),
    queued_at = coalesce(handoffs.queued_at, excluded.queued_at),
    offered_at = coalesce(handoffs.offered_at, excluded.offered_at),
    -- The first agent who accepted: his wait is the one that was promised.
    accepted_at = coalesce(handoffs.accepted_at, excluded.accepted_at),
    first_reply_at = coalesce(handoffs.first_reply_at, excluded.first_reply_at),
    ended_at = excluded.ended_at,
    told_position = coalesce(handoffs.told_position, excluded.told_position),
    told_estimate = coalesce(handoffs.told_estimate, excluded.told_estimate),
    told_at = coalesce(handoffs.told_at, excluded.told_at)
), woken as (
  insert into cursors (conversation_id, side, seq, due_at, wakes)
  select x.c, x.side, x.seq, now(), 1
  from json_to_recordset($4::json) as x(c text, side text, seq int) join heads m on m.id = x.c
  on conflict (conversation_id, side) do update set
    -- A cursor that waits for its next try goes on waiting: what is new comes behind, in order.
    due_at = coalesce(cursors.due_at, excluded.due_at), wakes = cursors.wakes + 1
), due as (
  insert into deadlines (conversation_id, due_at)
  select x.c, to_timestamp(x.a / 1000) from json_to_recordset($5::json) as x(c text, a float8) join heads m on m.id = x.c
  on conflict (conversation_id) do update set due_at = least(deadlines.due_at, excluded.due_at)
), known as (
  update customers p set
    name = coalesce(x.name, p.name), email = coalesce(x.email, p.email), phone = coalesce(x.phone, p.phone),
    attributes = p.attributes || coalesce(x.attributes, '{}'), updated_at = now()
  from json_to_recordset($6::json) as x(c text, customer text, name text, email text, phone text, attributes jsonb)
  join heads m on m.id = x.c
  where p.workspace_id = m.workspace_id and p.id = x.customer
)
select id from heads`;
