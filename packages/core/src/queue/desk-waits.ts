import { RANGE, type Range } from './estimator.ts';
import type { Waited } from './patience.ts';

/** With fewer that somebody answered we would be inventing. */
const LEAST = 8;

/**
 * What to expect where nobody can see who works: at an outside desk, as long as those before had to wait there. The share
 * of waits below each time is Kaplan and Meier's: who left would have waited longer.
 *
 * @param waits the last ones, in any order
 * @returns null where too little is known, and where so many left that nobody knows how long the others would have waited
 */
export function rangeOfWaits(waits: readonly Waited[]): Range | null {
  if (waits.filter(({ left }) => !left).length < LEAST) return null;
  const sorted = waits.toSorted((a, b) => a.seconds - b.seconds || Number(a.left) - Number(b.left));
  const at = (share: number): number | null => {
    let longer = 1;
    for (const [index, { seconds, left }] of sorted.entries()) {
      if (!left) longer *= 1 - 1 / (sorted.length - index);
      if (1 - longer >= share - 1e-9) return seconds;
    }
    return null;
  };
  const [low, middle, high] = [at(RANGE.low), at(RANGE.middle), at(RANGE.high)];
  if (low === null || middle === null || high === null) return null;
  return { low, middle, high, basis: 'measured' };
}
