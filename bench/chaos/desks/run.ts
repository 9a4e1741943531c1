import { setTimeout as sleep } from 'node:timers/promises';
import { Baton } from '@baton/sdk';
import { KINDS } from '@baton/server/test/desk-twins.ts';
import { Database } from '#bench/chaos/database.ts';
import { Node } from '#bench/chaos/node.ts';
import { between, type Dice, diceOf } from '#bench/simulate/script/random.ts';
import type { DeskOptions } from './options.ts';
import { connect, ended, type Place, play, progress } from './place.ts';
import { type DeskReport, type DesksReport, reportOf } from './report.ts';
import { rage } from './storm.ts';

const KEY = 'baton_chaos_key_of_this_run_0123456789';
/** A call of ours outlives a server that is killed several times. */
const TRIES = 200;
/** What a lost webhook did not say is found by the next poll: five minutes later at most (hub/desk-poll.ts), and some more. */
const SETTLE_MS = 360_000;
/** In a short run, after the last conversation has ended. */
const LAST_ASKED_MS = 8_000;
/** The share of conversations that has to end in bad weather. */
const STORMY = 0.9;

/** Brings conversations to every desk at once while its vendor and Baton have their worst day, and proves what became of them. */
export async function deskChaos(
  options: DeskOptions,
  stopped: AbortSignal,
  say: (what: string) => void,
): Promise<DesksReport> {
  const undo: (() => Promise<void>)[] = [];
  try {
    const database = await Database.start();
    undo.push(() => database.stop());
    const environment = { DATABASE_URL: database.url, ALLOW_PRIVATE_ADDRESSES: 'true', BATON_API_KEY: KEY };
    const node = await Node.start(environment);
    undo.push(() => node.stop());
    return await onServer(options, { database, node, undo }, stopped, say);
  } finally {
    for (const one of undo.reverse()) await one();
  }
}

interface Running {
  database: Database;
  node: Node;
  undo: (() => Promise<void>)[];
}

async function onServer(
  options: DeskOptions,
  { database, node, undo }: Running,
  stopped: AbortSignal,
  say: (what: string) => void,
): Promise<DesksReport> {
  const baton = new Baton({ url: `http://127.0.0.1:${node.port}`, key: KEY, tries: TRIES });
  const places: Place[] = [];
  for (const { kind, polls, hasTwin } of KINDS) {
    if (!hasTwin || (options.desk !== null && options.desk !== kind)) continue;
    const place = await connect(baton, { kind, polls }, options.limits);
    undo.push(() => place.twin.close());
    places.push(place);
  }
  const began = performance.now();
  const tell = (what: string) => say(`${seconds(began)} s: ${what}; ${progress(places)}`);
  const { kills, faults } = await worstDay(places, baton, options, { database, node, undo }, stopped, tell);
  await Promise.all(places.map(({ twin }) => twin.webhooks.settled()));
  const desks: DeskReport[] = await Promise.all(
    places.map((place, index) => reportOf(place, faults[index] ?? {}, baton, database.url)),
  );
  if (desks.some(({ findings }) => findings.length > 0))
    say(`the end of what the server wrote:\n${node.output.slice(-3_000)}`);
  return {
    seed: options.seed,
    seconds: seconds(began),
    kills,
    crashes: node.crashes,
    desks,
    untried: KINDS.filter(({ hasTwin }) => !hasTwin).map(({ kind }) => kind),
  };
}

/** Everything at once, until most conversations have ended; the others end in peace: what is left over then is left over for good. */
async function worstDay(
  places: readonly Place[],
  baton: Baton,
  options: DeskOptions,
  { database, node, undo }: Running,
  stopped: AbortSignal,
  tell: (what: string) => void,
): Promise<{ kills: number; faults: DeskReport['faults'][] }> {
  const calm = new AbortController();
  // Nothing new is begun after this; what is under way is ended and proved.
  const over = AbortSignal.any([stopped, AbortSignal.timeout(options.maxSeconds * 1_000)]);
  const signal = AbortSignal.any([calm.signal, over]);
  const storms = places.map(({ kind, polls, twin }) =>
    rage(twin, options.storm, { polls, dice: diceOf(`${options.seed} ${kind} storm`), signal }),
  );
  const killing = kill(node, places, options, signal, (count) => tell(`kill ${count}`));
  const asked = new AbortController();
  const asking = options.askOften ? askOften(database, AbortSignal.any([asked.signal, over])) : Promise.resolve();
  const home = new AbortController();
  undo.push(async () => home.abort());
  const players = { over, signal: AbortSignal.any([stopped, home.signal]) };
  const playing = Promise.all(places.map((place) => play(place, baton, options, players)));
  const enough = places.length * options.conversations * STORMY;
  await Promise.race([playing, until(() => ended(places) >= enough, over)]);
  calm.abort();
  tell('calm');
  await Promise.race([playing, sleep(SETTLE_MS, undefined, { ref: false, signal: stopped }).catch(() => undefined)]);
  const faults = await Promise.all(storms);
  const kills = await killing;
  // A lost webhook is found by asking: the last words before the end need a few rounds of it, too.
  if (options.askOften) await sleep(LAST_ASKED_MS, undefined, { signal: over }).catch(() => undefined);
  asked.abort();
  await asking;
  return { kills, faults };
}

const seconds = (began: number) => Math.round((performance.now() - began) / 1_000);

/** kill -9, again and again; a supervisor starts it anew. */
async function kill(
  node: Node,
  places: readonly Place[],
  { kill: { low, high, calls, most }, seed }: DeskOptions,
  signal: AbortSignal,
  tell: (count: number) => void,
): Promise<number> {
  const dice: Dice = diceOf(`${seed} kills`);
  const got = () => places.reduce((sum, { twin }) => sum + twin.calls.length, 0);
  const busy = () => places.filter(({ stories }) => stories.some(({ over }) => !over)).length;
  let count = 0;
  while (count < most) {
    const enough = got() + calls * busy();
    await sleep(between(dice, low, high), undefined, { signal }).catch(() => undefined);
    await until(() => got() >= enough, signal);
    if (signal.aborted) break;
    tell(++count);
    node.kill();
    await node.ready();
  }
  return count;
}

/** Short runs do not wait for the polls' own time. */
async function askOften(database: Database, signal: AbortSignal): Promise<void> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  pool.on('error', () => undefined);
  while (!signal.aborted) {
    await sleep(2_000, undefined, { signal }).catch(() => undefined);
    await pool
      .query("update cursors set due_at = now() where side like 'poll:%' and due_at > now() and lease is null")
      .catch(() => undefined);
  }
  await pool.end();
}

async function until(look: () => boolean, signal: AbortSignal): Promise<void> {
  while (!look() && !signal.aborted) await sleep(100);
}
