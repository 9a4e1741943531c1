// The data folder: `cluster` (PostgreSQL's own files), `owner.json` (lock.ts), `guard` (launch.ts), `socket`, and
// `programs` where the installed ones cannot be run.
import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Binaries } from './binaries.ts';
import { EmbeddedDatabaseError, explainOutput } from './errors.ts';
import type { Launcher } from './launch.ts';

/** The owner's name in the database, and the database's own. */
export const NAME = 'baton';
/** Names the socket file only: nothing listens on a network. */
export const PORT = 5432;
/** A Unix socket's whole path has 108 bytes on Linux and 104 on macOS, and must end with a zero. */
const SOCKET_PATH_BYTES = 103;
const SOCKET_FILE = `.s.PGSQL.${PORT}`;

/** Makes the folder if it is new, and checks that PostgreSQL will be able to use it. Gives its real path. */
export function prepareFolder(dataDir: string, launcher: Launcher): string {
  const wanted = resolve(dataDir);
  try {
    mkdirSync(wanted, { recursive: true, mode: 0o700 });
    accessSync(wanted, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw notUsable(wanted, (error as Error).message);
  }
  const real = realpathSync(wanted);
  const cluster = join(real, 'cluster');
  if (existsSync(cluster) && launcher.owner !== undefined) {
    const { uid } = statSync(cluster);
    if (uid !== launcher.owner) {
      throw notUsable(
        real,
        `Its database belongs to user ${uid}, and PostgreSQL would run as user ${launcher.owner}. ` +
          `Start Baton as the first, or give the folder over: chown -R ${launcher.owner} ${cluster}`,
      );
    }
  }
  if (launcher.privileges === 'nobody') lendToNobody(real, launcher);
  return real;
}

function lendToNobody(folder: string, launcher: Launcher): void {
  chownSync(folder, launcher.owner as number, launcher.owner as number);
  const [command, args] = launcher.command('test', ['-w', folder]);
  if (spawnSync(command, args, { cwd: '/' }).status !== 0) {
    throw notUsable(
      folder,
      'Baton runs as root where user namespaces are forbidden, so PostgreSQL runs as nobody, who cannot reach the folder. ' +
        'Set DATA_DIR to one that others may enter (such as /var/lib/baton), start Baton as another user, or set DATABASE_URL.',
    );
  }
}

/** Makes a new database cluster unless there is one. A half-made one never gets the final name. */
export async function createCluster(
  folder: string,
  binaries: Binaries,
  launcher: Launcher,
  sync: boolean,
): Promise<void> {
  const cluster = join(folder, 'cluster');
  if (existsSync(cluster)) {
    checkVersion(folder, binaries);
    return;
  }
  const draft = join(folder, 'cluster.new');
  rmSync(draft, { recursive: true, force: true });
  makePrivate(draft, launcher);
  // C.UTF-8 of PostgreSQL itself: the same order and the same upper case on every machine, whatever locales it has.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  // Whoever may enter the socket folder (0700) is the owner; nobody comes over a network.
  const access = [`--username=${NAME}`, '--auth-local=trust', '--auth-host=reject'];
  const [command, args] = launcher.command(binaries.initdb, [
    `--pgdata=${draft}`,
    ...locale,
    ...access,
    '--no-instructions',
    ...(sync ? [] : ['--no-sync']),
  ]);
  const { code, output } = await run(command, args, { cwd: folder, env: launcher.env });
  if (code !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw explainOutput('Creating the database', folder, output);
  }
  renameSync(draft, cluster);
  syncFolder(folder);
}

function checkVersion(folder: string, binaries: Binaries): void {
  let found: string;
  try {
    found = readFileSync(join(folder, 'cluster', 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    throw notUsable(folder, `Its cluster has no readable PG_VERSION (${(error as Error).message}).`);
  }
  if (found === binaries.major) return;
  throw new EmbeddedDatabaseError(
    'other_major_version',
    `The database in ${folder} was written by PostgreSQL ${found}, and this Baton brings PostgreSQL ${binaries.major}. ` +
      `Run the Baton that wrote it, dump the database, and load it into a new folder; or set DATABASE_URL to a PostgreSQL ${found} server on it.`,
  );
}

/** A folder for the socket that only the owner may enter: in the data folder, or in a short place if that is too long. */
export function makeSocketFolder(folder: string, launcher: Launcher): string {
  const near = join(folder, 'socket');
  if (fits(near)) {
    rmSync(near, { recursive: true, force: true });
    makePrivate(near, launcher);
    return near;
  }
  const base = [tmpdir(), '/tmp'].find((candidate) => fits(join(candidate, 'baton-XXXXXX')));
  if (base === undefined) throw notUsable(folder, `Its path is too long for a socket, and so is that of ${tmpdir()}.`);
  const far = mkdtempSync(join(base, 'baton-'));
  makePrivate(far, launcher);
  return far;
}

function fits(socketDir: string): boolean {
  return Buffer.byteLength(join(socketDir, SOCKET_FILE)) <= SOCKET_PATH_BYTES;
}

function makePrivate(path: string, launcher: Launcher): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  if (launcher.privileges === 'nobody') chownSync(path, launcher.owner as number, launcher.owner as number);
}

/** A rename survives a power cut only once the folder itself is on disk. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } catch {
    // some file systems refuse it for folders
  } finally {
    closeSync(handle);
  }
}

function run(command: string, args: string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  return new Promise<{ code: number | null; output: string }>((done) => {
    child.on('error', (error) => done({ code: null, output: `${output}${error.message}` }));
    child.on('close', (code) => done({ code, output }));
  });
}

function notUsable(folder: string, why: string): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError('data_folder_not_usable', `The data folder ${folder} cannot be used. ${why}`);
}
