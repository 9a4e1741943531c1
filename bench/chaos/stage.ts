import type { Dice } from '#bench/simulate/script/random.ts';

/** What all players share. */
export interface Stage {
  /** Of the balancer, without a slash at the end. */
  url: string;
  dice: Dice;
  tally: Tally;
  /** Aborted at the end of the run: nobody begins or waits any more. */
  signal: AbortSignal;
  /** From now on everybody ends what he is at, and begins nothing new. */
  readonly ending: boolean;
}

/** What is counted while it goes on. */
export class Tally {
  /** Messages of customers and agents that the server has acknowledged. */
  acknowledged = 0;
  /** Frames that the server refused for good, and for now, by code. */
  readonly refused = new Map<string, number>();
  readonly refusedForNow = new Map<string, number>();
  connections = 0;
  conversations = 0;

  count(kind: 'refused' | 'refusedForNow', code: string): void {
    this[kind].set(code, (this[kind].get(code) ?? 0) + 1);
  }
}
