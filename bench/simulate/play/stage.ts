import type { Client } from '#bench/server/client.ts';
import type { Tally } from '#bench/simulate/proof/tally.ts';
import type { Pace } from './pace.ts';

/** What all players of a run share. */
export interface Stage {
  client: Client;
  site: string;
  pace: Pace;
  /** Aborted when the run is over, for whatever reason. */
  signal: AbortSignal;
  tally: Tally;
  /** Goes in front of clientIds: two runs against one server do not share any. */
  run: string;
}
