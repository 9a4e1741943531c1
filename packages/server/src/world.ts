import { randomBytes } from 'node:crypto';
import type { NewId } from '@baton/core';
import type { Log, World } from '#ports/world.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** Random bytes are taken in one gulp: a system call per id would cost more than the id. */
const POOL = randomBytes(10 * 512);
let used = POOL.length;

/**
 * Prefix, 48 bits of time, 80 bits of chance, in Crockford's base 32 (the ULID layout): sorted by text is sorted by
 * time.
 */
export function idMaker(now: () => number): NewId {
  return (prefix) => `${prefix}_${time(now())}${chance()}`;
}

function time(millis: number): string {
  let text = '';
  let rest = millis;
  for (let i = 0; i < 10; i++) {
    text = ALPHABET[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function chance(): string {
  if (used + 10 > POOL.length) {
    randomBytes(POOL.length).copy(POOL);
    used = 0;
  }
  let text = '';
  for (let i = 0; i < 2; i++) {
    // 40 bits make 8 digits.
    let bits = POOL.readUIntBE(used, 5);
    used += 5;
    for (let digit = 0; digit < 8; digit++) {
      text += ALPHABET[bits % 32];
      bits = Math.floor(bits / 32);
    }
  }
  return text;
}

/** The world as it is. */
export function realWorld(log: Log, fetch: typeof globalThis.fetch): World {
  const now = () => Date.now();
  return { now, newId: idMaker(now), fetch, log };
}
