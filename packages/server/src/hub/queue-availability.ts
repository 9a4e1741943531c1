import type { Availability, Estimate, Millis } from '@baton/core';

/** What an agent must be able to do for somebody. The language counts where the queue requires it. */
export interface Needs {
  skills: readonly string[];
  language: string | null;
}

/** Can a queue take somebody now, for bots, websites and the API. */
export interface QueueAvailability {
  state: Availability;
  /** Null where an outside desk does not say. */
  agentsOnline: number | null;
  freeCapacity: number | null;
  waiting: number;
  /** For somebody who comes now. */
  estimate: Estimate | null;
  /** Of what is closed, as far as anybody can tell. */
  opensAt: Millis | null;
}
