import { describe, expect, it } from 'vitest';
import type { Estimate } from './estimate.ts';
import { type Shown, shown } from './shown.ts';

const SECOND = 1_000;
const estimate = (lowSeconds: number, p50Seconds: number, highSeconds: number, at = 0): Estimate => {
  return { lowSeconds, p50Seconds, highSeconds, coverage: 0.8, basis: 'measured', asOf: at * SECOND };
};
const told = (fresh: Estimate, longer = false): Shown => ({ estimate: fresh, longer });

describe('what is shown of a wait', () => {
  it('[ET10] is the estimate at first, and nothing where nobody can tell', () => {
    expect(shown(null, estimate(60, 120, 240), 0)).toEqual({ estimate: estimate(60, 120, 240), longer: false });
    expect(shown(told(estimate(60, 120, 240)), null, 0)).toBeNull();
  });

  it('[ET11] time runs down in it while it is likely to hold', () => {
    const before = told(estimate(60, 120, 240));
    const now = shown(before, estimate(50, 130, 260, 30), 30 * SECOND);
    expect(now).toEqual({ estimate: estimate(30, 130, 210, 30), longer: false });
    // A little better is no news, and a little worse is none either.
    expect(shown(before, estimate(20, 80, 190, 30), 30 * SECOND)?.estimate.highSeconds).toBe(210);
  });

  it('[ET12] it gets longer only when it will probably not hold, and says so until it gets better', () => {
    const before = told(estimate(60, 120, 240));
    const worse = shown(before, estimate(100, 250, 500, 30), 30 * SECOND);
    expect(worse).toEqual({ estimate: estimate(100, 250, 500, 30), longer: true });
    const still = shown(worse, estimate(90, 240, 490, 40), 40 * SECOND);
    expect(still).toEqual({ estimate: estimate(90, 240, 490, 40), longer: true });
    const better = shown(still, estimate(20, 60, 120, 50), 50 * SECOND);
    expect(better).toEqual({ estimate: estimate(20, 60, 120, 50), longer: false });
  });

  it('[ET12] a range that has run out is replaced', () => {
    const over = shown(told(estimate(60, 120, 240)), estimate(10, 30, 90, 239), 239 * SECOND);
    expect(over).toEqual({ estimate: estimate(10, 30, 90, 239), longer: true });
  });

  it('[ET11] whatever comes, the end moves back only with the word for it', () => {
    let before: Shown | null = null;
    let end = Number.POSITIVE_INFINITY;
    for (let step = 0; step < 200; step++) {
      const middle = 20 + ((step * 7_919) % 300);
      const now = step * 5;
      before = shown(before, estimate(middle / 2, middle, middle * 2, now), now * SECOND);
      const next = (before?.estimate.asOf ?? 0) + (before?.estimate.highSeconds ?? 0) * SECOND;
      if (next > end + SECOND) expect(before?.longer).toBe(true);
      const { lowSeconds = 0, p50Seconds = 0, highSeconds = 0 } = before?.estimate ?? {};
      expect(0 <= lowSeconds && lowSeconds <= p50Seconds && p50Seconds <= highSeconds).toBe(true);
      end = next;
    }
  });
});
