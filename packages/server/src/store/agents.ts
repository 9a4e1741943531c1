import type { AgentId, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

export interface AgentRow {
  id: AgentId;
  email: string;
  name: string;
  avatarUrl: string | null;
  role: 'owner' | 'admin' | 'agent';
  presence: 'online' | 'away' | 'break' | 'offline';
  backAt: Date | null;
  capacity: number;
  active: number;
  skills: string[] | null;
  languages: string[] | null;
  weights: Record<string, number>;
  wrapUpSeconds: number | null;
  disabled: boolean;
  createdAt: Date;
}

export interface AgentFields {
  email?: string | undefined;
  name?: string | undefined;
  role?: AgentRow['role'] | undefined;
  capacity?: number | undefined;
  skills?: readonly string[] | null | undefined;
  languages?: readonly string[] | null | undefined;
  weights?: Record<string, number> | undefined;
  wrapUpSeconds?: number | null | undefined;
  avatarUrl?: string | null | undefined;
  passwordHash?: string | undefined;
  disabled?: boolean | undefined;
}

/** A connection that was not seen for this long is gone (presence rows are refreshed more often than that). */
const SEEN_WITHIN = "interval '45 seconds'";

/** Presence is what the agent chose, and `offline` while none of his consoles is connected. */
const SELECT = `select a.id, a.email, a.name, a.avatar_url as "avatarUrl", a.role, a.capacity, a.skills, a.languages, a.weights, a.wrap_up_seconds as "wrapUpSeconds",
    case when a.presence = 'break' then a.back_at end as "backAt", a.disabled_at is not null as disabled, a.created_at as "createdAt",
    case when exists (select 1 from agent_presence p where p.workspace_id = a.workspace_id and p.agent_id = a.id and p.seen_at > now() - ${SEEN_WITHIN})
         then a.presence else 'offline' end as presence,
    (select count(*)::int from conversations c where c.workspace_id = a.workspace_id and c.agent_id = a.id and c.status = 'open') as active
  from agents a`;

export async function createAgent(
  db: Db,
  workspace: WorkspaceId,
  id: AgentId,
  fields: AgentFields & { email: string; name: string },
): Promise<void> {
  await db.query(
    `insert into agents (workspace_id, id, email, name, role, capacity, avatar_url, password_hash, skills, languages, weights, wrap_up_seconds)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      workspace,
      id,
      fields.email,
      fields.name,
      fields.role ?? 'agent',
      fields.capacity ?? 3,
      fields.avatarUrl ?? null,
      fields.passwordHash ?? null,
      fields.skills ?? null,
      fields.languages ?? null,
      fields.weights ?? {},
      fields.wrapUpSeconds ?? null,
    ],
  );
}

export async function listAgents(
  db: Db,
  workspace: WorkspaceId,
  filter: { limit: number; after: string | null; disabled: boolean },
): Promise<AgentRow[]> {
  const { rows } = await db.query<AgentRow>(
    `${SELECT} where a.workspace_id = $1 and ($2::text is null or a.id > $2) and ($3 or a.disabled_at is null) order by a.id limit $4`,
    [workspace, filter.after, filter.disabled, filter.limit],
  );
  return rows;
}

export async function findAgent(db: Db, workspace: WorkspaceId, id: string): Promise<AgentRow | null> {
  const { rows } = await db.query<AgentRow>(`${SELECT} where a.workspace_id = $1 and a.id = $2`, [workspace, id]);
  return rows[0] ?? null;
}

/** For the login: who has this address, in any case of letters, and the hash of his password. */
export async function findLogin(
  db: Db,
  email: string,
): Promise<{ workspace: WorkspaceId; agent: AgentId; passwordHash: string | null } | null> {
  const { rows } = await db.query<{ workspace: WorkspaceId; agent: AgentId; passwordHash: string | null }>(
    'select workspace_id as workspace, id as agent, password_hash as "passwordHash" from agents where lower(email) = lower($1) and disabled_at is null',
    [email],
  );
  return rows[0] ?? null;
}

/** What is left out stays. */
export async function updateAgent(db: Db, workspace: WorkspaceId, id: string, fields: AgentFields): Promise<void> {
  await db.query(
    `update agents set email = coalesce($3, email), name = coalesce($4, name), role = coalesce($5, role), capacity = coalesce($6, capacity),
       avatar_url = case when $7 then $8 else avatar_url end, password_hash = coalesce($9, password_hash),
       skills = case when $11 then $12 else skills end, languages = case when $13 then $14 else languages end,
       weights = coalesce($15, weights), wrap_up_seconds = case when $16 then $17 else wrap_up_seconds end,
       disabled_at = case $10::boolean when true then coalesce(disabled_at, now()) when false then null else disabled_at end
     where workspace_id = $1 and id = $2`,
    [
      workspace,
      id,
      fields.email ?? null,
      fields.name ?? null,
      fields.role ?? null,
      fields.capacity ?? null,
      fields.avatarUrl !== undefined,
      fields.avatarUrl ?? null,
      fields.passwordHash ?? null,
      fields.disabled ?? null,
      fields.skills !== undefined,
      fields.skills ?? null,
      fields.languages !== undefined,
      fields.languages ?? null,
      fields.weights ?? null,
      fields.wrapUpSeconds !== undefined,
      fields.wrapUpSeconds ?? null,
    ],
  );
}

/**
 * Is there another owner who can log in? A workspace without one could not be administered any more. Within a transaction:
 * until it is over nobody else takes an owner away.
 */
export async function hasOtherOwner(db: Db, workspace: WorkspaceId, than: string): Promise<boolean> {
  const { rows } = await db.query<{ id: AgentId }>(
    `select id from agents where workspace_id = $1 and role = 'owner' and disabled_at is null order by id for no key update`,
    [workspace],
  );
  return rows.some(({ id }) => id !== than);
}

/** Agents who can work, by the address that they log in with, in lower case, and by id. */
export async function agentAddresses(db: Db, workspace: WorkspaceId): Promise<Map<string, AgentId>> {
  const { rows } = await db.query<{ id: AgentId; email: string }>(
    'select id, lower(email) as email from agents where workspace_id = $1 and disabled_at is null',
    [workspace],
  );
  return new Map(rows.flatMap(({ id, email }) => [[email, id] as const, [id.toLowerCase(), id] as const]));
}

/** Ids of these that are no agents of the workspace. */
export async function unknownAgents(db: Db, workspace: WorkspaceId, ids: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    'select id from unnest($2::text[]) as id where not exists (select 1 from agents a where a.workspace_id = $1 and a.id = id.id)',
    [workspace, ids],
  );
  return rows.map((row) => row.id);
}
