import { normalBelow, normalQuantile } from './normal.ts';

/** A law of times (of conversations, of pauses), made of what was measured. Seconds. */
export interface Law {
  /** Measured times, ascending. */
  readonly sorted: Float64Array;
  readonly mean: number;
  /** Of the logarithms: where little was measured, times are taken as lognormal. */
  readonly logMean: number;
  readonly logDeviation: number;
  /** What the longest ones are like; null where too few were measured to say. */
  readonly tail: Tail | null;
}

/** For a share from 0 to 1: the time that this share of such times has at most. */
export type Quantile = (share: number) => number;

/** A generalized Pareto law of what is left beyond `from`. Shape 0 is exponential, more than 0 lasts the longer the older. */
interface Tail {
  from: number;
  shape: number;
  scale: number;
}

/** Where fewer measured times than this are longer, a smooth tail speaks instead of them. */
const TAIL = 15;
/** Of enough times the longest part makes the tail; a longer one is steadier, a shorter one is nearer to the truth. */
const TAIL_SHARE = 0.1;
const TAIL_MOST = 200;
/** Shapes beyond these have hardly an end, or one that nobody has measured. */
const SHAPES = { least: -0.3, most: 0.4 };
/** Logarithms need something. */
const SHORTEST = 0.02;

/** @param times in seconds, in any order; at least one */
export function lawOf(times: Iterable<number>): Law {
  const sorted = Float64Array.from(times, (time) => Math.max(SHORTEST, time)).sort();
  let sum = 0;
  let logs = 0;
  for (const time of sorted) {
    sum += time;
    logs += Math.log(time);
  }
  const logMean = logs / sorted.length;
  let spread = 0;
  for (const time of sorted) spread += (Math.log(time) - logMean) ** 2;
  const logDeviation = Math.max(0.05, Math.sqrt(spread / Math.max(1, sorted.length - 1)));
  return { sorted, mean: sum / sorted.length, logMean, logDeviation, tail: tailOf(sorted) };
}

/** A lognormal law of this mean and coefficient of variation, as the times at evenly spaced shares. */
export function lognormal(mean: number, variation: number, points = 64): Law {
  const variance = Math.log(1 + variation * variation);
  const logMean = Math.log(mean) - variance / 2;
  const logDeviation = Math.sqrt(variance);
  const at = (_: unknown, index: number) => Math.exp(logMean + logDeviation * normalQuantile((index + 0.5) / points));
  return { sorted: Float64Array.from({ length: points }, at), mean, logMean, logDeviation, tail: null };
}

/** By the mean and variance of what the longest ones have beyond the threshold (method of moments). */
function tailOf(sorted: Float64Array): Tail | null {
  const count = Math.min(TAIL_MOST, Math.floor(TAIL_SHARE * sorted.length));
  if (count < TAIL) return null;
  const from = sorted[sorted.length - count - 1] ?? 0;
  let sum = 0;
  let squares = 0;
  for (const time of sorted.subarray(-count)) {
    sum += time - from;
    squares += (time - from) ** 2;
  }
  const mean = sum / count;
  const variance = squares / count - mean * mean;
  if (mean <= 0 || variance <= 0) return null;
  const shape = Math.min(SHAPES.most, Math.max(SHAPES.least, (1 - (mean * mean) / variance) / 2));
  return { from, shape, scale: mean * (1 - shape) };
}

/**
 * What is left of something that has lasted `age` seconds: gives, for a share from 0 to 1, the time that this share of
 * such things has at most still to go. Made once per conversation, asked once per path.
 */
export function remaining(law: Law, age: number): Quantile {
  const { sorted } = law;
  if (law.tail && age >= law.tail.from) return beyond(law.tail, age);
  const from = age <= 0 ? 0 : firstAbove(sorted, age);
  const left = sorted.length - from;
  if (left < TAIL && (age > 0 || sorted.length < TAIL)) return tail(law, age);
  return (share) => {
    const at = from + share * left - 0.5;
    const below = Math.max(from, Math.floor(at));
    const above = Math.min(sorted.length - 1, below + 1);
    const low = sorted[below] ?? 0;
    const time = low + Math.min(1, Math.max(0, at - below)) * ((sorted[above] ?? low) - low);
    return Math.max(0, time - age);
  };
}

function beyond({ from, shape, scale }: Tail, age: number): Quantile {
  const width = Math.max(scale / 10, scale + shape * (age - from));
  if (Math.abs(shape) < 1e-3) return (share) => -width * Math.log(Math.max(1e-9, 1 - share));
  return (share) => (width / shape) * (Math.max(1e-9, 1 - share) ** -shape - 1);
}

function tail({ logMean, logDeviation }: Law, age: number): Quantile {
  const over = age <= 0 ? 1 : 1 - normalBelow((Math.log(age) - logMean) / logDeviation);
  // So far out that the approximation has no digits left: it goes on as long as it has lasted (a power law's tail).
  if (over < 1e-6) return (share) => (age * logDeviation * -Math.log(Math.max(1e-9, 1 - share))) / 3;
  return (share) => {
    const beyond = Math.min(1 - 1e-9, Math.max(1e-9, 1 - (1 - share) * over));
    return Math.max(0, Math.exp(logMean + logDeviation * normalQuantile(beyond)) - age);
  };
}

function firstAbove(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
