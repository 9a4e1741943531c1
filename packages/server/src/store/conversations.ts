import type { Conversation, ConversationEvent, ConversationId, Logged, WorkspaceId } from '@baton/core';
import { replay } from '@baton/core';
import type { Pool } from 'pg';
import { IN_TIME } from './db.ts';

export interface Stored {
  state: Conversation;
  /** Epoch milliseconds, or null. */
  deadline: number | null;
}

/**
 * Loads conversations as of now: the stored state and what came after it. One statement, so that head, state and
 * events are of one moment. Unknown ids are simply missing in the answer.
 */
export async function loadConversations(
  pool: Pool,
  ids: readonly ConversationId[],
): Promise<Map<ConversationId, Stored>> {
  const { rows } = await pool.query<{
    id: ConversationId;
    state: Conversation;
    due: number | null;
    tail: EventRow[] | null;
  }>({
    ...IN_TIME,
    name: 'load-conversations',
    text: `
      select c.id, s.state, extract(epoch from d.due_at)::float8 * 1000 as due, (
        select json_agg(json_build_object('seq', e.seq, 'at', round(extract(epoch from e.at) * 1000), 'event', e.event, 'key', e.key) order by e.seq)
        from events e where e.conversation_id = c.id and e.seq > s.seq
      ) as tail
      from conversations c join conversation_states s on s.conversation_id = c.id
      left join deadlines d on d.conversation_id = c.id
      where c.id = any($1)`,
    values: [ids],
  });
  const found = new Map<ConversationId, Stored>();
  for (const row of rows) {
    const state = replay(row.state, (row.tail ?? []).map(logged));
    if (state) found.set(row.id, { state, deadline: row.due });
  }
  return found;
}

interface EventRow {
  seq: number;
  at: number;
  event: ConversationEvent;
  key: string | null;
}

function logged({ seq, at, event, key }: EventRow): Logged {
  return key === null ? { seq, at, event } : { seq, at, event, key };
}

/** How many events one read gives at most. */
export const PAGE = 1_000;

/** Events after `after`, oldest first. */
export async function eventsAfter(
  pool: Pool,
  conversation: ConversationId,
  after: number,
  limit = PAGE,
): Promise<Logged[]> {
  const { rows } = await pool.query<EventRow>({
    name: 'events-after',
    text: `select seq, extract(epoch from at)::float8 * 1000 as at, event, key from events
           where conversation_id = $1 and seq > $2 order by seq limit $3`,
    values: [conversation, after, limit],
  });
  return rows.map((row) => logged({ ...row, at: Math.round(row.at) }));
}

/** Of these conversations, given with the seq that is known: the heads of those whose log goes further. */
export async function headsAhead(
  pool: Pool,
  known: readonly (readonly [ConversationId, number])[],
): Promise<[ConversationId, number][]> {
  const { rows } = await pool.query<{ id: ConversationId; seq: number }>({
    name: 'heads-ahead',
    text: `select c.id, c.seq from unnest($1::text[], $2::int[]) as known(id, seq) join conversations c on c.id = known.id
           where c.seq > known.seq`,
    values: [known.map(([id]) => id), known.map(([, seq]) => seq)],
  });
  return rows.map(({ id, seq }) => [id, seq]);
}

/** What one conversation has after the seq that was named; `json` has the events as stored. */
export interface Behind {
  conversation: ConversationId;
  events: Logged[];
  json: string[];
}

/** Events of one read over many conversations. What does not fit is read by the next. */
const MOST_BEHIND = 5_000;

/** The events after a seq of many conversations, oldest first, in one statement. */
export async function eventsBehind(
  pool: Pool,
  known: readonly (readonly [ConversationId, number])[],
): Promise<Behind[]> {
  const { rows } = await pool.query<{
    conversation: ConversationId;
    seq: number;
    at: number;
    json: string;
    key: string | null;
  }>({
    name: 'events-behind',
    text: `select e.conversation_id as conversation, e.seq, extract(epoch from e.at)::float8 * 1000 as at,
             e.event::text as json, e.key
           from unnest($1::text[], $2::int[]) as known(id, seq)
           join events e on e.conversation_id = known.id and e.seq > known.seq
           order by e.conversation_id, e.seq limit ${MOST_BEHIND}`,
    values: [known.map(([id]) => id), known.map(([, seq]) => seq)],
  });
  const found: Behind[] = [];
  for (const { conversation, seq, at, json, key } of rows) {
    let last = found.at(-1);
    if (last?.conversation !== conversation) {
      last = { conversation, events: [], json: [] };
      found.push(last);
    }
    last.events.push(logged({ seq, at: Math.round(at), event: JSON.parse(json) as ConversationEvent, key }));
    last.json.push(json);
  }
  return found;
}

/** The last `limit` events before `before` (exclusive; null: from the end), oldest first. */
export async function eventsBefore(
  pool: Pool,
  conversation: ConversationId,
  before: number | null,
  limit: number,
): Promise<Logged[]> {
  const { rows } = await pool.query<EventRow>({
    name: 'events-before',
    text: `select seq, extract(epoch from at)::float8 * 1000 as at, event, key from events
           where conversation_id = $1 and seq < $2 order by seq desc limit $3`,
    values: [conversation, before ?? 2_147_483_647, limit],
  });
  return rows.reverse().map((row) => logged({ ...row, at: Math.round(row.at) }));
}

/** The whole log, in pages, for contexts and exports. */
export async function wholeLog(pool: Pool, conversation: ConversationId): Promise<Logged[]> {
  const all: Logged[] = [];
  for (;;) {
    const page = await eventsAfter(pool, conversation, all.at(-1)?.seq ?? 0);
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

/** The seq that answered a command key, where the state has forgotten it. */
export async function seqOfKey(pool: Pool, conversation: ConversationId, key: string): Promise<number | null> {
  const { rows } = await pool.query<{ seq: number }>('select seq from events where conversation_id = $1 and key = $2', [
    conversation,
    key,
  ]);
  return rows[0]?.seq ?? null;
}

/** Of these command keys, those that are in the log, with the seq that answered them. */
export async function seqsOfKeys(
  pool: Pool,
  conversation: ConversationId,
  keys: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ key: string; seq: number }>(
    'select key, seq from events where conversation_id = $1 and key = any($2)',
    [conversation, keys],
  );
  return new Map(rows.map(({ key, seq }) => [key, seq]));
}

/** A message of a conversation as it was said, by its id; null when there is none. */
export async function findMessage(pool: Pool, conversation: ConversationId, message: string): Promise<Logged | null> {
  const { rows } = await pool.query<EventRow>(
    `select seq, extract(epoch from at)::float8 * 1000 as at, event, key from events
     where conversation_id = $1 and type = 'message' and event -> 'message' ->> 'id' = $2`,
    [conversation, message],
  );
  return rows[0] ? logged(rows[0]) : null;
}

/** Which workspace a conversation belongs to, for routes that only have its id. */
export async function workspaceOf(pool: Pool, conversation: ConversationId): Promise<WorkspaceId | null> {
  const { rows } = await pool.query<{ workspace_id: WorkspaceId }>(
    'select workspace_id from conversations where id = $1',
    [conversation],
  );
  return rows[0]?.workspace_id ?? null;
}
