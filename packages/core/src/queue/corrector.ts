import { type Forecast, squaredNormal } from './forecast.ts';

/** Waits after which the past counts 1/e: the corrector follows a line that changes. */
const MEMORY = 5_000;
/** As if this many waits had said that there is nothing to correct. */
const PSEUDO = 150;
/** The equations are solved again after this many waits. */
const AGAIN = 20;
/** Mean deviation of a normal law, as a share of its standard deviation. */
const MEAN_DEVIATION = Math.sqrt(2 / Math.PI);

/** What is learned of each wait: its mean; and the middle and spread of its square root, which is nearly symmetric. */
const TARGETS = 3;

export interface Corrected {
  forecast: Forecast;
  /** Middle of the square root of the wait. */
  middle: number;
}

/**
 * Learns from the outcomes by how much the simulation is wrong, from what the line looked like: a ridge regression on
 * what `signsOf` tells, kept as sums, so that a wait costs one addition and is then forgotten. It starts from "not at
 * all" and moves away as far as waits prove. (Ang, Kwasnick, Bayati, Plambeck and Aratow 2016 mix queueing formulas and
 * regression in the same spirit.)
 */
export class Corrector {
  readonly #size: number;
  readonly #sums: Float64Array;
  readonly #products: Float64Array[];
  #solved: Float64Array[] | null = null;
  #since = 0;
  #seen = 0;

  /** @param size how many signs there are; the first one is always 1 */
  constructor(size: number) {
    this.#size = size;
    this.#sums = new Float64Array(size * size);
    this.#products = Array.from({ length: TARGETS }, () => new Float64Array(size));
  }

  /** Waits learned from. */
  get seen(): number {
    return this.#seen;
  }

  correct(signs: Float64Array, simulated: Forecast): Corrected {
    if (this.#solved === null || this.#since >= AGAIN) this.#solve();
    const [mean = 0, middle = 0, spread = 0] = this.#solved?.map((weights) => dot(weights, signs)) ?? [];
    const base = rootOf(simulated);
    const at = Math.max(0, base.middle + middle);
    const wide = Math.max(base.spread / 4, base.spread + spread, 0.1);
    return { forecast: squaredNormal(Math.max(0, simulated.mean + mean), at, wide), middle: at };
  }

  /**
   * @param weight more than 1 for waits of which there would be more, had nobody left before (inverse censoring weight)
   */
  learn(signs: Float64Array, simulated: Forecast, corrected: Corrected, waited: number, weight: number): void {
    const base = rootOf(simulated);
    const root = Math.sqrt(waited);
    const errors = [
      waited - simulated.mean,
      root - base.middle,
      Math.abs(root - corrected.middle) / MEAN_DEVIATION - base.spread,
    ];
    const size = this.#size;
    // Older waits fade by letting newer ones weigh more; the scale is taken back when the sums are solved.
    const fade = 1 - 1 / MEMORY;
    for (let index = 0; index < this.#sums.length; index++) this.#sums[index] = (this.#sums[index] ?? 0) * fade;
    for (let row = 0; row < size; row++) {
      const sign = weight * (signs[row] ?? 0);
      if (sign !== 0)
        for (let column = 0; column <= row; column++) {
          const at = row * size + column;
          this.#sums[at] = (this.#sums[at] ?? 0) + sign * (signs[column] ?? 0);
        }
      for (const [target, products] of this.#products.entries())
        products[row] = (products[row] ?? 0) * fade + sign * (errors[target] ?? 0);
    }
    this.#seen++;
    this.#since++;
  }

  #solve(): void {
    this.#since = 0;
    const size = this.#size;
    const weight = this.#sums[0] ?? 0;
    if (weight <= 0) return;
    const matrix = this.#sums.slice();
    for (let index = 1; index < size; index++) {
      const mean = (this.#sums[index * size] ?? 0) / weight;
      const variance = (this.#sums[index * size + index] ?? 0) / weight - mean * mean;
      matrix[index * size + index] = (matrix[index * size + index] ?? 0) + PSEUDO * variance + 1e-6 * weight + 1e-6;
    }
    matrix[0] = weight + PSEUDO;
    factorize(matrix, size);
    this.#solved = this.#products.map((products) => substitute(matrix, size, products));
  }
}

/** Middle and spread of the square root of a simulated wait, from its tenth, half and nine tenths. */
function rootOf({ points }: Forecast): { middle: number; spread: number } {
  const low = Math.sqrt(points[4] ?? 0);
  const high = Math.sqrt(points[21] ?? 0);
  return { middle: Math.sqrt(points[12] ?? 0), spread: (high - low) / (2 * 1.281_551_6) };
}

/** Cholesky: the lower triangle L with L Lt = matrix, in place. */
function factorize(matrix: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column] ?? 0;
      for (let k = 0; k < column; k++) sum -= (matrix[row * size + k] ?? 0) * (matrix[column * size + k] ?? 0);
      matrix[row * size + column] =
        row === column ? Math.sqrt(Math.max(1e-12, sum)) : sum / (matrix[column * size + column] ?? 1);
    }
  }
}

function substitute(lower: Float64Array, size: number, right: Float64Array): Float64Array {
  const found = right.slice();
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < row; k++) found[row] = (found[row] ?? 0) - (lower[row * size + k] ?? 0) * (found[k] ?? 0);
    found[row] = (found[row] ?? 0) / (lower[row * size + row] ?? 1);
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++)
      found[row] = (found[row] ?? 0) - (lower[k * size + row] ?? 0) * (found[k] ?? 0);
    found[row] = (found[row] ?? 0) / (lower[row * size + row] ?? 1);
  }
  return found;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
