// What the operating system knows about processes: enough to tell a living holder of a data folder from a number
// that was given to somebody else since.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/** True while the process runs, ours or not. One that has ended and is not yet collected by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^[ZX]/.test(statOf(pid)[0] ?? '');
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Where process numbers are comparable: one boot of one machine, and on Linux one container. */
export function processSpace(): string {
  if (process.platform !== 'linux') return process.platform;
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return 'linux';
  }
}

/** When a process began, in some unit of the system: with the number it names a process for ever. */
export function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return statOf(pid)[19];
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** /proc/PID/stat from its third field, the state, on; empty elsewhere. The name before it may hold spaces and brackets. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/**
 * PostgreSQL processes that work on this cluster. On Linux all of them, found by their working directory, which
 * PostgreSQL sets to the cluster; elsewhere only the first one, from its own note.
 */
export function postgresProcessesOn(cluster: string): number[] {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => worksIn(pid, cluster));
  }
  const pid = postmasterOf(cluster);
  if (pid === undefined) return [];
  try {
    const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes(cluster) ? [pid] : [];
  } catch {
    return [];
  }
}

function worksIn(pid: number, cluster: string): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/cwd`) !== cluster) return false;
    return basename(readlinkSync(`/proc/${pid}/exe`)) === 'postgres';
  } catch {
    // gone, or another user's
    return false;
  }
}

/** The first process of a running PostgreSQL, by its own note: the only one that may be told to shut down. */
export function postmasterOf(cluster: string): number | undefined {
  try {
    return Number(readFileSync(`${cluster}/postmaster.pid`, 'utf8').split('\n')[0]) || undefined;
  } catch {
    return undefined;
  }
}

/** Sends a signal; a process that has ended in the meantime is fine. */
export function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // gone
    }
  }
}

/** Waits until no process is found any more. False when some still live after `timeoutMs`. */
export async function areGone(find: () => number[], timeoutMs: number): Promise<boolean> {
  const until = performance.now() + timeoutMs;
  while (find().length > 0) {
    if (performance.now() > until) return false;
    await sleep(POLL_MS);
  }
  return true;
}
