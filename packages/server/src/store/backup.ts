import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, opendir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Pool, PoolClient } from 'pg';
import { MigrationError, migrate, migrationNames } from './migrate.ts';

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

/** What a backup holds. */
export interface Saved {
  rows: number;
  files: number;
  /** The key of DATA_DIR is in it. One that comes from the environment never is. */
  secretKey: boolean;
}

/**
 * Writes everything to one file: all tables as of one moment, uploads, and the secret key. Compressed lines of JSON, so that
 * it can be read without Baton. The server may go on running. An unfinished file keeps another name. Memory: a thousand
 * rows, or one upload.
 */
export async function backup(pool: Pool, dataDir: string, target: string, now: Date): Promise<Saved> {
  const unfinished = `${target}.part`;
  await mkdir(dirname(target), { recursive: true });
  const client = await pool.connect();
  const count: Saved = { rows: 0, files: 0, secretKey: false };
  try {
    const lines = linesOf(client, dataDir, now, count);
    await pipeline(lines, createGzip(), createWriteStream(unfinished, { mode: 0o600 }));
    await rename(unfinished, target);
    return count;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    // Cut off in the middle its transaction is open still: the connection is thrown away.
    client.release(true);
  }
}

async function* linesOf(client: PoolClient, dataDir: string, now: Date, count: Saved): AsyncGenerator<string> {
  // One moment for all tables: what is written meanwhile is not in it, and nothing of it is half in it.
  await client.query('begin isolation level repeatable read read only');
  const { rows } = await client.query<{ name: string }>('select name from migrations order by number');
  const migrations = rows.map(({ name }) => name);
  yield line({ baton: 'backup', format: FORMAT, made: now.toISOString(), migrations } satisfies Heading);
  for (const table of await tables(client)) {
    await client.query(`declare saved no scroll cursor for select row_to_json(t)::text as row from ${table} t`);
    for (;;) {
      const page = await client.query<{ row: string }>(`fetch ${ROWS} from saved`);
      if (page.rows.length === 0) break;
      count.rows += page.rows.length;
      yield `{"table":${JSON.stringify(table)},"rows":[${page.rows.map(({ row }) => row).join(',')}]}\n`;
    }
    await client.query('close saved');
  }
  await client.query('commit');
  const folder = join(dataDir, 'files');
  for await (const path of uploads(folder)) {
    // Deleted since it was listed: whoever was erased meanwhile shall not come back.
    const content = await readFile(path).catch(() => null);
    if (content === null) continue;
    count.files++;
    yield line({ file: relative(folder, path), base64: content.toString('base64') });
  }
  const secretKey = await readFile(join(dataDir, 'secret.key'), 'utf8').catch(() => null);
  count.secretKey = secretKey !== null;
  if (secretKey !== null) yield line({ secretKey: secretKey.trim() });
  const { rows: rowCount, files } = count;
  yield line({ end: { rows: rowCount, files } });
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

async function* uploads(folder: string): AsyncGenerator<string> {
  const entries = await opendir(folder, { recursive: true }).catch(() => null);
  if (entries === null) return;
  // A name that ends in .part is an upload that is not whole.
  for await (const entry of entries)
    if (entry.isFile() && !entry.name.endsWith('.part')) yield join(entry.parentPath, entry.name);
}

/**
 * Brings a backup back into an empty database, all of it or nothing, as any user who owns its tables. The tables are first
 * made as they were when it was taken, and brought up to date when they are full: so a backup of an older Baton goes
 * through the same migrations as its database would have. Refuses a database that has a workspace, a file that is not
 * whole, and one of a newer Baton.
 */
export async function restore(pool: Pool, dataDir: string, source: string): Promise<{ rows: number; files: number }> {
  const { migrations } = await headingOf(source);
  await prepare(pool, migrations);
  const client = await pool.connect();
  const staged = join(dataDir, `restore-${process.pid}`);
  let failed = true;
  try {
    await client.query('begin');
    // Rows come table by table in the alphabet's order: references hold only at the end.
    const back = await deferReferences(client);
    const { rows, files, key } = await restoreLines(client, source, staged);
    await client.query('set constraints all immediate');
    await back();
    await client.query(
      `select setval(pg_get_serial_sequence('inbox', 'n'), (select coalesce(max(n), 0) + 1 from inbox), false)`,
    );
    await moveInto(join(dataDir, 'files'), staged);
    await mkdir(dataDir, { recursive: true });
    if (key !== null) await writeFile(join(dataDir, 'secret.key'), `${key}\n`, { mode: 0o600 });
    await client.query('commit');
    failed = false;
    await migrate(pool);
    return { rows, files };
  } finally {
    client.release(failed);
    await rm(staged, { recursive: true, force: true });
  }
}

/** An empty database with the tables that the backup's had. */
async function prepare(pool: Pool, migrations: readonly string[]): Promise<void> {
  const there = await pool.query<{ found: string | null }>("select to_regclass('migrations') as found");
  const applied = there.rows[0]?.found
    ? (await pool.query<{ name: string }>('select name from migrations')).rows.map(({ name }) => name)
    : [];
  if (applied.some((name) => !migrations.includes(name)))
    throw new BackupError(
      'This database was set up by a newer Baton than the one that made the backup. Restore into one without tables: another DATA_DIR, or a new database.',
    );
  try {
    await migrate(pool, undefined, migrations.at(-1));
  } catch (error) {
    if (error instanceof MigrationError) throw new BackupError(error.message, { cause: error });
    throw error;
  }
  const { rows: taken } = await pool.query('select 1 from workspaces limit 1');
  if (taken.length > 0)
    throw new BackupError(
      'This database is not empty. Restore into a new one: another DATA_DIR, or another DATABASE_URL.',
    );
}

/**
 * Makes all foreign keys wait until they are asked; the answer makes them as they were. For owners, not only for
 * superusers (as `session_replication_role` would be), and nothing goes unchecked.
 */
async function deferReferences(client: PoolClient): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ table: string; name: string }>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name from pg_constraint
      where contype = 'f' and not condeferrable and conparentid = 0 and connamespace = current_schema::regnamespace`,
  );
  const all = async (how: string) => {
    for (const { table, name } of rows) await client.query(`alter table ${table} alter constraint ${name} ${how}`);
  };
  await all('deferrable initially deferred');
  return () => all('not deferrable');
}

async function restoreLines(
  client: PoolClient,
  source: string,
  staged: string,
): Promise<{ rows: number; files: number; key: string | null }> {
  const columns = await writableColumns(client);
  const count = { rows: 0, files: 0 };
  let key: string | null = null;
  let end: { rows: number; files: number } | null = null;
  for await (const one of linesIn(source)) {
    if ('table' in one) count.rows += await restoreRows(client, columns, one);
    else if ('file' in one) {
      await restoreFile(staged, one.file, one.base64);
      count.files++;
    } else if ('secretKey' in one) key = one.secretKey;
    else if ('end' in one) end = one.end;
  }
  if (!end || end.rows !== count.rows || end.files !== count.files)
    throw new BackupError('This backup is not whole: it was cut off, or changed. Take another one.');
  return { ...count, key };
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

async function restoreFile(folder: string, file: string, base64: string): Promise<void> {
  if (file.split(/[\\/]/).some((step) => step === '..' || step === ''))
    throw new BackupError(`This backup names a file outside its folder (${file}). It was not made by Baton.`);
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.from(base64, 'base64'), { mode: 0o600 });
}

/** Everything was read and fits: the files go where they belong. Both folders are on one disk. */
async function moveInto(folder: string, staged: string): Promise<void> {
  for await (const path of uploads(staged)) {
    const target = join(folder, relative(staged, path));
    await mkdir(dirname(target), { recursive: true });
    await rename(path, target);
  }
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

/** Names the migrations; refuses what is no backup, or of a newer Baton. */
async function headingOf(source: string): Promise<Heading> {
  for await (const first of linesIn<Heading>(source, true)) {
    if (first.baton !== 'backup' || !Array.isArray(first.migrations))
      throw new BackupError('This is not a backup of Baton.');
    const known = new Set(migrationNames());
    if (first.format !== FORMAT || first.migrations.some((name) => !known.has(name)))
      throw new BackupError('This backup was made by a newer Baton. Restore it with that version.');
    return first;
  }
  throw new BackupError(`${source} is empty.`);
}

/** Its lines, the heading left out unless it is what is wanted. */
async function* linesIn<T = Line>(source: string, heading = false): AsyncGenerator<T> {
  const stream = createReadStream(source);
  const unzipped = stream.pipe(createGunzip());
  stream.on('error', (error) => unzipped.destroy(error));
  const lines = createInterface({ input: unzipped, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  try {
    for (let n = 0; ; n++) {
      const one = await readable(source, async () => {
        const { value, done } = await lines.next();
        return done ? null : (JSON.parse(value) as T);
      });
      if (one === null) return;
      if (n > 0 || heading) yield one;
    }
  } finally {
    stream.destroy();
    unzipped.destroy();
  }
}

/** What goes wrong with the file is told as that; what goes wrong with the database is not. */
async function readable<T>(source: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new BackupError(`${source} cannot be read as a backup: ${(error as Error).message}`, { cause: error });
  }
}
