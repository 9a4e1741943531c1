import type { ConversationId } from '@baton/core';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wholeLog } from '#store/conversations.ts';
import { rearm } from '#store/deadlines.ts';
import { flush } from '#store/flush.ts';
import { type BareLedger, bareLedger } from '#test/bare-ledger.ts';
import { inBetween } from '#test/in-between.ts';
import { seedWorkspace } from '#test/workspace.ts';
import { Directory } from './directory.ts';
import { Ledger, type Outcome } from './ledger.ts';

let bare: BareLedger;
beforeAll(async () => {
  bare = await bareLedger();
});
afterAll(async () => {
  await bare.stop();
});

/** A node that knows nothing yet. */
function node(directory = new Directory({ pool: bare.pool, now: bare.world.now })): Ledger {
  const { pool, world } = bare;
  return new Ledger({ pool, world, directory });
}

async function opened(ledger: Ledger, { workspace, channel, bot, customer } = bare.seed): Promise<ConversationId> {
  const id = bare.world.newId('cnv');
  await bare.does(ledger, id, { type: 'open', id, workspace, channel, customer, bot });
  return id;
}

function ok(outcome: Outcome) {
  if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.code}`);
  return outcome;
}

test('[RT5, ST1] what is said while a conversation is loaded comes after what waits for it', async () => {
  const { pool, world, seed } = bare;
  const first = node();
  const here = await opened(first);
  const there = await opened(first, await seedWorkspace(pool));
  const directory = new Directory({ pool, now: world.now });
  await directory.load([seed.workspace]);
  const ledger = node(directory);
  let late: Promise<Outcome> | null = null;
  // The rules of the other workspace are still to be read, as the log of this conversation was already.
  void inBetween(pool, /from workspaces where id/, {
    before: async () => {
      late = ledger.commit(here, bare.says('two'));
    },
  });
  await Promise.all([ledger.commit(here, bare.says('one')), ledger.commit(there, bare.says('elsewhere'))]);
  await late;
  const said = (await wholeLog(pool, here)).flatMap(({ event }) =>
    event.type === 'message' && event.message.author.role === 'customer' ? event.message.parts : [],
  );
  expect(said).toEqual([
    { type: 'text', text: 'one' },
    { type: 'text', text: 'two' },
  ]);
});

test('[ND18] what another node writes while a conversation is loaded here is not overlooked', async () => {
  const { pool } = bare;
  const [ours, theirs] = [node(), node()];
  const id = await opened(theirs);
  void inBetween(pool, /load-conversations/, {
    after: async () => {
      const { seq } = ok(await theirs.commit(id, bare.says('meanwhile')));
      ours.forget(id, seq);
    },
  });
  // Nothing to do, so that it writes nothing.
  ok(await ours.commit(id, { type: 'tick' }));
  expect((await ours.read(id))?.seq).toBe((await theirs.read(id))?.seq);
});

test('[TM1] a deadline that is written while an older one is set anew stays', async () => {
  const { pool, seed } = bare;
  const ledger = node();
  const id = await opened(ledger);
  const { seq } = ok(await ledger.commit(id, bare.says('hello')));
  const writer = await pool.connect();
  await writer.query('begin');
  const [soon, later] = [Date.now() + 30_000, Date.now() + 600_000];
  const event = { seq: seq + 1, at: Date.now(), type: 'bot.skipped', json: '{"type":"bot.skipped"}', key: undefined };
  const nothing = { state: null, head: null, handoffs: [], wakes: [], people: [] };
  await flush(writer as unknown as pg.Pool, [
    {
      ...nothing,
      id,
      workspace: seed.workspace,
      expected: seq,
      next: seq + 1,
      at: event.at,
      events: [event],
      deadline: soon,
    },
  ]);
  const set = rearm(pool, id, seq, later);
  await expect
    .poll(
      async () =>
        (
          await pool.query(
            "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database() and query like '%deadlines%'",
          )
        ).rowCount,
    )
    .toBe(1);
  await writer.query('commit');
  writer.release();
  await set;
  const { rows } = await pool.query(
    'select extract(epoch from due_at)::float8 * 1000 as due from deadlines where conversation_id = $1',
    [id],
  );
  expect(rows[0]?.due).toBeLessThanOrEqual(soon);
});
