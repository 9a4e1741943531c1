import type { WidgetSessionInput } from '@baton/protocol';
import type { Client } from '#bench/server/client.ts';
import type { Tally } from '#bench/simulate/proof/tally.ts';
import type { Script } from '#bench/simulate/script/script.ts';
import type { Pace } from './pace.ts';

/** What all players of a run share. */
export interface Stage {
  client: Client;
  /** The page load of a customer: on which site, and who he proves to be. */
  visitOf(script: Script): WidgetSessionInput;
  pace: Pace;
  /** Aborted when the run is over, for whatever reason. */
  signal: AbortSignal;
  tally: Tally;
  /** Goes in front of clientIds: two runs against one server do not share any. */
  run: string;
}
