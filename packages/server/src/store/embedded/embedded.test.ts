// On real PostgreSQL, in real processes: what is promised here is about killed processes and file owners.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolderInUse } from './errors.ts';
import { areGone, isAlive, postgresProcessesOn } from './processes.ts';
import { type EmbeddedOptions, startEmbedded } from './start.ts';

const HOLDER = fileURLToPath(new URL('../../../test/embedded-holder.ts', import.meta.url));
const NOBODY = 65534;
const root = process.getuid?.() === 0;
const linux = process.platform === 'linux';
const silent = { debug() {}, info() {}, warn() {}, error() {} };

let home: string;
let children: ChildProcess[] = [];
let stops: (() => Promise<void>)[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'baton-test-'));
  // Private to whoever runs the tests, like a home folder.
  chmodSync(home, 0o700);
});

/** A signal is only sent: a busy machine delivers it later. */
async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await new Promise((done) => child.once('close', done));
}

afterEach(async () => {
  for (const stop of stops) await stop();
  for (const child of children) await killed(child);
  stops = [];
  children = [];
  // A killed holder's PostgreSQL may still be writing its last file.
  await areGone(() => postgresProcessesOn(join(home, 'data', 'cluster')), 10_000);
  rmSync(home, { recursive: true, force: true });
});

async function start(dataDir: string, options: Partial<EmbeddedOptions> = {}) {
  const database = await startEmbedded({ dataDir, log: silent, settings: { fsync: 'off' }, ...options });
  stops.push(() => database.stop());
  return database;
}

interface Answer {
  pid: number;
  connectionString: string;
  problem?: string;
  message: string;
}

/** A holder in another process, perhaps behind another command (setpriv, unshare). */
async function hold(dataDir: string, behind: string[] = []): Promise<{ child: ChildProcess; answer: Answer }> {
  const line = [...behind, process.execPath, HOLDER, dataDir];
  const child = spawn(line[0] as string, line.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  for await (const text of lines) return { child, answer: JSON.parse(text) };
  throw new Error(`the holder said nothing: ${errors}`);
}

async function ask(connectionString: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query({ text: statement, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

async function ended(pid: number): Promise<boolean> {
  for (let i = 0; i < 500 && isAlive(pid); i++) await new Promise((done) => setTimeout(done, 20));
  return !isAlive(pid);
}

describe('an embedded database', () => {
  it('keeps what was written when it is stopped and started again', async () => {
    const first = await start(join(home, 'data'));
    await ask(first.connectionString, 'create table kept as select 42 as answer');
    await first.stop();
    expect(await ended(first.pid)).toBe(true);
    const second = await start(join(home, 'data'));
    expect(await ask(second.connectionString, 'select answer from kept')).toEqual([42]);
  });

  it('orders and folds text the same way on every machine', async () => {
    const { connectionString } = await start(join(home, 'data'));
    expect(
      await ask(connectionString, "select upper('straße é'), 'Z' < 'a', current_setting('server_encoding')"),
    ).toEqual(['STRASSE É'.replace('SS', 'ß'), true, 'UTF8']);
  });

  it('listens on no network', async () => {
    const { connectionString } = await start(join(home, 'data'));
    expect(await ask(connectionString, "select current_setting('listen_addresses')")).toEqual(['']);
  });

  it('takes settings', async () => {
    const { connectionString } = await start(join(home, 'data'), { settings: { fsync: 'off', max_connections: '33' } });
    expect(await ask(connectionString, "select current_setting('max_connections')")).toEqual(['33']);
  });

  it('uses a short folder for its socket when the path of the data is long', async () => {
    const long = join(home, 'x'.repeat(60), 'y'.repeat(60));
    const { connectionString, stop } = await start(long);
    expect(await ask(connectionString, 'select 1')).toEqual([1]);
    const socketDir = decodeURIComponent(new URL(connectionString).hostname);
    expect(socketDir).not.toContain('xxx');
    await stop();
    expect(existsSync(socketDir)).toBe(false);
  });

  it('works in a folder whose name has spaces, quotes and a comma', async () => {
    const { connectionString } = await start(join(home, `it's "my", data`));
    expect(await ask(connectionString, 'select 1')).toEqual([1]);
  });

  it('tells when PostgreSQL ends by itself, and can be started again at once', async () => {
    const { promise: told, resolve: tell } = Promise.withResolvers<string>();
    const first = await start(join(home, 'data'), { onExit: tell });
    await ask(first.connectionString, 'create table kept as select 42 as answer');
    process.kill(first.pid, 'SIGKILL');
    expect(await told).toContain('SIGKILL');
    const second = await start(join(home, 'data'));
    expect(await ask(second.connectionString, 'select answer from kept')).toEqual([42]);
  });
});

describe('one folder, two owners', () => {
  it('refuses a second start in this process, and says who has it', async () => {
    await start(join(home, 'data'));
    const refused = start(join(home, 'data'));
    await expect(refused).rejects.toThrow(DataFolderInUse);
    await expect(refused).rejects.toThrow(`process ${process.pid}`);
  });

  it('refuses a second process, and the first goes on', async () => {
    const { connectionString } = await start(join(home, 'data'));
    const { answer } = await hold(join(home, 'data'));
    expect(answer).toMatchObject({
      problem: 'data_folder_in_use',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    expect(answer.message).toContain('DATA_DIR');
    expect(await ask(connectionString, 'select 1')).toEqual([1]);
  });

  it('lets exactly one of several that start together win', async () => {
    const results = await Promise.all([1, 2, 3].map(() => hold(join(home, 'data'))));
    const problems = results.map(({ answer }) => answer.problem);
    expect(problems.filter((problem) => problem === undefined)).toHaveLength(1);
    expect(problems.filter((problem) => problem === 'data_folder_in_use')).toHaveLength(2);
  });

  it('starts after its owner was killed with kill -9, and leaves no PostgreSQL behind', async () => {
    const { child, answer } = await hold(join(home, 'data'));
    await ask(answer.connectionString, 'create table kept as select 42 as answer');
    await killed(child);
    const next = await start(join(home, 'data'));
    expect(await ask(next.connectionString, 'select answer from kept')).toEqual([42]);
    expect(isAlive(answer.pid)).toBe(false);
  });

  it.skipIf(!(root && linux))(
    'refuses a folder that another container uses, and harms nothing there',
    async () => {
      // Process numbers and shared memory of its own, as in a container: nothing but the guard can tell.
      const container = ['unshare', '--pid', '--ipc', '--fork', '--kill-child', '--mount-proc'];
      const { answer } = await hold(join(home, 'data'), container);
      const before = readFileSync(join(home, 'data', 'owner.json'), 'utf8');
      const { answer: second } = await hold(join(home, 'data'), container);
      expect(second).toMatchObject({ problem: 'data_folder_in_use' });
      expect(readFileSync(join(home, 'data', 'owner.json'), 'utf8')).toBe(before);
      expect(await ask(answer.connectionString, 'select 1')).toEqual([1]);
    },
    40_000,
  );

  it('is not misled when the number of a killed owner belongs to another process now', async () => {
    const { child, answer } = await hold(join(home, 'data'));
    child.kill('SIGKILL');
    await ended(answer.pid);
    const owner = join(home, 'data', 'owner.json');
    writeFileSync(owner, JSON.stringify({ ...JSON.parse(readFileSync(owner, 'utf8')), pid: process.pid }));
    const note = join(home, 'data', 'cluster', 'postmaster.pid');
    const other = spawn('sleep', ['60']);
    children.push(other);
    writeFileSync(note, `${other.pid}\n${join(home, 'data', 'cluster')}\n1700000000\n5432\n\n\n`);
    const next = await start(join(home, 'data'));
    expect(await ask(next.connectionString, 'select 1')).toEqual([1]);
  });

  it('starts when the owner file was cut short by a power cut', async () => {
    mkdirSync(join(home, 'data'));
    writeFileSync(join(home, 'data', 'owner.json'), '{"pid": 12');
    expect((await start(join(home, 'data'))).pid).toBeGreaterThan(0);
  });
});

describe('a folder that cannot be used', () => {
  it('says which version wrote it', async () => {
    const { stop } = await start(join(home, 'data'));
    await stop();
    writeFileSync(join(home, 'data', 'cluster', 'PG_VERSION'), '17\n');
    await expect(start(join(home, 'data'))).rejects.toMatchObject({
      code: 'other_major_version',
      message: expect.stringMatching(/PostgreSQL 17.+PostgreSQL 18/),
    });
  });

  it('says that it is a file', async () => {
    writeFileSync(join(home, 'data'), '');
    await expect(start(join(home, 'data'))).rejects.toMatchObject({ code: 'data_folder_not_usable' });
  });

  it.skipIf(root)('says that it may not write there', async () => {
    mkdirSync(join(home, 'data'), { mode: 0o500 });
    await expect(start(join(home, 'data'))).rejects.toMatchObject({ code: 'data_folder_not_usable' });
  });

  it.skipIf(!root)('says whose the database is', async () => {
    const { stop } = await start(join(home, 'data'));
    await stop();
    chownSync(join(home, 'data', 'cluster'), 12345, 12345);
    await expect(start(join(home, 'data'))).rejects.toThrow(/belongs to user 12345/);
  });

  it('makes a new database again after the first attempt was interrupted', async () => {
    mkdirSync(join(home, 'data', 'cluster.new', 'base'), { recursive: true });
    expect((await start(join(home, 'data'))).pid).toBeGreaterThan(0);
  });

  it.skipIf(!(root && canMount()))('says that the disk is full, and leaves no half-made database', async () => {
    const small = join(home, 'small');
    mkdirSync(small);
    const mounted = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs -o size=8m none "$0" && exec "$@"', small];
    const { answer } = await hold(join(small, 'data'), mounted);
    expect(answer).toMatchObject({ problem: 'disk_full', message: expect.stringContaining('DATA_DIR') });
  });
});

describe.skipIf(!(root && linux))('started by root', () => {
  it('really runs as nobody where user namespaces are forbidden', async () => {
    chmodSync(home, 0o755);
    const database = await start(join(home, 'data'), { privileges: 'nobody' });
    expect(await ask(database.connectionString, 'select 1')).toEqual([1]);
    expect(readFileSync(`/proc/${database.pid}/status`, 'utf8')).toMatch(/^Uid:\t65534/m);
  });

  it('says so when nobody cannot reach the folder', async () => {
    await expect(start(join(home, 'data'), { privileges: 'nobody' })).rejects.toMatchObject({
      code: 'data_folder_not_usable',
      message: expect.stringContaining('nobody'),
    });
  });

  it('leaves nothing behind as nobody when it is killed', async () => {
    chmodSync(home, 0o755);
    const child = spawn(process.execPath, [HOLDER, join(home, 'data'), 'nobody'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const text: string = await new Promise((done) => child.stdout?.once('data', (chunk) => done(String(chunk))));
    child.kill('SIGKILL');
    expect(await ended(JSON.parse(text).pid)).toBe(true);
  });

  it.skipIf(!nobodyCanRead(HOLDER))(
    'runs for an ordinary user too, and says whose the folder is to another',
    async () => {
      chownSync(home, NOBODY, NOBODY);
      const user = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
      const { child, answer } = await hold(join(home, 'data'), user);
      expect(answer.problem).toBeUndefined();
      expect(await ask(answer.connectionString, 'select 1')).toEqual([1]);
      child.kill('SIGTERM');
      expect(await ended(answer.pid)).toBe(true);
      await expect(start(join(home, 'data'))).rejects.toThrow(`belongs to user ${NOBODY}`);
    },
  );
});

function canMount(): boolean {
  const line = ['--mount', 'sh', '-c', 'mount -t tmpfs -o size=1m none /tmp'];
  return linux && spawnSync('unshare', line, { stdio: 'ignore' }).status === 0;
}

function nobodyCanRead(path: string): boolean {
  const line = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', 'test', '-r', path];
  return linux && spawnSync('setpriv', line, { stdio: 'ignore' }).status === 0;
}
