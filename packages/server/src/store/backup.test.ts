import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { type TestSide, testSide } from '#test/side.ts';
import { BackupError, backup, restore } from './backup.ts';
import { wholeLog } from './conversations.ts';
import { migrate } from './migrate.ts';

let side: TestSide;
let folder: string;
let file: string;
let conversation: `cnv_${string}`;
const databases: TestDatabase[] = [];
const pools: pg.Pool[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-backup-'));
  file = join(folder, 'all.backup');
  side = await testSide();
  const visitor = await side.connect(`visitor:${await side.customer('cus_bk')}`);
  visitor.say('b1', 'Keep this: äöü 🚲 \u202e and "quotes" and \\ too');
  conversation = (await visitor.next('ack')).conversation as typeof conversation;
  visitor.send({ type: 'ask-human', conversation, id: 'h' });
  await visitor.next('ack', (ack) => ack.id === 'h');
  // Nothing more comes by itself after this.
  await visitor.next('event', ({ event }) => event.type === 'message' && event.message.notice === 'connecting');
  await side.hub.ledger.settled();
  await mkdir(join(folder, 'data/files/ab'), { recursive: true });
  await writeFile(join(folder, 'data/files/ab/abc'), 'a file');
  await writeFile(join(folder, 'data/secret.key'), 'k'.repeat(40));
  await backup(side.pool, join(folder, 'data'), file, new Date());
});
afterAll(async () => {
  await side.stop();
  for (const pool of pools) await pool.end();
  for (const database of databases) await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function emptyDatabase(): Promise<pg.Pool> {
  const database = await testDatabase({ empty: true });
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  pool.on('error', () => {});
  databases.push(database);
  pools.push(pool);
  return pool;
}

test('[OP1] a backup brings back every row, every file and the key, into an empty database', async () => {
  const pool = await emptyDatabase();
  await restore(pool, join(folder, 'back'), file);
  expect(await wholeLog(pool, conversation)).toEqual(await wholeLog(side.pool, conversation));
  const counts =
    'select (select count(*) from handoffs) as h, (select count(*) from customers) as c, (select count(*) from articles) as a';
  expect((await pool.query(counts)).rows).toEqual((await side.pool.query(counts)).rows);
  expect(await readFile(join(folder, 'back/files/ab/abc'), 'utf8')).toBe('a file');
  expect((await readFile(join(folder, 'back/secret.key'), 'utf8')).trim()).toBe('k'.repeat(40));
});

test('[OP2] a database that is not empty, and a backup that is cut off or changed, are refused, and nothing is half done', async () => {
  await expect(restore(side.pool, folder, file)).rejects.toThrow(/not empty/);
  const cut = join(folder, 'cut.backup');
  await writeFile(cut, await readFile(file));
  await truncate(cut, 600);
  const lines = gunzipSync(await readFile(file))
    .toString()
    .trimEnd()
    .split('\n');
  const fewer = join(folder, 'fewer.backup');
  await writeFile(fewer, gzipSync(lines.filter((line) => !line.startsWith('{"table":"events"')).join('\n')));
  const foreign = join(folder, 'foreign.backup');
  await writeFile(
    foreign,
    gzipSync(`${JSON.stringify({ baton: 'backup', format: 1, migrations: ['9999_future.sql'] })}\n`),
  );
  const pool = await emptyDatabase();
  for (const bad of [cut, fewer, foreign]) await expect(restore(pool, folder, bad)).rejects.toBeInstanceOf(BackupError);
  expect((await pool.query('select count(*)::int as n from workspaces')).rows).toEqual([{ n: 0 }]);
});

test('[OP3] a backup names no file outside its folder', async () => {
  const lines = gunzipSync(await readFile(file))
    .toString()
    .trimEnd()
    .split('\n');
  const evil = join(folder, 'evil.backup');
  await writeFile(
    evil,
    gzipSync(lines.map((line) => line.replace('"file":"ab/abc"', '"file":"../../evil"')).join('\n')),
  );
  await expect(restore(await emptyDatabase(), join(folder, 'e'), evil)).rejects.toThrow(/outside/);
});

test('[OP1] a database user who owns the tables is enough, and every reference is checked again afterwards', async () => {
  const role = `owner_${randomBytes(4).toString('hex')}`;
  const database = await testDatabase({ empty: true });
  databases.push(database);
  const admin = new pg.Pool({ connectionString: database.connectionString, max: 1 });
  admin.on('error', () => {});
  pools.push(admin);
  const { rows } = await admin.query<{ name: string }>('select current_database() as name');
  await admin.query(`create role ${role} login password 'owner'`);
  await admin.query(`alter database ${rows[0]?.name} owner to ${role}`);
  const as = new URL(database.connectionString);
  as.username = role;
  as.password = 'owner';
  const pool = new pg.Pool({ connectionString: as.toString(), max: 2 });
  pool.on('error', () => {});
  pools.push(pool);
  await restore(pool, join(folder, 'owned'), file);
  expect(await wholeLog(pool, conversation)).toEqual(await wholeLog(side.pool, conversation));
  const deferrable = "select count(*)::int as n from pg_constraint where contype = 'f' and condeferrable";
  expect((await pool.query(deferrable)).rows).toEqual([{ n: 0 }]);
  const valid = "select count(*)::int as n from pg_constraint where contype = 'f' and not convalidated";
  expect((await pool.query(valid)).rows).toEqual([{ n: 0 }]);
  await expect(
    pool.query(`insert into read_marks (conversation_id, side, seq) values ('cnv_none', 'agent', 1)`),
  ).rejects.toThrow(/foreign key/);
});

test('[OP2] a backup whose rows refer to what is not in it is refused', async () => {
  const lines = gunzipSync(await readFile(file))
    .toString()
    .trimEnd()
    .split('\n');
  const lost = lines.flatMap((line) => {
    if (line.startsWith('{"table":"customers"')) return [];
    if (!line.startsWith('{"end"')) return [line];
    const { end } = JSON.parse(line) as { end: { rows: number; files: number } };
    const customers = lines.filter((one) => one.startsWith('{"table":"customers"'));
    const gone = customers.reduce((sum, one) => sum + (JSON.parse(one) as { rows: unknown[] }).rows.length, 0);
    return [JSON.stringify({ end: { ...end, rows: end.rows - gone } })];
  });
  const dangling = join(folder, 'dangling.backup');
  await writeFile(dangling, gzipSync(lost.join('\n')));
  const pool = await emptyDatabase();
  await expect(restore(pool, join(folder, 'd'), dangling)).rejects.toThrow(/foreign key/);
  expect((await pool.query('select count(*)::int as n from workspaces')).rows).toEqual([{ n: 0 }]);
});

test('[OP1] a backup of an older Baton goes through the migrations that its database would have gone through', async () => {
  const old = await emptyDatabase();
  await migrate(old, undefined, '0003_openings.sql');
  await old.query(`insert into workspaces (id, name) values ('wsp_old', 'Old')`);
  await old.query(`insert into inbox (integration_id, key, payload) values ('int_1', 'k1', '{"a":1}')`);
  const made = join(folder, 'old.backup');
  await backup(old, join(folder, 'none'), made, new Date());
  const pool = await emptyDatabase();
  await restore(pool, join(folder, 'n'), made);
  expect((await pool.query('select name, retention_days from workspaces')).rows).toEqual([
    { name: 'Old', retention_days: null },
  ]);
  expect((await pool.query('select key, ticket from inbox')).rows).toEqual([{ key: 'k1', ticket: '' }]);
  const full = await emptyDatabase();
  await migrate(full);
  await expect(restore(full, join(folder, 'f'), made)).rejects.toThrow(/newer Baton/);
});

test('[OP21] who makes a backup is told whether the secret key is in it', async () => {
  const whole = await backup(side.pool, join(folder, 'data'), join(folder, 'whole'), new Date());
  expect(whole).toMatchObject({ files: 1, secretKey: true });
  // Where SECRET_KEY comes from the environment there is none on the disk.
  const other = await backup(side.pool, join(folder, 'none'), join(folder, 'other'), new Date());
  expect(other).toMatchObject({ files: 0, secretKey: false });
});
