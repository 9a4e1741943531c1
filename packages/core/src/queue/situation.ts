import type { Law } from './law.ts';
import type { Patience } from './patience.ts';

/** One who answers, as of now. Seconds throughout. */
export interface Server {
  /** Kinds of conversation that he takes, by index; null is all. */
  kinds: ReadonlySet<number> | null;
  /** Conversations at once. */
  capacity: number;
  /** What he has now: its kind, and for how long. */
  running: readonly { kind: number; age: number }[];
  /** For how long he has had room while somebody waited whom he could have taken: a pause that is still going on. */
  idle: number | null;
  /** Until he comes on; 0 is present. */
  onIn: number;
  /** Until he goes off, to whatever he still has then and nothing new; Infinity where nobody planned it. */
  offIn: number;
}

/** One who waits. */
export interface Waiter {
  kind: number;
  waited: number;
  /** Seconds that he is ahead by: among others, the larger goes first. With plain first come first served his wait so far. */
  rank: number;
}

/** Those of this kind who will come, and by how many seconds they go before whoever came at the same moment. */
export interface Overtaking {
  kind: number;
  perSecond: number;
  credit: number;
}

/** What was measured, by kind. */
export interface Laws {
  /** From accepting to the end. */
  handle: readonly Law[];
  /** From the end of one to being ready for the next, while somebody waits; null: at once. */
  pause: Law | null;
  /** From being asked to having accepted; null: at once. */
  answer: Law | null;
  patience: readonly Patience[];
}

export interface Situation {
  servers: readonly Server[];
  /** By rank, the first to be served first. */
  waiting: readonly Waiter[];
  overtaking?: readonly Overtaking[];
  /** Of somebody of these kinds who comes now, with no head start, it is told, too. */
  newcomers?: readonly number[];
  laws: Laws;
  /** Relative error of the mean handle time, which is itself only measured: each path has its own. */
  doubt?: number;
}

/** What would become of everybody, in each path. Ascending waits from now in seconds; Infinity where nobody ever comes. */
export interface Outcomes {
  /** Of those who wait, in their order. */
  waiting: Float64Array[];
  /** Of somebody who comes now, in the order of `newcomers`. */
  newcomer: Float64Array[];
}
