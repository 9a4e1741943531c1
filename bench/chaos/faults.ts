import { setTimeout as sleep } from 'node:timers/promises';
import type { TestRedis } from '@baton/server/test/redis.ts';
import pg from 'pg';
import { between, type Dice } from '#bench/simulate/script/random.ts';
import type { Balancer } from './balancer.ts';
import type { Database } from './database.ts';
import type { Node } from './node.ts';
import type { Plan } from './options.ts';

export interface Target {
  nodes: readonly Node[];
  database: Database;
  balancer: Balancer;
  redis: TestRedis | null;
  dice: Dice;
  signal: AbortSignal;
}

export type FaultName = Exclude<keyof Plan, 'pauseMs' | `${string}Seconds`>;

/** What was done, and what could not be. */
export interface Done {
  counts: Record<FaultName, number>;
  blocked: string[];
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
  async pause(target, { pauseSeconds }) {
    const node = oneOf(target);
    node.pause();
    try {
      await sleep(pauseSeconds * 1_000, undefined, { signal: target.signal });
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
    const until = performance.now() + cutBusSeconds * 1_000;
    if (target.redis) {
      await target.redis.kill();
      await sleep(cutBusSeconds * 1_000);
      return target.redis.start();
    }
    // One of the nodes: its connection that listens is ended as often as it comes back.
    const nth = between(target.dice, 0, target.nodes.length - 1);
    while (performance.now() < until && !target.signal.aborted) {
      await endBus(target.database.url, nth).catch(() => undefined);
      await sleep(50);
    }
  },
};

function oneOf({ nodes, dice }: Target): Node {
  return nodes[between(dice, 0, nodes.length - 1)] as Node;
}

async function endBus(url: string, nth: number): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(
      `select pg_terminate_backend(pid) from (
         select pid from pg_stat_activity where application_name = 'baton-bus' order by backend_start offset $1 limit 1
       ) one`,
      [nth],
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
