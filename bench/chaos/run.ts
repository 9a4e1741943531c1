import { setTimeout as sleep } from 'node:timers/promises';
import { findRedis, startRedis, type TestRedis } from '@baton/server/test/redis.ts';
import pg from 'pg';
import { Client } from '#bench/server/client.ts';
import { Complaint } from '#bench/simulate/complaint.ts';
import { diceOf } from '#bench/simulate/script/random.ts';
import { ChaosAgent } from './agent.ts';
import { Balancer } from './balancer.ts';
import { Database } from './database.ts';
import { type Done, harm, nothingYet, owedOf } from './faults.ts';
import { Node, OWNER } from './node.ts';
import type { Options } from './options.ts';
import { type Finding, type Proof, prove } from './proof.ts';
import { type Stage, Tally } from './stage.ts';
import { Visitor } from './visitor.ts';

const CAPACITY = 12;
/** When nothing new is begun: until everybody has his answers and every handoff its end. A grace of a minute is in it. */
const SETTLE_MS = 150_000;
const FINDINGS_TOLD = 60;
const LINES_TOLD = 30;

export interface Report {
  seed: string;
  nodes: number;
  bus: string;
  seconds: number;
  acknowledged: number;
  perSecond: number;
  conversations: number;
  messages: number;
  events: number;
  connections: number;
  handoffs: Proof['handoffs'];
  refused: Record<string, number>;
  refusedForNow: Record<string, number>;
  faults: Done['counts'];
  blocked: string[];
  /** What was to be done and was not: as long as there is something, the run proves nothing. */
  owed: string[];
  /** Times that a server ended by itself. */
  crashes: string[];
  lost: number;
  doubled: number;
  outOfOrder: number;
  wrong: Record<string, number>;
  findings: Finding[];
}

/** Runs it all and says what became of it. `say`: told what is done, as it is done. */
export async function chaos(options: Options, stopped: AbortSignal, say: (what: string) => void): Promise<Report> {
  const undo: (() => Promise<void>)[] = [];
  try {
    return await onServers(options, stopped, say, undo);
  } finally {
    for (const one of undo.reverse()) await one();
  }
}

async function onServers(
  options: Options,
  stopped: AbortSignal,
  say: (what: string) => void,
  undo: (() => Promise<void>)[],
): Promise<Report> {
  const dice = diceOf(`${options.seed} servers`);
  const database = await Database.start();
  undo.push(() => database.stop());
  const redis = options.bus === 'redis' ? await startOwnRedis() : null;
  if (redis) undo.push(() => redis.stop());
  const balancer = new Balancer(diceOf(`${options.seed} balancer`));
  await balancer.start();
  undo.push(() => balancer.stop());
  const url = `http://127.0.0.1:${balancer.port}`;
  const environment = { DATABASE_URL: database.url, PUBLIC_URL: url };
  const gateways: Balancer[] = [];
  undo.push(async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
  });
  const nodes: Node[] = [];
  undo.push(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
  });
  for (let count = 0; count < options.nodes; count++) {
    const bus = redis ? await gatewayTo(redis) : null;
    if (bus) gateways.push(bus);
    nodes.push(await Node.start({ ...environment, REDIS_URL: bus ? `redis://127.0.0.1:${bus.port}` : '' }));
  }
  balancer.send(nodes.map(({ port }) => port));

  const began = performance.now();
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, stopped]);
  const stage: Writable<Stage> = {
    url,
    dice: diceOf(`${options.seed} players`),
    tally: new Tally(),
    signal,
    ending: false,
  };
  const players = new Players(stage, options);
  undo.push(async () => players.stop());
  await players.hire();
  const done: Done = {
    counts: nothingYet(),
    blocked: [],
  };
  const playing = players.play();
  const target = { nodes, database, balancer, redis, gateways, dice, signal };
  const harming = harm(target, options.plan, done, (what) =>
    say(`${((performance.now() - began) / 1_000).toFixed(0)} s, ${stage.tally.acknowledged} acknowledged: ${what}`),
  );
  await harming;
  const enough = () => stage.tally.acknowledged >= options.messages;
  while (!enough() && !stopped.aborted && performance.now() - began < options.maxSeconds * 1_000) await sleep(100);
  stage.ending = true;
  say(`${((performance.now() - began) / 1_000).toFixed(0)} s, ${stage.tally.acknowledged} acknowledged: ending`);
  const settled = await settle(database, players, playing);
  over.abort();
  players.stop();
  const proof = await prove(database.url, players);
  const seconds = (performance.now() - began) / 1_000;
  const findings = [...settled, ...proof.findings];
  if (findings.length > 0 || nodes.some((node) => node.crashes.length > 0)) sayOutput(nodes, findings, say);
  return reportOf(options, { stage, done, proof, findings, seconds, nodes });
}

/** What the nodes wrote about the conversations that something is wrong with, and last. */
function sayOutput(nodes: readonly Node[], findings: readonly Finding[], say: (what: string) => void): void {
  const conversations = [...new Set(findings.map(({ conversation }) => conversation))].filter((id) => id !== '-');
  for (const node of nodes) {
    for (const line of node.about(conversations).slice(-LINES_TOLD)) say(`node ${node.port} wrote: ${line}`);
    say(`the end of what node ${node.port} wrote:\n${node.output.slice(-3_000)}`);
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

async function startOwnRedis(): Promise<TestRedis> {
  const found = await findRedis();
  if ('missing' in found) throw new Complaint(`--bus redis: ${found.missing}`);
  return startRedis(found.program);
}

/** Each node reaches Redis by its own way, so that one can be cut off. */
async function gatewayTo(redis: TestRedis): Promise<Balancer> {
  const gateway = new Balancer(() => 0);
  await gateway.start();
  gateway.send([redis.port]);
  return gateway;
}

/** Until everybody has gone home content, and nothing is open in the database. Answers with what did not come about. */
async function settle(database: Database, players: Players, playing: Promise<void>): Promise<Finding[]> {
  const deadline = performance.now() + SETTLE_MS;
  let played = false;
  void playing.then(() => {
    played = true;
  });
  while (performance.now() < deadline) {
    if (played && players.agents.every((agent) => agent.settled) && !(await isOpen(database.url).catch(() => true)))
      return [];
    await sleep(250);
  }
  return players.unsettled().map((what) => ({ kind: 'lost', conversation: '-', what: `never settled: ${what}` }));
}

async function isOpen(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ open: boolean }>(
      `select exists (select from handoffs where phase <> 'ended') or exists (select from cursors where due_at is not null) as open`,
    );
    return rows[0]?.open ?? true;
  } finally {
    await client.end();
  }
}

/** Everybody who takes part. */
class Players {
  readonly visitors: Visitor[] = [];
  readonly agents: ChaosAgent[] = [];
  readonly #stage: Stage;
  readonly #options: Options;

  constructor(stage: Stage, options: Options) {
    this.#stage = stage;
    this.#options = options;
  }

  async hire(): Promise<void> {
    const client = new Client(this.#stage.url);
    const admin = await client.login(OWNER.email, OWNER.password);
    for (let number = 1; number <= this.#options.agents; number++) {
      const fields = { email: `agent${number}@chaos.example`, name: `Agent ${number}`, role: 'agent' } as const;
      const made = await client.write<{ id: string; loginLink: string }>('POST', '/v1/agents', admin, {
        ...fields,
        capacity: CAPACITY,
      });
      const response = await fetch(made.loginLink, { redirect: 'manual' });
      const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
      const agent = new ChaosAgent(this.#stage, made.id, cookie, CAPACITY);
      agent.start();
      this.agents.push(agent);
    }
  }

  /** Resolves when nobody is left after the ending has begun. */
  async play(): Promise<void> {
    await Promise.all(
      Array.from({ length: this.#options.visitors }, async () => {
        while (!this.#stage.ending && !this.#stage.signal.aborted) {
          const visitor = new Visitor(this.#stage, `v${this.visitors.length + 1}`);
          this.visitors.push(visitor);
          await visitor.live().catch((error: unknown) => {
            if (!this.#stage.signal.aborted) throw error;
          });
        }
      }),
    );
  }

  unsettled(): string[] {
    return [
      ...this.visitors
        .filter(({ leftAt }) => leftAt === null)
        .map((one) => `${one.id} ${one.conversation}: ${one.waiting}`),
      ...this.agents.filter(({ settled }) => !settled).map((one) => `${one.id}: ${one.waiting}`),
    ];
  }

  stop(): void {
    for (const visitor of this.visitors) visitor.stop();
    for (const agent of this.agents) agent.stop();
  }
}

interface Outcome {
  stage: Stage;
  done: Done;
  proof: Proof;
  findings: readonly Finding[];
  seconds: number;
  nodes: readonly Node[];
}

function reportOf(options: Options, { stage, done, proof, findings, seconds, nodes }: Outcome): Report {
  const { tally } = stage;
  const count = (kind: string) => findings.filter((one) => one.kind === kind).length;
  const others = [...new Set(findings.map(({ kind }) => kind))].filter(
    (kind) => kind !== 'lost' && kind !== 'doubled' && kind !== 'outOfOrder',
  );
  return {
    seed: options.seed,
    nodes: options.nodes,
    bus: options.nodes > 1 ? options.bus : 'none',
    seconds: Math.round(seconds),
    acknowledged: tally.acknowledged,
    perSecond: Math.round(tally.acknowledged / seconds),
    conversations: proof.conversations,
    messages: proof.messages,
    events: proof.events,
    connections: tally.connections,
    handoffs: proof.handoffs,
    refused: Object.fromEntries(tally.refused),
    refusedForNow: Object.fromEntries(tally.refusedForNow),
    faults: done.counts,
    blocked: done.blocked,
    owed: owedOf(options, done.counts, tally.acknowledged),
    crashes: nodes.flatMap((node) => node.crashes),
    lost: count('lost'),
    doubled: count('doubled'),
    outOfOrder: count('outOfOrder'),
    wrong: Object.fromEntries(others.map((kind) => [kind, count(kind)])),
    findings: findings.slice(0, FINDINGS_TOLD),
  };
}
