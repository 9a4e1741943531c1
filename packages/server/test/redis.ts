// A Redis of its own for tests: the real server, on a free port of this machine, with nothing on disk.
import { execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { freePort } from './port.ts';

export interface TestRedis {
  url: string;
  port: number;
  /** Ends it at once; `start` again on the same port. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const INSTALL_MS = 180_000;

/** The program, installed by Debian's means where this is root; null, and why, where there is none. */
export async function findRedis(): Promise<{ program: string } | { missing: string }> {
  const here = onPath();
  if (here) return { program: here };
  if (process.getuid?.() !== 0 || process.platform !== 'linux')
    return { missing: 'There is no redis-server or valkey-server on this machine (apt-get install redis-server).' };
  try {
    // Not started as a service: the tests start their own.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const run = (...args: string[]) => promisify(execFile)('apt-get', args, { env, timeout: INSTALL_MS });
    await run('update', '-qq');
    await run('install', '-y', '-qq', '--no-install-recommends', 'redis-server');
  } catch (error) {
    return { missing: `redis-server could not be installed: ${(error as Error).message.split('\n')[0]}` };
  }
  const installed = onPath();
  return installed ? { program: installed } : { missing: 'redis-server was installed and is not on the PATH.' };
}

function onPath(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin'];
  return folders
    .flatMap((folder) => ['redis-server', 'valkey-server'].map((name) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export async function startRedis(program: string): Promise<TestRedis> {
  const port = await freePort();
  let end = async () => {};
  const start = async () => {
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no'];
    const child = spawn(program, args, { stdio: 'ignore', cwd: '/' });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const abandon = () => child.kill('SIGKILL');
    process.once('exit', abandon);
    end = async () => {
      process.off('exit', abandon);
      child.kill('SIGKILL');
      await ended;
    };
    await answers(port);
  };
  await start();
  return { url: `redis://127.0.0.1:${port}`, port, start, kill: () => end(), stop: () => end() };
}

async function answers(port: number): Promise<void> {
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 50, maxRetriesPerRequest: 100 });
  client.on('error', () => {});
  await client.ping();
  client.disconnect();
}
