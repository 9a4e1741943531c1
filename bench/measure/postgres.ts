// One PostgreSQL for all that is compared: the one that comes with Baton, with the settings that it has in production
// (every commit is on disk before it is answered).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '@baton/server/src/store/embedded/start.ts';
import pg from 'pg';
import { cpuMicros, memoryBytes } from './processes.ts';

/** Not to meet the database that the cluster is born with. */
const PREFIX = 'bench_';
const silent = { debug() {}, info() {}, warn() {}, error() {} };

export interface Postgres {
  /** Makes an empty database and gives its address. What was written before is on disk by then. */
  database(name: string): Promise<string>;
  /** Throws a database away, whoever still uses it. */
  drop(name: string): Promise<void>;
  cpuMicros(): number;
  memoryBytes(): number;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'));
  const embedded = await startEmbedded({ dataDir: folder, log: silent });
  const address = (name: string) => {
    const url = new URL(embedded.connectionString);
    url.pathname = `/${name}`;
    return url.href;
  };
  const run = async (...statements: string[]) => {
    const client = new pg.Client({ connectionString: embedded.connectionString });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  return {
    async database(name) {
      await run('checkpoint', `create database ${pg.escapeIdentifier(PREFIX + name)}`);
      return address(PREFIX + name);
    },
    drop: (name) => run(`drop database ${pg.escapeIdentifier(PREFIX + name)} with (force)`),
    cpuMicros: () => cpuMicros(embedded.pid),
    memoryBytes: () => memoryBytes(embedded.pid),
    async stop() {
      await embedded.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
