import type { Millis } from '#ids.ts';

/** An expected wait as a range. The wire carries exactly this; `null` in its place means "unknown". */
export interface Estimate {
  p50Seconds: number;
  lowSeconds: number;
  highSeconds: number;
  /** Share of waits that should fall within low and high, 0 to 1. */
  coverage: number;
  /** What it rests on: `measured` (this workspace's own recent handoffs) ... */
  basis: string;
  asOf: Millis;
}

/** What was measured lately in a queue: handoffs that an agent had. */
export interface Measured {
  /** From accepting to the end, in seconds, of the last handoffs that ended. */
  handleSeconds: readonly number[];
  /** From being asked first to somebody accepting, in seconds: declines and expiries are in it. */
  answerSeconds: readonly number[];
  /** Customers who leave the line, per second and customer in it; 0 where nobody does or nobody knows. */
  leavingPerSecond: number;
}

/** Where somebody stands and who serves. */
export interface Standing {
  /** People to be served before, without those whom an agent is being asked for already: those count as load. */
  ahead: number;
  /** Conversations that the online agents take at once, all together. */
  slots: number;
  /** Of these, not in use. */
  free: number;
}

/** With fewer we would be inventing. */
const MIN_HANDLE_TIMES = 5;
const MIN_ANSWER_TIMES = 3;

const COVERAGE = 0.8;
/** Standard normal quantile at the upper end of the range; the lower one is its negative. */
const Z = 1.2815515655446004;
/** Wilson-Hilferty loses its tails when the shape falls below 0.25, that is when the squared variation passes 4. */
const MAX_SQUARED_VARIATION = 4;

/**
 * The wait from now until an agent has accepted, or null while too little was measured to say.
 *
 * Who finds a free slot waits for the answer alone. Everybody else first waits until enough slots have come free: with
 * `s` slots of mean handle time `1/mu`, and waiting people leaving at rate `a` each, the next stage takes
 * `1 / (s mu + i a)` on average while `i` people are still to go (Whitt 1999; Ibrahim and Whitt 2009). The sum of the
 * stages is close to a gamma law; its quantiles are Wilson and Hilferty's (1931). That the mean handle time is itself
 * only measured widens the range: by the squared error of a mean of few values.
 */
export function estimate({
  ahead,
  slots,
  free,
  handleSeconds,
  answerSeconds,
  leavingPerSecond,
  asOf,
}: Standing & Measured & { asOf: Millis }): Estimate | null {
  if (slots <= 0) return null;
  const answer = answerSeconds.length >= MIN_ANSWER_TIMES ? answerRange(answerSeconds) : null;
  if (ahead < free) return answer && rounded(answer, asOf);
  if (handleSeconds.length < MIN_HANDLE_TIMES) return null;
  const line = lineRange(ahead - free, slots, handleSeconds, leavingPerSecond);
  // Added end to end rather than as independent: a little wider, and it never shrinks when the line grows.
  return rounded(answer === null ? line : add(line, answer), asOf);
}

interface Range {
  low: number;
  middle: number;
  high: number;
}

function answerRange(answerSeconds: readonly number[]): Range {
  const { mean, squaredVariation } = measure(answerSeconds);
  return gamma(mean, squaredVariation * (1 + 1 / answerSeconds.length));
}

/** Until `people` before him and then he himself get a slot, when none is free now. */
function lineRange(people: number, slots: number, handleSeconds: readonly number[], leavingPerSecond: number): Range {
  const { mean: handle, squaredVariation } = measure(handleSeconds);
  let mean = 0;
  let variance = 0;
  for (let left = 0; left <= people; left++) {
    const stage = 1 / (slots / handle + left * leavingPerSecond);
    mean += stage;
    variance += stage * stage;
  }
  return gamma(mean, variance / (mean * mean) + Math.min(1, squaredVariation / handleSeconds.length));
}

/** A gamma law of this mean and squared coefficient of variation: its 10, 50 and 90 percent points. */
function gamma(mean: number, squaredVariation: number): Range {
  const variation = Math.min(squaredVariation, MAX_SQUARED_VARIATION);
  const at = (z: number): number => mean * Math.max(0, 1 - variation / 9 + (z * Math.sqrt(variation)) / 3) ** 3;
  return { low: at(-Z), middle: at(0), high: at(Z) };
}

function measure(values: readonly number[]): { mean: number; squaredVariation: number } {
  // A second at least: clocks tick in milliseconds, people do not, and nothing here may divide by zero.
  const mean = Math.max(1, values.reduce((sum, value) => sum + value, 0) / values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean, squaredVariation: variance / (mean * mean) };
}

function add(a: Range, b: Range): Range {
  return { low: a.low + b.low, middle: a.middle + b.middle, high: a.high + b.high };
}

function rounded({ low, middle, high }: Range, asOf: Millis): Estimate {
  return {
    p50Seconds: Math.round(middle),
    lowSeconds: Math.round(low),
    highSeconds: Math.round(high),
    coverage: COVERAGE,
    basis: 'measured',
    asOf,
  };
}
