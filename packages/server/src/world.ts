import { randomFillSync } from 'node:crypto';
import type { NewId } from '@baton/core';
import type { Log, World } from '#ports/world.ts';

/** Crockford's base 32: no letter that is taken for another. */
const ALPHABET = Buffer.from('0123456789abcdefghjkmnpqrstvwxyz', 'latin1');
const TIME_DIGITS = 10;
const CHANCE_DIGITS = 16;
/** Random bytes are taken in one gulp: a system call per id would cost more than the id. */
const POOL = Buffer.alloc(CHANCE_DIGITS * 512);
let used = POOL.length;

/**
 * Prefix, 48 bits of time, 80 bits of chance (the ULID layout): sorted by text is sorted by time.
 */
export function idMaker(now: () => number): NewId {
  const digits = Buffer.alloc(TIME_DIGITS + CHANCE_DIGITS);
  let written = -1;
  return (prefix) => {
    const millis = now();
    if (millis !== written) writeTime(digits, millis);
    written = millis;
    writeChance(digits);
    return `${prefix}_${digits.toString('latin1')}`;
  };
}

function writeTime(digits: Buffer, millis: number): void {
  let rest = millis;
  for (let i = TIME_DIGITS - 1; i >= 0; i--) {
    digits[i] = ALPHABET[rest % 32] as number;
    rest = Math.floor(rest / 32);
  }
}

/** 5 bits a digit; the other 3 of a random byte are left unused. */
function writeChance(digits: Buffer): void {
  if (used === POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  for (let i = 0; i < CHANCE_DIGITS; i++) digits[TIME_DIGITS + i] = ALPHABET[(POOL[used + i] as number) & 31] as number;
  used += CHANCE_DIGITS;
}

/** The world as it is. */
export function realWorld(log: Log, fetch: typeof globalThis.fetch): World {
  const now = () => Date.now();
  return { now, newId: idMaker(now), fetch, log };
}
