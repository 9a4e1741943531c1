import { setTimeout as sleep } from 'node:timers/promises';
import type { DeskFault, DeskTwin } from '@baton/server/src/adapters/kit/desk-twin.ts';
import { between, type Dice, oneOf } from '#bench/simulate/script/random.ts';

/** How a vendor's bad days are. */
export interface Storm {
  /** Calls of its API from one fault to the next. */
  calls: { low: number; high: number };
  /** Between two 429s: each stops everything there for the seconds that it asks for. */
  limitMs: number;
  /** Shares of webhooks: never sent, sent twice, held back for up to `heldMs`. */
  lost: number;
  doubled: number;
  held: number;
  heldMs: number;
}

/** What may come at any time. 429 comes apart. */
const FAULTS = ['error', 'hangs', 'breaks_off', 'accepts_then_hangs', 'accepts_then_breaks_off', 'slow'] as const;
/** How often it is looked whether it is time for another. */
const LOOK_MS = 20;

/** Makes bad weather at a twin until it is told to stop; then all is calm again. Counts what it did. */
export async function rage(
  twin: DeskTwin,
  storm: Storm,
  { polls, dice, signal }: { polls: boolean; dice: Dice; signal: AbortSignal },
): Promise<Partial<Record<DeskFault, number>>> {
  const counts: Partial<Record<DeskFault, number>> = {};
  const { calls, limitMs, ...weather } = storm;
  // What nobody can ask for again must not be lost: a vendor that tells once and cannot be asked is not ours to mend.
  twin.webhooks.weather = polls ? weather : { ...weather, lost: 0 };
  twin.webhooks.seed(between(dice, 1, 1e9));
  const plan = (fault: DeskFault) => {
    twin.fault(fault);
    counts[fault] = (counts[fault] ?? 0) + 1;
  };
  let limitAt = performance.now() + limitMs * dice();
  let faultAt = 0;
  while (!signal.aborted) {
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    if (twin.calls.length < faultAt) continue;
    faultAt = twin.calls.length + between(dice, calls.low, calls.high);
    if (performance.now() < limitAt) plan(oneOf(dice, FAULTS));
    else {
      plan('rate_limited');
      limitAt = performance.now() + limitMs * (0.5 + dice());
    }
  }
  twin.calm();
  twin.webhooks.weather = { lost: 0, doubled: 0, held: 0, heldMs: 0 };
  return counts;
}
