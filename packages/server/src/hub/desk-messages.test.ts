import type { ConversationId, IntegrationId, Logged } from '@baton/core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Desk, OutMessage } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { eventsAfter } from '#store/conversations.ts';
import { deliveryOf } from '#store/deliveries.ts';
import { type TestSide, testSide } from '#test/side.ts';
import { Circuits } from './circuits.ts';
import { sendMessage } from './desk-messages.ts';
import type { At, DeskSideDeps } from './desk-step.ts';

const DESK: IntegrationId = 'int_joins';

let side: TestSide;
beforeAll(async () => {
  side = await testSide();
});
afterAll(() => side.stop());

let id: ConversationId;
let sent: OutMessage[];
let fails: AdapterFailure | null;
let made = 0;

/** A conversation whose handoff has a ticket at the desk; nobody else brings anything there. */
beforeEach(async () => {
  const { hub, seed, pool } = side;
  const { workspace, channel, customer, bot } = seed;
  id = `cnv_joins${++made}`;
  sent = [];
  fails = null;
  await hub.ledger.open({ type: 'open', id, workspace, channel, customer, bot });
  const by = { role: 'customer', id: customer } as const;
  await hub.ledger.commit(id, { type: 'request-handoff', key: 'r', by, reason: 'customer_asked' });
  await pool.query(`update handoffs set ticket = '{"id": "T1"}' where conversation_id = $1`, [id]);
});

async function say(...texts: string[]): Promise<void> {
  const author = { role: 'customer', id: side.seed.customer } as const;
  for (const text of texts)
    await side.hub.ledger.commit(id, { type: 'say', key: `say ${text}`, author, parts: [{ type: 'text', text }] });
}

/** What the customer has said, as the log holds it. */
async function said(): Promise<(Logged & { event: { type: 'message' } })[]> {
  const events = await eventsAfter(side.pool, id, 0);
  return events.filter(
    (logged): logged is Logged & { event: { type: 'message' } } =>
      logged.event.type === 'message' && logged.event.message.author.role === 'customer',
  );
}

/** Brings the one at this place, as a worker would that has read all that was said until then. */
async function bring(place: number): Promise<unknown> {
  const state = await side.hub.ledger.read(id);
  if (!state?.handoff) throw new Error('There is no handoff.');
  const desk: Pick<Desk, 'send'> = {
    async send(_, message, again) {
      sent.push(message);
      if (fails) throw fails;
      return { externalId: `there ${message.seq}${again ? ' again' : ''}` };
    },
  };
  const deps = { pool: side.pool, circuits: new Circuits(Date.now), ledger: side.hub.ledger } as DeskSideDeps;
  const at: At = { deps, attempts: 0, state, desk: desk as Desk, id: DESK };
  const all = await said();
  const one = all[place];
  if (!one) throw new Error('That was not said.');
  const { seq, at: when, event } = one;
  return sendMessage(at, state.handoff.id, { seq, at: when, message: event.message }, all.slice(place + 1));
}

const outcomes = async () =>
  Promise.all((await said()).map(async ({ seq }) => (await deliveryOf(side.pool, id, `desk:${DESK}`, seq))?.state));

it('[DS39] what a customer said while something was on its way goes as one message, and each is known to have arrived', async () => {
  await say('one', 'two', 'three');
  expect(await bring(0)).toBe('done');
  const [first, ...others] = await said();
  expect(sent).toMatchObject([{ text: 'one\ntwo\nthree', key: `${id}:${first?.seq}` }]);
  expect(sent[0]?.joined).toEqual(others.map(({ seq }) => `${id}:${seq}`));
  expect(await outcomes()).toEqual(['sent', 'sent', 'sent']);
  for (const place of [1, 2]) expect(await bring(place)).toBe('done');
  expect(sent).toHaveLength(1);
});

it('[DS39] another try is the same message, whatever was said since; that comes after it', async () => {
  await say('one', 'two');
  fails = new AdapterFailure('uncertain', 'No answer.');
  expect(await bring(0)).toMatchObject({ why: 'No answer.' });
  expect(await outcomes()).toEqual(['unknown', 'unknown']);
  await say('three');
  fails = null;
  expect(await bring(0)).toBe('done');
  expect(sent.map(({ text }) => text)).toEqual(['one\ntwo', 'one\ntwo']);
  expect(await outcomes()).toEqual(['sent', 'sent', undefined]);
  expect(await bring(2)).toBe('done');
  expect(sent.at(-1)).toMatchObject({ text: 'three' });
});

it('[DS39] so many words at once are enough: the rest comes as the next', async () => {
  const long = 'word '.repeat(1_200);
  await say(`${long}one`, `${long}two`, 'three');
  expect(await bring(0)).toBe('done');
  expect(await outcomes()).toEqual(['sent', undefined, undefined]);
  expect(await bring(1)).toBe('done');
  expect(await outcomes()).toEqual(['sent', 'sent', 'sent']);
});
