// The real program in a process of its own, on a database of the test's.
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const START_MS = 40_000;

export interface Program {
  url: string;
  /** Lines of its log so far. */
  log(): Record<string, unknown>[];
  signal(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void;
  /** Its exit code, once it has ended; null when a signal ended it. */
  ended: Promise<number | null>;
}

/** Starts it and waits until it is ready. */
export async function startProgram(environment: Record<string, string>): Promise<Program> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', LOG_LEVEL: 'info', RATE_LIMITS: 'off', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const url = `http://127.0.0.1:${environment['PORT']}`;
  await ready(child, url, () => output);
  return {
    url,
    log: () =>
      output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : [])),
    signal: (signal) => void child.kill(signal),
    ended,
  };
}

async function ready(child: ChildProcess, url: string, output: () => string): Promise<void> {
  const until = Date.now() + START_MS;
  for (;;) {
    const answered = await fetch(`${url}/readyz`).catch(() => null);
    if (answered?.status === 200) return;
    if (child.exitCode !== null || Date.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`Baton did not start:\n${output()}`);
    }
    await sleep(50);
  }
}
