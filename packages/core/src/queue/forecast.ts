import { normalQuantile } from './normal.ts';

/** Shares at which a forecast says its wait. Close together at the ends, where the range is read. */
const SHARES = [
  0.01, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.83, 0.86,
  0.9, 0.93, 0.95, 0.97, 0.99,
] as const;

/** Waits of seconds are told apart by the second, not by the factor. */
const GRAIN = 5;

/** A wait that is not known yet: seconds from now. */
export interface Forecast {
  readonly mean: number;
  /** The wait that each of a fixed list of shares stays below; ascending. Infinity where nobody may ever come. */
  readonly points: Float64Array;
}

/** @param sorted what happened in each path, ascending */
export function forecastOf(sorted: Float64Array): Forecast {
  const points = Float64Array.from(SHARES, (share) => {
    const at = share * sorted.length - 0.5;
    const below = Math.max(0, Math.floor(at));
    const low = sorted[below] ?? Number.POSITIVE_INFINITY;
    const high = sorted[Math.min(sorted.length - 1, below + 1)] ?? low;
    return low === high ? low : low + Math.max(0, at - below) * (high - low);
  });
  return { mean: boundedMean(sorted), points };
}

/**
 * The mean, with what is far out counted as just that: a few paths in which somebody talks for hours must not be the wait
 * of everybody. Of an exponential law this leaves out a two-thousandth.
 */
function boundedMean(sorted: Float64Array): number {
  const middle = sorted[sorted.length >>> 1] ?? 0;
  const upper = sorted[(3 * sorted.length) >>> 2] ?? middle;
  const most = middle + 10 * (upper - middle) + GRAIN;
  let sum = 0;
  for (const seconds of sorted) sum += Math.min(most, seconds);
  return sum / sorted.length;
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

const MIDDLE = SHARES.indexOf(0.5);
const LAST = SHARES.length - 1;
/** Beyond its ends a forecast goes on at least so steeply: logarithm of seconds for each standard deviation. */
const LEAST_SLOPE = 0.02;

/**
 * The wait at a score: the standard normal deviate of the share of waits that stay below. Beyond the points the logarithm
 * goes on as steeply as from the middle to that end, so that there is an answer however wrong a forecast was.
 */
export function waitAt({ points }: Forecast, score: number): number {
  const end = score < (DEVIATIONS[0] ?? 0) ? 0 : score > (DEVIATIONS[LAST] ?? 0) ? LAST : null;
  if (end !== null) {
    const beyond = slopeTo(points, end) * (score - (DEVIATIONS[end] ?? 0));
    return Math.max(0, ((points[end] ?? 0) + GRAIN) * Math.exp(Math.min(20, beyond)) - GRAIN);
  }
  const above = Math.max(
    1,
    DEVIATIONS.findIndex((deviation) => deviation >= score),
  );
  const [from = 0, to = 1] = [DEVIATIONS[above - 1], DEVIATIONS[above]];
  const [low = 0, high = 0] = [points[above - 1], points[above]];
  return Math.max(0, low + ((score - from) / (to - from)) * (high - low));
}

/** The score of a wait, by this forecast: what `waitAt` turns around. */
export function scoreOf({ points }: Forecast, seconds: number): number {
  const end = seconds < (points[0] ?? 0) ? 0 : seconds >= (points[LAST] ?? 0) ? LAST : null;
  if (end !== null) {
    const beyond = Math.log((seconds + GRAIN) / ((points[end] ?? 0) + GRAIN));
    return (DEVIATIONS[end] ?? 0) + beyond / slopeTo(points, end);
  }
  const above = Math.max(
    1,
    points.findIndex((point) => point > seconds),
  );
  const [from = 0, to = 1] = [DEVIATIONS[above - 1], DEVIATIONS[above]];
  const [low = 0, high = 0] = [points[above - 1], points[above]];
  return from + ((seconds - low) / (high - low)) * (to - from);
}

function slopeTo(points: Float64Array, end: number): number {
  const apart = Math.log(((points[end] ?? 0) + GRAIN) / ((points[MIDDLE] ?? 0) + GRAIN));
  return Math.max(LEAST_SLOPE, apart / (DEVIATIONS[end] ?? 1));
}
