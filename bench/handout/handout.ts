import type { ServerFrame } from '@baton/protocol';
import { each, hire, visit } from '#bench/baton/cast.ts';
import { startBatonServer } from '#bench/baton/server.ts';
import type { Wire } from '#bench/baton/wire.ts';
import { percentile } from '#bench/measure/figures.ts';
import type { Postgres } from '#bench/measure/postgres.ts';
import { cpuMicros } from '#bench/measure/processes.ts';
import { Client } from '#bench/server/client.ts';

/** A small team and a long line, of which every agent accepts as fast as he is asked. */
const AGENTS = 3;
const WAITING = 180;
const CAPACITY = 50;
/** The first ones warm up. */
const WARM = 30;

export interface HandoutReport {
  agents: number;
  waiting: number;
  /** From an agent's word that he accepts to his being asked for the next customer, milliseconds. */
  p50: number | null;
  p90: number | null;
  p99: number | null;
  offersPerSecond: number;
  /** CPU of the server, and of PostgreSQL, milliseconds an offer. */
  serverMs: number;
  databaseMs: number;
}

/** How long an agent who has just accepted, and has room, waits for the next customer. */
export async function handout(postgres: Postgres, tell: (what: string) => void): Promise<HandoutReport> {
  const server = await startBatonServer(await postgres.database('handout'), { environment: { RATE_LIMITS: 'off' } });
  const client = new Client(server.url);
  const agents = await hire(client, AGENTS);
  let customers: Wire[] = [];
  try {
    // Nobody is asked before everybody is in the line.
    for (const wire of agents) await wire.request({ type: 'presence', state: 'away' });
    customers = await each(WAITING, async () => {
      const { wire } = await visit(client);
      await wire.request({ type: 'ask-human' });
      return wire;
    });
    const [server0, database0, began] = [cpuMicros(server.pid), postgres.cpuMicros(), performance.now()];
    const times = (await Promise.all(agents.map((wire) => acceptAll(wire, WAITING)))).flat();
    const seconds = (performance.now() - began) / 1_000;
    const measured = times
      .sort((a, b) => a.at - b.at)
      .slice(WARM)
      .map(({ took }) => took);
    const report = {
      agents: AGENTS,
      waiting: WAITING,
      p50: percentile(measured, 0.5),
      p90: percentile(measured, 0.9),
      p99: percentile(measured, 0.99),
      offersPerSecond: times.length / seconds,
      serverMs: (cpuMicros(server.pid) - server0) / 1_000 / times.length,
      databaseMs: (postgres.cpuMicros() - database0) / 1_000 / times.length,
    };
    tell(`handing out: p50 ${report.p50?.toFixed(0)} p99 ${report.p99?.toFixed(0)} ms`);
    return report;
  } finally {
    for (const wire of [...agents, ...customers]) wire.cut();
    await server.stop();
  }
}

const LAST_MS = 3_000;

/** Accepts whatever he is asked for, until he is full or nobody asks him any more. */
function acceptAll(wire: Wire, most: number): Promise<{ at: number; took: number }[]> {
  return new Promise((resolve, reject) => {
    const times: { at: number; took: number }[] = [];
    let saidAt: number | null = null;
    let accepted = 0;
    let idle: NodeJS.Timeout | undefined;
    const end = () => {
      clearTimeout(idle);
      wire.onFrame = () => undefined;
      resolve(times);
    };
    wire.onFrame = (frame: ServerFrame) => {
      if (frame.type !== 'offer') return;
      const at = performance.now();
      if (saidAt !== null) times.push({ at, took: at - saidAt });
      clearTimeout(idle);
      saidAt = performance.now();
      wire.request({ type: 'accept', handoff: frame.handoff }).then(() => {
        if (++accepted >= Math.min(CAPACITY, most)) end();
        else idle = setTimeout(end, LAST_MS);
      }, reject);
    };
    wire.request({ type: 'presence', state: 'online', capacity: CAPACITY }).catch(reject);
  });
}
