import { createHmac } from 'node:crypto';
import type pg from 'pg';
import { PostgresBus } from '#adapters/buses/postgres.ts';
import { RedisBus } from '#adapters/buses/redis.ts';
import type { Config } from '#config';
import type { HubDeps } from '#hub/hub.ts';
import type { Log } from '#ports/world.ts';

/** How this node tells the others: by REDIS_URL, else by the database. Null with a database of its own, where nobody else can be. */
export async function othersOf(
  { databaseUrl, redisUrl }: Pick<Config, 'databaseUrl' | 'redisUrl'>,
  deps: { pool: pg.Pool; secretKey: string; log: Log },
): Promise<NonNullable<HubDeps['others']> | null> {
  if (databaseUrl === null) return null;
  const { pool, log } = deps;
  const bus =
    redisUrl === null
      ? new PostgresBus({ connectionString: databaseUrl, log })
      : new RedisBus({ url: redisUrl, installation: await installationOf(pool), log });
  return { bus, keyCheck: createHmac('sha256', deps.secretKey).update('nodes').digest('base64url').slice(0, 12) };
}

/** The oldest workspace names a database: every node finds the same, and no two databases have it. */
async function installationOf(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ id: string }>('select id from workspaces order by created_at, id limit 1');
  return rows[0]?.id ?? 'empty';
}
