/** Outcomes that count: what has gone wrong lately, not what did last week. */
const KEPT = 60;
/** With fewer nothing is said of a drift. */
const LEAST = 12;
/** A drift is believed as far as it is more than so many standard errors, or chance would be followed, too. */
const SURE = 2;
/** Standard deviation of a normal law by its median absolute deviation, and error of a median by that of a mean. */
const BY_MEDIAN = 1.4826;
const MEDIAN_ERROR = 1.2533;
/** Waits of seconds are told apart by the second, not by the factor. */
const GRAIN = 5;

/**
 * By which factor waits have lately been longer than forecast. Queues change faster than laws of times are learned: a
 * shift that is slow, a server that is busy. Who left while he still waited less than forecast tells nothing.
 */
export class Drift {
  readonly #ratios: number[] = [];
  #factor: number | null = null;

  add(forecast: number, waited: number): void {
    this.#ratios.push(Math.log((waited + GRAIN) / (forecast + GRAIN)));
    if (this.#ratios.length > KEPT) this.#ratios.shift();
    this.#factor = null;
  }

  get factor(): number {
    this.#factor ??= this.#estimate();
    return this.#factor;
  }

  #estimate(): number {
    if (this.#ratios.length < LEAST) return 1;
    const middle = median(this.#ratios);
    const spread = BY_MEDIAN * median(this.#ratios.map((ratio) => Math.abs(ratio - middle)));
    const doubt = (SURE * MEDIAN_ERROR * spread) / Math.sqrt(this.#ratios.length);
    return Math.exp(Math.sign(middle) * Math.max(0, Math.abs(middle) - doubt));
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >>> 1;
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
