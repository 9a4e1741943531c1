// Before the server's tests: one PostgreSQL for all of them, and one migrated database that every file clones.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { postgresProcessesOn } from '#store/embedded/processes.ts';
import { startEmbedded } from '#store/embedded/start.ts';
import { migrate } from '#store/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A connection string of the server; tests do not use this database itself. */
    postgres: string;
    /** A folder in which the contracts write down what adapters send (`npm run check:vendors`); empty: they do not. */
    recordCalls: string;
  }
}

export const TEMPLATE = 'baton_template';
const PREFIX = 'baton-test-postgres-';
const AN_HOUR_MS = 3_600_000;

/** Nothing here has to survive a power cut, and many files work at once. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '400',
  shared_buffers: '256MB',
};

/** Uses BATON_TEST_DATABASE_URL instead, if set: a server whose user may create databases. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env.BATON_TEST_DATABASE_URL;
  const { connectionString, stop } = external ? { connectionString: external, stop: async () => {} } : await startOwn();
  await makeTemplate(connectionString);
  project.provide('postgres', connectionString);
  project.provide('recordCalls', process.env.BATON_RECORD_CALLS ?? '');
  return stop;
}

async function startOwn() {
  removeLeftovers();
  const dataDir = mkdtempSync(join(tmpdir(), PREFIX));
  const log = { debug() {}, info() {}, warn: console.warn, error: console.error };
  const database = await startEmbedded({ dataDir, log, settings: SETTINGS });
  return {
    connectionString: database.connectionString,
    async stop() {
      await database.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Folders of runs that were killed. One in use is another run's, and so may be a young one that is just being made. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    try {
      const young = Date.now() - statSync(folder).mtimeMs < AN_HOUR_MS;
      if (young || postgresProcessesOn(join(folder, 'cluster')).length > 0) continue;
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // another user's, or just removed by another run
    }
  }
}

async function makeTemplate(connectionString: string): Promise<void> {
  const admin = new pg.Client({ connectionString });
  await admin.connect();
  await admin.query(`drop database if exists ${TEMPLATE} with (force)`);
  await admin.query(`create database ${TEMPLATE} template template0`);
  const pool = new pg.Pool({ connectionString: withDatabase(connectionString, TEMPLATE), max: 1 });
  await migrate(pool);
  await pool.end();
  await admin.end();
}

/** The same server, another database. */
export function withDatabase(connectionString: string, database: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${database}`;
  return url.toString();
}
