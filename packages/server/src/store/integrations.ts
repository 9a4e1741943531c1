import type { IntegrationId, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';
import type { Seal } from './sealed.ts';
import { type Config, openConfig, type SealedConfig } from './sealed-config.ts';

export type Side = 'channel' | 'bot' | 'desk';

/** A configured adapter. What `config` holds depends on its kind. */
export interface IntegrationRow {
  id: IntegrationId;
  workspace: WorkspaceId;
  side: Side;
  kind: string;
  name: string;
  config: SealedConfig;
  /** A channel's bot. */
  bot: IntegrationId | null;
  siteKey: string | null;
  enabled: boolean;
  createdAt: Date;
}

/** The same with what is in its config. */
export interface OpenIntegration extends Omit<IntegrationRow, 'config'> {
  config: Config;
  /** Secrets that could not be read: sealed under a SECRET_KEY that is not here. */
  unreadable: string[];
}

export function openIntegration(seal: Seal, row: IntegrationRow): OpenIntegration {
  return { ...row, ...openConfig(seal, row, row.config) };
}

const SELECT = `select id, workspace_id as workspace, side, kind, name, config, bot_id as bot, site_key as "siteKey", enabled, created_at as "createdAt" from integrations`;

export async function createIntegration(db: Db, row: Omit<IntegrationRow, 'createdAt'>): Promise<void> {
  await db.query(
    'insert into integrations (workspace_id, id, side, kind, name, config, bot_id, site_key, enabled) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [row.workspace, row.id, row.side, row.kind, row.name, row.config, row.bot, row.siteKey, row.enabled],
  );
}

export async function listIntegrations(
  db: Db,
  workspace: WorkspaceId,
  filter: { side?: Side | undefined; kind?: string | undefined; limit: number; after: string | null },
): Promise<IntegrationRow[]> {
  const { rows } = await db.query<IntegrationRow>(
    `${SELECT} where workspace_id = $1 and ($2::text is null or side = $2) and ($3::text is null or kind = $3) and ($4::text is null or id > $4) order by id limit $5`,
    [workspace, filter.side ?? null, filter.kind ?? null, filter.after, filter.limit],
  );
  return rows;
}

export async function findIntegration(db: Db, workspace: WorkspaceId, id: string): Promise<IntegrationRow | null> {
  const { rows } = await db.query<IntegrationRow>({
    name: 'integration',
    text: `${SELECT} where workspace_id = $1 and id = $2`,
    values: [workspace, id],
  });
  return rows[0] ?? null;
}

/** Nobody else changes it until the transaction is over: what is read of it now is what is changed. */
export async function lockIntegration(db: Db, workspace: WorkspaceId, id: string): Promise<void> {
  await db.query('select from integrations where workspace_id = $1 and id = $2 for no key update', [workspace, id]);
}

/** The widget of a site, also when it is switched off. */
export async function findSite(db: Db, siteKey: string): Promise<IntegrationRow | null> {
  const { rows } = await db.query<IntegrationRow>({
    name: 'site',
    text: `${SELECT} where site_key = $1`,
    values: [siteKey],
  });
  return rows[0] ?? null;
}

/** The channel on which the API opens conversations: the oldest of kind `api` that is switched on. */
export async function findApiChannel(db: Db, workspace: WorkspaceId): Promise<IntegrationRow | null> {
  const { rows } = await db.query<IntegrationRow>(
    `${SELECT} where workspace_id = $1 and side = 'channel' and kind = 'api' and enabled order by id limit 1`,
    [workspace],
  );
  return rows[0] ?? null;
}

export async function updateIntegration(
  db: Db,
  workspace: WorkspaceId,
  id: string,
  fields: {
    name?: string | undefined;
    config?: SealedConfig | undefined;
    bot?: string | null | undefined;
    enabled?: boolean | undefined;
  },
): Promise<void> {
  await db.query(
    `update integrations set name = coalesce($3, name), config = coalesce($4, config), bot_id = case when $5 then $6 else bot_id end, enabled = coalesce($7, enabled)
      where workspace_id = $1 and id = $2`,
    [
      workspace,
      id,
      fields.name ?? null,
      fields.config ?? null,
      fields.bot !== undefined,
      fields.bot ?? null,
      fields.enabled ?? null,
    ],
  );
}

/** Removes what nothing uses; false when a conversation, a queue or a channel does. */
export async function deleteIntegration(db: Db, workspace: WorkspaceId, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `delete from integrations i where workspace_id = $1 and id = $2
      and not exists (select 1 from conversations c where c.workspace_id = i.workspace_id and c.channel_id = i.id)
      and not exists (select 1 from integrations o where o.workspace_id = i.workspace_id and o.bot_id = i.id)
      and not exists (select 1 from queues q where q.workspace_id = i.workspace_id and i.id = any (q.desks))`,
    [workspace, id],
  );
  return rowCount === 1;
}

/** The oldest widget that is switched on, of any workspace: for the demo page. */
export async function findFirstWidget(db: Db): Promise<IntegrationRow | null> {
  const { rows } = await db.query<IntegrationRow>(
    `${SELECT} where side = 'channel' and kind = 'widget' and site_key is not null and enabled order by created_at, id limit 1`,
  );
  return rows[0] ?? null;
}
