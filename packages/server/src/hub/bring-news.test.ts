import type { IntegrationId } from '@baton/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Desk } from '#ports/desk.ts';
import { eventsAfter } from '#store/conversations.ts';
import type { KeptItem } from '#store/inbox.ts';
import { type TestSide, testSide } from '#test/side.ts';
import { realWorld } from '#world';
import { bringNews } from './bring-news.ts';
import { Circuits } from './circuits.ts';
import type { Ledger } from './ledger.ts';

const DESK: IntegrationId = 'int_desk';
const TICKET = '7';
const silent = { debug() {}, info() {}, warn() {}, error() {} };

let side: TestSide;

beforeAll(async () => {
  side = await testSide();
});
afterAll(() => side.stop());

/** A conversation whose handoff had a ticket at an outside desk. It is over, so that nobody but this test moves it. */
async function handedOff() {
  const { hub, seed, pool } = side;
  const id = 'cnv_brought' as const;
  const { workspace, channel, customer, bot } = seed;
  await hub.ledger.open({ type: 'open', id, workspace, channel, customer, bot });
  const by = { role: 'customer', id: customer } as const;
  await hub.ledger.commit(id, { type: 'request-handoff', key: 'r', by, reason: 'customer_asked' });
  await hub.ledger.commit(id, { type: 'cancel', key: 'c', by });
  await pool.query('update handoffs set desk_id = $2, ticket = $3 where conversation_id = $1', [
    id,
    DESK,
    JSON.stringify({ id: TICKET }),
  ]);
  return id;
}

/** The real one, whose conversation has always just moved on, so many times. */
function restless(times: number): Pick<Ledger, 'readNow' | 'commit'> {
  const { ledger } = side.hub;
  let left = times;
  return {
    readNow: (id) => ledger.readNow(id),
    commit: async (id, command) =>
      left-- > 0 ? { ok: false, refusal: { code: 'control_lost', message: 'Moved.' } } : ledger.commit(id, command),
  };
}

it('[DS18, DS34] an agent’s words that the conversation refuses again and again are not lost', async () => {
  const conversation = await handedOff();
  const { pool } = side;
  const now = Date.now();
  const item: KeptItem = {
    key: 'm1',
    ticket: TICKET,
    type: 'agent.said',
    at: now,
    receivedAt: now,
    attempts: 0,
    payload: {
      type: 'agent.said',
      ticket: TICKET,
      key: 'm1',
      agent: { id: 'a1', name: 'Dana' },
      text: 'Not lost.',
      files: [],
    },
  };
  const deps = {
    pool,
    world: realWorld(silent, fetch),
    ledger: restless(7),
    circuits: new Circuits(Date.now),
    ingest: { keep: async () => new Set<string>() },
    keepFile: () => Promise.reject(new Error('There is no file.')),
  };
  const desk = {} as Desk;
  const known = { lastTry: false, wasKnown: true };
  // Noted since its desk could have been asked: it is looked at anew.
  expect(await bringNews(deps, DESK, desk, item, { ...known, wasKnown: false })).toEqual({ wait: 0 });
  expect(await bringNews(deps, DESK, desk, item, known)).toEqual({ refused: 'control_lost' });
  expect(await bringNews(deps, DESK, desk, item, known)).toBe('done');
  const events = await eventsAfter(pool, conversation, 0);
  const said = events.flatMap(({ event }) =>
    event.type === 'message' && event.message.author.role === 'agent' ? event.message.parts : [],
  );
  expect(said).toEqual([{ type: 'text', text: 'Not lost.' }]);
});
