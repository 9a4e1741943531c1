import { normalQuantile } from './normal.ts';

/** Shares at which a forecast says its wait. Close together at the ends, where the range is read. */
const SHARES = [
  0.01, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.83, 0.86,
  0.9, 0.93, 0.95, 0.97, 0.99,
] as const;

/** A wait that is not known yet: seconds from now. */
export interface Forecast {
  readonly mean: number;
  /** The wait that each of a fixed list of shares stays below; ascending. Infinity where nobody may ever come. */
  readonly points: Float64Array;
}

/** @param sorted what happened in each path, ascending */
export function forecastOf(sorted: Float64Array): Forecast {
  let sum = 0;
  for (const seconds of sorted) sum += seconds;
  const points = Float64Array.from(SHARES, (share) => {
    const at = share * sorted.length - 0.5;
    const below = Math.max(0, Math.floor(at));
    const low = sorted[below] ?? Number.POSITIVE_INFINITY;
    const high = sorted[Math.min(sorted.length - 1, below + 1)] ?? low;
    return low === high ? low : low + Math.max(0, at - below) * (high - low);
  });
  return { mean: sum / sorted.length, points };
}

const DEVIATIONS = SHARES.map(normalQuantile);

/** A forecast whose square root is normal, of this middle and spread; its mean is known better than from that. */
export function squaredNormal(mean: number, middle: number, spread: number): Forecast {
  return { mean, points: Float64Array.from(DEVIATIONS, (deviation) => Math.max(0, middle + spread * deviation) ** 2) };
}

/** Between two forecasts: all of the first at weight 0, all of the second at 1. */
export function between(a: Forecast, b: Forecast, weight: number): Forecast {
  if (weight === 0) return a;
  const mix = (x: number, y: number) => x + weight * (y - x);
  return { mean: mix(a.mean, b.mean), points: a.points.map((point, index) => mix(point, b.points[index] ?? point)) };
}

/** The wait that this share of waits stays below. Beyond the first and last share it goes on as steeply as there. */
export function quantile({ points }: Forecast, share: number): number {
  let above = SHARES.findIndex((known) => known >= share);
  if (above === -1) above = SHARES.length - 1;
  above = Math.max(1, above);
  const [from = 0, to = 1] = [SHARES[above - 1], SHARES[above]];
  const [low = 0, high = 0] = [points[above - 1], points[above]];
  if (low === high || high === Number.POSITIVE_INFINITY) return share <= from ? low : high;
  return Math.max(0, low + ((share - from) / (to - from)) * (high - low));
}

/** The share of waits that stay below `seconds`, by this forecast: 0 to 1. */
export function shareBelow({ points }: Forecast, seconds: number): number {
  let above = points.findIndex((point) => point > seconds);
  if (above === 0) return (SHARES[0] * seconds) / (points[0] || 1);
  const last = SHARES.length - 1;
  if (above === -1) {
    const [low = 0, high = 0] = [points[0], points[last]];
    // Beyond the last share nothing is known but that little is left: it halves with each such stretch.
    return 1 - (1 - (SHARES[last] ?? 1)) * 2 ** (-(seconds - high) / Math.max(1, (high - low) / 4));
  }
  above = Math.max(1, above);
  const [from = 0, to = 1] = [SHARES[above - 1], SHARES[above]];
  const [low = 0, high = 0] = [points[above - 1], points[above]];
  return high === Number.POSITIVE_INFINITY ? from : from + ((seconds - low) / (high - low)) * (to - from);
}
