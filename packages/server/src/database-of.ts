import { join } from 'node:path';
import pg from 'pg';
import type { Config } from '#config';
import type { Log } from '#ports/world.ts';
import { DataFolderInUse } from '#store/embedded/errors.ts';
import { socketFolderOf } from '#store/embedded/lock.ts';
import { connectionString } from '#store/embedded/postmaster.ts';
import { type Database, openDatabase } from './database.ts';

/** The database of a server, for tools: also while that server runs, and then through its own PostgreSQL. */
export async function databaseOf(config: Config, log: Log): Promise<Database & { shared: boolean }> {
  try {
    return { ...(await openDatabase(config, log)), shared: config.databaseUrl !== null };
  } catch (error) {
    const socketDir = error instanceof DataFolderInUse ? socketFolderOf(join(config.dataDir, 'postgres')) : undefined;
    if (!socketDir) throw error;
    const pool = new pg.Pool({ connectionString: connectionString(socketDir), max: 4 });
    return { pool, shared: true, close: () => pool.end() };
  }
}
