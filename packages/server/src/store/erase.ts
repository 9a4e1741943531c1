import type { ConversationEvent, ConversationId, CustomerId, FileId, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import { eventsAfter, PAGE } from './conversations.ts';
import { type Db, transaction } from './db.ts';

/** The log of a conversation with other words, in the same places. */
export async function rewriteLog(
  pool: Pool,
  conversation: ConversationId,
  change: (event: ConversationEvent) => ConversationEvent,
): Promise<void> {
  for (let after = 0; ; ) {
    const page = await eventsAfter(pool, conversation, after);
    const changed = page.flatMap(({ seq, event }) => {
      const json = JSON.stringify(change(event));
      return json === JSON.stringify(event) ? [] : [{ seq, json }];
    });
    if (changed.length > 0)
      await pool.query(
        `update events e set event = x.event::json from unnest($2::int[], $3::text[]) as x(seq, event)
          where e.conversation_id = $1 and e.seq = x.seq`,
        [conversation, changed.map(({ seq }) => seq), changed.map(({ json }) => json)],
      );
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.seq;
  }
}

/** Takes the quotes of one message out of the rows of its conversation's handoffs. */
export async function unquoteHandoffs(db: Db, conversation: ConversationId, seq: number): Promise<void> {
  await db.query(
    `update handoffs h set evidence = (
       select coalesce(jsonb_agg(case when one ->> 'seq' = $2::text then one - 'quote' - 'words' - 'detail' else one end), '[]')
       from jsonb_array_elements(h.evidence) one)
     where conversation_id = $1 and evidence @> jsonb_build_array(jsonb_build_object('seq', $2::int))`,
    [conversation, seq],
  );
}

/** The rows around a log say nothing of the customer any more; what is counted (times, outcomes, ratings) stays. */
export async function bareConversation(pool: Pool, conversation: ConversationId): Promise<void> {
  await transaction(pool, async (db) => {
    await db.query('update conversations set page = null, rating_comment = null where id = $1', [conversation]);
    await db.query(
      "update handoffs set evidence = '[]', summary = null, reply_webhook = null where conversation_id = $1",
      [conversation],
    );
    await db.query('update deliveries set detail = null where conversation_id = $1', [conversation]);
    await db.query('update cursors set last_error = null where conversation_id = $1', [conversation]);
    await db.query('update webhooks set last_error = null where conversation_id = $1', [conversation]);
    await db.query('delete from visitor_presence where conversation_id = $1', [conversation]);
  });
}

/** Kept answers to writes that told of one of these ids: a message, a conversation, a customer. */
export async function forgetAnswersAbout(db: Db, workspace: WorkspaceId, ids: readonly string[]): Promise<void> {
  await db.query('delete from idempotency_keys where workspace_id = $1 and body::text like any ($2)', [
    workspace,
    ids.map((id) => `%"${id}"%`),
  ]);
}

/** Kept answers that tell of this conversation, or of a message of it. */
export async function forgetAnswersIn(db: Db, workspace: WorkspaceId, conversation: ConversationId): Promise<void> {
  await forgetAnswersAbout(db, workspace, [conversation]);
  await db.query(
    `delete from idempotency_keys where workspace_id = $1 and body -> 'message' ->> 'id' in (
       select event -> 'message' ->> 'id' from events where conversation_id = $2 and type = 'message')`,
    [workspace, conversation],
  );
}

/** What came in from desks and is not worked off yet: their payloads may speak of him. */
export async function forgetInboxAbout(db: Db, workspace: WorkspaceId, words: readonly string[]): Promise<void> {
  if (words.length === 0) return;
  await db.query(
    `delete from inbox where payload is not null and integration_id in (select id from integrations where workspace_id = $1)
       and exists (select 1 from unnest($2::text[]) word where strpos(lower(payload::text), lower(word)) > 0)`,
    [workspace, words],
  );
}

/** All under whom a customer is known: he himself and the visitors who turned out to be him. Empty: there is none. */
export async function everyIdOf(db: Db, workspace: WorkspaceId, customer: string): Promise<CustomerId[]> {
  const { rows } = await db.query<{ id: CustomerId }>(
    `with self as (select coalesce(merged_into, id) as id from customers where workspace_id = $1 and id = $2)
     select c.id from customers c, self where c.workspace_id = $1 and (c.id = self.id or c.merged_into = self.id) order by c.id`,
    [workspace, customer],
  );
  return rows.map(({ id }) => id);
}

/** From here on he cannot come back under these ids: his tokens are worth nothing. */
export async function beginErasure(db: Db, workspace: WorkspaceId, ids: readonly CustomerId[]): Promise<void> {
  await db.query(
    'update customers set erasing_at = coalesce(erasing_at, now()) where workspace_id = $1 and id = any ($2)',
    [workspace, ids],
  );
}

/** Whose erasure was cut off: begun over a minute ago and not done. */
export async function unfinishedErasures(db: Db): Promise<{ workspace: WorkspaceId; customer: CustomerId }[]> {
  const { rows } = await db.query<{ workspace: WorkspaceId; customer: CustomerId }>(
    `select workspace_id as workspace, id as customer from customers
      where erasing_at < now() - interval '1 minute' and erased_at is null and merged_into is null limit 100`,
  );
  return rows;
}

/** Words by which he might be named elsewhere. */
export async function namesOf(db: Db, workspace: WorkspaceId, ids: readonly CustomerId[]): Promise<string[]> {
  const { rows } = await db.query<{ word: string }>(
    `select distinct word from customers, unnest(array[id, external_id, email, phone]) word
      where workspace_id = $1 and id = any ($2) and length(word) > 3`,
    [workspace, ids],
  );
  return rows.map(({ word }) => word);
}

/** Empty rows stay in his place. */
export async function endErasure(db: Db, workspace: WorkspaceId, ids: readonly CustomerId[]): Promise<void> {
  await db.query(
    `update customers set external_id = null, name = null, email = null, phone = null, verified = false,
       attributes = '{}', updated_at = now(), erased_at = coalesce(erased_at, now())
      where workspace_id = $1 and id = any ($2)`,
    [workspace, ids],
  );
  await db.query('delete from openings where workspace_id = $1 and customer_id = any ($2)', [workspace, ids]);
}

/** His conversations, oldest first. */
export async function conversationsOf(
  db: Db,
  workspace: WorkspaceId,
  customers: readonly CustomerId[],
): Promise<ConversationId[]> {
  const { rows } = await db.query<{ id: ConversationId }>(
    'select id from conversations where workspace_id = $1 and customer_id = any ($2) order by id',
    [workspace, customers],
  );
  return rows.map(({ id }) => id);
}

/** A file to be deleted: its row and its place below DATA_DIR/files. */
export interface Doomed {
  id: FileId;
  path: string;
}

/** What these people uploaded, whether they said it or not. */
export async function filesUploadedBy(db: Db, workspace: WorkspaceId, ids: readonly string[]): Promise<Doomed[]> {
  const { rows } = await db.query<Doomed>(
    'select id, path from files where workspace_id = $1 and uploaded_by = any ($2)',
    [workspace, ids],
  );
  return rows;
}

/** Files of customers who are gone: uploaded and never said, or left over where a deletion was cut off. */
export async function filesOfNobody(db: Db, workspace: WorkspaceId): Promise<Doomed[]> {
  const { rows } = await db.query<Doomed>(
    `select id, path from files f where workspace_id = $1 and uploaded_by like 'cus\\_%'
       and not exists (select 1 from customers c where c.workspace_id = f.workspace_id and c.id = f.uploaded_by) limit 10000`,
    [workspace],
  );
  return rows;
}

/**
 * What visitors uploaded a day ago and more, and did not say: nobody knows its address. A file that was said is named by an
 * event of a conversation of its customer's. Older than a week it has been looked at many times.
 */
export async function filesNeverSaid(db: Db): Promise<(Doomed & { workspace: WorkspaceId })[]> {
  const { rows } = await db.query<Doomed & { workspace: WorkspaceId }>(
    `select f.id, f.path, f.workspace_id as workspace
       from files f join customers x on x.workspace_id = f.workspace_id and x.id = f.uploaded_by
      where f.created_at between now() - interval '7 days' and now() - interval '1 day'
        and not exists (
          select 1 from conversations c
            join events e on e.conversation_id = c.id and e.type in ('message', 'message.edited'),
            json_array_elements(coalesce(e.event -> 'message' -> 'parts', e.event -> 'parts')) part
           where c.workspace_id = f.workspace_id and c.customer_id in (x.id, x.merged_into)
             and part -> 'file' ->> 'id' = f.id)
      limit 10000`,
  );
  return rows;
}

/** Was he erased, or is he being? */
export async function isErased(db: Db, workspace: WorkspaceId, customer: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'select 1 from customers where workspace_id = $1 and id = $2 and erasing_at is not null',
    [workspace, customer],
  );
  return rowCount === 1;
}

/**
 * The files that were said in these conversations (in one message of them, where `seq` is given). What a server uploaded
 * it may have said to many: such a file stays while another conversation has it.
 */
export async function filesSaidIn(
  db: Db,
  workspace: WorkspaceId,
  conversations: readonly ConversationId[],
  message: string | null = null,
): Promise<Doomed[]> {
  const { rows } = await db.query<Doomed & { shared: boolean }>(
    `select distinct f.id, f.path, f.uploaded_by like 'key\\_%' as shared
     from events e, json_array_elements(coalesce(e.event -> 'message' -> 'parts', e.event -> 'parts')) part
     join files f on f.workspace_id = $1 and f.id = part -> 'file' ->> 'id'
     where e.conversation_id = any ($2) and e.type in ('message', 'message.edited')
       and ($3::text is null or $3 in (e.event -> 'message' ->> 'id', e.event ->> 'message'))`,
    [workspace, conversations, message],
  );
  const shared = rows.filter((row) => row.shared).map(({ id }) => id);
  if (shared.length === 0) return rows;
  const { rows: kept } = await db.query<{ id: string }>(
    `select id from unnest($2::text[]) id where exists (
       select 1 from events where workspace_id = $1 and type in ('message', 'message.edited')
         and conversation_id <> all ($3) and event::text like '%"' || id || '"%')`,
    [workspace, shared, conversations],
  );
  return rows.filter(({ id }) => !kept.some((one) => one.id === id));
}

export async function forgetFiles(db: Db, workspace: WorkspaceId, ids: readonly FileId[]): Promise<void> {
  await db.query('delete from files where workspace_id = $1 and id = any ($2)', [workspace, ids]);
}
