// A database of its own for a test file: a clone of the migrated template, made in some 30 ms.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { TEMPLATE, withDatabase } from './global.ts';

export interface TestDatabase {
  connectionString: string;
  /** Removes it, with whatever sessions there still are after a moment. */
  drop(): Promise<void>;
}

/** A fresh database with all tables, or with none (`empty`). Call `drop` in `afterAll`. */
export async function testDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const server = inject('postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name} template ${empty ? 'template0' : TEMPLATE}`);
  return {
    connectionString: withDatabase(server, name),
    async drop() {
      await sessionsEnd(server, name);
      await onServer(server, `drop database if exists ${name} with (force)`);
    },
  };
}

/** How long sessions that were told to end may take to do so. */
const ENDING_MS = 2_000;

/**
 * A pool is said to have ended a moment before its last sessions have, and one that it threw away is not waited for at all: ended
 * by force, it would tell nobody but the whole process.
 */
async function sessionsEnd(server: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    for (const end = Date.now() + ENDING_MS; Date.now() < end; ) {
      const { rowCount } = await client.query('select from pg_stat_activity where datname = $1', [name]);
      if (rowCount === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  } finally {
    await client.end();
  }
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
