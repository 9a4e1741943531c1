import { expect, test } from 'vitest';
import { TypingSign } from './typing.ts';

/** A clock that tells its tasks when asked to. */
function handClock() {
  let now = 0;
  let tasks: { at: number; task: () => void }[] = [];
  return {
    now: () => now,
    after(ms: number, task: () => void) {
      const entry = { at: now + ms, task };
      tasks.push(entry);
      return () => {
        tasks = tasks.filter((one) => one !== entry);
      };
    },
    pass(ms: number) {
      now += ms;
      for (const one of tasks.filter(({ at }) => at <= now)) one.task();
      tasks = tasks.filter(({ at }) => at > now);
    },
  };
}

test('[WG9] typing is told at most every 3 seconds, and that it stopped after 5', () => {
  const clock = handClock();
  const told: boolean[] = [];
  const sign = new TypingSign(clock, (on) => told.push(on));
  for (let key = 0; key < 40; key++) {
    sign.writes('x'.repeat(key + 1));
    clock.pass(100);
  }
  expect(told).toEqual([true, true]);
  clock.pass(5_000);
  expect(told).toEqual([true, true, false]);
  sign.writes('y');
  sign.writes('');
  expect(told).toEqual([true, true, false, true, false]);
});

test('[WG9] a message says by itself that the typing has ended', () => {
  const clock = handClock();
  const told: boolean[] = [];
  const sign = new TypingSign(clock, (on) => told.push(on));
  sign.writes('x');
  sign.said();
  clock.pass(10_000);
  expect(told).toEqual([true]);
});
