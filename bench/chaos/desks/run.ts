import { setTimeout as sleep } from 'node:timers/promises';
import type { EventItem } from '@baton/protocol';
import { Baton } from '@baton/sdk';
import type { DeskFault } from '@baton/server/src/adapters/kit/desk-twin.ts';
import { KINDS, type Stand, stand } from '@baton/server/test/desk-twins.ts';
import { Database } from '#bench/chaos/database.ts';
import { Node } from '#bench/chaos/node.ts';
import { between, type Dice, diceOf } from '#bench/simulate/script/random.ts';
import type { DeskOptions } from './options.ts';
import { type Finding, openAt, prove } from './proof.ts';
import { rage } from './storm.ts';
import { Story } from './story.ts';

const KEY = 'baton_chaos_key_of_this_run_0123456789';
/** A call of ours outlives a server that is killed several times. */
const TRIES = 200;
/** The desks' own deadlines are for people; here nobody is in a hurry, and a vendor may be away for long. */
const LIMITS = { deskTrySeconds: 120, deskTotalSeconds: 300 };
const SETTLE_MS = 240_000;
/** In a short run, after the last conversation has ended. */
const LAST_ASKED_MS = 8_000;
/** The longest pause between two tries, and some more. */
const REST_MS = 75_000;
const FINDINGS_TOLD = 40;
/** The share of conversations that has to end in bad weather. */
const STORMY = 0.9;

export interface DeskReport {
  kind: string;
  conversations: number;
  tickets: number;
  toDesk: number;
  fromDesk: number;
  calls: number;
  webhooks: number;
  faults: Partial<Record<DeskFault, number>>;
  /** Handoffs that the desk did not take in time; the customer was told, and asked again. */
  refused: number;
  lost: number;
  doubled: number;
  outOfOrder: number;
  /** Neither done nor known to have failed, or never ended. */
  unknown: number;
  /** Notes among staff that a customer could read. */
  leaked: number;
  findings: Finding[];
}

export interface DesksReport {
  seed: string;
  seconds: number;
  kills: number;
  /** Times that the server ended by itself. */
  crashes: string[];
  desks: DeskReport[];
  /** Kinds of the registry without a twin. */
  untried: string[];
}

/** A desk with its twin, connected, and the conversations that go there. */
interface Place extends Stand {
  kind: string;
  polls: boolean;
  id: string;
  queue: string;
  stories: Story[];
}

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
    const place = await connect(baton, kind, polls);
    undo.push(() => place.twin.close());
    places.push(place);
  }
  const began = performance.now();
  const calm = new AbortController();
  // Nothing new is begun after this; what is under way is ended and proved.
  const over = AbortSignal.any([stopped, AbortSignal.timeout(options.maxSeconds * 1_000)]);
  const storms = places.map((place) =>
    rage(place.twin, options.storm, {
      polls: place.polls,
      dice: diceOf(`${options.seed} ${place.kind} storm`),
      signal: AbortSignal.any([calm.signal, over]),
    }),
  );
  const killing = kill(node, options, AbortSignal.any([calm.signal, over]), (count) =>
    say(`${seconds(began)} s: kill ${count}; ${progress(places)}`),
  );
  const asked = new AbortController();
  const asking = options.askOften ? askOften(database, AbortSignal.any([asked.signal, over])) : Promise.resolve();
  const home = new AbortController();
  undo.push(async () => home.abort());
  const players = { over, signal: AbortSignal.any([stopped, home.signal]) };
  const playing = Promise.all(places.map((place) => play(place, baton, options, players)));
  // The last tenth ends in peace: what is left over afterwards is left over for good.
  const enough = places.length * options.conversations * STORMY;
  await Promise.race([playing, until(() => ended(places) >= enough, over)]);
  calm.abort();
  say(`${seconds(began)} s: calm; ${progress(places)}`);
  await Promise.race([playing, sleep(SETTLE_MS, undefined, { ref: false, signal: stopped }).catch(() => undefined)]);
  const faults = await Promise.all(storms);
  const kills = await killing;
  // A lost webhook is found by asking: the last words before the end need a few rounds of it, too.
  if (options.askOften) await sleep(LAST_ASKED_MS, undefined, { signal: over }).catch(() => undefined);
  asked.abort();
  await asking;
  await Promise.all(places.map(({ twin }) => twin.webhooks.settled()));
  const desks: DeskReport[] = [];
  for (const [index, place] of places.entries())
    desks.push(await reportOf(place, faults[index] ?? {}, baton, database));
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

const seconds = (began: number) => Math.round((performance.now() - began) / 1_000);
const ended = (places: readonly Place[]) =>
  places.reduce((sum, { stories }) => sum + stories.filter(({ over }) => over).length, 0);

function progress(places: readonly Place[]): string {
  return places
    .map(({ kind, stories }) => `${kind} ${stories.filter(({ over }) => over).length}/${stories.length}`)
    .join(', ');
}

async function connect(baton: Baton, kind: string, polls: boolean): Promise<Place> {
  const { twin, config } = await stand(kind);
  const made = await baton.post('/v1/integrations', { body: { side: 'desk', kind, name: kind, config } });
  twin.webhooks.to(made.inboundUrl);
  const { id } = made;
  const queue = await baton.post('/v1/queues', { body: { name: `To ${kind}`, desks: [id], limits: LIMITS } });
  return { kind, polls, id, queue: queue.id, twin, config, stories: [] };
}

/** So many conversations, so many at once. */
async function play(
  place: Place,
  baton: Baton,
  options: DeskOptions,
  { over, signal }: { over: AbortSignal; signal: AbortSignal },
): Promise<void> {
  const { twin, queue, kind } = place;
  await Promise.all(
    Array.from({ length: Math.min(options.atOnce, options.conversations) }, async () => {
      while (place.stories.length < options.conversations && !over.aborted) {
        const name = `${kind}-${String(place.stories.length).padStart(4, '0')}`;
        const story = new Story({ baton, twin, queue, name, dice: diceOf(`${options.seed} ${name}`), signal });
        place.stories.push(story);
        await story.play().catch((error: unknown) => {
          if (!signal.aborted) story.waiting = `its end: ${error}`;
        });
      }
    }),
  );
}

/** kill -9, again and again; a supervisor starts it anew. */
async function kill(
  node: Node,
  { killMs, seed }: DeskOptions,
  signal: AbortSignal,
  tell: (count: number) => void,
): Promise<number> {
  const dice: Dice = diceOf(`${seed} kills`);
  let count = 0;
  for (;;) {
    await sleep(between(dice, killMs.low, killMs.high), undefined, { signal }).catch(() => undefined);
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

async function reportOf(
  place: Place,
  faults: DeskReport['faults'],
  baton: Baton,
  database: Database,
): Promise<DeskReport> {
  const { kind, stories, twin, id } = place;
  const left = await leftAt(database.url, id);
  const tickets = twin.tickets();
  const findings: Finding[] = [];
  for (const story of stories) {
    const alike = tickets.filter(({ entries }) => entries.some(({ text }) => text.includes(`${story.name} before 0.`)));
    findings.push(
      ...prove(
        story,
        twin,
        await logOf(baton, story.conversation),
        alike.map((one) => one.id),
      ),
    );
  }
  const byConversation = new Map(stories.map((story) => [story.conversation as string, story.name]));
  for (const { what, conversation } of left)
    findings.push({ kind: 'unknown', what, conversation, story: byConversation.get(conversation) ?? '-' });
  const count = (wrong: Finding['kind']) => findings.filter((one) => one.kind === wrong).length;
  const sum = (of: (story: Story) => number) => stories.reduce((total, story) => total + of(story), 0);
  return {
    kind,
    conversations: stories.length,
    tickets: tickets.length,
    toDesk: sum(({ asked }) => asked.length),
    fromDesk: sum(({ answered }) => answered.length),
    calls: twin.calls.length,
    webhooks: twin.webhooks.sent.length,
    faults,
    refused: sum(({ refused }) => refused),
    lost: count('lost'),
    doubled: count('doubled'),
    outOfOrder: count('outOfOrder'),
    unknown: count('unknown'),
    leaked: count('leaked'),
    findings: findings.slice(0, FINDINGS_TOLD),
  };
}

/** What is still open when everything that was only waiting for its next try has had it. */
async function leftAt(url: string, desk: string): ReturnType<typeof openAt> {
  for (const end = performance.now() + REST_MS; ; await sleep(500)) {
    const open = await openAt(url, desk);
    if (open.length === 0 || performance.now() > end) return open;
  }
}

async function logOf(baton: Baton, conversation: Story['conversation']): Promise<EventItem[]> {
  if (conversation === null) return [];
  const items: EventItem[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page: { items: EventItem[]; next: number | null } = await baton.get('/v1/conversations/{id}/events', {
      params: { id: conversation },
      query: { after, limit: 1_000 },
    });
    items.push(...page.items);
    after = page.next;
  }
  return items;
}
