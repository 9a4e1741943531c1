// A server of one's own for benches and browser tests: the real program in a process of its own, on a data folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@baton/server/test/port.ts';

const MAIN = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url));
/** From the start of the process to its first answer; the first start makes a database. */
const START_MS = 120_000;
const LOOK_MS = 50;
const OUTPUT = 'output.log';
/** From the signal to the end of the process, before it is killed. */
const STOP_MS = 20_000;

export const OWNER = { email: 'owner@simulated.example', password: 'only-for-this-run' } as const;
export const SITE = 'site_simulated';

export interface OwnServer {
  /** Without a slash at the end. It stays the same after a restart. */
  url: string;
  site: string;
  owner: { email: string; password: string };
  /** Ends the process without a word, as a power cut does, and PostgreSQL with it. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and port. */
  restart(): Promise<void>;
  /** Everything that it wrote so far, before and after restarts. */
  output(): string;
  /** Stops it in order and removes its data folder. Twice is fine. */
  stop(): Promise<void>;
}

export interface OwnServerOptions {
  /** Taken if it is free; another one otherwise. */
  port?: number;
  /** Settings besides ours. */
  environment?: Readonly<Record<string, string>>;
}

/** Starts Baton on 127.0.0.1 and an empty data folder. Throws with the end of its output when it does not answer. */
export async function startOwnServer({ port: wanted, environment = {} }: OwnServerOptions = {}): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-own-'));
  const port = await freePort(wanted);
  const start = () => launch(folder, port, environment);
  let process = await start().catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  let stopped = false;
  return {
    url: `http://127.0.0.1:${port}`,
    site: SITE,
    owner: OWNER,
    async kill() {
      await process.end('SIGKILL');
    },
    async restart() {
      process = await start();
    },
    output: () => readFileSync(join(folder, OUTPUT), 'utf8'),
    async stop() {
      if (stopped) return;
      stopped = true;
      await process.end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Launched {
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

async function launch(folder: string, port: number, environment: Readonly<Record<string, string>>): Promise<Launched> {
  const output = join(folder, OUTPUT);
  const child = spawn(process.execPath, [MAIN], {
    // A group of its own: Ctrl-C reaches us alone, and we end it when we have no more questions.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      DATABASE_URL: '',
      LOG_LEVEL: 'warn',
      BATON_DEMO: 'true',
      // One machine plays hundreds of people: what is measured is not how they are held back.
      RATE_LIMITS: 'off',
      BATON_OWNER_EMAIL: OWNER.email,
      BATON_OWNER_PASSWORD: OWNER.password,
      BATON_SITE_KEY: SITE,
      ...environment,
    },
  });
  const log = createWriteStream(output, { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // Whatever ends us ends it.
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  let asked = false;
  void ended.then(() => {
    process.off('exit', abandon);
    log.end();
    if (!asked) process.stderr.write(`The server ended by itself:\n${tail(output)}\n`);
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    asked = true;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  };
  if (await answers(child, `http://127.0.0.1:${port}/readyz`)) return { end };
  await end('SIGKILL');
  throw new Error(`The server did not start:\n${tail(output)}`);
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

function tail(output: string): string {
  return existsSync(output) ? readFileSync(output, 'utf8').split('\n').slice(-30).join('\n') : '(no output)';
}
