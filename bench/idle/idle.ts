import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { each, visit } from '#bench/baton/cast.ts';
import { type BatonServer, startBatonServer } from '#bench/baton/server.ts';
import type { Postgres } from '#bench/measure/postgres.ts';
import { Client } from '#bench/server/client.ts';
import { Complaint } from '#bench/simulate/complaint.ts';

const COLLECT = fileURLToPath(new URL('collect.ts', import.meta.url));
/**
 * Come and go first: what the first visitors make the server load is no visitor's. Few on purpose: the room that they
 * leave in the heap is used again, and would hide what the others need.
 */
const WARM = 300;
const WAIT_MS = 60_000;
const LOOK_MS = 50;
/** Files and sockets of the process besides. */
const SPARE_FILES = 500;

export interface IdleReport {
  sockets: number;
  /** More of the server's resident memory for each socket, after garbage collection. Kernel buffers are not in it. */
  bytesEach: number;
  /** The part of it that is JavaScript's heap. */
  heapBytesEach: number;
  serverMegabytes: { before: number; after: number };
  /** Page loads and sockets opened, with hello and welcome. */
  seconds: number;
  aim: { most: number; holds: boolean };
}

const AIM_BYTES = 20 * 1_024;

/** Visitors who have the page open and say nothing. */
export async function idle(
  { sockets }: { sockets: number },
  postgres: Postgres,
  tell: (what: string) => void,
): Promise<IdleReport> {
  assertRoom(sockets);
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'));
  const file = join(folder, 'memory.json');
  const server = await startBatonServer(await postgres.database('idle'), {
    nodeArguments: ['--expose-gc', '--import', COLLECT],
    environment: { BENCH_MEMORY_FILE: file, RATE_LIMITS: 'off' },
  });
  try {
    const client = new Client(server.url);
    const files = openFiles(server);
    for (const { wire } of await each(WARM, () => visit(client))) wire.cut();
    await until(() => openFiles(server) < files + WARM / 10);
    const before = await memoryOf(server, file);
    const began = performance.now();
    const visitors = await each(sockets, () => visit(client));
    const seconds = (performance.now() - began) / 1_000;
    const after = await memoryOf(server, file);
    for (const { wire } of visitors) wire.cut();
    const bytesEach = (after.rss - before.rss) / sockets;
    tell(`idle: ${(bytesEach / 1_024).toFixed(1)} KB for each of ${sockets} sockets`);
    return {
      sockets,
      bytesEach,
      heapBytesEach: (after.heapUsed - before.heapUsed) / sockets,
      serverMegabytes: { before: before.rss / 2 ** 20, after: after.rss / 2 ** 20 },
      seconds,
      aim: { most: AIM_BYTES, holds: bytesEach <= AIM_BYTES },
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Both ends are on this machine: this process and the server need a file for each, and each takes a port. */
function assertRoom(sockets: number): void {
  const files = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity);
  if (sockets + SPARE_FILES > files)
    throw new Complaint(
      `--sockets ${sockets}: a process may open ${files} files here. Raise it (ulimit -n) or take less.`,
    );
  const [low = 0, high = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/).map(Number);
  if (sockets + SPARE_FILES > high - low)
    throw new Complaint(
      `--sockets ${sockets}: there are ${high - low} ports for outgoing connections here. Take less.`,
    );
}

async function memoryOf({ pid }: BatonServer, file: string): Promise<NodeJS.MemoryUsage> {
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  await until(() => existsSync(file));
  return JSON.parse(readFileSync(file, 'utf8')) as NodeJS.MemoryUsage;
}

function openFiles({ pid }: BatonServer): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

async function until(there: () => boolean): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  while (!there()) {
    if (performance.now() > deadline) throw new Error('The server did not come to rest.');
    await sleep(LOOK_MS);
  }
}
