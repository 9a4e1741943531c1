import type { Name } from './contender.ts';
import type { Measured } from './load.ts';

export interface RelayPlan {
  conversations: number;
  /**
   * Messages that each customer has on his way when it goes as fast as it can. The usual way gets one at a time: it
   * stores in whatever order its connections come free, so that more would arrive out of order.
   */
  window: number;
  /** The lower fixed rate, messages a second over all. */
  rate: number;
  repeats: number;
  /** Before each measurement, and each measurement. */
  warm: number;
  seconds: number;
  /** Where the servers put their CPU profiles; null: none, as they cost something themselves. */
  profiles: string | null;
}

export const PACES = ['saturated', 'fixed', 'half'] as const;
/** saturated: as fast as it goes · fixed: `rate` · half: half of what the limit took in its first run. */
export type PaceName = (typeof PACES)[number];

/** One measurement. `measured` is null where the pace is more than the contender can take. */
export interface Run {
  round: number;
  contender: Name;
  pace: PaceName;
  /** Messages a second that were asked for; null: as many as go. */
  rate: number | null;
  measured: Measured | null;
  /** Memory of the server at the end of it. */
  serverBytes: number;
}
