import type { NewId, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

/** How long entries are kept. */
const DAYS = 400;

/** One thing that somebody of the staff did. */
export interface AuditEntry {
  workspace: WorkspaceId;
  actor: { kind: 'agent' | 'key' | 'nobody'; id: string | null; name: string | null };
  action: string;
  target: string | null;
  address: string | null;
  /** No secrets, no texts. */
  detail: Record<string, unknown>;
}

export interface AuditRow extends Omit<AuditEntry, 'workspace'> {
  id: string;
  at: Date;
}

export async function saveAudit(db: Db, newId: NewId, entry: AuditEntry): Promise<void> {
  const { workspace, actor, action, target, address, detail } = entry;
  await db.query(
    `insert into audit (workspace_id, id, actor_kind, actor_id, actor_name, action, target, address, detail)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [workspace, newId('aud'), actor.kind, actor.id, actor.name, action, target, address, detail],
  );
}

/** Newest first; `after` is the id of the last one seen. */
export async function listAudit(
  db: Db,
  workspace: WorkspaceId,
  filter: {
    actor?: string | undefined;
    action?: string | undefined;
    target?: string | undefined;
    limit: number;
    after: string | null;
  },
): Promise<AuditRow[]> {
  const { rows } = await db.query<AuditRow>(
    `select id, at, json_build_object('kind', actor_kind, 'id', actor_id, 'name', actor_name) as actor, action, target, address, detail
       from audit
      where workspace_id = $1 and ($2::text is null or actor_id = $2) and ($3::text is null or action = $3)
        and ($4::text is null or target = $4) and ($5::text is null or id < $5)
      order by id desc limit $6`,
    [workspace, filter.actor ?? null, filter.action ?? null, filter.target ?? null, filter.after, filter.limit],
  );
  return rows;
}

/** Housekeeping: entries that are older than we keep them. */
export async function forgetAudit(db: Db): Promise<void> {
  await db.query('delete from audit where at < now() - make_interval(days => $1)', [DAYS]);
}
