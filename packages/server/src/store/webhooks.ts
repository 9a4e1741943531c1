import type { ConversationId, WebhookId, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

export interface WebhookRow {
  id: WebhookId;
  url: string;
  events: string[];
  enabled: boolean;
  /** Of a handoff's `replyWebhook`. */
  conversation: ConversationId | null;
  lastSuccessAt: Date | null;
  failingSince: Date | null;
  lastError: string | null;
  disabledAt: Date | null;
  createdAt: Date;
}

const COLUMNS = `id, url, events, enabled, conversation_id as conversation, last_success_at as "lastSuccessAt",
  failing_since as "failingSince", last_error as "lastError", disabled_at as "disabledAt", created_at as "createdAt"`;

export async function createWebhook(
  db: Db,
  workspace: WorkspaceId,
  row: { id: WebhookId; url: string; events: readonly string[]; secret: string; enabled: boolean },
): Promise<WebhookRow> {
  const { rows } = await db.query<WebhookRow>(
    `insert into webhooks (workspace_id, id, url, events, secret, enabled) values ($1, $2, $3, $4, $5, $6) returning ${COLUMNS}`,
    [workspace, row.id, row.url, row.events, row.secret, row.enabled],
  );
  return rows[0] as WebhookRow;
}

/**
 * The endpoint of one conversation's bot. It is there before the handoff that names it, so that no event finds it missing;
 * a request that is done again under its key makes it again, with the secret that it then answers.
 */
export async function saveReplyWebhook(
  db: Db,
  workspace: WorkspaceId,
  row: { id: WebhookId; url: string; secret: string; conversation: ConversationId },
): Promise<void> {
  await db.query(
    `insert into webhooks (workspace_id, id, url, events, secret, conversation_id) values ($1, $2, $3, '{}', $4, $5)
     on conflict (workspace_id, id) do update set url = excluded.url, secret = excluded.secret`,
    [workspace, row.id, row.url, row.secret, row.conversation],
  );
}

/** Those of the workspace, without those of single conversations. */
export async function listWebhooks(
  db: Db,
  workspace: WorkspaceId,
  page: { limit: number; after: string | null },
): Promise<WebhookRow[]> {
  const { rows } = await db.query<WebhookRow>(
    `select ${COLUMNS} from webhooks
     where workspace_id = $1 and conversation_id is null and ($2::text is null or id > $2) order by id limit $3`,
    [workspace, page.after, page.limit],
  );
  return rows;
}

export async function findWebhook(db: Db, workspace: WorkspaceId, id: string): Promise<WebhookRow | null> {
  const { rows } = await db.query<WebhookRow>(`select ${COLUMNS} from webhooks where workspace_id = $1 and id = $2`, [
    workspace,
    id,
  ]);
  return rows[0] ?? null;
}

/** Switched on again it is as new: what failed before counts no more. */
export async function updateWebhook(
  db: Db,
  workspace: WorkspaceId,
  id: string,
  fields: { url?: string | undefined; events?: readonly string[] | undefined; enabled?: boolean | undefined },
): Promise<WebhookRow | null> {
  const { rows } = await db.query<WebhookRow>(
    `update webhooks set url = coalesce($3, url), events = coalesce($4, events), enabled = coalesce($5, enabled),
       disabled_at = case when $5 then null else disabled_at end, failing_since = case when $5 then null else failing_since end
     where workspace_id = $1 and id = $2 returning ${COLUMNS}`,
    [workspace, id, fields.url ?? null, fields.events ?? null, fields.enabled ?? null],
  );
  return rows[0] ?? null;
}

export async function deleteWebhook(db: Db, workspace: WorkspaceId, id: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from webhooks where workspace_id = $1 and id = $2', [workspace, id]);
  return rowCount === 1;
}

/** An endpoint took an event. Written at most every ten seconds: a busy one takes hundreds in that time. */
export async function noteSuccess(db: Db, workspace: WorkspaceId, id: WebhookId): Promise<void> {
  await db.query({
    name: 'webhook-succeeded',
    text: `update webhooks set last_success_at = now(), failing_since = null, last_error = null
           where workspace_id = $1 and id = $2
             and (last_success_at is null or last_success_at < now() - interval '10 seconds' or failing_since is not null)`,
    values: [workspace, id],
  });
}

/**
 * An endpoint did not take an event. True when that was one too many: it has failed for `days`, and is switched off now,
 * by this call.
 */
export async function noteTrouble(
  db: Db,
  workspace: WorkspaceId,
  id: WebhookId,
  error: string,
  days: number,
): Promise<boolean> {
  const { rows } = await db.query<{ off: boolean }>(
    `update webhooks set failing_since = coalesce(failing_since, now()), last_error = $3,
       enabled = enabled and coalesce(failing_since, now()) > now() - make_interval(days => $4),
       disabled_at = case when enabled and failing_since <= now() - make_interval(days => $4) then now() else disabled_at end
     where workspace_id = $1 and id = $2 returning disabled_at = now() as off`,
    [workspace, id, error.slice(0, 500), days],
  );
  return rows[0]?.off === true;
}

/** The first and the next event at which the bot of a conversation named an endpoint, as a span of seqs. */
export async function spanOfReplyWebhook(
  db: Db,
  conversation: ConversationId,
  id: WebhookId,
): Promise<{ from: number; before: number } | null> {
  const { rows } = await db.query<{ seq: number; webhook: WebhookId }>({
    name: 'reply-webhooks',
    text: `select seq, event ->> 'replyWebhook' as webhook from events
           where conversation_id = $1 and type = 'handoff.requested' and event ->> 'replyWebhook' is not null order by seq`,
    values: [conversation],
  });
  const from = rows.find(({ webhook }) => webhook === id)?.seq;
  if (from === undefined) return null;
  const next = rows.find(({ seq, webhook }) => seq > from && webhook !== id);
  return { from, before: next?.seq ?? Number.POSITIVE_INFINITY };
}

/**
 * Puts an endpoint's cursors back to what happened since then, in every conversation or in its own. Answers with how many.
 * A worker that is at one of them notices (`advance`).
 */
export async function rewind(
  db: Db,
  workspace: WorkspaceId,
  { side, conversation, since }: { side: string; conversation: ConversationId | null; since: Date },
): Promise<number> {
  const { rowCount } = await db.query(
    `insert into cursors (conversation_id, side, seq, due_at, wakes)
     select c.id, $2, first.seq - 1, now(), 1
     from conversations c
     join lateral (select seq from events e where e.conversation_id = c.id and e.at >= $3 order by e.seq limit 1) first on true
     where c.workspace_id = $1 and c.active_at >= date_trunc('minute', $3::timestamptz) and ($4::text is null or c.id = $4)
     on conflict (conversation_id, side) do update set seq = least(cursors.seq, excluded.seq), due_at = now(),
       wakes = cursors.wakes + 1, attempts = 0`,
    [workspace, side, since, conversation],
  );
  return rowCount ?? 0;
}
