// Few calls are left until a vendor's limit: who may have them.
import type { ConversationId, IntegrationId, QueueId, WorkspaceId } from '@baton/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Desk, DeskOutlook } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { type TestSide, testSide } from '#test/side.ts';
import { Circuits } from './circuits.ts';
import { DeskAvailability } from './desk-availability.ts';
import { deskPoll } from './desk-poll.ts';

const DESK: IntegrationId = 'int_few';

function scarce(left: number, limit: number | null = 50): Circuits {
  const circuits = new Circuits(Date.now);
  circuits.noteRate(DESK, { left, limit, resetsAt: Date.now() + 60_000, at: Date.now() });
  return circuits;
}

describe('[DS38] open tickets', () => {
  const id: ConversationId = 'cnv_few';
  let side: TestSide;
  beforeAll(async () => {
    side = await testSide();
    const { hub, seed, pool } = side;
    const { workspace, channel, customer, bot } = seed;
    await hub.ledger.open({ type: 'open', id, workspace, channel, customer, bot });
    const by = { role: 'customer', id: customer } as const;
    await hub.ledger.commit(id, { type: 'request-handoff', key: 'r', by, reason: 'customer_asked' });
    await hub.ledger.commit(id, { type: 'cancel', key: 'c', by });
    await pool.query(`update handoffs set desk_id = $2, ticket = '{"id": "T1"}' where conversation_id = $1`, [
      id,
      DESK,
    ]);
  });
  afterAll(() => side.stop());

  /** Is the desk asked about a ticket that was asked about so many times in vain? */
  async function isAsked(circuits: Circuits, attempts: number): Promise<boolean> {
    let asked = false;
    const desk: Pick<Desk, 'poll'> = {
      poll: async () => {
        asked = true;
        return { events: [], cursor: '1' };
      },
    };
    const deps = {
      pool: side.pool,
      world: { now: Date.now },
      ledger: side.hub.ledger,
      desks: { get: async () => desk },
      circuits,
      ingest: { keep: async () => new Set<string>() },
    };
    const lease = { conversation: id, side: `poll:${DESK}`, seq: 0, attempts, wakes: 0, lease: 'a test' };
    await deskPoll(deps as unknown as Parameters<typeof deskPoll>[0])(lease);
    return asked;
  }

  it('are asked later, with a reserve that grows with the limit, but not for ever', async () => {
    expect(await isAsked(scarce(9), 0)).toBe(false);
    expect(await isAsked(scarce(70, 400), 0)).toBe(false);
    expect(await isAsked(scarce(90, 400), 0)).toBe(true);
    expect(await isAsked(scarce(9), 5)).toBe(true);
    expect(await isAsked(new Circuits(Date.now), 0)).toBe(true);
  });
});

describe('[DS38] who is there', () => {
  const outlook: DeskOutlook = { state: 'available', agentsOnline: 1, waiting: null, position: null, estimate: null };

  /** Asks, and gives what is known then. */
  async function ask(circuits: Circuits, availability: () => Promise<DeskOutlook>): Promise<DeskOutlook | null> {
    const desk = { id: DESK, can: { availability: true }, availability } as unknown as Desk;
    const rules = { queues: { que_few: { desks: [DESK] } } };
    const told = new DeskAvailability({
      directory: { rules: () => rules },
      desks: { get: async () => desk, group: () => null },
      circuits,
      world: { now: Date.now, log: { warn: (problem: object) => expect.fail(JSON.stringify(problem)) } },
    } as unknown as ConstructorParameters<typeof DeskAvailability>[0]);
    const of = () => told.of('wsp_few' as WorkspaceId, 'que_few' as QueueId);
    of();
    await new Promise((done) => setImmediate(done));
    return of() ?? null;
  }

  it('is asked when there are more calls', async () => {
    expect(await ask(new Circuits(Date.now), async () => outlook)).toEqual(outlook);
    expect(await ask(scarce(9), async () => outlook)).toBeNull();
  });

  it('tells of a limit, too, and that is kept to', async () => {
    const circuits = new Circuits(Date.now);
    const limited = async () => {
      throw new AdapterFailure('retry', 'too many requests', { retryAfterMs: 30_000 });
    };
    expect(await ask(circuits, limited)).toBeNull();
    expect(circuits.waitMs(DESK)).toBeGreaterThan(29_000);
  });
});
