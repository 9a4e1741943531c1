import type { ConversationId, IntegrationId, Ticket } from '@baton/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Desk } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { type Delivery, deliveryOf, noteDelivery } from '#store/deliveries.ts';
import { type TestSide, testSide } from '#test/side.ts';
import { Circuits } from './circuits.ts';
import type { At, DeskSideDeps } from './desk-step.ts';
import { closeTicket } from './desk-tickets.ts';
import { settleOpenings } from './settle-openings.ts';

const DESK: IntegrationId = 'int_settled';

let side: TestSide;
beforeAll(async () => {
  side = await testSide();
});
afterAll(() => side.stop());

/** A conversation whose handoff is over, and whose opening at the desk was tried so many seconds ago. */
async function leftBehind(name: string, state: Delivery['state'], seconds: number) {
  const { hub, seed, pool } = side;
  const id: ConversationId = `cnv_settled${name}`;
  const { workspace, channel, customer, bot } = seed;
  await hub.ledger.open({ type: 'open', id, workspace, channel, customer, bot });
  const by = { role: 'customer', id: customer } as const;
  await hub.ledger.commit(id, { type: 'request-handoff', key: 'r', by, reason: 'customer_asked' });
  await hub.ledger.commit(id, { type: 'cancel', key: 'c', by });
  const { rows } = await pool.query(
    "select seq from events where conversation_id = $1 and type = 'handoff.requested'",
    [id],
  );
  const seq: number = rows[0].seq;
  const opening = { conversation: id, side: `desk:${DESK}`, seq, state, externalId: null, detail: null };
  await noteDelivery(pool, opening);
  await pool.query('update deliveries set at = now() - make_interval(secs => $2) where conversation_id = $1', [
    id,
    seconds,
  ]);
  const {
    rows: [{ handoff }],
  } = await pool.query("select event ->> 'handoff' as handoff from events where conversation_id = $1 and seq = $2", [
    id,
    seq,
  ]);
  return { id, seq, handoff, delivery: () => deliveryOf(pool, id, `desk:${DESK}`, seq) };
}

/** A desk that finds this; what was closed there, and how often it was asked. */
async function deskThat(find: () => Promise<Ticket | null>, id: ConversationId) {
  const state = await side.hub.ledger.read(id);
  if (!state) throw new Error('There is no conversation.');
  const closed: string[] = [];
  let looked = 0;
  const desk: Pick<Desk, 'findTicket' | 'close'> = {
    async findTicket() {
      looked++;
      return find();
    },
    close: async (ticket) => void closed.push(ticket.id),
  };
  const deps = { pool: side.pool, circuits: new Circuits(Date.now) } as DeskSideDeps;
  const at: At = { deps, attempts: 0, state, desk: desk as Desk, id: DESK };
  return { at, closed, looked: () => looked };
}

async function settle(id: ConversationId, find: () => Promise<Ticket | null>) {
  const { at, closed, looked } = await deskThat(find, id);
  return { wait: await settleOpenings(at), closed, looked: looked() };
}

it('[DS37] an opening of which nobody heard is looked for once more when its handoff has gone on, and its ticket is closed', async () => {
  const { id, delivery } = await leftBehind('late', 'unknown', 90);
  expect(await settle(id, async () => ({ id: 'T7' }))).toEqual({ wait: null, closed: ['T7'], looked: 1 });
  expect(await delivery()).toMatchObject({ state: 'sent', externalId: 'T7' });
  expect(await settle(id, async () => ({ id: 'T7' }))).toEqual({ wait: null, closed: [], looked: 0 });
});

it('[DS37] what is not there after a minute never arrived, and is known to have failed; it may come until then', async () => {
  const { id, delivery } = await leftBehind('never', 'pending', 20);
  const early = await settle(id, async () => null);
  expect(early.looked).toBe(0);
  expect(early.wait).toBeGreaterThan(30_000);
  await side.pool.query("update deliveries set at = now() - interval '61 seconds' where conversation_id = $1", [id]);
  expect(await settle(id, async () => null)).toEqual({ wait: null, closed: [], looked: 1 });
  expect(await delivery()).toMatchObject({ state: 'failed', externalId: null });
});

it('[DS37] a desk that cannot be asked is asked again, ever more seldom, and nothing is said of what is not known', async () => {
  const { id, delivery } = await leftBehind('down', 'unknown', 200);
  const { wait } = await settle(id, async () => {
    throw new AdapterFailure('retry', 'It is down.');
  });
  expect(wait).toBeGreaterThanOrEqual(200_000);
  expect(await delivery()).toMatchObject({ state: 'unknown' });
});

it('[DS37] a desk that was asked once more because it did not answer in time has its ticket closed, whichever try made it', async () => {
  const { id, seq, handoff, delivery } = await leftBehind('twice', 'unknown', 10);
  await side.pool.query(
    `insert into events select (jsonb_populate_record(e, '{"seq": 900, "key": "again"}')).* from events e where conversation_id = $1 and seq = $2`,
    [id, seq],
  );
  const { at, closed } = await deskThat(async () => ({ id: 'T8' }), id);
  expect(await closeTicket(at, { handoff }, 'Ended in Baton.')).toBe('done');
  expect(closed).toEqual(['T8']);
  expect(await delivery()).toMatchObject({ state: 'sent', externalId: 'T8' });
});
