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

/** @param asOf from when on the seconds of the range count */
export function estimateOf({ low, middle, high, basis }: Range, asOf: Millis): Estimate {
  const lowSeconds = Math.round(low);
  const p50Seconds = Math.max(lowSeconds, Math.round(middle));
  const highSeconds = Math.max(p50Seconds, Math.round(high));
  const coverage = Math.round(100 * (RANGE.high - RANGE.low)) / 100;
  return { p50Seconds, lowSeconds, highSeconds, coverage, basis, asOf };
}
