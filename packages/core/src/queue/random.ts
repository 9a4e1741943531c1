/** Numbers from 0 up to 1, the same for the same seed on every machine: mulberry32, 32 bits of state. */
export function randoms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * `count` numbers, one from each of `count` equal parts of 0 to 1, in random order (a Latin hypercube over several
 * calls): means over paths settle with far fewer paths than with independent numbers.
 */
export function stratified(count: number, random: () => number): Float64Array {
  const into = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const other = Math.floor(random() * (index + 1));
    into[index] = into[other] ?? 0;
    into[other] = index;
  }
  for (let index = 0; index < count; index++) into[index] = ((into[index] ?? 0) + random()) / count;
  return into;
}

/** One time of a lognormal law, by its mean and its standard deviation over it; the normal number after Box and Muller. */
export function drawLognormal({ mean, variation }: { mean: number; variation: number }, random: () => number): number {
  const variance = Math.log(1 + variation * variation);
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(Math.log(mean) - variance / 2 + Math.sqrt(variance) * normal);
}
