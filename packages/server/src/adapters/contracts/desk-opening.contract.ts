import { expect, it } from 'vitest';
import { AdapterFailure } from '#ports/failure.ts';
import { conversation, STRANGER, ticketOf } from './desk-fixtures.ts';
import { expectWhole, readable, seen, squeezed } from './desk-reading.contract.ts';
import type { Get } from './desk-subject.ts';

/** A ticket holds everything, once. */
export function opening(get: Get): void {
  it('[DK6] makes one ticket of one handoff', async () => {
    const { desk, twin } = get();
    const ticket = await desk.open(ticketOf(), false);
    expect(await desk.open(ticketOf(), true)).toEqual(ticket);
    expect(await desk.findTicket('hnd_1', ticketOf().context.customer)).toEqual(ticket);
    expect(await desk.findTicket('hnd_9', ticketOf().context.customer)).toBeNull();
    expect(twin.tickets()).toHaveLength(1);
    const other = await desk.open(ticketOf({ handoff: 'hnd_2', conversation: 'cnv_2' }, 'hnd_2'), false);
    expect(other.id).not.toBe(ticket.id);
    expect(JSON.parse(JSON.stringify(ticket))).toEqual(ticket);
  });

  it('[DK6] completes an opening that was cut off at any of its calls', async () => {
    const { desk, twin } = get();
    // More than any note holds (64 KiB), and few enough for desks that take message after message.
    const lines = conversation(50, 'x'.repeat(1_500));
    for (let cut = 0; cut < 60; cut++) {
      const handoff = `hnd_cut${cut}` as const;
      const of = ticketOf({ handoff, conversation: `cnv_cut${cut}`, transcript: lines }, handoff);
      twin.fault(cut % 2 === 0 ? 'accepts_then_breaks_off' : 'error', { skip: cut });
      const failed = await desk.open(of, false).then(
        () => null,
        (error: unknown) => error,
      );
      twin.calm();
      if (failed === null) {
        expect(cut, 'the fault hit at least one call').toBeGreaterThan(0);
        return;
      }
      expect(failed).toBeInstanceOf(AdapterFailure);
      const ticket = await desk.open(of, true);
      expect(twin.tickets()).toHaveLength(cut + 1);
      expectWhole(seen(twin, ticket), lines.length);
    }
  });

  it('[DK7] brings the whole transcript, however long, in order and once', async () => {
    const { desk, twin } = get();
    const lines = conversation(2_000, 'lorem ipsum '.repeat(10));
    const ticket = await desk.open(ticketOf({ transcript: lines }), false);
    expectWhole(seen(twin, ticket), lines.length);
  });

  it('[DK7] brings words of every kind as they are', async () => {
    const { desk, twin } = get();
    const odd = [
      'a < b && c > "d"',
      'two\nlines',
      '*stars* _lines_ ~~~ `ticks`',
      'Zürich, 東京, 🎷👩‍👩‍👧',
      '<script>alert(1)</script>',
    ];
    const lines = odd.map((text, index) => ({ role: 'customer' as const, name: 'Ada', text, at: index * 1_000 }));
    const ticket = await desk.open(ticketOf({ transcript: lines }), false);
    const text = squeezed(readable(seen(twin, ticket)));
    for (const one of odd) expect(text).toContain(squeezed(one));
  });

  it('[DK7] tells who it is, why, what the bot tried, and where all of it is', async () => {
    const { desk, twin } = get();
    const ticket = await desk.open(ticketOf(), false);
    const text = readable(seen(twin, ticket));
    expect(text).toContain('Ada Lovelace');
    expect(text).toMatch(/asked for a (person|human)|customer.asked/i);
    for (const part of [
      'Charged twice for order 1001 & wants <one> back',
      'vip',
      'gold',
      'https://shop.example/orders/1001',
      'https://baton.example/transcripts/t0k3n',
      'find_order',
    ])
      expect(text).toContain(part);
    expect(text).toMatch(/verified/i);
  });

  it('[DK18] invents nothing about somebody of whom nothing is known', async () => {
    const { desk, twin } = get();
    const ticket = await desk.open(ticketOf({ customer: STRANGER, page: null, language: null }), false);
    const { customer } = seen(twin, ticket);
    expect(customer.email).toBeNull();
    if (customer.name !== null) expect(customer.name).toMatch(/^(visitor|customer)\b/i);
    expect(readable(seen(twin, ticket))).not.toMatch(/\b(null|undefined|\[object)\b/);
    expect(readable(seen(twin, ticket))).not.toContain('@');
  });

  it('[DK18] knows the same person again, and keeps two apart', async () => {
    const { desk, twin } = get();
    const first = await desk.open(ticketOf(), false);
    await desk.close(first, 'Ended');
    await desk.open(ticketOf({ handoff: 'hnd_2', conversation: 'cnv_2' }, 'hnd_2'), false);
    await desk.open(ticketOf({ handoff: 'hnd_3', conversation: 'cnv_3', customer: STRANGER }, 'hnd_3'), false);
    const names = twin.tickets().map(({ customer }) => customer.email);
    expect(names).toEqual(['ada@example.com', 'ada@example.com', null]);
  });

  it('[DK15] routes to the group that the queue has there', async () => {
    const { desk, twin } = get();
    if (twin.group === null) return;
    const ticket = await desk.open({ ...ticketOf(), group: twin.group }, false);
    expect(seen(twin, ticket).group).toBe(twin.group);
  });
}
