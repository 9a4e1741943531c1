// One running PostgreSQL: started, watched, stopped.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '#ports/world.ts';
import { NAME, PORT } from './folder.ts';
import type { Launcher } from './launch.ts';

/** What is written in the log of this database; `pino` and `console` both fit. */
export type { Log };

/** Fast shutdown (SIGINT) ends sessions and writes a checkpoint; after this long, immediate shutdown, then a kill. */
const FAST_STOP_MS = 30_000;
const HARD_STOP_MS = 5_000;
/** Recovery after a crash reads the log since the last checkpoint: minutes at the very worst. */
const READY_MS = 300_000;
const SAY_EVERY_MS = 10_000;
const POLL_MS = 10;
const KEPT_LINES = 40;

/** Sound for one machine that also runs Baton; every value can be overridden by the caller. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  port: String(PORT),
  cluster_name: NAME,
  max_connections: '100',
  // A container's /dev/shm is often 64 MB, which parallel queries overrun; ours are short and gain nothing by them.
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '',
  // An error of a statement is reported by who sent it. Here only what concerns the server itself.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};

export interface Postmaster {
  pid: number;
  /** Resolves once when it has ended, with a sentence that says how. */
  ended: Promise<{ code: number | null; how: string }>;
  /** The last lines that it wrote. */
  output(): string;
  /** False when not even SIGKILL ended it: it hangs in the kernel, usually on a dead disk. */
  stop(): Promise<boolean>;
}

interface Launch {
  program: string;
  launcher: Launcher;
  cluster: string;
  guard: string;
  socketDir: string;
  settings: Readonly<Record<string, string>>;
  log: Log;
}

/** Starts PostgreSQL; it is not ready yet, see `untilReady`. */
export function startPostmaster(launch: Launch): Postmaster {
  const settings = { ...SETTINGS, ...launch.settings, unix_socket_directories: quoteList(launch.socketDir) };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command, args] = launch.launcher.command(launch.program, ['-D', launch.cluster, ...options], launch.guard);
  const child = spawn(command, args, {
    cwd: launch.cluster,
    env: launch.launcher.env,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A session of its own: Ctrl-C in the terminal must reach Baton alone, which drains first and stops this last.
    detached: true,
  });

  const lines: string[] = [];
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      if (line.startsWith('PANIC')) launch.log.error({ postgres: line }, 'PostgreSQL panicked');
      else launch.log.debug({ postgres: line }, 'PostgreSQL');
    });
  }

  const ended = new Promise<{ code: number | null; how: string }>((done) => {
    child.on('error', (error) => {
      lines.push(error.message);
      done({ code: null, how: error.message });
    });
    child.on('close', (code, name) => done({ code, how: name ? `signal ${name}` : `code ${code}` }));
  });
  // Where no --pdeathsig exists: at least an ordinary exit does not leave it running.
  const atExit = () => child.kill('SIGINT');
  process.on('exit', atExit);
  void ended.then(() => process.off('exit', atExit));

  let stopping: Promise<boolean> | undefined;
  return {
    pid: child.pid ?? 0,
    ended,
    output: () => lines.join('\n'),
    stop() {
      stopping ??= stop(child, ended);
      return stopping;
    },
  };
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<boolean> {
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', HARD_STOP_MS],
    ['SIGKILL', HARD_STOP_MS],
  ];
  for (const [name, patience] of steps) {
    child.kill(name);
    if (await within(ended, patience)) return true;
  }
  return false;
}

async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  const first = await Promise.race([promise.then(() => true), late]);
  timer.abort();
  return first;
}

/** True once it answers; false when it ended instead. Makes our database on the first start. */
export async function untilReady(postmaster: Postmaster, socketDir: string, log: Log): Promise<boolean> {
  let over = false;
  void postmaster.ended.then(() => {
    over = true;
  });
  const started = performance.now();
  let said = started;
  while (!over && performance.now() - started < READY_MS) {
    const answer = await tryConnect(socketDir, NAME);
    if (answer === 'ok') return true;
    // 3D000: no such database. It answers, so this is the first start.
    if (answer === '3D000' && (await tryConnect(socketDir, 'postgres', `create database ${NAME}`)) === 'ok') continue;
    if (performance.now() - said > SAY_EVERY_MS) {
      said = performance.now();
      log.info({ postgres: postmaster.output().split('\n').at(-1) }, 'PostgreSQL is still starting');
    }
    await sleep(POLL_MS);
  }
  return false;
}

/** "ok", or the code of what went wrong. */
async function tryConnect(socketDir: string, database: string, statement?: string): Promise<string> {
  const client = new pg.Client({ host: socketDir, port: PORT, user: NAME, database });
  // Without a listener a connection that breaks later would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    if (statement) await client.query(statement);
    return 'ok';
  } catch (error) {
    return (error as { code?: string }).code ?? 'unknown';
  } finally {
    await client.end().catch(() => {});
  }
}

/** The setting is a list: without quotes a comma or a space in a path would cut it. */
function quoteList(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}

/** How `pg` and graphile-worker reach it: a path in the place of the host. */
export function connectionString(socketDir: string, database: string = NAME): string {
  return `postgres://${NAME}@${encodeURIComponent(socketDir)}:${PORT}/${database}`;
}
