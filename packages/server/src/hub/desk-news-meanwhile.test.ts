import type { ConversationId } from '@baton/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Desk } from '#ports/desk.ts';
import { wholeLog } from '#store/conversations.ts';
import type { KeptItem } from '#store/inbox.ts';
import { type BareLedger, bareLedger, DESK } from '#test/bare-ledger.ts';
import { inBetween } from '#test/in-between.ts';
import { type BringDeps, bringNews } from './bring-news.ts';
import { Circuits } from './circuits.ts';
import type { DeskNews } from './desk-commands.ts';

const DANA = { id: 'a1', name: 'Dana' };
let bare: BareLedger;

beforeAll(async () => {
  bare = await bareLedger();
});
afterAll(() => bare.stop());

type News = DeskNews extends infer N ? (N extends DeskNews ? Omit<N, 'ticket' | 'key'> : never) : never;

/** The desk tells this of a ticket. */
function tells(ticket: string, news: News, ledger: BringDeps['ledger'] = bare.ledger) {
  const { pool, world } = bare;
  const key = world.newId('evt');
  const deps: BringDeps = {
    pool,
    world,
    ledger,
    circuits: new Circuits(world.now),
    ingest: { keep: async () => new Set<string>() },
    keepFile: () => Promise.reject(new Error('There is no file.')),
  };
  const payload = { ...news, ticket, key };
  const item: KeptItem = { key, ticket, type: news.type, at: null, receivedAt: Date.now(), attempts: 0, payload };
  return bringNews(deps, DESK, {} as Desk, item, { lastTry: false, wasKnown: true });
}

async function asking(): Promise<ConversationId> {
  const id = await bare.opened();
  await bare.does(bare.ledger, id, bare.asks());
  return id;
}

const control = async (id: ConversationId) => (await bare.ledger.readNow(id))?.control;

test('[DS18] an agent who answers in the moment in which his ticket is noted is heard', async () => {
  const id = await asking();
  void inBetween(bare.pool, /is-opening/, { before: () => bare.acknowledged(bare.ledger, id, '1') });
  expect(await tells('1', { type: 'agent.said', agent: DANA, text: 'Hello', files: [] })).toBe('done');
  expect(await control(id)).toMatchObject({ holder: 'agent', agent: { id: 'a1' } });
});

test('[DS11] what an agent gives back in the moment in which he loses it is given back all the same', async () => {
  const id = await asking();
  const { ledger } = bare;
  const handoff = await bare.acknowledged(ledger, id, '2');
  await tells('2', { type: 'assigned', agent: DANA });
  let lost = false;
  const restless: BringDeps['ledger'] = {
    readNow: (one) => ledger.readNow(one),
    async commit(one, command) {
      if (!lost) await bare.does(ledger, id, { type: 'requeue', handoff, why: 'agent_lost' });
      lost = true;
      return ledger.commit(one, command);
    },
  };
  expect(await tells('2', { type: 'returned', agent: DANA }, restless)).toBe('done');
  expect(await control(id)).toMatchObject({ holder: 'bot' });
});

test('[ND18] what a desk tells is held against what another node has just written', async () => {
  const { ledger, elsewhere } = bare;
  // There are others, and their notices are on the way.
  ledger.believe(true, false);
  const id = await bare.opened();
  await bare.does(elsewhere, id, bare.asks());
  await bare.acknowledged(elsewhere, id, '4');
  expect(await tells('4', { type: 'assigned', agent: DANA })).toBe('done');
  expect(await control(id)).toMatchObject({ holder: 'agent', agent: { id: 'a1' } });
  ledger.believe(true, true);
});

test('[DS11] words of an agent who took the conversation and lost it before he had said them are brought', async () => {
  const id = await asking();
  const { ledger } = bare;
  await bare.acknowledged(ledger, id, '5');
  await tells('5', { type: 'assigned', agent: DANA });
  await tells('5', { type: 'returned', agent: DANA });
  const restless: BringDeps['ledger'] = {
    readNow: (one) => ledger.readNow(one),
    async commit(one, command) {
      const outcome = await ledger.commit(one, command);
      if (command.type === 'take' && outcome.ok && !outcome.repeated)
        await bare.does(ledger, id, { type: 'release', by: { role: 'api', id: 'key_1' } });
      return outcome;
    },
  };
  const words: News = { type: 'agent.said', agent: DANA, text: 'One more thing', files: [] };
  expect(await tells('5', words, restless)).toBe('done');
  expect(JSON.stringify(await wholeLog(bare.pool, id))).toContain('One more thing');
});
