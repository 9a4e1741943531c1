import type { IntegrationId, Ticket } from '@baton/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Desk } from '#ports/desk.ts';
import type { ReadyTicket } from '#store/inbox.ts';
import { type TestSide, testSide } from '#test/side.ts';
import { AskFirst } from './ask-first.ts';
import { Circuits } from './circuits.ts';
import type { Desks } from './desks.ts';

const DESK: IntegrationId = 'int_asked';

let side: TestSide;
beforeAll(async () => {
  side = await testSide();
});
afterAll(() => side.stop());

/** A handoff at a desk whose opening is noted as sent, and a webhook of its ticket. It is over, so that nobody else moves it. */
async function opened(ticket: string): Promise<ReadyTicket> {
  const { hub, seed, pool } = side;
  const id = `cnv_asked${ticket}` as const;
  const { workspace, channel, customer, bot } = seed;
  await hub.ledger.open({ type: 'open', id, workspace, channel, customer, bot });
  const by = { role: 'customer', id: customer } as const;
  await hub.ledger.commit(id, { type: 'request-handoff', key: 'r', by, reason: 'customer_asked' });
  await hub.ledger.commit(id, { type: 'cancel', key: 'c', by });
  await pool.query(
    `insert into deliveries (conversation_id, side, seq, state, external_id)
     select conversation_id, $2, seq, 'sent', $3 from events where conversation_id = $1 and type = 'handoff.requested'`,
    [id, `desk:${DESK}`, ticket],
  );
  const now = Date.now();
  const said = { key: `m${ticket}`, ticket, type: 'agent.said', at: now, receivedAt: now, attempts: 0, payload: {} };
  return { integration: DESK, workspace, ticket, items: [said] };
}

/** Asks, and tells which tickets the desk was asked about. */
async function ask(ready: ReadyTicket, left: number | null = null) {
  const circuits = new Circuits(Date.now);
  if (left !== null) circuits.noteRate(DESK, { left, limit: 100, resetsAt: Date.now() + 60_000, at: Date.now() });
  const asked: Ticket[] = [];
  const desk: Pick<Desk, 'poll'> = {
    poll: async (ticket) => {
      asked.push(ticket);
      return { events: [], cursor: '1' };
    },
  };
  const first = new AskFirst({
    pool: side.pool,
    world: { now: Date.now },
    desks: { get: async () => desk } as unknown as Desks,
    circuits,
    ingest: { keep: async () => new Set<string>() },
  });
  return { answer: await first.ask(ready), asked };
}

describe('[DS18] a desk is asked what else there is', () => {
  it('also where a kill came before the handoff knew its ticket', async () => {
    expect(await ask(await opened('11'))).toEqual({ answer: 'wait', asked: [{ id: '11' }] });
  });

  it('not about a ticket that the handoff has left for another desk', async () => {
    const ready = await opened('12');
    await side.pool.query(`update handoffs set ticket = '{"id": "other"}' where conversation_id = 'cnv_asked12'`);
    expect(await ask(ready)).toEqual({ answer: 'go', asked: [] });
  });

  it('not with the last calls that it takes, which are for what people say; where it takes none it says so', async () => {
    const ready = await opened('15');
    expect(await ask(ready, 3)).toEqual({ answer: 'go', asked: [] });
    expect(await ask(ready, 0)).toEqual({ answer: 'wait', asked: [{ id: '15' }] });
  });

  it('not about a ticket that is none of ours', async () => {
    const ready = await opened('13');
    expect(await ask({ ...ready, ticket: '14' })).toEqual({ answer: 'unknown', asked: [] });
  });
});
