import { expect, it } from 'vitest';
import type { DeskFault } from '#kit/desk-twin.ts';
import type { AdapterFailure } from '#ports/failure.ts';
import { messageOf, ticketOf } from './desk-fixtures.ts';
import { last, opened, seen } from './desk-reading.contract.ts';
import type { DeskSubject, Get } from './desk-subject.ts';
import { failureOf } from './failure-of.ts';

/** The vendor does not answer at all. The subject's time limit is short: a call takes all of it. */
export function hanging(get: Get): void {
  it('[DK12] a call that was hung up on may have arrived, and is looked for', () =>
    isLookedFor(get(), 'accepts_then_hangs'));

  it('[DK12] a call that never arrived is made when it is looked for', async () => {
    const { desk, twin } = get();
    twin.fault('hangs', { work: 'ticket' });
    expect((await failureOf(desk.open(ticketOf(), false))).kind).toBe('uncertain');
    expect(await desk.findTicket('hnd_1', ticketOf().context.customer)).toBeNull();
    const ticket = await desk.open(ticketOf(), true);
    twin.fault('hangs', { work: 'message' });
    expect((await failureOf(desk.send(ticket, messageOf('Hello?'), false))).kind).toBe('uncertain');
    await desk.send(ticket, messageOf('Hello?'), true);
    expect(last(seen(twin, ticket).entries).text).toContain('Hello?');
    expect(twin.tickets()).toHaveLength(1);
  });
}

/** Of a ticket and of a message nobody knows whether they are there: both are, once. */
async function isLookedFor({ desk, twin }: DeskSubject, fault: DeskFault): Promise<void> {
  twin.fault(fault, { work: 'ticket' });
  expect((await failureOf(desk.open(ticketOf(), false))).kind).toBe('uncertain');
  const ticket = await desk.open(ticketOf(), true);
  expect(twin.tickets()).toHaveLength(1);
  const before = seen(twin, ticket).entries.length;
  twin.fault(fault, { work: 'message' });
  expect((await failureOf(desk.send(ticket, messageOf('Only once'), false))).kind).toBe('uncertain');
  const { externalId } = await desk.send(ticket, messageOf('Only once'), true);
  expect(externalId).not.toBe('');
  // The same words said again are another message.
  await desk.send(ticket, messageOf('Only once', { seq: 41 }), false);
  expect(seen(twin, ticket).entries.length - before).toBe(2);
}

/** The vendor's bad days. */
export function failures(get: Get): void {
  it('[DK11] waits as long as a busy desk asks', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    twin.fault('rate_limited', { times: 5 });
    const failure = await failureOf(desk.send(ticket, messageOf('Hello?'), false));
    twin.calm();
    expect(failure.kind).toBe('retry');
    if (twin.retryAfterMs !== null) expect(failure.retryAfterMs).toBe(twin.retryAfterMs);
  });

  it('[DK12] a call that was broken off may have arrived, and is looked for', () =>
    isLookedFor(get(), 'accepts_then_breaks_off'));

  it('[DK12] a slow desk is waited for', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    twin.fault('slow');
    await desk.send(ticket, messageOf('Take your time'), false);
    expect(last(seen(twin, ticket).entries).text).toContain('Take your time');
  });

  it('[DK13] says that a person must mend the credentials', async () => {
    const { desk, stranger, twin } = get();
    expect((await failureOf(stranger.test())).kind).toBe('auth');
    expect((await failureOf(stranger.open(ticketOf(), false))).kind).toBe('auth');
    expect(twin.tickets()).toHaveLength(0);
    expect(await desk.test()).toMatch(/\w/);
  });

  it('[DK14] closes, and closing again or what is gone is fine', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    await desk.close(ticket, 'Ended in Baton: resolved.');
    expect(seen(twin, ticket).open).toBe(false);
    await desk.close(ticket, 'Ended in Baton: resolved.');
    const other = await desk.open(ticketOf({ handoff: 'hnd_2', conversation: 'cnv_2' }, 'hnd_2'), false);
    await twin.agent.close(other.id, twin.agents[0]);
    await desk.close(other, 'Ended in Baton: resolved.');
  });

  it.each<[DeskFault, AdapterFailure['kind'][]]>([
    ['forbidden', ['auth']],
    // Perhaps it was done, and the server broke over it, or a gateway answered: then it is looked for.
    ['error', ['uncertain']],
    ['nonsense', ['uncertain']],
    ['empty', ['uncertain']],
    ['breaks_off', ['uncertain']],
    ['redirects', ['rejected']],
  ])('[DK16] %s is told apart, and the next try does it once', async (fault, kinds) => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    const before = seen(twin, ticket).entries.length;
    twin.fault(fault, { work: 'message' });
    expect(kinds).toContain((await failureOf(desk.send(ticket, messageOf('Hello?'), false))).kind);
    await desk.send(ticket, messageOf('Hello?'), true);
    expect(seen(twin, ticket).entries.length - before).toBe(1);
  });
}
