/** Throws from 0 to 1 (1 excluded) that depend on the seed alone, so that a run can be repeated. */
export type Dice = () => number;

/** FNV-1a spreads the seed, mulberry32 (Tommy Ettinger) throws. Good enough for scripts; not for secrets. */
export function diceOf(seed: string): Dice {
  let state = 0x811c9dc5;
  for (let at = 0; at < seed.length; at++) state = Math.imul(state ^ seed.charCodeAt(at), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `low` to `high`, both possible. */
export function between(dice: Dice, low: number, high: number): number {
  return low + Math.floor(dice() * (high - low + 1));
}

export function oneOf<T>(dice: Dice, choices: readonly [T, ...T[]]): T {
  return choices[between(dice, 0, choices.length - 1)] as T;
}
