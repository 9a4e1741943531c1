import {
  defaultRules,
  type EscalationPolicy,
  type IntegrationId,
  type Limits,
  type QueueId,
  type Rules,
  type WorkspaceId,
} from '@baton/core';
import type { Pool } from 'pg';
import { type Db, transaction } from './db.ts';

/** What a workspace changed of the rules; the rest is core's defaults. */
export interface RulesPatch {
  limits?: Partial<Limits> | undefined;
  escalation?:
    | {
        signals?: Partial<EscalationPolicy['signals']> | undefined;
        topics?: EscalationPolicy['topics'] | undefined;
        fallbackLimit?: number | undefined;
      }
    | undefined;
  botTries?: number | undefined;
  voice?: string | undefined;
}

export interface WorkspaceRow {
  id: WorkspaceId;
  name: string;
  defaultQueue: QueueId;
  patch: RulesPatch;
  /** Closed conversations are deleted after so many days; null keeps them. */
  retentionDays: number | null;
  createdAt: Date;
}

export async function createWorkspace(
  db: Db,
  row: { id: WorkspaceId; name: string; defaultQueue: QueueId; rules: RulesPatch },
): Promise<void> {
  await db.query('insert into workspaces (id, name, default_queue, rules) values ($1, $2, $3, $4)', [
    row.id,
    row.name,
    row.defaultQueue,
    row.rules,
  ]);
}

export async function findWorkspace(db: Db, id: WorkspaceId): Promise<WorkspaceRow | null> {
  const { rows } = await db.query<WorkspaceRow>({
    name: 'workspace',
    text: 'select id, name, default_queue as "defaultQueue", rules as patch, retention_days as "retentionDays", created_at as "createdAt" from workspaces where id = $1',
    values: [id],
  });
  return rows[0] ?? null;
}

export interface WorkspaceChange {
  name?: string | undefined;
  defaultQueue?: QueueId | undefined;
  rules?: RulesPatch | undefined;
  /** Null: keep. */
  retentionDays?: number | null | undefined;
}

/** In a transaction of its own, with the row locked, so that two changes at once do not undo each other. */
export async function updateWorkspace(pool: Pool, id: WorkspaceId, change: WorkspaceChange): Promise<void> {
  await transaction(pool, async (db) => {
    const { rows } = await db.query<{ rules: RulesPatch }>('select rules from workspaces where id = $1 for update', [
      id,
    ]);
    const merged = mergePatches(rows[0]?.rules ?? {}, change.rules ?? {});
    await db.query(
      `update workspaces set name = coalesce($2, name), default_queue = coalesce($3, default_queue), rules = $4,
         retention_days = case when $5 then $6 else retention_days end where id = $1`,
      [
        id,
        change.name ?? null,
        change.defaultQueue ?? null,
        merged,
        change.retentionDays !== undefined,
        change.retentionDays ?? null,
      ],
    );
  });
}

/** An empty string in `queues.desks` is our own console. */
export function deskFromColumn(desk: string): IntegrationId | null {
  return desk === '' ? null : (desk as IntegrationId);
}

/** The workspace's own rules over the defaults, without its queues. */
export function rulesOf({ defaultQueue, patch }: Pick<WorkspaceRow, 'defaultQueue' | 'patch'>): Rules {
  const base = defaultRules(defaultQueue);
  return {
    ...base,
    limits: { ...base.limits, ...patch.limits },
    escalation: {
      signals: { ...base.escalation.signals, ...patch.escalation?.signals },
      topics: patch.escalation?.topics ?? base.escalation.topics,
      fallbackLimit: patch.escalation?.fallbackLimit ?? base.escalation.fallbackLimit,
    },
    botTries: patch.botTries ?? base.botTries,
    voice: patch.voice ?? base.voice,
  };
}

/** The later change over the earlier, field by field; topics are one field. */
export function mergePatches(earlier: RulesPatch, later: RulesPatch): RulesPatch {
  const escalation = { ...earlier.escalation, ...later.escalation };
  const signals = { ...earlier.escalation?.signals, ...later.escalation?.signals };
  return {
    ...earlier,
    ...later,
    limits: { ...earlier.limits, ...later.limits },
    escalation: { ...escalation, signals },
  };
}
