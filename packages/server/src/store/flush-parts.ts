// The parts of the statement that writes (flush.ts). Each is there only when it has something to write, and reads `heads`:
// the conversations whose head moved.
import { intArray, textArray, timeArray } from './arrays.ts';
import type { Write } from './flush.ts';

/** A common table expression. */
export interface Part {
  name: string;
  sql: string;
}

/** Takes a value of the statement and gives its place, as `$7`. */
export type Place = (value: Buffer | string) => string;

/** Answers with no parts when there is nothing to write. */
type MakeParts = (writes: readonly Write[], $: Place) => Part[];

/** In this order: `heads` comes first, and its first value is the conversations' ids. */
export const PARTS: readonly MakeParts[] = [heads, events, states, journeys, wakes, deadlines, people];

const MOVE = `
  seq = i.next, active_at = greatest(c.active_at, date_trunc('minute', i.at))`;

function heads(writes: readonly Write[], $: Place): Part[] {
  const ids = $(textArray(writes.map((write) => write.id)));
  const expected = $(intArray(writes.map((write) => write.expected)));
  const next = $(intArray(writes.map((write) => write.next)));
  const at = $(timeArray(writes.map((write) => write.at)));
  const input = `unnest(${ids}::text[], ${expected}::int[], ${next}::int[], ${at}::timestamptz[]) as i(id, expected, next, at)`;
  const listed = writes.flatMap(({ id, workspace, head }) => (head ? { id, workspace, ...head } : []));
  if (listed.length > 0) return listedHeads(input, $(JSON.stringify(listed)));
  return [
    {
      name: 'heads',
      sql: `
        update conversations c set ${MOVE} from ${input}
        where c.id = i.id and c.seq = i.expected
        returning c.id, c.workspace_id`,
    },
  ];
}

/** Some of them are born here, or lists must show something else of them. */
function listedHeads(input: string, listed: string): Part[] {
  const rows = `json_to_recordset(${listed}::json) as h(
    id text, workspace text, channel text, customer text, status text, holder text, agent text, queue text, phase text,
    page jsonb, rating int, "ratingComment" text, "closedAt" float8)`;
  return [
    {
      name: 'born',
      sql: `
        insert into conversations (workspace_id, id, channel_id, customer_id, seq, status, holder, agent_id, queue_id,
          handoff_phase, page, opened_at, active_at)
        select h.workspace, h.id, h.channel, h.customer, i.next, h.status, h.holder, h.agent, h.queue, h.phase, h.page,
          i.at, date_trunc('minute', i.at)
        from ${input} join ${rows} on h.id = i.id
        where i.expected = 0
        on conflict do nothing
        returning id, workspace_id`,
    },
    {
      name: 'moved',
      sql: `
        update conversations c set ${MOVE},
          status = coalesce(h.status, c.status),
          holder = coalesce(h.holder, c.holder),
          agent_id = case when h.id is null then c.agent_id else h.agent end,
          queue_id = case when h.id is null then c.queue_id else h.queue end,
          handoff_phase = case when h.id is null then c.handoff_phase else h.phase end,
          closed_at = case when h.id is null then c.closed_at else to_timestamp(h."closedAt" / 1000) end,
          page = coalesce(h.page, c.page),
          rating = coalesce(h.rating, c.rating),
          rating_comment = coalesce(h."ratingComment", c.rating_comment)
        from ${input} left join ${rows} on h.id = i.id
        where c.id = i.id and c.seq = i.expected and i.expected > 0
        returning c.id, c.workspace_id`,
    },
    { name: 'heads', sql: 'select * from born union all select * from moved' },
  ];
}

function events(writes: readonly Write[], $: Place): Part[] {
  const ids: string[] = [];
  const seqs: number[] = [];
  const times: number[] = [];
  const types: string[] = [];
  const texts: string[] = [];
  const keys: (string | null)[] = [];
  for (const write of writes) {
    for (const { seq, at, type, json, key } of write.events) {
      ids.push(write.id);
      seqs.push(seq);
      times.push(at);
      types.push(type);
      texts.push(json);
      keys.push(key ?? null);
    }
  }
  return [
    {
      name: 'log',
      sql: `
        insert into events (conversation_id, seq, workspace_id, at, type, event, key)
        select e.id, e.seq, m.workspace_id, e.at, e.type, e.event::json, e.key
        from unnest(${$(textArray(ids))}::text[], ${$(intArray(seqs))}::int[], ${$(timeArray(times))}::timestamptz[],
          ${$(textArray(types))}::text[], ${$(textArray(texts))}::text[], ${$(textArray(keys))}::text[]
        ) as e(id, seq, at, type, event, key) join heads m on m.id = e.id`,
    },
  ];
}

function states(writes: readonly Write[], $: Place): Part[] {
  const stored = writes.filter((write) => write.state !== null);
  if (stored.length === 0) return [];
  const ids = $(textArray(stored.map((write) => write.id)));
  const seqs = $(intArray(stored.map((write) => write.next)));
  const texts = $(textArray(stored.map((write) => write.state)));
  return [
    {
      name: 'states',
      sql: `
        insert into conversation_states (conversation_id, seq, state)
        select s.id, s.seq, s.state::json
        from unnest(${ids}::text[], ${seqs}::int[], ${texts}::text[]) as s(id, seq, state) join heads m on m.id = s.id
        on conflict (conversation_id) do update set seq = excluded.seq, state = excluded.state`,
    },
  ];
}

function journeys(writes: readonly Write[], $: Place): Part[] {
  const rows = writes.flatMap((write) => write.handoffs);
  if (rows.length === 0) return [];
  return [
    {
      name: 'journeys',
      sql: `
        insert into handoffs (workspace_id, id, conversation_id, phase, reason, evidence, summary, queue_id, desk_id, priority, front,
          skills, agent_id, agent, ticket, outcome, passed_over, expires_at, waiting_since, requested_at, queued_at, offered_at,
          accepted_at, first_reply_at, ended_at, told_position, told_estimate, told_at, meanwhile, preferred_skills, lined_at)
        select m.workspace_id, h.id, h.conversation, h.phase, h.reason, h.evidence, h.summary, h.queue, h.desk, h.priority, h.front,
          h.skills, h."agentId", h.agent, h.ticket, h.outcome, h."passedOver", to_timestamp(h."expiresAt" / 1000),
          to_timestamp(h."waitingSince" / 1000), to_timestamp(h."requestedAt" / 1000), to_timestamp(h."queuedAt" / 1000),
          to_timestamp(h."offeredAt" / 1000), to_timestamp(h."acceptedAt" / 1000), to_timestamp(h."repliedAt" / 1000), to_timestamp(h."endedAt" / 1000),
          h."toldPosition", h."toldEstimate", to_timestamp(h."toldAt" / 1000), h.meanwhile, h."preferredSkills",
          to_timestamp(h."queuedAt" / 1000)
        from json_to_recordset(${$(JSON.stringify(rows))}::json) as h(
          id text, conversation text, phase text, reason text, evidence jsonb, summary text, queue text, desk text, priority int,
          front boolean, skills text[], "agentId" text, agent jsonb, ticket jsonb, outcome text, "passedOver" jsonb,
          "expiresAt" float8, "waitingSince" float8, "requestedAt" float8, "queuedAt" float8, "offeredAt" float8, "acceptedAt" float8,
          "repliedAt" float8, "endedAt" float8, "toldPosition" int, "toldEstimate" jsonb, "toldAt" float8, meanwhile text,
          "preferredSkills" text[])
        join heads m on m.id = h.conversation
        on conflict (workspace_id, id) do update set
          phase = excluded.phase, queue_id = excluded.queue_id, desk_id = excluded.desk_id, front = excluded.front,
          agent_id = coalesce(excluded.agent_id, case when excluded.phase = 'ended' then handoffs.agent_id end),
          agent = coalesce(excluded.agent, case when excluded.phase = 'ended' then handoffs.agent end),
          ticket = coalesce(excluded.ticket, handoffs.ticket), outcome = excluded.outcome, passed_over = excluded.passed_over,
          expires_at = excluded.expires_at, summary = coalesce(excluded.summary, handoffs.summary),
          queued_at = coalesce(handoffs.queued_at, excluded.queued_at),
          lined_at = coalesce(excluded.lined_at, handoffs.lined_at),
          offered_at = coalesce(handoffs.offered_at, excluded.offered_at),
          -- The first agent who accepted: his wait is the one that was promised.
          accepted_at = coalesce(handoffs.accepted_at, excluded.accepted_at),
          first_reply_at = coalesce(handoffs.first_reply_at, excluded.first_reply_at),
          ended_at = excluded.ended_at,
          -- Kept when somebody accepts: how he waited.
          meanwhile = case when excluded.phase in ('requested', 'queued', 'offered') then excluded.meanwhile else handoffs.meanwhile end,
          told_position = coalesce(handoffs.told_position, excluded.told_position),
          told_estimate = coalesce(handoffs.told_estimate, excluded.told_estimate),
          told_at = coalesce(handoffs.told_at, excluded.told_at)`,
    },
  ];
}

function wakes(writes: readonly Write[], $: Place): Part[] {
  const woken = writes.flatMap(({ id, expected, wakes }) => wakes.map((side) => ({ id, side, seq: expected })));
  if (woken.length === 0) return [];
  const ids = $(textArray(woken.map((one) => one.id)));
  const sides = $(textArray(woken.map((one) => one.side)));
  const seqs = $(intArray(woken.map((one) => one.seq)));
  return [
    {
      name: 'woken',
      // A cursor that waits for its next try goes on waiting: what is new comes behind, in order.
      sql: `
        insert into cursors (conversation_id, side, seq, due_at, wakes)
        select x.id, x.side, x.seq, now(), 1
        from unnest(${ids}::text[], ${sides}::text[], ${seqs}::int[]) as x(id, side, seq) join heads m on m.id = x.id
        on conflict (conversation_id, side) do update set
          due_at = coalesce(cursors.due_at, excluded.due_at), wakes = cursors.wakes + 1`,
    },
  ];
}

function deadlines(writes: readonly Write[], $: Place): Part[] {
  const due = writes.flatMap(({ id, deadline }) => (deadline === null ? [] : { id, deadline }));
  if (due.length === 0) return [];
  const ids = $(textArray(due.map((one) => one.id)));
  const times = $(timeArray(due.map((one) => one.deadline)));
  return [
    {
      name: 'due',
      sql: `
        insert into deadlines (conversation_id, due_at)
        select x.id, x.at from unnest(${ids}::text[], ${times}::timestamptz[]) as x(id, at) join heads m on m.id = x.id
        on conflict (conversation_id) do update set due_at = least(deadlines.due_at, excluded.due_at)`,
    },
  ];
}

function people(writes: readonly Write[], $: Place): Part[] {
  const known = writes.flatMap(({ id, people }) =>
    people.map(({ customer, changes }) => ({ id, customer, ...changes })),
  );
  if (known.length === 0) return [];
  return [
    {
      name: 'known',
      sql: `
        update customers p set
          name = coalesce(x.name, p.name), email = coalesce(x.email, p.email), phone = coalesce(x.phone, p.phone),
          attributes = p.attributes || coalesce(x.attributes, '{}'), updated_at = now()
        from json_to_recordset(${$(JSON.stringify(known))}::json)
          as x(id text, customer text, name text, email text, phone text, attributes jsonb)
        join heads m on m.id = x.id
        where p.workspace_id = m.workspace_id and p.id = x.customer`,
    },
  ];
}
