// `npm run bench:nodes -- [--bus redis] [--json]`: what a message costs when two servers share the work, against one.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { findRedis, startRedis } from '@baton/server/test/redis.ts';
import { startPostgres } from '#bench/measure/postgres.ts';
import { cpuMicros } from '#bench/measure/processes.ts';
import { Load } from '#bench/relay/load.ts';
import { SPREADS, type Spread, stand } from './setting.ts';

const CONVERSATIONS = 200;
const WARM_SECONDS = 2;
const SECONDS = 6;
const ROUNDS = 3;
/** As fast as it goes, and so many a second for each node: there a node writes the same alone and with others. */
const PACES = {
  saturated: () => ({ window: 4 }),
  '500 a second each': (nodes: number) => ({ rate: 500 * nodes }),
} as const;

interface Row {
  spread: Spread;
  pace: string;
  messagesPerSecond: number;
  /** CPU of all nodes together, microseconds a message; PostgreSQL apart. */
  nodesMicros: number;
  databaseMicros: number;
  relayP50: number | null;
  relayP99: number | null;
  lost: number;
}

const { values: given } = parseArgs({
  options: { bus: { type: 'string', default: 'postgres' }, json: { type: 'boolean', default: false } },
});
if (given.bus !== 'postgres' && given.bus !== 'redis') {
  console.error(`bench:nodes: --bus: postgres or redis; not "${given.bus}".`);
  process.exit(2);
}
const redis = given.bus === 'redis' ? await ownRedis() : null;
if (redis) process.env.REDIS_URL = redis.url;
process.env.SECRET_KEY ??= 'a secret key for the nodes of this bench';
process.env.RATE_LIMITS ??= 'off';
const postgres = await startPostgres();
const rows: Row[] = [];
try {
  for (let round = 0; round < ROUNDS; round++) for (const spread of SPREADS) await measure(spread, round);
} finally {
  await postgres.stop();
  await redis?.stop();
}
const report = { bus: given.bus, ...summary() };
if (given.json) console.log(JSON.stringify(report));
else console.table(report.rows);

async function ownRedis() {
  const found = await findRedis();
  if ('program' in found) return startRedis(found.program);
  console.error(`bench:nodes: --bus redis: ${found.missing}`);
  process.exit(2);
}

async function measure(spread: Spread, round: number): Promise<void> {
  const load = new Load();
  const nodes = await stand(await postgres.database(`${spread}${round}`), CONVERSATIONS, spread, load);
  try {
    for (const [pace, how] of Object.entries(PACES)) {
      const cpu = () => nodes.pids.reduce((sum, pid) => sum + cpuMicros(pid), 0);
      const standing = { pid: nodes.pids[0] as number, url: '', pairs: nodes.pairs, stop: async () => {} };
      const measuring = load.measure(standing, postgres, how(nodes.pids.length), {
        warm: WARM_SECONDS,
        seconds: SECONDS,
      });
      await sleep(WARM_SECONDS * 1_000);
      const from = cpu();
      await sleep(SECONDS * 1_000);
      const spent = cpu() - from;
      const { messagesPerSecond, databaseMicros, relayP50, relayP99, lost } = await measuring;
      const nodesMicros = spent / (messagesPerSecond * SECONDS);
      rows.push({ spread, pace, messagesPerSecond, nodesMicros, databaseMicros, relayP50, relayP99, lost });
      process.stderr.write(
        `${spread}, ${pace}: ${nodesMicros.toFixed(1)} + ${databaseMicros.toFixed(1)} us, ${messagesPerSecond.toFixed(0)}/s, p50 ${relayP50?.toFixed(1)} p99 ${relayP99?.toFixed(1)} ms, lost ${lost}\n`,
      );
    }
  } finally {
    await nodes.stop();
  }
}

/** Medians, and how many times what one node takes: of the same round each, since a machine is never the same for long. */
function summary(): { rows: (Row & { timesOne: number; lowest: number; highest: number })[] } {
  const found = Object.keys(PACES).flatMap((pace) =>
    SPREADS.map((spread) => {
      const same = rowsOf(pace, spread);
      const of = (field: keyof Row) => rounded(median(same.map((row) => Number(row[field]))), 1);
      const ones = rowsOf(pace, 'one');
      const times = same.map(({ nodesMicros }, round) => nodesMicros / (ones[round]?.nodesMicros ?? Number.NaN));
      return {
        spread,
        pace,
        messagesPerSecond: of('messagesPerSecond'),
        nodesMicros: of('nodesMicros'),
        databaseMicros: of('databaseMicros'),
        relayP50: of('relayP50'),
        relayP99: of('relayP99'),
        lost: same.reduce((sum, { lost }) => sum + lost, 0),
        timesOne: rounded(median(times), 2),
        lowest: rounded(Math.min(...times), 2),
        highest: rounded(Math.max(...times), 2),
      };
    }),
  );
  return { rows: found };
}

function rowsOf(pace: string, spread: Spread): Row[] {
  return rows.filter((row) => row.pace === pace && row.spread === spread);
}

function median(values: readonly number[]): number {
  return values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] as number;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
