import type { Estimate, EventItem } from '@baton/protocol';
import { expect, test } from 'vitest';
import { handoffsOf } from './waits.ts';

type Event = EventItem['event'];

const NOBODY: ReadonlySet<string> = new Set();
/** Events at these seconds. */
const log = (...events: [seconds: number, event: Event][]): EventItem[] =>
  events.map(([seconds, event], index) => ({ seq: index + 1, at: new Date(seconds * 1_000).toISOString(), event }));
const said = (clientId: string, choice?: string): Event => ({
  type: 'message',
  message: {
    id: 'msg_1',
    author: { role: 'customer', id: 'cus_1' },
    parts: [{ type: 'text', text: 'x', ...(choice ? { choice } : {}) }],
    clientId,
  },
});
const requested = (more: Partial<Extract<Event, { type: 'handoff.requested' }>> = {}): Event => ({
  type: 'handoff.requested',
  handoff: 'hnd_1',
  reason: 'frustration',
  by: { role: 'system' },
  evidence: [{ kind: 'anger', seq: 1 }],
  ...more,
});
const told = (range: [number, number] | null): Event => ({
  type: 'estimate.told',
  handoff: 'hnd_1',
  position: 1,
  ahead: 0,
  estimate: range && estimate(range),
});
const estimate = ([lowSeconds, highSeconds]: [number, number]): Estimate => ({
  p50Seconds: lowSeconds,
  lowSeconds,
  highSeconds,
  coverage: 0.8,
  basis: 'test',
  asOf: '2026-11-22T12:00:00.000Z',
});
const accepted: Event = { type: 'handoff.accepted', handoff: 'hnd_1', agent: { id: 'agt_1', name: 'Dana' } };
const ended = (outcome: 'resolved' | 'cancelled_by_customer'): Event => ({
  type: 'handoff.ended',
  handoff: 'hnd_1',
  outcome,
});

const wait = (range: [number, number] | null, seconds: number) =>
  handoffsOf(
    log([0, said('c1')], [0, requested()], [1, told(range)], [1 + seconds, accepted], [99, ended('resolved')]),
    NOBODY,
  )[0];

test('[SM5] a wait is kept when the acceptance falls within the range that was told first', () => {
  expect(wait([10, 20], 15)).toMatchObject({ kept: 'within', waitedSeconds: 15, outcome: 'resolved' });
  expect(wait([10, 20], 9)).toMatchObject({ kept: 'early' });
  expect(wait([10, 20], 21)).toMatchObject({ kept: 'late' });
});

test('[SM5] what was told later does not make an earlier promise good', () => {
  const story = handoffsOf(log([0, requested()], [0, told([1, 2])], [5, told([5, 9])], [6, accepted]), NOBODY)[0];
  expect(story).toMatchObject({ kept: 'late', waitedSeconds: 6 });
});

test('[SM5] unknown is no promise; who is never served was not served', () => {
  expect(wait(null, 15)).toMatchObject({ kept: null, promised: null });
  const left = handoffsOf(log([0, requested()], [0, told([10, 20])], [5, ended('cancelled_by_customer')]), NOBODY)[0];
  expect(left).toMatchObject({ kept: 'unserved', waitedSeconds: null, outcome: 'cancelled_by_customer' });
});

test('[SM6] what the words of a dialogue lead to is told apart from what our script did', () => {
  const cause = (message: Event, request: Event, askIds: string[] = []) =>
    handoffsOf(log([0, message], [0, request]), new Set(askIds))[0]?.cause;
  expect(cause(said('c1'), requested())).toBe('words');
  expect(cause(said('c1', 'handoff:yes'), requested({ by: { role: 'customer' } }))).toBe('yes');
  expect(cause(said('c1'), requested({ reason: 'customer_asked' }), ['c1'])).toBe('script');
  const button = requested({ by: { role: 'customer' }, evidence: [{ kind: 'asked_for_human' }] });
  expect(cause(said('c1'), button, ['c-button'])).toBe('script');
  expect(cause(said('c1'), requested({ by: { role: 'agent' }, reason: 'agent_took_over' }))).toBe('other');
});
