import type { ConversationId, IntegrationId } from '@baton/core';
import type { Db } from './db.ts';

/** What did not reach an outside desk, or may not have, and is not being tried any more. */
export interface TroubleRow {
  conversation: ConversationId;
  side: string;
  seq: number;
  /** Of the event: `message` or `handoff.requested`. */
  type: string;
  state: 'failed' | 'unknown';
  detail: string | null;
  at: Date;
  /** `at` to the microsecond, for cursors. */
  exactAt: string;
  customerName: string | null;
  excerpt: string | null;
}

/** Characters of a message that are shown in a list. */
const EXCERPT = 160;
/** More trouble than this is not counted. */
const COUNTED = 1_000;

/** Of what is still being tried the cursor has not passed it, or somebody wants it once more. */
const GIVEN_UP = `d.state in ('failed', 'unknown') and not d.again
  and d.seq <= coalesce((select c.seq from cursors c where c.conversation_id = d.conversation_id and c.side = d.side), 0)`;

/** What did not reach a desk, or may not have, newest first; what is still being tried is not among it. */
export async function troublesOf(
  db: Db,
  desk: IntegrationId,
  filter: {
    state?: 'failed' | 'unknown' | undefined;
    limit: number;
    after: readonly [at: string, conversation: string, seq: number] | null;
  },
): Promise<TroubleRow[]> {
  const { rows } = await db.query<TroubleRow>(
    `select d.conversation_id as conversation, d.side, d.seq, e.type, d.state, d.detail, d.at, x.name as "customerName", to_char(d.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "exactAt",
       left(coalesce((select string_agg(p.value ->> 'text', ' ') from json_array_elements(e.event -> 'message' -> 'parts') p), e.event ->> 'summary'), ${EXCERPT}) as excerpt
     from deliveries d
     join events e on e.conversation_id = d.conversation_id and e.seq = d.seq
     join conversations v on v.id = d.conversation_id
     join customers x on x.workspace_id = v.workspace_id and x.id = v.customer_id
     where d.side = 'desk:' || $1 and ${GIVEN_UP} and ($2::text is null or d.state = $2)
       and ($3::timestamptz is null or (d.at, d.conversation_id, d.seq) < ($3, $4, $5))
     order by d.at desc, d.conversation_id desc, d.seq desc limit $6`,
    [
      desk,
      filter.state ?? null,
      filter.after?.[0] ?? null,
      filter.after?.[1] ?? '',
      filter.after?.[2] ?? 0,
      filter.limit,
    ],
  );
  return rows;
}

/** When a handoff went to a desk last, how many are there now, and how much did not reach it. */
export async function deskUse(
  db: Db,
  desk: IntegrationId,
): Promise<{ usedAt: Date | null; open: number; failed: number; unknown: number }> {
  const { rows } = await db.query<{ usedAt: Date | null; open: number; failed: number; unknown: number }>(
    `select (select max(requested_at) from handoffs where desk_id = $1) as "usedAt",
       (select count(*)::int from handoffs where desk_id = $1 and phase <> 'ended') as open,
       (count(*) filter (where t.state = 'failed'))::int as failed, (count(*) filter (where t.state = 'unknown'))::int as unknown
     from (select d.state from deliveries d where d.side = 'desk:' || $1 and ${GIVEN_UP} limit ${COUNTED}) t`,
    [desk],
  );
  return rows[0] ?? { usedAt: null, open: 0, failed: 0, unknown: 0 };
}

/**
 * Asks for messages to be sent to a desk once more: one, or all that did not reach it. What arrived, is on its way, or is no
 * message (a ticket that could not be opened: its handoff went on) is left as it is. Gives how many were asked for.
 */
export async function askAgain(
  db: Db,
  desk: IntegrationId,
  only: { conversation: ConversationId; seq: number } | null,
): Promise<number> {
  // One statement, so that nothing is marked without a worker that is woken for it.
  const { rows } = await db.query<{ asked: number }>(
    `with asked as (
       update deliveries d set again = true from events e
       where d.side = 'desk:' || $1 and ${GIVEN_UP}
         and ($2::text is null or (d.conversation_id = $2 and d.seq = $3))
         and e.conversation_id = d.conversation_id and e.seq = d.seq and e.type = 'message'
       returning d.conversation_id),
     woken as (
       insert into cursors (conversation_id, side, due_at, wakes)
       select distinct conversation_id, 'again:' || $1, now(), 1 from asked
       on conflict (conversation_id, side) do update set due_at = now(), wakes = cursors.wakes + 1, attempts = 0)
     select count(*)::int as asked from asked`,
    [desk, only?.conversation ?? null, only?.seq ?? null],
  );
  return rows[0]?.asked ?? 0;
}

/** What somebody wants sent once more, in the order of the log. */
export async function wantedAgain(db: Db, conversation: ConversationId, desk: IntegrationId): Promise<number[]> {
  const { rows } = await db.query<{ seq: number }>({
    name: 'wanted-again',
    text: "select seq from deliveries where conversation_id = $1 and side = 'desk:' || $2 and again order by seq",
    values: [conversation, desk],
  });
  return rows.map(({ seq }) => seq);
}

/** It arrived, or was given up: nobody wants it any more. `why` is kept where it never can. */
export async function settleAgain(
  db: Db,
  conversation: ConversationId,
  desk: IntegrationId,
  seq: number,
  why: string | null = null,
): Promise<void> {
  await db.query(
    `update deliveries set again = false, detail = coalesce($4, detail)
     where conversation_id = $1 and side = 'desk:' || $2 and seq = $3`,
    [conversation, desk, seq, why],
  );
}
