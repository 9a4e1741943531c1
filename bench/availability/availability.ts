import { each, hire, visit } from '#bench/baton/cast.ts';
import { KEY, startBatonServer } from '#bench/baton/server.ts';
import { percentile } from '#bench/measure/figures.ts';
import type { Postgres } from '#bench/measure/postgres.ts';
import { cpuMicros } from '#bench/measure/processes.ts';
import { Requests } from '#bench/measure/request.ts';
import { Client } from '#bench/server/client.ts';

/** A team on duty, and more customers than it takes: nobody accepts, so all of them wait. */
const AGENTS = 50;
const WAITING = 100;
const WARM = 500;
const REQUESTS = 4_000;
const AT_ONCE = [1, 16] as const;

export interface AvailabilityReport {
  agents: number;
  waiting: number;
  cases: readonly {
    /** Requests that are under way at the same time. */
    atOnce: number;
    perSecond: number;
    /** Milliseconds. */
    p50: number | null;
    p99: number | null;
    /** CPU of the server, and of PostgreSQL, microseconds a request. */
    serverMicros: number;
    databaseMicros: number;
  }[];
}

/** How long it takes to be told whether somebody can be reached now. */
export async function availability(postgres: Postgres, tell: (what: string) => void): Promise<AvailabilityReport> {
  const server = await startBatonServer(await postgres.database('availability'), {
    environment: { RATE_LIMITS: 'off' },
  });
  const requests = new Requests(server.url, { authorization: `Bearer ${KEY}` });
  try {
    const client = new Client(server.url);
    const wires = await hire(client, AGENTS);
    wires.push(
      ...(await each(WAITING, async () => {
        const { wire } = await visit(client);
        await wire.request({ type: 'ask-human' });
        return wire;
      })),
    );
    const ask = () => requests.get('/v1/availability');
    await many(WARM, 16, ask);
    const cases = [];
    for (const atOnce of AT_ONCE) {
      const [server0, database0, began] = [cpuMicros(server.pid), postgres.cpuMicros(), performance.now()];
      const times = await many(REQUESTS, atOnce, ask);
      const seconds = (performance.now() - began) / 1_000;
      const one = {
        atOnce,
        perSecond: REQUESTS / seconds,
        p50: percentile(times, 0.5),
        p99: percentile(times, 0.99),
        serverMicros: (cpuMicros(server.pid) - server0) / REQUESTS,
        databaseMicros: (postgres.cpuMicros() - database0) / REQUESTS,
      };
      tell(`availability, ${atOnce} at once: p50 ${one.p50?.toFixed(2)} p99 ${one.p99?.toFixed(2)} ms`);
      cases.push(one);
    }
    for (const wire of wires) wire.cut();
    return { agents: AGENTS, waiting: WAITING, cases };
  } finally {
    requests.close();
    await server.stop();
  }
}

async function many(count: number, atOnce: number, ask: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  let left = count;
  const work = async () => {
    while (left-- > 0) times.push(await ask());
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return times;
}
