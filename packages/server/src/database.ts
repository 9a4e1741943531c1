import { join } from 'node:path';
import pg from 'pg';
import type { Config } from '#config';
import type { Log } from '#ports/world.ts';
import { startEmbedded } from '#store/embedded/start.ts';
import { openWaitingRoom } from './waiting-room.ts';

/** Connections of one node: one flush at a time needs one; the rest is for reads, routes and workers. */
const MOST_CONNECTIONS = 16;
/** How long a start waits for a database that is not there yet, as after a reboot of both. */
const WAIT_MS = 60_000;
const AGAIN_MS = 1_000;

export interface Database {
  pool: pg.Pool;
  close(): Promise<void>;
}

/** The database named by DATABASE_URL, waited for; else the PostgreSQL that comes along, on the data folder. */
export async function openDatabase(config: Config, log: Log, onFatal?: (reason: string) => void): Promise<Database> {
  const embedded =
    config.databaseUrl === null
      ? await startEmbedded({ dataDir: join(config.dataDir, 'postgres'), log, ...(onFatal ? { onExit: onFatal } : {}) })
      : null;
  const pool = new pg.Pool({
    connectionString: embedded?.connectionString ?? (config.databaseUrl as string),
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: 5_000,
    // A dead network is noticed while a statement waits, not after two hours.
    keepAlive: true,
    application_name: 'baton',
  });
  // An idle connection that breaks is thrown away by the pool; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ error: error.message }, 'a connection to the database broke'));
  // One that is in use tells whoever uses it; what it says besides (a second error, one between two statements) nobody
  // listens to, and that too would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  if (!embedded) await waitFor(pool, config, log);
  return {
    pool,
    async close() {
      await pool.end();
      await embedded?.stop();
    },
  };
}

async function waitFor(pool: pg.Pool, { host, port }: Config, log: Log): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  let leave: (() => Promise<void>) | undefined;
  for (;;) {
    try {
      await pool.query('select 1');
      return await leave?.();
    } catch (error) {
      // Wrong credentials and a missing database do not come right by waiting.
      const { code } = error as { code?: string };
      if (code?.startsWith('28') || code?.startsWith('3D') || Date.now() > deadline) {
        await leave?.();
        throw new Error(`The database of DATABASE_URL cannot be used: ${(error as Error).message}`, { cause: error });
      }
      log.warn({ error: (error as Error).message }, 'the database is not there yet; trying again');
      leave ??= await openWaitingRoom(host, port);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
