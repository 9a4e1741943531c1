import type { Pool } from 'pg';

/** A node that said nothing for so long is gone; what it leased is free (store/cursors.ts). */
const GONE_SECONDS = 10;
const FORGOTTEN_SECONDS = 60;

export interface Peer {
  id: string;
  /** Does it hear the others by the bus? */
  hears: boolean;
  keyCheck: string;
}

/** Says that this node is up, and answers with the others that are. By the database's clock alone. */
export async function nodeSeen(pool: Pool, me: Peer): Promise<Peer[]> {
  const { rows } = await pool.query<Peer>({
    name: 'node-seen',
    text: `
      with me as (
        insert into nodes (id, hears, key_check) values ($1, $2, $3)
        on conflict (id) do update set seen_at = now(), hears = excluded.hears
      ), forgotten as (
        delete from nodes where id <> $1 and seen_at < now() - make_interval(secs => ${FORGOTTEN_SECONDS})
      )
      select id, hears, key_check as "keyCheck" from nodes
      where id <> $1 and seen_at > now() - make_interval(secs => ${GONE_SECONDS})`,
    values: [me.id, me.hears, me.keyCheck],
  });
  return rows;
}

/** Every node that was here is gone. */
export async function forgetNodes(pool: Pool): Promise<void> {
  await pool.query('delete from nodes');
}

export async function nodeLeft(pool: Pool, id: string): Promise<void> {
  await pool.query('delete from nodes where id = $1', [id]);
}
