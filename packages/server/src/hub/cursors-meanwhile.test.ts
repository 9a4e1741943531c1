import type { ConversationId, IntegrationId } from '@baton/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Bot } from '#ports/bot.ts';
import type { Desk } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { wholeLog } from '#store/conversations.ts';
import { finish, type Lease, leaseDue, wakeCursor } from '#store/cursors.ts';
import { Seal } from '#store/sealed.ts';
import { webhookPlace } from '#store/sealed-config.ts';
import { newToken } from '#store/secrets.ts';
import { type BareLedger, bareLedger, DESK } from '#test/bare-ledger.ts';
import { type BotSideDeps, botSide } from './bot-side.ts';
import { Circuits } from './circuits.ts';
import { CursorWorker } from './cursor-worker.ts';
import { deskSide } from './desk-side.ts';
import type { DeskSideDeps } from './desk-step.ts';
import { Directory } from './directory.ts';
import { Ledger } from './ledger.ts';
import { Links } from './links.ts';
import { type Signal, Signals } from './signals.ts';
import { webhookSide } from './webhook-side.ts';
import type { Errand, Webhooks } from './webhooks.ts';

const DANA = { id: 'agt_dana', name: 'Dana' };

let bare: BareLedger;
beforeAll(async () => {
  bare = await bareLedger();
});
beforeEach(() => bare.pool.query('delete from cursors'));
afterAll(() => bare.stop());

async function leased(side: string): Promise<Lease> {
  await bare.pool.query('update cursors set due_at = now() where side like $1', [`${side}%`]);
  const [lease] = await leaseDue(bare.pool, 'nod_ours', side, 1);
  if (!lease) throw new Error(`No cursor of ${side} is due.`);
  return lease;
}

/** This node was silent for so long that another took the cursor up. */
const takenUp = (side: string) =>
  bare.pool.query(
    "update cursors set lease = 'nod_theirs', leased_until = now() + interval '1 minute' where side like $1",
    [`${side}%`],
  );

describe('a desk', () => {
  const workAt = (desk: Partial<Desk>) => {
    const ready = { id: DESK, can: {}, ...desk } as Desk;
    const desks = { get: async () => ready, group: () => null, inboundSecret: () => null };
    const { pool, world, ledger, directory } = bare;
    const links = new Links({ secret: 'test', publicUrl: () => 'http://test', now: world.now });
    const deps = { pool, world, ledger, directory, desks, circuits: new Circuits(world.now), links };
    return deskSide({ ...deps, ingest: { keep: async () => new Set<string>() } } as unknown as Parameters<
      typeof deskSide
    >[0] &
      DeskSideDeps);
  };

  test('[CR5] is told nothing more by a node whose cursor another has taken up', async () => {
    const id = await bare.opened();
    await bare.does(bare.ledger, id, bare.asks());
    await bare.acknowledged(bare.ledger, id, '7');
    await bare.does(bare.ledger, id, bare.says('one'));
    await bare.does(bare.ledger, id, bare.says('two'));
    const told: string[] = [];
    const work = workAt({
      send: async (_ticket, { text }) => {
        told.push(text);
        await takenUp('desk:');
        return { externalId: text };
      },
    });
    await work(await leased('desk:'));
    expect(told).toEqual(['one']);
  });

  test('[ND18] gets a handoff that another node has written just now', async () => {
    const id = await bare.opened();
    await bare.does(bare.elsewhere, id, bare.asks());
    let opens = 0;
    const open = () => {
      opens++;
      return Promise.reject(new AdapterFailure('retry', 'Not now.'));
    };
    await workAt({ open })(await leased('desk:'));
    expect(opens).toBe(1);
  });
});

describe('a bot', () => {
  const workOf = (answer: Bot['answer'], more: Partial<BotSideDeps> = {}) => {
    const { pool, world, ledger, directory } = bare;
    const can = { whispers: false, streams: false, later: false };
    const bot = async (_workspace: unknown, id: IntegrationId) => ({ id, name: 'Bot', can, answer });
    return botSide({ pool, directory, ledger, signals: new Signals(), world, bot, outlooks: async () => [], ...more });
  };
  const reply = (text: string): Awaited<ReturnType<Bot['answer']>> => ({
    kind: 'actions',
    actions: [{ type: 'say', parts: [{ type: 'text', text }] }],
  });

  test('[CR5] is asked nothing more by a node whose cursor another has taken up', async () => {
    const id = await bare.opened();
    await bare.does(bare.ledger, id, bare.says('one'));
    await bare.does(bare.ledger, id, bare.says('two'));
    const asked: string[] = [];
    const work = workOf(async ({ message }) => {
      asked.push(message?.text ?? '');
      await takenUp('bot:');
      return reply('Yes.');
    });
    await work(await leased('bot:'));
    expect(asked).toEqual(['one']);
  });

  test('[BT13] has all its tries at each turn, also where the one before took some', async () => {
    const id = await bare.opened();
    await bare.does(bare.ledger, id, bare.says('one'));
    await bare.does(bare.ledger, id, bare.says('two'));
    const answers = [null, reply('First.'), null, reply('Second.')];
    const work = workOf(async () => {
      const answer = answers.shift();
      if (!answer) throw new AdapterFailure('retry', 'Busy.');
      return answer;
    });
    for (let time = 0; time < 3; time++) await work(await leased('bot:'));
    const said = (await wholeLog(bare.pool, id)).flatMap(({ event }) =>
      event.type === 'message' && event.message.author.role === 'bot' ? event.message.parts : [],
    );
    expect(said).toEqual([
      { type: 'text', text: 'First.' },
      { type: 'text', text: 'Second.' },
    ]);
  });

  test('[BT12] that lost control while its turn was put together is not asked, and is not shown as typing', async () => {
    const id = await bare.opened();
    await bare.does(bare.ledger, id, bare.says('one'));
    const signals = new Signals();
    const shown: Signal[] = [];
    signals.on((signal) => shown.push(signal));
    let asked = 0;
    const work = workOf(
      async () => {
        asked++;
        return reply('Too late.');
      },
      {
        signals,
        outlooks: async () => {
          await bare.does(bare.ledger, id, { type: 'take', agent: DANA });
          return [];
        },
      },
    );
    await work(await leased('bot:'));
    expect([asked, shown]).toEqual([0, []]);
  });
});

test('[WH1, ND8] an endpoint that was made on another node just now hears of what was written there', async () => {
  const { pool, world, directory, seed } = bare;
  const { workspace } = seed;
  await bare.pool.query(
    "insert into webhooks (workspace_id, id, url, events, secret) values ($1, 'whk_new', 'http://test', '{*}', 'whsec_')",
    [workspace],
  );
  const there = new Directory({ pool, now: world.now });
  const id = world.newId('cnv');
  const { channel, customer, bot } = seed;
  const fresh = new Ledger({ pool, world, directory: there });
  await there.load([workspace]);
  await bare.does(fresh, id, { type: 'open', id, workspace, channel, customer, bot });
  const told: number[] = [];
  const webhooks = { waitMs: () => 0, tell: async ({ logged }: Errand) => void told.push(logged.seq) };
  const tell = webhookSide({
    pool,
    directory,
    webhooks: webhooks as unknown as Webhooks,
    workspaceOf: async () => workspace,
  });
  await tell(await leased('webhook:'));
  expect(told).toEqual([1]);
});

test('[SE7, WH2] an endpoint whose secret cannot be read for now misses nothing', async () => {
  const { pool, world, seed } = bare;
  const { workspace } = seed;
  const seal = new Seal(newToken());
  const secret = seal.close('whsec_', webhookPlace({ workspace, id: 'whk_shut' }));
  await pool.query(
    "insert into webhooks (workspace_id, id, url, events, secret) values ($1, 'whk_shut', 'http://test', '{*}', $2)",
    [workspace, secret],
  );
  const id = await bare.opened();
  await wakeCursor(pool, id, 'webhook:whk_shut', 0);
  const told: number[] = [];
  const webhooks = { waitMs: () => 0, tell: async ({ logged }: Errand) => void told.push(logged.seq) };
  for (const key of [{}, { seal }]) {
    const directory = new Directory({ pool, now: world.now, ...key });
    const deps = { pool, directory, webhooks: webhooks as unknown as Webhooks };
    await webhookSide({ ...deps, workspaceOf: async () => workspace })(await leased('webhook:whk_shut'));
  }
  expect(told).toEqual([1]);
});

/** Leases on its cursors that have not run out. */
async function leasesOf(id: ConversationId): Promise<number | null> {
  const held = 'select from cursors where conversation_id = $1 and leased_until > now()';
  return (await bare.pool.query(held, [id])).rowCount;
}

test('[CR5] a cursor whose lease ran out while this node worked at it is not worked at twice', async () => {
  const id = await bare.opened();
  await bare.does(bare.ledger, id, bare.says('one'));
  const { pool, world, ledger } = bare;
  const done = Promise.withResolvers<void>();
  const worked: Lease[] = [];
  const worker = new CursorWorker({
    pool,
    world,
    ledger,
    node: 'nod_ours',
    side: 'bot:',
    work: async (lease) => {
      worked.push(lease);
      await done.promise;
    },
  });
  worker.start();
  await expect.poll(() => worked.length).toBe(1);
  await bare.pool.query("update cursors set leased_until = now() - interval '1 second' where conversation_id = $1", [
    id,
  ]);
  worker.wake();
  await expect.poll(() => leasesOf(id)).toBe(1);
  done.resolve();
  await worker.stop();
  expect(worked).toHaveLength(1);
});

test('[CR5] a cursor that is due again while its work is just ending is worked at again then, not when its lease runs out', async () => {
  const id = await bare.opened();
  await bare.does(bare.ledger, id, bare.says('one'));
  const { pool, world, ledger } = bare;
  let worked = 0;
  const worker = new CursorWorker({
    pool,
    world,
    ledger,
    node: 'nod_ours',
    side: 'bot:',
    work: async (lease) => {
      worked++;
      // Something comes meanwhile, and before this work has ended altogether the worker has looked again.
      if (worked === 1) await pool.query('update cursors set wakes = wakes + 1 where conversation_id = $1', [id]);
      await finish(pool, lease, lease.seq);
      if (worked > 1) return;
      worker.wake();
      await expect.poll(() => leasesOf(id)).toBe(1);
    },
  });
  worker.start();
  await expect.poll(() => worked).toBe(2);
  await worker.stop();
  expect(await leasesOf(id)).toBe(0);
});
