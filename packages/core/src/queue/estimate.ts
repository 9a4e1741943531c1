import type { Millis } from '#ids.ts';
import { RANGE, type Range } from './estimator.ts';

/** An expected wait as a range. The wire carries exactly this; `null` in its place means "unknown". */
export interface Estimate {
  p50Seconds: number;
  lowSeconds: number;
  highSeconds: number;
  /** Share of waits that should fall within low and high, 0 to 1. */
  coverage: number;
  /**
   * What it rests on: `prior` (what is usual: too little was measured here yet), `measured` (this workspace's own recent
   * handoffs), `learned` (these, and how earlier estimates turned out), or what an outside desk calls its own.
   */
  basis: string;
  asOf: Millis;
}

/**
 * To a tenth of a second: of a wait of two seconds whole ones would leave no range.
 * @param asOf from when on the seconds of the range count
 */
export function estimateOf({ low, middle, high, basis }: Range, asOf: Millis): Estimate {
  const lowSeconds = tenths(low);
  const p50Seconds = Math.max(lowSeconds, tenths(middle));
  const highSeconds = Math.max(p50Seconds, tenths(high));
  const coverage = Math.round(100 * (RANGE.high - RANGE.low)) / 100;
  return { p50Seconds, lowSeconds, highSeconds, coverage, basis, asOf };
}

function tenths(seconds: number): number {
  return Math.round(10 * seconds) / 10;
}
