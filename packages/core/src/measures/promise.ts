import type { Estimate } from '#queue/estimate.ts';
import { mean, share } from './figures.ts';

/** A told range and what came of it. `seconds`: from being told until the agent accepted, or until nobody waited any more. */
export interface Promised {
  range: Pick<Estimate, 'lowSeconds' | 'p50Seconds' | 'highSeconds'>;
  seconds: number;
  answered: boolean;
}

/** `unknown`: he left, or waits still, while the promise could still have been kept. */
export type Kept = 'within' | 'early' | 'late' | 'unknown';

/** Words round to minutes, and nobody holds a promise to the second. */
const GRACE_SECONDS = 1;

/** Who waited past the long end was promised too little, whether or not he was answered in the end. */
export function keptOf({ range, seconds, answered }: Promised): Kept {
  if (seconds > range.highSeconds + GRACE_SECONDS) return 'late';
  if (!answered) return 'unknown';
  return seconds < range.lowSeconds - GRACE_SECONDS ? 'early' : 'within';
}

/** How a number of promises turned out. */
export interface Tally {
  count: number;
  /** The four add up to `count`. */
  kept: Record<Kept, number>;
  /** Shares among those whose outcome is known; null without any. */
  withinShare: number | null;
  lateShare: number | null;
  /** Wait less the told middle, of answered ones: above zero too little is promised. Null without any. */
  meanErrorSeconds: number | null;
  meanAbsoluteErrorSeconds: number | null;
}

export function tallyOf(promises: readonly Promised[]): Tally {
  const kept: Tally['kept'] = { within: 0, early: 0, late: 0, unknown: 0 };
  for (const one of promises) kept[keptOf(one)]++;
  const known = promises.length - kept.unknown;
  const errors = promises.flatMap(({ range, seconds, answered }) => (answered ? [seconds - range.p50Seconds] : []));
  return {
    count: promises.length,
    kept,
    withinShare: share(kept.within, known),
    lateShare: share(kept.late, known),
    meanErrorSeconds: mean(errors),
    meanAbsoluteErrorSeconds: mean(errors.map(Math.abs)),
  };
}

/** How many waits should have ended by a told time, and how many did. */
export interface Calibration {
  /** 0.1 by the short end, 0.5 by the middle, 0.9 by the long end. */
  aimed: number;
  /** 0 to 1; null while too few ranges were told. */
  seen: number | null;
}

/** With fewer told ranges a share would say more about chance than about us. */
const CALIBRATION_NEEDS = 20;
const AIMED = [0.1, 0.5, 0.9];

/**
 * A customer who leaves has waited at least so long; without him promises would look longer than they are. He counts as at
 * risk for half of the stretch in which he left: the actuarial life table (Cutler and Ederer 1958), its stretches being
 * those between the told times.
 */
export function calibrationOf(promises: readonly Promised[]): Calibration[] {
  let atRisk = promises.length;
  let waiting = 1;
  return AIMED.map((aimed, stretch) => {
    const here = promises.filter((one) => stretchOf(one) === stretch);
    const answered = here.filter((one) => one.answered).length;
    const exposed = atRisk - (here.length - answered) / 2;
    if (exposed > 0) waiting *= 1 - answered / exposed;
    atRisk -= here.length;
    return { aimed, seen: promises.length < CALIBRATION_NEEDS ? null : 1 - waiting };
  });
}

/** 0: by the short end, 1: by the middle, 2: by the long end, 3: later. */
function stretchOf({ range, seconds }: Promised): number {
  const ends = [range.lowSeconds, range.p50Seconds, range.highSeconds];
  const found = ends.findIndex((end) => seconds <= end);
  return found === -1 ? ends.length : found;
}
