import type { KeyId, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

/** An API key as it is kept: its hash, never the key. */
export interface KeyRow {
  id: KeyId;
  workspace: WorkspaceId;
  name: string;
  scopes: string[];
  createdAt: Date;
  lastUsedAt: Date | null;
}

const COLUMNS = 'id, workspace_id as workspace, name, scopes, created_at as "createdAt", last_used_at as "lastUsedAt"';

export async function saveKey(
  db: Db,
  key: { id: KeyId; workspace: WorkspaceId; name: string; scopes: readonly string[]; hash: Buffer },
): Promise<KeyRow> {
  const { rows } = await db.query<KeyRow>(
    `insert into api_keys (workspace_id, id, name, hash, scopes) values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
    [key.workspace, key.id, key.name, key.hash, key.scopes],
  );
  return rows[0] as KeyRow;
}

/**
 * The key with this hash, unless revoked. Notes its use at most once a minute, so that a busy key does not write a
 * row with every request.
 */
export async function findKey(db: Db, hash: Buffer): Promise<KeyRow | null> {
  const { rows } = await db.query<KeyRow & { stale: boolean }>({
    name: 'key',
    text: `select ${COLUMNS}, coalesce(last_used_at < now() - interval '1 minute', true) as stale from api_keys where hash = $1 and revoked_at is null`,
    values: [hash],
  });
  const row = rows[0];
  if (!row) return null;
  if (row.stale)
    await db.query('update api_keys set last_used_at = now() where workspace_id = $1 and id = $2', [
      row.workspace,
      row.id,
    ]);
  const { stale: _, ...key } = row;
  return key;
}

export async function listKeys(
  db: Db,
  workspace: WorkspaceId,
  page: { limit: number; after: string | null },
): Promise<KeyRow[]> {
  const { rows } = await db.query<KeyRow>(
    `select ${COLUMNS} from api_keys where workspace_id = $1 and revoked_at is null and ($2::text is null or id > $2) order by id limit $3`,
    [workspace, page.after, page.limit],
  );
  return rows;
}

/** False when there is no such live key. */
export async function revokeKey(db: Db, workspace: WorkspaceId, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'update api_keys set revoked_at = now() where workspace_id = $1 and id = $2 and revoked_at is null',
    [workspace, id],
  );
  return rowCount === 1;
}
