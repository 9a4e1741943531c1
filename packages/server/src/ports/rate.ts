import type { Millis } from '@baton/core';

/** What an outside side says of its limit: how many calls it still takes, of how many, and when that is full again. */
export interface Rate {
  left: number;
  limit: number | null;
  resetsAt: Millis | null;
  /** When it said so. */
  at: Millis;
}
