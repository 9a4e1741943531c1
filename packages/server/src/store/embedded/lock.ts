// One owner for one data folder. The file says who; the flock around PostgreSQL itself (launch.ts) is the guard that
// also holds between containers, where process numbers say nothing.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DataFolderInUse, type Holder } from './errors.ts';
import { isAlive, processSpace, startOf } from './processes.ts';

interface LockFile extends Holder {
  space: string;
  started: string | undefined;
  /** A socket folder outside the data folder that is to be removed when its owner was killed. */
  socketDir?: string;
}

/** What the last owner left when it did not stop in order. */
export interface Leftovers {
  /** Whether the last owner counted processes as we do, so that what is still running can be told by its number. */
  sameSpace: boolean;
  socketDir?: string;
}

export interface FolderLock {
  leftovers: Leftovers | undefined;
  /** Notes the socket folder, for whoever comes after a crash. */
  note(socketDir: string): void;
  release(): void;
}

const NAME = 'owner.json';

/**
 * Takes the data folder for this process, or throws `DataFolderInUse`. `guardIsFree` is asked about an owner from
 * another container or another boot, whose process number says nothing here.
 */
export async function takeFolder(dataDir: string, guardIsFree: () => Promise<boolean>): Promise<FolderLock> {
  const path = join(dataDir, NAME);
  const mine: LockFile = {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    space: processSpace(),
    started: startOf(process.pid),
  };
  let leftovers: Leftovers | undefined;
  while (!create(path, mine)) {
    const found = read(path);
    if (found === undefined) continue;
    const sameSpace = found.lock.space === mine.space;
    if (sameSpace ? lives(found.lock) : !(await guardIsFree())) throw new DataFolderInUse(dataDir, found.lock);
    if (discard(path, found.text)) {
      leftovers = { sameSpace };
      if (found.lock.socketDir) leftovers.socketDir = found.lock.socketDir;
    }
  }
  return {
    leftovers,
    note(socketDir) {
      mine.socketDir = socketDir;
      writeFileSync(path, JSON.stringify(mine));
    },
    release() {
      rmSync(path, { force: true });
    },
  };
}

/** Who holds the folder according to its file; undefined when nobody has written one. */
export function holderOf(dataDir: string): Holder | undefined {
  return read(join(dataDir, NAME))?.lock;
}

/** Appears with its whole content or not at all: a link to a finished file, which fails if the name is taken. */
function create(path: string, lock: LockFile): boolean {
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, JSON.stringify(lock), { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function read(path: string): { text: string; lock: LockFile } | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return { text, lock: JSON.parse(text) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    // Cut short when the machine lost power: it says nothing, and nobody can hold it.
    if (error instanceof SyntaxError) {
      rmSync(path, { force: true });
      return undefined;
    }
    throw error;
  }
}

function lives(lock: LockFile): boolean {
  return isAlive(lock.pid) && startOf(lock.pid) === lock.started;
}

/** Removes exactly the file that was judged. If another process was quicker, its new file is put back. */
function discard(path: string, judged: string): boolean {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
  } catch {
    return false;
  }
  try {
    if (readFileSync(aside, 'utf8') === judged) return true;
    linkSync(aside, path);
    return false;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** The socket folder of the database that runs on a data folder; undefined where none was noted. */
export function socketFolderOf(dataDir: string): string | undefined {
  return read(join(dataDir, NAME))?.lock.socketDir;
}
