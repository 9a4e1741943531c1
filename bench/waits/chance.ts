import type { Times } from './scenarios.ts';

/** mulberry32: the same numbers for the same seed. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function draw({ law, mean, variation }: Times, roll: () => number): number {
  if (law === 'exponential') return -mean * Math.log(1 - roll());
  const variance = Math.log(1 + variation * variation);
  const normal = Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll());
  return Math.exp(Math.log(mean) - variance / 2 + Math.sqrt(variance) * normal);
}
