import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
let pool: pg.Pool;
let folder: string;

beforeEach(async () => {
  database = await testDatabase({ empty: true });
  pool = new pg.Pool({ connectionString: database.connectionString });
  folder = mkdtempSync(join(tmpdir(), 'baton-migrations-'));
  file('0001_first.sql', 'create table first (a integer);');
});

afterEach(async () => {
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true });
});

function file(name: string, sql: string): void {
  writeFileSync(join(folder, name), sql);
}

async function tables(): Promise<string[]> {
  const { rows } = await pool.query("select tablename from pg_tables where schemaname = 'public' order by 1");
  return rows.map((row) => row.tablename);
}

it('applies what is missing, in order, once', async () => {
  file('0002_second.sql', 'create table second (b integer); alter table first add column c integer;');
  expect(await migrate(pool, folder)).toEqual(['0001_first.sql', '0002_second.sql']);
  expect(await migrate(pool, folder)).toEqual([]);
  expect(await tables()).toEqual(['first', 'migrations', 'second']);
});

it('applies each once when many nodes start together', async () => {
  const applied = await Promise.all(Array.from({ length: 8 }, () => migrate(pool, folder)));
  expect(applied.flat()).toEqual(['0001_first.sql']);
});

it('leaves nothing of a migration that fails, and says where', async () => {
  file(
    '0002_broken.sql',
    'create table second (b integer);\n\nalter table nowhere add column c integer;\nselect oops;',
  );
  await expect(migrate(pool, folder)).rejects.toMatchObject({
    code: 'migration_failed',
    message: expect.stringContaining('0002_broken.sql'),
  });
  expect(await tables()).toEqual(['first', 'migrations']);
  file('0002_broken.sql', 'create table second (b integer);\n\nselect\n  oops;');
  await expect(migrate(pool, folder)).rejects.toThrow('line 4');
  file('0002_broken.sql', 'create table second (b integer);');
  expect(await migrate(pool, folder)).toEqual(['0002_broken.sql']);
});

it('refuses a database that is newer than the code', async () => {
  file('0002_second.sql', 'create table second (b integer);');
  await migrate(pool, folder);
  rmSync(join(folder, '0002_second.sql'));
  await expect(migrate(pool, folder)).rejects.toMatchObject({ code: 'database_is_newer' });
});

it('refuses when an applied migration has changed', async () => {
  await migrate(pool, folder);
  file('0001_first.sql', 'create table first (a bigint);');
  await expect(migrate(pool, folder)).rejects.toMatchObject({ code: 'migration_changed' });
});

it('does not mind the line ends of another system', async () => {
  file('0002_second.sql', 'create table second (\n  b integer\n);\n');
  await migrate(pool, folder);
  file('0002_second.sql', 'create table second (\r\n  b integer\r\n);\r\n');
  expect(await migrate(pool, folder)).toEqual([]);
});

it.each(['0003_gap.sql', '0001_twice.sql', '2_short.sql', '0002-name.sql'])('refuses a file named %s', async (name) => {
  file(name, 'select 1;');
  await expect(migrate(pool, folder)).rejects.toMatchObject({ code: 'migration_files' });
});

it('fits the migrations that are there', async () => {
  await migrate(pool);
  expect(await migrate(pool)).toEqual([]);
});
