import type { WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

/** What is known of a key: free for us now, under way elsewhere, answered, or used for something else. */
export type Claim =
  | { is: 'ours'; since: Date }
  | { is: 'running' }
  | { is: 'answered'; status: number; body: unknown }
  | { is: 'other' };

/** A request that has not answered for this long has died with its process; its key may be taken over. */
const DEAD_AFTER = "interval '60 seconds'";

/**
 * Takes the key, or says what became of it. Of two who ask at once one gets `ours`. `since` is when the key was first
 * taken, also by a process that died over it: what is derived from it is the same at the second try. Of `hashes` of the
 * request, one for each SECRET_KEY, the first is kept and any makes it the same request.
 */
export async function claimKey(db: Db, workspace: WorkspaceId, key: string, hashes: readonly Buffer[]): Promise<Claim> {
  const taken = await db.query<{ created_at: Date }>(
    'insert into idempotency_keys (workspace_id, key, request_hash) values ($1, $2, $3) on conflict do nothing returning created_at',
    [workspace, key, hashes[0]],
  );
  if (taken.rows[0]) return { is: 'ours', since: taken.rows[0].created_at };
  const { rows } = await db.query<{ same: boolean; status: number | null; body: unknown; since: Date; dead: boolean }>(
    `select request_hash = any ($3::bytea[]) as same, status, body, created_at as since, coalesce(claimed_at, created_at) < now() - ${DEAD_AFTER} as dead
       from idempotency_keys where workspace_id = $1 and key = $2`,
    [workspace, key, hashes],
  );
  const row = rows[0];
  // Forgotten between the two statements: free again.
  if (!row) return claimKey(db, workspace, key, hashes);
  if (!row.same) return { is: 'other' };
  if (row.status !== null) return { is: 'answered', status: row.status, body: row.body };
  if (!row.dead) return { is: 'running' };
  const { rowCount } = await db.query(
    `update idempotency_keys set claimed_at = now()
      where workspace_id = $1 and key = $2 and status is null and coalesce(claimed_at, created_at) < now() - ${DEAD_AFTER}`,
    [workspace, key],
  );
  return rowCount === 1 ? { is: 'ours', since: row.since } : { is: 'running' };
}

/** Keeps the answer for whoever asks again. */
export async function keepAnswer(
  db: Db,
  workspace: WorkspaceId,
  key: string,
  status: number,
  body: unknown,
): Promise<void> {
  await db.query('update idempotency_keys set status = $3, body = $4 where workspace_id = $1 and key = $2', [
    workspace,
    key,
    status,
    JSON.stringify(body),
  ]);
}

/** Gives a key back: nothing was done under it. */
export async function freeKey(db: Db, workspace: WorkspaceId, key: string): Promise<void> {
  await db.query('delete from idempotency_keys where workspace_id = $1 and key = $2 and status is null', [
    workspace,
    key,
  ]);
}

/** Nobody is at it any more, and something may have been done: whoever asks again takes it over at once, with its ids. */
export async function letGo(db: Db, workspace: WorkspaceId, key: string): Promise<void> {
  await db.query(
    "update idempotency_keys set claimed_at = 'epoch' where workspace_id = $1 and key = $2 and status is null",
    [workspace, key],
  );
}

/** Housekeeping: answers older than a day. */
export async function forgetAnswers(db: Db): Promise<void> {
  await db.query("delete from idempotency_keys where created_at < now() - interval '1 day'");
}
