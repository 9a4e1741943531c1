import type { ConversationId } from '@baton/core';
import type { Pool } from 'pg';

/** A leased cursor: this worker alone moves it until the lease runs out. */
export interface Lease {
  conversation: ConversationId;
  side: string;
  /** Everything up to here is done. */
  seq: number;
  attempts: number;
  wakes: number;
  lease: string;
}

/** Longer than the longest call of a side. A crashed worker's cursors are taken up again after this. */
export const LEASE_SECONDS = 60;

/** Nodes that said nothing for so long are dead, and what they leased is free (store/nodes.ts). */
const DEAD_SECONDS = 10;

/** Leases what is due, oldest first. `lease` names the node. `sides`: only cursors whose side begins so, e.g. `bot:`. */
export async function leaseDue(pool: Pool, lease: string, side: string, limit: number): Promise<Lease[]> {
  const { rows } = await pool.query<Omit<Lease, 'lease'>>({
    name: 'lease-cursors',
    text: `
      update cursors set leased_until = now() + make_interval(secs => $2), lease = $1
      where (conversation_id, side) in (
        select conversation_id, side from cursors
        where due_at <= now() and side like $3 || '%' and (leased_until is null or leased_until < now() or (lease <> $1
          and not exists (select from nodes n where n.id = lease and n.seen_at > now() - make_interval(secs => ${DEAD_SECONDS}))))
        order by due_at limit $4 for update skip locked)
      returning conversation_id as conversation, side, seq, attempts, wakes`,
    values: [lease, LEASE_SECONDS, side, limit],
  });
  return rows.map((row) => ({ ...row, lease }));
}

/**
 * Moves a cursor after each event that is done, so that a crash repeats at most one. False when it did not move: the lease
 * has run out, or somebody put the cursor back (a replay).
 */
export async function advance(pool: Pool, lease: Lease, seq: number): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'advance-cursor',
    text: `update cursors set seq = $4, attempts = 0, last_error = null, leased_until = now() + make_interval(secs => $5)
           where conversation_id = $1 and side = $2 and lease = $3 and seq >= $6`,
    values: [lease.conversation, lease.side, lease.lease, seq, LEASE_SECONDS, lease.seq],
  });
  if (rowCount !== 1) return false;
  lease.seq = seq;
  return true;
}

/**
 * Gives a cursor back when all is done; `lookMs`: it is due again after that, at the latest. One that was woken meanwhile stays due,
 * and one that was put back stays there.
 */
export async function finish(pool: Pool, lease: Lease, seq: number, lookMs: number | null = null): Promise<void> {
  await pool.query({
    name: 'finish-cursor',
    text: `update cursors set seq = case when seq >= $6 then $4 else seq end, attempts = 0, last_error = null, lease = null, leased_until = null,
             due_at = case when wakes = $5 then now() + make_interval(secs => $7::float8 / 1000) else now() end
           where conversation_id = $1 and side = $2 and lease = $3`,
    values: [lease.conversation, lease.side, lease.lease, seq, lease.wakes, lease.seq, lookMs],
  });
}

/** Gives a cursor back to be tried again after `delayMs`; `anew` counts the tries from the start. */
export async function retryLater(
  pool: Pool,
  lease: Lease,
  delayMs: number,
  error: string | null,
  anew = false,
): Promise<void> {
  await pool.query(
    `update cursors set attempts = case when $6 then 0 else attempts + 1 end, last_error = $5, lease = null, leased_until = null,
       due_at = now() + make_interval(secs => $4::float8 / 1000)
     where conversation_id = $1 and side = $2 and lease = $3`,
    [lease.conversation, lease.side, lease.lease, delayMs, error?.slice(0, 500) ?? null, anew],
  );
}

/** Holds on to leases whose work takes longer than a lease: nobody else begins it beside us. */
export async function keepLeases(pool: Pool, leases: readonly Lease[]): Promise<void> {
  await pool.query(
    `update cursors c set leased_until = now() + make_interval(secs => $4)
     from unnest($1::text[], $2::text[]) as x(conversation, side)
     where c.conversation_id = x.conversation and c.side = x.side and c.lease = $3`,
    [leases.map(({ conversation }) => conversation), leases.map(({ side }) => side), leases[0]?.lease, LEASE_SECONDS],
  );
}

/** Gives back leases whose work failed in an unexpected way: from `after`, again in `delayMs`. */
export async function giveBack(pool: Pool, leases: readonly Lease[], delayMs: number): Promise<void> {
  await pool.query(
    `update cursors c set lease = null, leased_until = null, due_at = now() + make_interval(secs => $4::float8 / 1000)
     from unnest($1::text[], $2::text[]) as x(conversation, side)
     where c.conversation_id = x.conversation and c.side = x.side and c.lease = $3`,
    [leases.map(({ conversation }) => conversation), leases.map(({ side }) => side), leases[0]?.lease, delayMs],
  );
}

/** Milliseconds until the next cursor of these sides is due; null when none is. */
export async function nextDue(pool: Pool, side: string): Promise<number | null> {
  const { rows } = await pool.query<{ ms: number | null }>({
    name: 'next-due',
    text: `select extract(epoch from min(greatest(due_at, coalesce(leased_until, due_at))) - now())::float8 * 1000 as ms
           from cursors where due_at is not null and side like $1 || '%'`,
    values: [side],
  });
  return rows[0]?.ms ?? null;
}

/** Makes a cursor due after `delayMs`, outside a commit. */
export async function wakeCursor(
  pool: Pool,
  conversation: ConversationId,
  side: string,
  delayMs: number,
): Promise<void> {
  await pool.query(
    `insert into cursors (conversation_id, side, due_at, wakes) values ($1, $2, now() + make_interval(secs => $3::float8 / 1000), 1)
     on conflict (conversation_id, side) do update set due_at = excluded.due_at, wakes = cursors.wakes + 1, attempts = 0`,
    [conversation, side, delayMs],
  );
}
