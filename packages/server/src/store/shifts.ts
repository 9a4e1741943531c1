import type { AgentId, Millis, Shift, ShiftId, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

/** A shift as it is kept. `zone` is by whose clocks it was planned. */
export interface ShiftRow extends Shift {
  id: ShiftId;
  zone: string;
}

const COLUMNS = `s.id, s.agent_id as agent, round(extract(epoch from s.starts_at) * 1000)::float8 as "startsAt",
    round(extract(epoch from s.ends_at) * 1000)::float8 as "endsAt", s.zone`;
const SELECT = `select ${COLUMNS} from shifts s`;

/** Shifts that touch this time, by their beginning. `after` is an id of the page before. */
export async function listShifts(
  db: Db,
  workspace: WorkspaceId,
  { from, to, agent = null }: { from: Millis; to: Millis; agent?: string | null },
  page: { limit: number; after: string | null },
): Promise<ShiftRow[]> {
  const { rows } = await db.query<ShiftRow>(
    `${SELECT} where s.workspace_id = $1 and s.ends_at > to_timestamp($2) and s.starts_at < to_timestamp($3)
       and ($4::text is null or s.agent_id = $4)
       and ($5::text is null or (s.starts_at, s.id) > (select p.starts_at, p.id from shifts p where p.workspace_id = $1 and p.id = $5))
     order by s.starts_at, s.id limit $6`,
    [workspace, from / 1_000, to / 1_000, agent, page.after, page.limit],
  );
  return rows;
}

export async function findShift(db: Db, workspace: WorkspaceId, id: string): Promise<ShiftRow | null> {
  const { rows } = await db.query<ShiftRow>(`${SELECT} where s.workspace_id = $1 and s.id = $2`, [workspace, id]);
  return rows[0] ?? null;
}

/** Nobody else changes the shifts of these agents until the transaction is over, or two of them could overlap. */
export async function lockRoster(db: Db, workspace: WorkspaceId, agents: readonly AgentId[]): Promise<void> {
  await db.query('select from agents where workspace_id = $1 and id = any($2) order by id for no key update', [
    workspace,
    agents,
  ]);
}

/**
 * The first of these that overlaps with a shift of the same agent on the roster, by its place in the list, and that one.
 * Those on the roster with the same ids are not in the way: they are what is changed.
 */
export async function firstOverlap(
  db: Db,
  workspace: WorkspaceId,
  shifts: readonly ShiftRow[],
): Promise<{ place: number; other: ShiftRow } | null> {
  const wanted = shifts.map(({ agent, startsAt, endsAt }, place) => ({ place, agent, startsAt, endsAt }));
  const { rows } = await db.query<ShiftRow & { place: number }>(
    `select x.place, ${COLUMNS}
     from json_to_recordset($2::json) as x(place int, agent text, "startsAt" float8, "endsAt" float8)
       join shifts s on s.workspace_id = $1 and s.agent_id = x.agent
         and s.starts_at < to_timestamp(x."endsAt" / 1000) and s.ends_at > to_timestamp(x."startsAt" / 1000)
     where s.id <> all($3)
     order by x.place, s.starts_at limit 1`,
    [workspace, JSON.stringify(wanted), shifts.map(({ id }) => id)],
  );
  const [found] = rows;
  if (!found) return null;
  const { place, ...other } = found;
  return { place, other };
}

export async function saveShifts(db: Db, workspace: WorkspaceId, shifts: readonly ShiftRow[]): Promise<void> {
  await db.query(
    `insert into shifts (workspace_id, id, agent_id, starts_at, ends_at, zone)
     select $1, s.id, s.agent, to_timestamp(s."startsAt" / 1000), to_timestamp(s."endsAt" / 1000), s.zone
     from json_to_recordset($2::json) as s(id text, agent text, "startsAt" float8, "endsAt" float8, zone text)
     on conflict (workspace_id, id) do update set agent_id = excluded.agent_id, starts_at = excluded.starts_at,
       ends_at = excluded.ends_at, zone = excluded.zone`,
    [workspace, JSON.stringify(shifts)],
  );
}

/** False: there is none. */
export async function deleteShift(db: Db, workspace: WorkspaceId, id: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from shifts where workspace_id = $1 and id = $2', [workspace, id]);
  return rowCount === 1;
}

/** Those of these agents that begin in this time: a roster that is brought anew replaces them. Gives how many. */
export async function deleteShifts(
  db: Db,
  workspace: WorkspaceId,
  agents: readonly AgentId[],
  { from, to }: { from: Millis; to: Millis },
): Promise<number> {
  const { rowCount } = await db.query(
    `delete from shifts where workspace_id = $1 and agent_id = any($2) and starts_at >= to_timestamp($3) and starts_at < to_timestamp($4)`,
    [workspace, agents, from / 1_000, to / 1_000],
  );
  return rowCount ?? 0;
}
