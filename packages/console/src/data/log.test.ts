import fc from 'fast-check';
import { expect, test } from 'vitest';
import { after, frameOf, onTopOf, said, welcome } from '#test/given.ts';
import type { State } from './state.ts';

const opened = (head = 0) => after(welcome, { type: 'timeline.opened', conversation: 'cnv_1', head });
const say = (seq: number) => frameOf('cnv_1', said(seq, 'customer', `text ${seq}`));
const seqs = (state: State) => state.timelines.cnv_1?.events.map((item) => item.seq);

test('[CN6] events stand in their order, each once', () => {
  expect(seqs(onTopOf(opened(), say(4), say(5), say(5), say(4), say(6)))).toEqual([4, 5, 6]);
});

test('[CN6] an event that leaves a gap is not taken: the log is asked again from where it ends', () => {
  const state = onTopOf(opened(), say(4), say(6));
  expect(seqs(state)).toEqual([4]);
  expect(state.timelines.cnv_1?.behind).toBe(true);
  const again = onTopOf(state, say(5), say(6), { type: 'timeline.ready', conversation: 'cnv_1' });
  expect(seqs(again)).toEqual([4, 5, 6]);
  expect(again.timelines.cnv_1?.behind).toBe(false);
});

test('[CN6] whatever comes in whatever order, a log has no gap and nothing twice', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 60 }), (order) => {
      const got = seqs(onTopOf(opened(), ...order.map(say))) ?? [];
      expect(got).toEqual(got.map((_, at) => (got[0] ?? 0) + at));
    }),
  );
});

test('[CN7] older events are put in front only where they join', () => {
  const state = onTopOf(opened(), say(10), say(11));
  const older = (...of: number[]) =>
    ({ type: 'older.came', conversation: 'cnv_1', items: of.map((seq) => said(seq, 'customer', 'old')) }) as const;
  expect(seqs(onTopOf(state, older(8, 9)))).toEqual([8, 9, 10, 11]);
  // A page that overlaps is cut, one that ends too early is not taken.
  expect(seqs(onTopOf(state, older(8, 9, 10)))).toEqual([8, 9, 10, 11]);
  expect(onTopOf(state, older(5, 6)).timelines.cnv_1).toMatchObject({ older: 'failed' });
  expect(seqs(onTopOf(state, older(5, 6)))).toEqual([10, 11]);
});

test('[CN7] a log that was left and is opened again keeps what it has, unless it is far behind', () => {
  const state = onTopOf(opened(), say(10), say(11));
  expect(seqs(onTopOf(state, { type: 'timeline.opened', conversation: 'cnv_1', head: 60 }))).toEqual([10, 11]);
  expect(seqs(onTopOf(state, { type: 'timeline.opened', conversation: 'cnv_1', head: 9_000 }))).toEqual([]);
});

test('[CN7] only the logs opened last stay in memory', () => {
  const many = Array.from(
    { length: 30 },
    (_, at) => ({ type: 'timeline.opened', conversation: `cnv_${at}`, head: 0 }) as const,
  );
  expect(Object.keys(after(welcome, ...many).timelines)).toHaveLength(12);
});

test('[CN6] the log of a conversation that is the agent’s own begins with what the hub sends unasked', () => {
  expect(after(welcome, frameOf('cnv_9', said(40, 'customer', 'hello'))).timelines.cnv_9?.events).toHaveLength(1);
});
