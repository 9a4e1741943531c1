import { describe, expect, it } from 'vitest';
import { rangeOfWaits } from './desk-waits.ts';

const served = (seconds: number) => ({ seconds, left: false });
const hundred = Array.from({ length: 100 }, (_, index) => served(index + 1));

describe('waits at an outside desk', () => {
  it('[ET21] are expected to be as they were there', () => {
    expect(rangeOfWaits(hundred)).toEqual({ low: 7, middle: 50, high: 87, basis: 'measured' });
    expect(rangeOfWaits(hundred.toReversed())).toEqual(rangeOfWaits(hundred));
  });

  it('[ET21] are unknown while few were answered, or most people left', () => {
    expect(rangeOfWaits(hundred.slice(0, 7))).toBeNull();
    expect(rangeOfWaits([])).toBeNull();
    const left = Array.from({ length: 60 }, () => ({ seconds: 30, left: true }));
    expect(rangeOfWaits([...hundred.slice(0, 10), ...left])).toBeNull();
  });

  it('[ET21] count who left as somebody who would have waited longer', () => {
    const left = Array.from({ length: 5 }, () => ({ seconds: 20, left: true }));
    expect(rangeOfWaits([...hundred, ...left])?.middle).toBeGreaterThan(50);
  });
});
