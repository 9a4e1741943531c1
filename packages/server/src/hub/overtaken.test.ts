import { expect, it } from 'vitest';
import { isOfBefore, isOvertaken, type Told } from './overtaken.ts';

const words = (at: number | null, more: Partial<Told> = {}): Told => ({
  type: 'agent.said',
  at,
  tick: 1,
  receivedAt: 100_000,
  ...more,
});
const state = (type: string, at: number, doneAt = 90_000) => ({ type, at, doneAt });
const SECONDS = { tick: 1_000 };

it('[DS31] what has no time, and of which nothing later is known, is not overtaken', () => {
  expect(isOvertaken(words(null), 50_000, state('closed', 60_000))).toBe(false);
  expect(isOvertaken(words(40_000), null, null)).toBe(false);
  expect(isOvertaken(words(40_000), null, state('assigned', 39_000))).toBe(false);
});

it('[DS31] the desk’s own end is compared by the desk’s own clock, however late we heard of it', () => {
  expect(isOvertaken(words(40_000), 80_000, state('closed', 39_999))).toBe(false);
  expect(isOvertaken(words(40_000), 80_000, state('closed', 40_001))).toBe(true);
});

it('[DS31] an end that is ours overtakes what was surely said before it: what a clock in seconds leaves open was said after it', () => {
  expect(isOvertaken(words(40_000), 40_001, null)).toBe(true);
  expect(isOvertaken(words(40_000), 40_000, null)).toBe(false);
  expect(isOvertaken(words(40_000, SECONDS), 40_900, null)).toBe(false);
  expect(isOvertaken(words(40_000, SECONDS), 41_000, null)).toBe(true);
  expect(isOvertaken(words(40_000), 41_000, state('assigned', 30_000))).toBe(true);
});

it('[DS31] in the same tick later is what we heard of after the end had come about', () => {
  expect(isOvertaken(words(40_000, SECONDS), 99_990, state('returned', 40_300, 99_999))).toBe(false);
  expect(isOvertaken(words(40_000, SECONDS), 100_001, state('returned', 40_300, 100_009))).toBe(true);
  // Heard of while that was being noted: whoever saw the end and answers, answers after it.
  expect(isOvertaken(words(40_000, SECONDS), 99_999, state('returned', 40_300, 100_001))).toBe(false);
  expect(isOvertaken(words(40_000, SECONDS), null, state('unassigned', 40_300, 100_001))).toBe(true);
  expect(isOvertaken(words(40_000), 41_000, state('returned', 40_300))).toBe(true);
  // Who takes it and answers does both at once.
  expect(isOvertaken(words(40_000, SECONDS), null, state('assigned', 40_300, 100_001))).toBe(false);
});

it('[DS31] a state is overtaken by a later one', () => {
  expect(isOvertaken(words(40_000, { type: 'closed' }), null, state('reopened', 40_001))).toBe(true);
  expect(isOvertaken(words(40_000, { type: 'closed' }), null, state('reopened', 40_000))).toBe(false);
});

it('[DS31] that a ticket was closed, heard of before its agent had it again, does not end what he has again', () => {
  const closed = (at: number | null, receivedAt: number) => words(at, { type: 'closed', receivedAt });
  expect(isOfBefore(closed(40_500, 60_000), 60_001, 40_000)).toBe(true);
  expect(isOfBefore(closed(null, 60_000), 60_001, 40_000)).toBe(true);
  expect(isOfBefore(closed(40_500, 60_000), 60_001, null)).toBe(true);
  // He answered, and closed it again.
  expect(isOfBefore(closed(41_000, 60_000), 60_001, 40_000)).toBe(false);
  expect(isOfBefore(closed(40_500, 60_001), 60_001, 40_000)).toBe(false);
  expect(isOfBefore(words(40_500, { receivedAt: 60_000 }), 60_001, 40_000)).toBe(false);
});
