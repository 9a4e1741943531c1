import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@baton/server/test/port.ts';
import { type Child, startChild } from '#bench/measure/child.ts';

const MAIN = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url));

export const OWNER = { email: 'owner@bench.example', password: 'only-for-this-run' } as const;
export const SITE = 'site_bench';
export const KEY = 'key-for-this-run-only';

export interface BatonServer {
  /** Without a slash at the end. It stays the same after a restart. */
  url: string;
  readonly pid: number;
  /** Ends the process without a word. */
  kill(): Promise<void>;
  /** Starts it again. Resolves when it answers. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface BatonOptions {
  /** For Node, as `--cpu-prof`. */
  nodeArguments?: readonly string[];
  /** Settings besides ours. */
  environment?: Readonly<Record<string, string>>;
}

/** The real program on a database of ours, in a process of its own. */
export async function startBatonServer(
  database: string,
  { nodeArguments = [], environment = {} }: BatonOptions = {},
): Promise<BatonServer> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = (): Promise<Child> =>
    startChild({
      program: MAIN,
      environment: {
        HOST: '127.0.0.1',
        PORT: String(port),
        PUBLIC_URL: url,
        DATA_DIR: folder,
        DATABASE_URL: database,
        LOG_LEVEL: 'warn',
        // Far above what the load needs: the limits are there, and cost what they cost.
        RATE_LIMITS: '1000',
        BATON_DEMO: 'false',
        BATON_OWNER_EMAIL: OWNER.email,
        BATON_OWNER_PASSWORD: OWNER.password,
        BATON_SITE_KEY: SITE,
        BATON_API_KEY: KEY,
        ...environment,
      },
      ready: `${url}/readyz`,
      nodeArguments,
    });
  let child = await start();
  return {
    url,
    get pid() {
      return child.pid;
    },
    kill: () => child.end('SIGKILL'),
    async start() {
      child = await start();
    },
    async stop() {
      await child.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
