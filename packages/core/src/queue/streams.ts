import type { Quantile } from './law.ts';
import { randoms, stratified } from './random.ts';

/**
 * What the paths of a run draw, one list of a number for each path after the other. The same seed and number of paths give
 * the same shares in the same order. Shares and the room for what is made of them are kept for the next run.
 */
export class Streams {
  readonly seed: number;
  readonly paths: number;
  readonly #random: () => number;
  readonly #made: Float64Array[] = [];
  readonly #rooms: Float64Array[] = [];
  #given = 0;

  constructor(seed: number, paths: number) {
    this.seed = seed;
    this.paths = paths;
    this.#random = randoms(seed);
  }

  again(): this {
    this.#given = 0;
    return this;
  }

  /** A time for each path. It is another one's with the next run. */
  draw(quantile: Quantile): Float64Array {
    const shares = this.#next();
    const times = this.#rooms[this.#given] ?? new Float64Array(this.paths);
    this.#rooms[this.#given] = times;
    for (let path = 0; path < times.length; path++) times[path] = quantile(shares[path] as number);
    return times;
  }

  #next(): Float64Array {
    const index = this.#given++;
    const made = this.#made[index] ?? stratified(this.paths, this.#random);
    this.#made[index] = made;
    return made;
  }
}

let last = new Streams(0, 0);

/** Looks that follow each other share their lists, which are dearer than all else. They depend on seed and number alone. */
export function streamsOf(seed: number, paths: number): Streams {
  if (last.seed !== seed || last.paths !== paths) last = new Streams(seed, paths);
  return last.again();
}
