import type { Delivery } from '@baton/protocol';
import { expect, test } from 'vitest';
import { reachOf } from './reach.ts';

const delivery = (seq: number, state: Delivery['state'], more: Partial<Delivery> = {}): Delivery => ({
  side: 'desk:int_a',
  seq,
  part: 0,
  type: 'message',
  state,
  externalId: null,
  attempts: 1,
  at: '2026-11-22T12:00:00.000Z',
  nextAttemptAt: null,
  detail: null,
  ...more,
});

test('[CN52] of each message it is known how far it came toward its desk; what is tried again is no failure yet', () => {
  const reach = reachOf([
    delivery(9, 'pending'),
    delivery(8, 'failed', { detail: 'no', nextAttemptAt: '2026-11-22T12:00:09.000Z' }),
    delivery(7, 'unknown'),
    delivery(6, 'failed', { detail: 'never' }),
    delivery(5, 'sent'),
    delivery(4, 'sent'),
    delivery(3, 'sent', { type: 'handoff.requested' }),
  ]);
  expect([...reach.values()].map(({ seq, state, last }) => [seq, state, last])).toEqual([
    [9, 'going', false],
    [8, 'again', false],
    [7, 'unknown', false],
    [6, 'failed', false],
    [5, 'there', true],
    [4, 'there', false],
  ]);
  expect(reach.get(6)).toMatchObject({ desk: 'int_a', detail: 'never' });
});

test('[CN52] what one of two desks has is there', () => {
  const both = [delivery(5, 'failed'), delivery(5, 'sent', { side: 'desk:int_b' })];
  for (const order of [both, both.toReversed()])
    expect(reachOf(order).get(5)).toMatchObject({ state: 'there', desk: 'int_b' });
});
