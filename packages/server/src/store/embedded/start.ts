// The database that Baton brings along, for everybody who sets no DATABASE_URL. It is the real PostgreSQL on a folder.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBinaries } from './binaries.ts';
import { DataFolderInUse, type EmbeddedDatabaseError, explainOutput } from './errors.ts';
import { createCluster, makeSocketFolder, prepareFolder } from './folder.ts';
import { createLauncher, GUARD_BUSY_CODE, type Privileges } from './launch.ts';
import { type FolderLock, holderOf, takeFolder } from './lock.ts';
import { connectionString, type Log, type Postmaster, startPostmaster, untilReady } from './postmaster.ts';
import { areGone, postgresProcessesOn, postmasterOf, signal } from './processes.ts';

/** What is left of the last owner gets this long to shut down in order, and then this long at once. */
const LEFTOVER_FAST_MS = 20_000;
const LEFTOVER_HARD_MS = 5_000;
/** Backends of a killed PostgreSQL end within moments, but not at once. */
const RETRY_MS = 15_000;
const RETRY_EVERY_MS = 250;

export interface EmbeddedOptions {
  /** Made if it is missing. Holds the database and all that belongs to it. */
  dataDir: string;
  log: Log;
  /** PostgreSQL settings that override ours, such as `{ max_connections: '200' }`. `fsync: 'off'` is for tests only. */
  settings?: Readonly<Record<string, string>>;
  /** Told when PostgreSQL ends although nobody asked it to; the process should then stop with an error. */
  onExit?: (reason: string) => void;
  /** For tests: not the best way on this machine, but this one. */
  privileges?: Privileges;
}

export interface EmbeddedDatabase {
  /** For `pg`, graphile-worker and `psql`: through a Unix socket that only this user may use. */
  connectionString: string;
  /** PostgreSQL's first process. */
  pid: number;
  /** Ends every session, writes everything down, and frees the folder. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on a data folder, and makes both on the first start (about one second; later some 50 ms).
 * Throws `DataFolderInUse` when another process has the folder, and `EmbeddedDatabaseError` with a code otherwise.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const launcher = createLauncher(options.privileges);
  const folder = prepareFolder(options.dataDir, launcher);
  const guard = join(folder, 'guard');
  const lock = await takeFolder(folder, () => launcher.guardIsFree(guard));
  try {
    await clearLeftovers(folder, lock);
    const binaries = findBinaries(launcher, folder);
    await createCluster(folder, binaries, launcher, options.settings?.fsync !== 'off');
    const socketDir = makeSocketFolder(folder, launcher);
    lock.note(socketDir);
    const freeFolder = () => {
      rmSync(socketDir, { recursive: true, force: true });
      lock.release();
    };
    const cluster = join(folder, 'cluster');
    const launch = () =>
      startPostmaster({
        program: binaries.postgres,
        launcher,
        cluster,
        guard,
        socketDir,
        settings: options.settings ?? {},
        log: options.log,
      });
    const postmaster = await launchUntilReady(launch, folder, socketDir, options.log).catch((error: unknown) => {
      rmSync(socketDir, { recursive: true, force: true });
      throw error;
    });
    options.log.info({ dataDir: folder, pid: postmaster.pid, runsAs: launcher.privileges }, 'PostgreSQL is ready');

    let asked = false;
    const freed = postmaster.ended.then(({ how }) => {
      freeFolder();
      if (asked) return;
      options.log.error({ how, postgres: postmaster.output() }, 'PostgreSQL ended by itself');
      options.onExit?.(`PostgreSQL ended by itself (${how}). ${postmaster.output().split('\n').slice(-5).join(' ')}`);
    });
    return {
      connectionString: connectionString(socketDir),
      pid: postmaster.pid,
      async stop() {
        asked = true;
        if (await postmaster.stop()) await freed;
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Stops a PostgreSQL that outlived its Baton. With --pdeathsig it is already stopping, and this only waits for it. */
async function clearLeftovers(folder: string, lock: FolderLock): Promise<void> {
  const cluster = join(folder, 'cluster');
  const running = () => postgresProcessesOn(cluster);
  const found = running();
  if (found.length > 0) {
    // Its owner counts processes otherwise (another container), or there never was one: then it is not ours to stop.
    if (!lock.leftovers?.sameSpace) throw new DataFolderInUse(folder, holderOf(folder));
    const first = postmasterOf(cluster);
    if (first !== undefined && found.includes(first)) signal([first], 'SIGINT');
    if (!(await areGone(running, LEFTOVER_FAST_MS))) {
      signal(running(), 'SIGQUIT');
      if (!(await areGone(running, LEFTOVER_HARD_MS))) throw new DataFolderInUse(folder, undefined);
    }
  }
  if (lock.leftovers?.socketDir) rmSync(lock.leftovers.socketDir, { recursive: true, force: true });
}

async function launchUntilReady(
  launch: () => Postmaster,
  folder: string,
  socketDir: string,
  log: Log,
): Promise<Postmaster> {
  const cluster = join(folder, 'cluster');
  const until = performance.now() + RETRY_MS;
  for (;;) {
    const postmaster = launch();
    if (await untilReady(postmaster, socketDir, log)) return postmaster;
    await postmaster.stop();
    const { code } = await postmaster.ended;
    const output = postmaster.output();
    if (code === GUARD_BUSY_CODE) throw new DataFolderInUse(folder, undefined);
    if (performance.now() > until || !mayPass(output, cluster)) throw failed(folder, output);
    await sleep(RETRY_EVERY_MS);
  }
}

/** Whether the next try may go well, after clearing what stood in its way. */
function mayPass(output: string, cluster: string): boolean {
  if (/pre-existing shared memory block/.test(output)) return true;
  if (!/postmaster\.pid" already exists/.test(output)) return false;
  // The number in the note belongs to another program by now (a restarted container counts from 1 again). No
  // PostgreSQL works here, and the guard, which this try has just held, says that none does elsewhere.
  if (postgresProcessesOn(cluster).length > 0) return false;
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
  return true;
}

function failed(folder: string, output: string): EmbeddedDatabaseError {
  return explainOutput('Starting PostgreSQL', folder, output);
}
