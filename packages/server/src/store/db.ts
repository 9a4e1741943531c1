import type { Pool, PoolClient } from 'pg';

/** What a query needs: the pool, or the client of an open transaction. */
export type Db = Pick<Pool, 'query'> | Pick<PoolClient, 'query'>;

/**
 * For a query that somebody waits for: a database that takes it and says nothing counts as away after so many
 * milliseconds. Whether it was done is not known then.
 */
export const IN_TIME = { query_timeout: 10_000 };

/** Runs `work` in one transaction: all of it or nothing. */
export async function transaction<T>(pool: Pool, work: (db: Db) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // A connection whose rollback fails is of unknown state: it is thrown away, not returned.
    const failed = await client.query('rollback').then(
      () => false,
      () => true,
    );
    client.release(failed);
    throw error;
  }
}
