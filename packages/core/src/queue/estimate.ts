import type { Millis } from '#ids.ts';

/** An expected wait as a range. The wire carries exactly this; `null` in its place means "unknown". */
export interface Estimate {
  p50Seconds: number;
  lowSeconds: number;
  highSeconds: number;
  /** Share of waits that should fall within low and high, 0 to 1. */
  coverage: number;
  /** What it rests on: `measured` (this workspace's own recent handoffs) ... */
  basis: string;
  asOf: Millis;
}
