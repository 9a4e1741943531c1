import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough, type Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Pool, PoolClient } from 'pg';
import { migrate } from './migrate.ts';

/** Rows read and written at once. */
const ROWS = 1_000;
const FORMAT = 1;

/** What a backup has to say of itself; its first line. */
interface Heading {
  baton: 'backup';
  format: number;
  made: string;
  migrations: string[];
}

type Line =
  | { table: string; rows: unknown[] }
  | { file: string; base64: string }
  | { secretKey: string }
  | { end: { rows: number; files: number } };

/** The backup cannot be used, or must not be used here; the message says what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/**
 * Writes everything to one file: all tables as of one moment, uploads, and the secret key. Compressed lines of JSON, so that
 * it can be read without Baton. The server may go on running. An unfinished file keeps another name.
 */
export async function backup(
  pool: Pool,
  dataDir: string,
  target: string,
  now: Date,
): Promise<{ rows: number; files: number }> {
  const unfinished = `${target}.part`;
  await mkdir(dirname(target), { recursive: true });
  const lines = new PassThrough();
  const file = pipeline(lines, createGzip(), createWriteStream(unfinished, { mode: 0o600 }));
  const client = await pool.connect();
  let count = { rows: 0, files: 0 };
  try {
    // One moment for all tables: what is written meanwhile is not in it, and nothing of it is half in it.
    await client.query('begin isolation level repeatable read read only');
    const migrations = (await client.query<{ name: string }>('select name from migrations order by name')).rows.map(
      ({ name }) => name,
    );
    const heading: Heading = { baton: 'backup', format: FORMAT, made: now.toISOString(), migrations };
    await write(lines, heading);
    for (const table of await tables(client))
      count = { ...count, rows: count.rows + (await backupTable(client, lines, table)) };
    await client.query('commit');
    count = { ...count, files: await backupFiles(lines, dataDir) };
    await write(lines, { end: count });
    lines.end();
    await file;
    await rename(unfinished, target);
    return count;
  } catch (error) {
    lines.destroy();
    await file.catch(() => undefined);
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    client.release();
  }
}

async function backupTable(client: PoolClient, lines: Writable, table: string): Promise<number> {
  let rows = 0;
  await client.query(`declare saved no scroll cursor for select row_to_json(t)::text as row from ${table} t`);
  for (;;) {
    const page = await client.query<{ row: string }>(`fetch ${ROWS} from saved`);
    if (page.rows.length === 0) break;
    rows += page.rows.length;
    await writeText(lines, `{"table":${JSON.stringify(table)},"rows":[${page.rows.map(({ row }) => row).join(',')}]}`);
  }
  await client.query('close saved');
  return rows;
}

async function backupFiles(lines: Writable, dataDir: string): Promise<number> {
  const folder = join(dataDir, 'files');
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let files = 0;
  for (const entry of names) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    await write(lines, { file: path.slice(folder.length + 1), base64: (await readFile(path)).toString('base64') });
    files++;
  }
  const secretKey = await readFile(join(dataDir, 'secret.key'), 'utf8').catch(() => null);
  if (secretKey !== null) await write(lines, { secretKey: secretKey.trim() });
  return files;
}

/**
 * Brings a backup back into an empty database, all of it or nothing. Refuses a database that has a workspace, a file that
 * is not whole, and one of a newer Baton.
 */
export async function restore(pool: Pool, dataDir: string, source: string): Promise<{ rows: number; files: number }> {
  await migrate(pool);
  const { rows: taken } = await pool.query('select 1 from workspaces limit 1');
  if (taken.length > 0)
    throw new BackupError(
      'This database is not empty. Restore into a new one: another DATA_DIR, or another DATABASE_URL.',
    );
  const client = await pool.connect();
  const kept: { file: string; base64: string }[] = [];
  let key: string | null = null;
  let end: { rows: number; files: number } | null = null;
  let rows = 0;
  try {
    await client.query('begin');
    // Rows come table by table in the alphabet's order: references hold only at the end.
    await client.query('set local session_replication_role = replica').catch(() => deferAll(client));
    const columns = await writableColumns(client);
    for await (const line of read(source, await known(client))) {
      if ('table' in line) rows += await restoreRows(client, columns, line);
      else if ('file' in line) kept.push(line);
      else if ('secretKey' in line) key = line.secretKey;
      else end = line.end;
    }
    if (!end || end.rows !== rows || end.files !== kept.length)
      throw new BackupError('This backup is not whole: it was cut off, or changed. Take another one.');
    await client.query(
      `select setval(pg_get_serial_sequence('inbox', 'n'), (select coalesce(max(n), 0) + 1 from inbox), false)`,
    );
    for (const { file, base64 } of kept) await restoreFile(dataDir, file, base64);
    if (key !== null) await writeFile(join(dataDir, 'secret.key'), `${key}\n`, { mode: 0o600 });
    await client.query('commit');
    return { rows, files: kept.length };
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function restoreRows(
  client: PoolClient,
  columns: Map<string, string>,
  { table, rows }: { table: string; rows: unknown[] },
): Promise<number> {
  const names = columns.get(table);
  if (names === undefined)
    throw new BackupError(
      `This backup has a table that this Baton does not know (${table}). Use the version that made it, or a newer one.`,
    );
  await client.query(
    `insert into ${table} (${names}) overriding system value select ${names} from json_populate_recordset(null::${table}, $1::json)`,
    [JSON.stringify(rows)],
  );
  return rows.length;
}

async function restoreFile(dataDir: string, file: string, base64: string): Promise<void> {
  if (file.split(/[\\/]/).some((step) => step === '..' || step === ''))
    throw new BackupError(`This backup names a file outside its folder (${file}). It was not made by Baton.`);
  const path = join(dataDir, 'files', file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.from(base64, 'base64'));
}

/** Our tables, less those that are about running processes and those that are made by `migrate`. */
async function tables(client: PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind = 'r' and relname <> all ($1) order by 1`,
    [['migrations', 'agent_presence', 'visitor_presence', 'nodes', 'login_links', 'idempotency_keys']],
  );
  return rows.map(({ name }) => name);
}

/** Columns that are written, per table; what PostgreSQL works out itself is left to it. */
async function writableColumns(client: PoolClient): Promise<Map<string, string>> {
  const { rows } = await client.query<{ table: string; columns: string }>(
    `select table_name as table, string_agg(quote_ident(column_name), ', ' order by ordinal_position) as columns
     from information_schema.columns where table_schema = 'public' and is_generated = 'NEVER' group by table_name`,
  );
  return new Map(rows.map(({ table, columns }) => [table, columns]));
}

/** Where we may not switch checks off (no superuser), they wait for the end, as far as they can. */
async function deferAll(client: PoolClient): Promise<void> {
  await client.query('rollback');
  throw new BackupError(
    'Restoring needs a database user who may switch off foreign keys for a moment (superuser). Restore as such a user, then run Baton as another.',
  );
}

async function known(client: PoolClient): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>('select name from migrations');
  return new Set(rows.map(({ name }) => name));
}

async function* read(source: string, migrations: ReadonlySet<string>): AsyncGenerator<Line> {
  const stream = createReadStream(source);
  const unzipped = stream.pipe(createGunzip());
  stream.on('error', (error) => unzipped.destroy(error));
  let heading = false;
  try {
    for await (const text of createInterface({ input: unzipped, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (heading) yield JSON.parse(text) as Line;
      else {
        check(JSON.parse(text) as Heading, migrations);
        heading = true;
      }
    }
  } catch (error) {
    if (error instanceof BackupError || (error as { code?: string }).code?.match(/^[0-9A-Z]{5}$/)) throw error;
    throw new BackupError(`${source} cannot be read as a backup: ${(error as Error).message}`, { cause: error });
  }
  if (!heading) throw new BackupError(`${source} is empty.`);
}

function check(heading: Heading, migrations: ReadonlySet<string>): void {
  if (heading.baton !== 'backup') throw new BackupError('This is not a backup of Baton.');
  const unknown = heading.migrations.filter((name) => !migrations.has(name));
  if (heading.format !== FORMAT || unknown.length > 0)
    throw new BackupError('This backup was made by a newer Baton. Restore it with that version.');
}

function write(to: Writable, value: object): Promise<void> {
  return writeText(to, JSON.stringify(value));
}

async function writeText(to: Writable, text: string): Promise<void> {
  if (!to.write(`${text}\n`)) await Promise.race([new Promise((resolve) => to.once('drain', resolve)), finished(to)]);
}
