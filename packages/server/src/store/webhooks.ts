import type { WebhookId, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

export interface WebhookRow {
  id: WebhookId;
  url: string;
  events: string[];
  enabled: boolean;
  createdAt: Date;
}

const COLUMNS = 'id, url, events, enabled, created_at as "createdAt"';

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

export async function listWebhooks(
  db: Db,
  workspace: WorkspaceId,
  page: { limit: number; after: string | null },
): Promise<WebhookRow[]> {
  const { rows } = await db.query<WebhookRow>(
    `select ${COLUMNS} from webhooks where workspace_id = $1 and ($2::text is null or id > $2) order by id limit $3`,
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

export async function updateWebhook(
  db: Db,
  workspace: WorkspaceId,
  id: string,
  fields: { url?: string | undefined; events?: readonly string[] | undefined; enabled?: boolean | undefined },
): Promise<WebhookRow | null> {
  const { rows } = await db.query<WebhookRow>(
    `update webhooks set url = coalesce($3, url), events = coalesce($4, events), enabled = coalesce($5, enabled) where workspace_id = $1 and id = $2 returning ${COLUMNS}`,
    [workspace, id, fields.url ?? null, fields.events ?? null, fields.enabled ?? null],
  );
  return rows[0] ?? null;
}

export async function deleteWebhook(db: Db, workspace: WorkspaceId, id: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from webhooks where workspace_id = $1 and id = $2', [workspace, id]);
  return rowCount === 1;
}
