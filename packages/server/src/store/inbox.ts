import { cleaned, type IntegrationId, type Millis, type WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

/** Something that an outside desk told of one of its tickets. */
export interface InboxItem {
  key: string;
  ticket: string;
  type: string;
  /** When it happened, at the vendor's clock; null where it does not say, or not so that one could read it. */
  at: Millis | null;
  payload: unknown;
}

export interface KeptItem extends InboxItem {
  receivedAt: Millis;
  attempts: number;
}

/** What is ready of one ticket, in its order: what is due, and what happened before it. */
export interface ReadyTicket {
  integration: IntegrationId;
  workspace: WorkspaceId;
  ticket: string;
  items: KeptItem[];
}

/**
 * Keeps what came in, each key once. `gatherMs`: what has a time waits so long for those that it may have overtaken.
 * `askedAt`: the desk was asked for them then, and put them in this order, which settles what its clock leaves open, also of what
 * is kept already: an answer that was asked for later knows better. Null: webhooks told them. Answers with the keys that are new.
 */
export async function keepInbox(
  db: Db,
  integration: IntegrationId,
  items: readonly InboxItem[],
  gatherMs: Millis,
  askedAt: Millis | null,
): Promise<Set<string>> {
  if (items.length === 0) return new Set();
  // What cannot be stored (NUL, half a character, a time that is none) is mended: refused, the vendor would send it again for ever.
  const fit = cleaned(items);
  const payloads = fit.map(({ payload }, index) =>
    JSON.stringify(askedAt === null ? payload : { ...(payload as object), place: placeOf(askedAt, index) }),
  );
  const { rows } = await db.query<{ key: string; fresh: boolean }>({
    name: askedAt === null ? 'keep-inbox' : 'keep-inbox-ordered',
    text: `insert into inbox (integration_id, key, ticket, type, at, payload, due_at)
           select $1, x.key, x.ticket, x.type, to_timestamp(x.at / 1000), x.payload,
             now() + case when x.at is null then interval '0' else make_interval(secs => $7::float8 / 1000) end
           from unnest($2::text[], $3::text[], $4::text[], $5::float8[], $6::jsonb[]) as x(key, ticket, type, at, payload)
           on conflict ${askedAt === null ? 'do nothing' : PLACED} returning key, xmax = 0 as fresh`,
    values: [
      integration,
      fit.map((item) => item.key),
      fit.map((item) => item.ticket),
      fit.map((item) => item.type),
      fit.map(({ at }) => (at !== null && at >= 0 && at <= LATEST ? at : null)),
      payloads,
      gatherMs,
    ],
  });
  return new Set(rows.flatMap(({ key, fresh }) => (fresh ? key : [])));
}

/** As far as a date of JavaScript goes; PostgreSQL goes a little further. */
const LATEST: Millis = 8.64e15;

/** One number: first by answer, then by where it stands in it. What is further down than this keeps to the order of arrival. */
const placeOf = (askedAt: Millis, index: number) => askedAt * PLACES + Math.min(index, PLACES - 1);
const PLACES = 1_000;

/**
 * Only what is still to be worked off can take its place. One vendor's clocks tick differently (seconds in its API, milliseconds
 * in its webhooks): what was asked for goes by the clock of the answer.
 */
const PLACED = `(integration_id, key) do update set at = coalesce(excluded.at, inbox.at), payload = inbox.payload || jsonb_build_object('place', excluded.payload -> 'place', 'tick', excluded.payload -> 'tick')
             where inbox.done_at is null and inbox.payload is not null
               and coalesce((inbox.payload ->> 'place')::float8, 0) < (excluded.payload ->> 'place')::float8`;

/**
 * Many vendors' clocks tick in seconds, and "answer and solve" is one press of a button: of what happened at the same
 * moment, an agent comes first, then his words, then the end.
 */
const AT_ONCE_ORDER = ['reopened', 'assigned', 'changed', 'agent.said', 'unassigned', 'returned', 'closed'];

/**
 * Tickets of which something is due, with what is open of each up to there, by the vendor's clock and then by arrival. A
 * ticket of which something waits for another try waits as a whole: what came later must not come before.
 */
export async function readyTickets(db: Db, limit: number): Promise<ReadyTicket[]> {
  const { rows } = await db.query<KeptItem & { integration: IntegrationId; workspace: WorkspaceId; due: boolean }>({
    name: 'ready-tickets',
    text: `with ready as (
             select integration_id, ticket, min(n) as first from inbox where done_at is null
             group by integration_id, ticket
             having bool_or(due_at <= now()) and not bool_or(error is not null and due_at > now())
             order by first limit $1)
           select i.integration_id as integration, t.workspace_id as workspace, i.ticket, i.key, i.type, i.payload, i.attempts,
             i.due_at <= now() as due,
             extract(epoch from i.at)::float8 * 1000 as at, extract(epoch from i.received_at)::float8 * 1000 as "receivedAt"
           from inbox i join ready r using (integration_id, ticket) join integrations t on t.id = i.integration_id
           where i.done_at is null
           order by r.first, coalesce(i.at, i.received_at), array_position($2, i.type),
             (i.payload ->> 'place')::float8 nulls last, i.n`,
    values: [limit, AT_ONCE_ORDER],
  });
  const tickets = new Map<string, ReadyTicket>();
  // From the last row on: the first that is due takes with it all that happened before.
  for (const { integration, workspace, due, ...item } of rows.reverse()) {
    const id = `${integration} ${item.ticket}`;
    const known = tickets.get(id);
    if (known) known.items.unshift(item);
    else if (due) tickets.set(id, { integration, workspace, ticket: item.ticket, items: [item] });
  }
  return [...tickets.values()].reverse();
}

/** Milliseconds until something is due; null when nothing is open. */
export async function nextInbox(db: Db): Promise<Millis | null> {
  const { rows } = await db.query<{ ms: number | null }>({
    name: 'next-inbox',
    text: 'select extract(epoch from min(due_at) - now())::float8 * 1000 as ms from inbox where done_at is null',
  });
  return rows[0]?.ms ?? null;
}

export async function inboxDone(db: Db, integration: IntegrationId, key: string): Promise<void> {
  await db.query({
    name: 'inbox-done',
    text: 'update inbox set done_at = now(), payload = null, error = null where integration_id = $1 and key = $2',
    values: [integration, key],
  });
}

/** As if it had never come: heard of again, by webhook or by asking, it is looked at anew. */
export async function inboxForget(db: Db, integration: IntegrationId, key: string): Promise<void> {
  await db.query({
    name: 'inbox-forget',
    text: 'delete from inbox where integration_id = $1 and key = $2',
    values: [integration, key],
  });
}

/** A try failed; the next one is due then. */
export async function inboxLater(
  db: Db,
  integration: IntegrationId,
  key: string,
  delayMs: Millis,
  why: string,
): Promise<void> {
  await db.query({
    name: 'inbox-later',
    text: `update inbox set attempts = attempts + 1, error = $4, due_at = now() + make_interval(secs => $3::float8 / 1000)
           where integration_id = $1 and key = $2`,
    values: [integration, key, delayMs, why.slice(0, 500)],
  });
}

/** It could not be tried yet: that takes away none of its tries. */
export async function inboxPause(
  db: Db,
  integration: IntegrationId,
  key: string,
  delayMs: Millis,
  why: string,
): Promise<void> {
  await db.query({
    name: 'inbox-pause',
    text: `update inbox set error = $4, due_at = now() + make_interval(secs => $3::float8 / 1000)
           where integration_id = $1 and key = $2`,
    values: [integration, key, delayMs, why.slice(0, 500)],
  });
}

/** How a ticket stood: at the vendor's clock, and when we had worked that off. */
export interface KnownState {
  type: string;
  at: Millis;
  doneAt: Millis;
}

/**
 * How a ticket stood last, of what was worked off and came in from `from` to `until` (null: now); null when nobody said. `types`
 * are in their order where they have the same moment.
 */
export async function lastState(
  db: Db,
  {
    integration,
    ticket,
    from,
    until,
  }: { integration: IntegrationId; ticket: string; from: Millis; until: Millis | null },
  types: readonly string[],
): Promise<KnownState | null> {
  const { rows } = await db.query<KnownState>({
    name: 'last-state',
    text: `select type, extract(epoch from at)::float8 * 1000 as at, extract(epoch from done_at)::float8 * 1000 as "doneAt" from inbox
           where integration_id = $1 and ticket = $2 and done_at is not null and type = any ($3) and at is not null
             and received_at >= to_timestamp($4::float8 / 1000) and received_at <= coalesce(to_timestamp($5::float8 / 1000), now())
           order by inbox.at desc, array_position($3, type) desc limit 1`,
    values: [integration, ticket, types, from, until],
  });
  return rows[0] ?? null;
}

/** Vendors send again for a day at most; the log itself knows each key for ever. */
export async function forgetInbox(db: Db, days: number): Promise<void> {
  await db.query('delete from inbox where done_at < now() - make_interval(days => $1)', [days]);
}
