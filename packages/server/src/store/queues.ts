import type { AgentId, Hours, IntegrationId, Limits, QueueId, Routing, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';
import { deskFromColumn } from './workspaces.ts';

export interface QueueRow {
  id: QueueId;
  name: string;
  isDefault: boolean;
  desks: (IntegrationId | null)[];
  limits: Partial<Limits>;
  /** Null: always open. */
  hours: Hours | null;
  /** What it changed of the usual routing. */
  routing: Partial<Routing>;
  /** Null: everybody serves it. */
  agents: AgentId[] | null;
  waiting: number;
  createdAt: Date;
}

interface Columns extends Omit<QueueRow, 'desks'> {
  desks: string[];
}

export interface QueueFields {
  name?: string | undefined;
  desks?: readonly (string | null)[] | undefined;
  limits?: object | undefined;
  hours?: object | null | undefined;
  routing?: object | undefined;
  agents?: readonly string[] | null | undefined;
}

const SELECT = `select q.id, q.name, q.id = w.default_queue as "isDefault", q.desks, q.limits, q.hours, q.routing, q.agents, q.created_at as "createdAt",
    (select count(*)::int from handoffs h where h.workspace_id = q.workspace_id and h.queue_id = q.id and h.phase in ('requested', 'queued', 'offered')) as waiting
  from queues q join workspaces w on w.id = q.workspace_id`;

const fromColumns = (row: Columns): QueueRow => ({ ...row, desks: row.desks.map(deskFromColumn) });
const toColumn = (desks: readonly (string | null)[] | undefined) => desks?.map((desk) => desk ?? '') ?? null;

export async function listQueues(
  db: Db,
  workspace: WorkspaceId,
  page: { limit: number; after: string | null },
): Promise<QueueRow[]> {
  const { rows } = await db.query<Columns>(
    `${SELECT} where q.workspace_id = $1 and ($2::text is null or q.id > $2) order by q.id limit $3`,
    [workspace, page.after, page.limit],
  );
  return rows.map(fromColumns);
}

export async function findQueue(db: Db, workspace: WorkspaceId, id: string): Promise<QueueRow | null> {
  const { rows } = await db.query<Columns>(`${SELECT} where q.workspace_id = $1 and q.id = $2`, [workspace, id]);
  return rows[0] ? fromColumns(rows[0]) : null;
}

/** People name a queue by its id or by its name; the name in any case. Null: no such queue. */
export async function queueNamed(db: Db, workspace: WorkspaceId, idOrName: string): Promise<QueueId | null> {
  const { rows } = await db.query<{ id: QueueId }>(
    'select id from queues where workspace_id = $1 and (id = $2 or lower(name) = lower($2)) order by id = $2 desc limit 1',
    [workspace, idOrName],
  );
  return rows[0]?.id ?? null;
}

export async function queueNames(db: Db, workspace: WorkspaceId): Promise<{ id: QueueId; name: string }[]> {
  const { rows } = await db.query<{ id: QueueId; name: string }>(
    'select id, name from queues where workspace_id = $1 order by id',
    [workspace],
  );
  return rows;
}

export async function createQueue(
  db: Db,
  workspace: WorkspaceId,
  id: QueueId,
  fields: QueueFields & { name: string },
): Promise<void> {
  await db.query(
    "insert into queues (workspace_id, id, name, desks, limits, agents, hours, routing) values ($1, $2, $3, coalesce($4, array['']), $5, $6, $7, $8)",
    [
      workspace,
      id,
      fields.name,
      toColumn(fields.desks),
      fields.limits ?? {},
      fields.agents ?? null,
      fields.hours ?? null,
      fields.routing ?? {},
    ],
  );
}

/** What is left out stays. Limits and routing are merged one by one. */
export async function updateQueue(db: Db, workspace: WorkspaceId, id: string, fields: QueueFields): Promise<void> {
  await db.query(
    `update queues set name = coalesce($3, name), desks = coalesce($4, desks), limits = limits || $5, agents = case when $6 then $7 else agents end,
       hours = case when $8 then $9 else hours end, routing = routing || $10
      where workspace_id = $1 and id = $2`,
    [
      workspace,
      id,
      fields.name ?? null,
      toColumn(fields.desks),
      fields.limits ?? {},
      fields.agents !== undefined,
      fields.agents ?? null,
      fields.hours !== undefined,
      fields.hours ?? null,
      fields.routing ?? {},
    ],
  );
}

/** Removes a queue in which nobody waits; false when somebody does. */
export async function deleteQueue(db: Db, workspace: WorkspaceId, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `delete from queues q where workspace_id = $1 and id = $2
      and not exists (select 1 from handoffs h where h.workspace_id = q.workspace_id and h.queue_id = q.id and h.phase <> 'ended')`,
    [workspace, id],
  );
  return rowCount === 1;
}
