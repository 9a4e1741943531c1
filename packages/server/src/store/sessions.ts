import type { AgentId, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

/** Who is logged in. Tokens are kept as SHA-256 only: a stolen table logs nobody in. */
export interface SessionRow {
  workspace: WorkspaceId;
  agent: AgentId;
  name: string;
  email: string;
  avatarUrl: string | null;
  role: 'owner' | 'admin' | 'agent';
  expiresAt: Date;
}

export async function saveSession(
  db: Db,
  row: { tokenHash: Buffer; workspace: WorkspaceId; agent: AgentId; expiresAt: Date },
): Promise<void> {
  await db.query(
    'insert into agent_sessions (token_hash, workspace_id, agent_id, expires_at) values ($1, $2, $3, $4)',
    [row.tokenHash, row.workspace, row.agent, row.expiresAt],
  );
}

/** The live session of this token; a disabled agent has none. */
export async function findSession(db: Db, tokenHash: Buffer): Promise<SessionRow | null> {
  const { rows } = await db.query<SessionRow>({
    name: 'session',
    text: `select s.workspace_id as workspace, a.id as agent, a.name, a.email, a.avatar_url as "avatarUrl", a.role, s.expires_at as "expiresAt"
             from agent_sessions s join agents a on a.workspace_id = s.workspace_id and a.id = s.agent_id
            where s.token_hash = $1 and s.expires_at > now() and a.disabled_at is null`,
    values: [tokenHash],
  });
  return rows[0] ?? null;
}

export async function extendSession(db: Db, tokenHash: Buffer, expiresAt: Date): Promise<void> {
  await db.query('update agent_sessions set expires_at = $2 where token_hash = $1', [tokenHash, expiresAt]);
}

export async function endSession(db: Db, tokenHash: Buffer): Promise<void> {
  await db.query('delete from agent_sessions where token_hash = $1', [tokenHash]);
}

/** Ends every session of an agent and every link that would begin one: his password changed, or he was disabled. */
export async function endSessionsOf(db: Db, workspace: WorkspaceId, agent: AgentId): Promise<void> {
  for (const table of ['agent_sessions', 'login_links'])
    await db.query(`delete from ${table} where workspace_id = $1 and agent_id = $2`, [workspace, agent]);
}

export async function saveLoginLink(
  db: Db,
  row: { tokenHash: Buffer; workspace: WorkspaceId; agent: AgentId; expiresAt: Date },
): Promise<void> {
  await db.query('insert into login_links (token_hash, workspace_id, agent_id, expires_at) values ($1, $2, $3, $4)', [
    row.tokenHash,
    row.workspace,
    row.agent,
    row.expiresAt,
  ]);
}

/** Uses a login link up: of two who come at once, one gets it. */
export async function useLoginLink(
  db: Db,
  tokenHash: Buffer,
): Promise<{ workspace: WorkspaceId; agent: AgentId } | null> {
  const { rows } = await db.query<{ workspace: WorkspaceId; agent: AgentId; live: boolean }>(
    `delete from login_links l using agents a
      where l.token_hash = $1 and a.workspace_id = l.workspace_id and a.id = l.agent_id
  returning l.workspace_id as workspace, l.agent_id as agent, (l.expires_at > now() and a.disabled_at is null) as live`,
    [tokenHash],
  );
  const row = rows[0];
  return row?.live ? { workspace: row.workspace, agent: row.agent } : null;
}

/** Housekeeping: sessions and links that have run out. */
export async function forgetExpiredSessions(db: Db): Promise<void> {
  await db.query('delete from agent_sessions where expires_at < now()');
  await db.query('delete from login_links where expires_at < now()');
}
