import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { each } from '#bench/baton/cast.ts';
import { KEY, OWNER, startBatonServer } from '#bench/baton/server.ts';
import { Wire } from '#bench/baton/wire.ts';
import { percentile } from '#bench/measure/figures.ts';
import type { Postgres } from '#bench/measure/postgres.ts';
import { Requests } from '#bench/measure/request.ts';
import { Client } from '#bench/server/client.ts';
import { type Faults, NO_FAULTS, prove, rest } from './proof.ts';
import { Returning } from './returning.ts';

/** The server is killed when so many have the answer to what they have just said: the others do not know. */
const TOLD = 0.25;
const PROBE_MS = 20;

export interface StormReport extends Faults {
  sockets: number;
  /** From the kill until the server answers again. */
  startSeconds: number;
  /** From then on: until everybody is back, has what he missed, and a new message of his is acknowledged. */
  backSeconds: number;
  backP50: number | null;
  backP99: number | null;
  /** Milliseconds of GET /v1/availability meanwhile, one each 20 ms. */
  meanwhile: { p50: number | null; p99: number | null; worst: number | null; failed: number };
}

/** All visitors lose the server at the same moment, in the middle of a message, and all come back at once. */
export async function storm(
  { returning }: { returning: number },
  postgres: Postgres,
  tell: (what: string) => void,
): Promise<StormReport> {
  const database = await postgres.database('storm');
  const server = await startBatonServer(database, { environment: { RATE_LIMITS: 'off' } });
  const look = new pg.Client({ connectionString: database });
  const people: Returning[] = [];
  try {
    await look.connect();
    const client = new Client(server.url);
    people.push(...(await each(returning, () => Returning.come(client))));
    await each(returning, (index) => (people[index] as Returning).say('first'));
    await rest(look);
    const agent = await takeAll(client, people);
    await sayUntilTold(people);
    const killedAt = performance.now();
    const killing = server.kill();
    const back = Promise.all(people.map((one) => one.comeBack('second', 'third')));
    await killing;
    await server.start();
    const upAt = performance.now();
    const probes = probe(server.url);
    agent.cut();
    await back;
    const meanwhile = await probes.end();
    const times = people.map(({ backAt }) => (backAt as number) - upAt);
    const backSeconds = Math.max(...times) / 1_000;
    tell(`storm: ${returning} are back after ${backSeconds.toFixed(1)} s`);
    await rest(look);
    const faults = await prove(look, people, ['first', 'second', 'third']);
    return {
      ...NO_FAULTS,
      ...faults,
      sockets: returning,
      startSeconds: (upAt - killedAt) / 1_000,
      backSeconds,
      backP50: percentile(times, 0.5),
      backP99: percentile(times, 0.99),
      meanwhile,
    };
  } finally {
    for (const one of people) one.leave();
    await look.end();
    await server.stop();
  }
}

/** A person has all of them from here on: what is measured is the way back, not what a bot does with the next message. */
async function takeAll(client: Client, people: readonly Returning[]): Promise<Wire> {
  const { cookie } = await client.login(OWNER.email, OWNER.password);
  const wire = await Wire.open(client.socket('/v1/realtime'), { cookie });
  await wire.hello({});
  await each(people.length, (index) =>
    wire.request({ type: 'take', conversation: (people[index] as Returning).conversation }),
  );
  return wire;
}

/** Everybody says something; resolves when some know that it is safe. */
async function sayUntilTold(people: readonly Returning[]): Promise<void> {
  const enough = Promise.withResolvers<void>();
  let told = 0;
  for (const one of people)
    one.say('second').then(
      () => {
        if (++told >= people.length * TOLD) enough.resolve();
      },
      () => undefined,
    );
  await enough.promise;
}

/** Asks again and again how it stands with somebody else's request. */
function probe(url: string): { end(): Promise<StormReport['meanwhile']> } {
  const requests = new Requests(url, { authorization: `Bearer ${KEY}` });
  const times: number[] = [];
  const asked: Promise<void>[] = [];
  let failed = 0;
  const timer = setInterval(() => {
    asked.push(
      requests.get('/v1/availability').then(
        (ms) => void times.push(ms),
        () => void failed++,
      ),
    );
  }, PROBE_MS);
  return {
    async end() {
      clearInterval(timer);
      await Promise.race([Promise.all(asked), sleep(10_000)]);
      requests.close();
      return {
        p50: percentile(times, 0.5),
        p99: percentile(times, 0.99),
        worst: percentile(times, 1),
        failed,
      };
    },
  };
}
