/** The smallest value that at least this share of all values does not exceed; null of nothing. */
export function percentile(values: readonly number[] | Float64Array, share: number): number | null {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

/** A figure that was measured several times. */
export interface Figure {
  median: number;
  low: number;
  high: number;
}

/** Median and spread; null of nothing. */
export function figureOf(values: readonly (number | null)[]): Figure | null {
  const sorted = values.filter((one) => one !== null).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
  const [low] = sorted;
  const high = sorted.at(-1);
  return low === undefined || high === undefined ? null : { median, low, high };
}
