// A server under measurement: in a process of its own, so that its CPU time and its memory are its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** From the start of the process to its first answer. */
const START_MS = 60_000;
const LOOK_MS = 20;
/** From the signal to the end of the process, before it is killed. */
const STOP_MS = 20_000;
const KEPT_OUTPUT = 10_000;

export interface Child {
  pid: number;
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export interface ChildOptions {
  program: string;
  environment: Readonly<Record<string, string>>;
  /** Answers 2xx once the server can be used. */
  ready: string;
  /** For Node itself, as `--cpu-prof`. */
  nodeArguments?: readonly string[];
}

/** Starts a program of ours and resolves when it can be used. Throws with the end of its output when it cannot. */
export async function startChild({ program, environment, ready, nodeArguments = [] }: ChildOptions): Promise<Child> {
  const child = spawn(process.execPath, [...nodeArguments, program], {
    // A group of its own: Ctrl-C reaches us alone, and we end it in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT_OUTPUT);
    });
  }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  let asked = false;
  void ended.then(() => {
    process.off('exit', abandon);
    if (!asked) console.error(`${program} has ended:\n${output}`);
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') => {
    asked = true;
    child.kill(signal);
    const timer = setTimeout(abandon, STOP_MS);
    await ended;
    clearTimeout(timer);
  };
  if (await answers(child, ready)) return { pid: child.pid ?? 0, end };
  await end('SIGKILL');
  throw new Error(`${program} did not start:\n${output}`);
}

async function answers(child: ChildProcess, url: string): Promise<boolean> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return true;
    await sleep(LOOK_MS);
  }
  return false;
}
