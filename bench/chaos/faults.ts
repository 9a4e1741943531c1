import { setTimeout as sleep } from 'node:timers/promises';
import type { TestRedis } from '@baton/server/test/redis.ts';
import pg from 'pg';
import { between, type Dice } from '#bench/simulate/script/random.ts';
import type { Balancer } from './balancer.ts';
import type { Database } from './database.ts';
import type { Node } from './node.ts';
import type { Options, Plan } from './options.ts';

export interface Target {
  nodes: readonly Node[];
  database: Database;
  balancer: Balancer;
  redis: TestRedis | null;
  /** Between each node and Redis. */
  gateways: readonly Balancer[];
  dice: Dice;
  signal: AbortSignal;
}

export type FaultName = Exclude<keyof Plan, 'pauseMs' | `${string}Seconds`>;

/** What was done, and what could not be. */
export interface Done {
  counts: Record<FaultName, number>;
  blocked: string[];
}

export const nothingYet = (): Done['counts'] => ({
  killServer: 0,
  killDatabase: 0,
  killBackend: 0,
  cutSockets: 0,
  pause: 0,
  fillDisk: 0,
  cutBus: 0,
  killBus: 0,
});

/** What a run was to do and has not done. */
export function owedOf({ plan, messages }: Options, counts: Done['counts'], acknowledged: number): string[] {
  const names = Object.keys(counts) as FaultName[];
  const faults = names
    .filter((name) => counts[name] < plan[name])
    .map((name) => `${name}: ${counts[name]} of ${plan[name]}`);
  return acknowledged < messages ? [...faults, `messages: ${acknowledged} of ${messages}`] : faults;
}

/** Does all that the plan wants, in random order at random moments. Each is over, and all are back, before the next. */
export async function harm(target: Target, plan: Plan, done: Done, say: (what: string) => void): Promise<void> {
  const { dice, signal } = target;
  for (const name of inRandomOrder(plan, dice)) {
    await sleep(between(dice, plan.pauseMs.low, plan.pauseMs.high), undefined, { signal });
    if (name === 'fillDisk' && target.database.blocked !== null) {
      done.blocked.push(`fillDisk: ${target.database.blocked}`);
      continue;
    }
    say(name);
    await FAULTS[name](target, plan);
    done.counts[name]++;
  }
}

function inRandomOrder(plan: Plan, dice: Dice): FaultName[] {
  const names = (Object.keys(FAULTS) as FaultName[]).flatMap((name) => Array<FaultName>(plan[name]).fill(name));
  for (let at = names.length - 1; at > 0; at--) {
    const other = between(dice, 0, at);
    [names[at], names[other]] = [names[other] as FaultName, names[at] as FaultName];
  }
  return names;
}

const FAULTS: Record<FaultName, (target: Target, plan: Plan) => Promise<void>> = {
  async killServer(target) {
    const node = oneOf(target);
    node.kill();
    await node.ready();
  },
  async killDatabase({ database, dice, nodes }) {
    database.kill();
    await sleep(between(dice, 0, 3_000));
    await database.revive();
    await Promise.all(nodes.map((node) => node.ready()));
  },
  async killBackend({ database, dice, nodes }) {
    database.killBackend(dice);
    await sleep(500);
    await database.revive();
    await Promise.all(nodes.map((node) => node.ready()));
  },
  async cutSockets({ balancer, dice }) {
    balancer.cut(0.1 + 0.9 * dice());
  },
  async pause(target, { pauseSeconds: { low, high } }) {
    const node = oneOf(target);
    node.pause();
    try {
      await sleep(between(target.dice, low, high) * 1_000, undefined, { signal: target.signal });
    } finally {
      node.goOn();
    }
    await node.ready();
  },
  async fillDisk({ database, nodes, signal }, { fillSeconds }) {
    const empty = database.fillDisk();
    try {
      await sleep(fillSeconds * 1_000, undefined, { signal });
    } finally {
      empty();
    }
    await database.revive();
    await Promise.all(nodes.map((node) => node.ready()));
  },
  async cutBus(target, { cutBusSeconds }) {
    const { redis, gateways, dice, signal } = target;
    if (!redis) return cutNotices(target, cutBusSeconds * 1_000);
    const gateway = gateways[between(dice, 0, gateways.length - 1)] as Balancer;
    gateway.send([]);
    gateway.cut(1);
    try {
      await sleep(cutBusSeconds * 1_000, undefined, { signal });
    } finally {
      gateway.send([redis.port]);
    }
  },
  async killBus({ redis, signal }, { cutBusSeconds }) {
    await redis?.kill();
    try {
      await sleep(cutBusSeconds * 1_000, undefined, { signal });
    } finally {
      await redis?.start();
    }
  },
};

function oneOf({ nodes, dice }: Target): Node {
  return nodes[between(dice, 0, nodes.length - 1)] as Node;
}

/** One node's connection that listens is ended as often as it comes back; those of the others are left alone. */
async function cutNotices({ database, nodes, dice, signal }: Target, milliseconds: number): Promise<void> {
  const client = new pg.Client({ connectionString: database.url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const listening = await listeners(client);
    const cut = between(dice, 0, nodes.length - 1);
    const others = listening.filter((_, nth) => nth !== cut);
    const until = performance.now() + milliseconds;
    while (performance.now() < until && !signal.aborted) {
      await client.query(`select pg_terminate_backend(pid) from (${LISTENERS}) one where pid <> all ($1)`, [others]);
      await sleep(50);
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

const LISTENERS = `select pid from pg_stat_activity where application_name = 'baton-bus' order by backend_start`;

async function listeners(client: pg.Client): Promise<number[]> {
  const { rows } = await client.query<{ pid: number }>(LISTENERS);
  return rows.map(({ pid }) => pid);
}
