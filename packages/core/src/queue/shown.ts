import type { Millis } from '#ids.ts';
import type { Estimate } from './estimate.ts';

/** What a customer in the line is told of his wait. */
export interface Shown {
  estimate: Estimate;
  /** It takes longer than he was told before; said until it gets better. */
  longer: boolean;
}

/** An estimate that ends earlier by this share of what is left, and half a minute, is good news; less is only unrest. */
const BETTER_SHARE = 0.2;
const BETTER_MS = 30_000;

/**
 * What to show now, given what was shown before. A range that was shown is kept, and time runs down in it, as long as it
 * is more likely than not to hold. It gets shorter when that is worth a word, and longer only when it must, which is said.
 *
 * @param before null: nothing was shown yet
 * @param fresh null: nobody can tell any more
 */
export function shown(before: Shown | null, fresh: Estimate | null, now: Millis): Shown | null {
  if (fresh === null) return null;
  if (before === null) return { estimate: fresh, longer: false };
  const promised = endOf(before.estimate);
  if (fresh.asOf + fresh.p50Seconds * 1_000 > promised) return { estimate: fresh, longer: true };
  const better = Math.max(BETTER_MS, BETTER_SHARE * (promised - now));
  if (endOf(fresh) + better < promised) return { estimate: fresh, longer: false };
  return { estimate: runDown(before.estimate, fresh, now), longer: before.longer };
}

function endOf({ asOf, highSeconds }: Estimate): Millis {
  return asOf + highSeconds * 1_000;
}

/** The same range with the time gone that has gone; its middle and its basis are those of the fresh one. */
function runDown(before: Estimate, fresh: Estimate, now: Millis): Estimate {
  const gone = Math.max(0, Math.round((now - before.asOf) / 1_000));
  const lowSeconds = left(before.lowSeconds, gone);
  const highSeconds = Math.max(lowSeconds, left(before.highSeconds, gone));
  const p50Seconds = Math.min(highSeconds, Math.max(lowSeconds, fresh.p50Seconds));
  return { ...fresh, p50Seconds, lowSeconds, highSeconds, asOf: before.asOf + gone * 1_000 };
}

/** In whole tenths: 4.1 - 3 is a little less than 1.1. */
function left(seconds: number, gone: number): number {
  return Math.max(0, Math.round(10 * (seconds - gone)) / 10);
}
