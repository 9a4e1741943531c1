import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';

/** Reads as often as it may for a minute; each takes what `ms` says. Gives the share of the time that went into it. */
function shareOf(ms: (read: number) => number): number {
  const pace = new Pace(0);
  let [now, spent] = [0, 0];
  for (let read = 0; now < 60_000; read++) {
    now += pace.waitMs(now);
    now += ms(read);
    spent += ms(read);
    pace.read(ms(read), now);
  }
  return spent / now;
}

describe('how often a line is read', () => {
  it('[QU60] at once after a quiet while, also several times', () => {
    const pace = new Pace(0);
    for (let read = 1; read <= 8; read++) {
      expect(pace.waitMs(10 * read)).toBe(0);
      pace.read(20, 10 * read);
    }
  });

  it('[QU60] in the long run for no more than a fifth of the time, however dear a read is', () => {
    for (const ms of [1, 5, 40, 200]) expect(shareOf(() => ms)).toBeLessThan(0.21);
  });

  it('[QU60] what a read waits for others costs nothing', () => {
    const pace = new Pace(0);
    pace.read(5, 5);
    for (let read = 1; read <= 20; read++) {
      pace.read(400, 500 * read);
      if (read < 8) expect(pace.waitMs(500 * read)).toBe(0);
    }
    // It is always so slow: then that is what it costs. Once a second it is read nevertheless.
    expect(pace.waitMs(10_000)).toBe(1_000);
  });

  it('[QU60] a clock that stands still or goes back gives nothing and takes nothing', () => {
    const pace = new Pace(1_000);
    for (let read = 0; read < 10; read++) pace.read(30, 0);
    expect(pace.waitMs(0)).toBe(500);
  });
});
