// Brings the database to the shape that this code needs: numbered SQL files, each applied once, in order.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pool, PoolClient } from 'pg';

/** NNNN_name.sql: four digits from 0001 on without gaps. */
const FILE = /^(\d{4})_[a-z0-9_]+\.sql$/;
const FOLDER = fileURLToPath(new URL('./migrations/', import.meta.url));
/** "baton" in ASCII: any constant will do, as long as nobody else on the same database locks it. */
const LOCK = 0x6261746f6e;

interface Migration {
  number: number;
  name: string;
  sql: string;
  checksum: string;
}

/** The database cannot be brought to the shape that this code needs; the message says what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code: 'database_is_newer' | 'migration_changed' | 'migration_failed' | 'migration_files';

  constructor(code: MigrationError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Applies what is missing (up to and with `until`, where it is named) and gives the names of what it applied. Several nodes may call it at once: they wait for each
 * other on an advisory lock, which needs a session, so not through a pooler in transaction mode.
 */
export async function migrate(pool: Pool, folder: string = FOLDER, until?: string): Promise<string[]> {
  const wanted = readMigrations(folder);
  const client = await pool.connect();
  // A session that is thrown away may still hear of its end; without a listener that would end the process.
  client.on('error', () => undefined);
  let broken: Error | undefined;
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    try {
      return await applyMissing(client, wanted, until);
    } finally {
      await client.query('select pg_advisory_unlock($1)', [LOCK]);
    }
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    // A session that failed is closed rather than reused: that frees the lock whatever state it is in.
    client.release(broken);
  }
}

async function applyMissing(client: PoolClient, wanted: Migration[], until: string | undefined): Promise<string[]> {
  // Asked first: `create table` needs rights that a running node may not have once the table is there.
  const { rows: known } = await client.query("select to_regclass('migrations') as found");
  if (known[0].found === null) {
    await client.query(`create table migrations (
      number integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`);
  }
  const { rows } = await client.query<Migration>('select number, name, checksum from migrations order by number');
  check(rows, wanted);
  const applied: string[] = [];
  const end = until === undefined ? wanted.length : wanted.findIndex(({ name }) => name === until) + 1;
  for (const migration of wanted.slice(rows.length, end)) {
    await apply(client, migration);
    applied.push(migration.name);
  }
  return applied;
}

function check(done: Migration[], wanted: Migration[]): void {
  const newest = done.at(-1);
  if (newest && newest.number > wanted.length) {
    throw new MigrationError(
      'database_is_newer',
      `The database is newer than this Baton: it has ${newest.name}, and this Baton knows ${wanted.at(-1)?.name ?? 'none'}. ` +
        'Start the newer Baton, or restore the backup from before the upgrade.',
    );
  }
  for (const [index, row] of done.entries()) {
    const file = wanted[index];
    if (file?.number === row.number && file.checksum === row.checksum) continue;
    throw new MigrationError(
      'migration_changed',
      `${row.name} has been applied to this database and has changed since. Applied migrations stay as they are: ` +
        'write a new one. While it is not released yet, you can throw the development database away instead.',
    );
  }
}

async function apply(client: PoolClient, { number, name, sql, checksum }: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('insert into migrations (number, name, checksum) values ($1, $2, $3)', [number, name, checksum]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    const { message, position } = error as { message: string; position?: string };
    const line = position ? ` at line ${sql.slice(0, Number(position)).split('\n').length}` : '';
    throw new MigrationError('migration_failed', `${name} failed${line}: ${message}`, { cause: error });
  }
}

/** All that this Baton knows, in order. */
export function migrationNames(): string[] {
  return readMigrations(FOLDER).map(({ name }) => name);
}

function readMigrations(folder: string): Migration[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  return files.map((file, index) => {
    const number = Number(FILE.exec(file)?.[1]);
    if (number !== index + 1) {
      const expected = String(index + 1).padStart(4, '0');
      throw new MigrationError('migration_files', `Expected ${expected}_name.sql in ${folder}, found ${file}.`);
    }
    // Line ends as git may have changed them on the way must not count as a change.
    const sql = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
    return { number, name: file, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}
