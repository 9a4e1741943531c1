import type { Millis } from '@baton/core';
import type { Rate } from '#ports/rate.ts';
import type { World } from '#ports/world.ts';

/** Vendors agree on the words, and not on hyphens and the prefix. */
const SPELLINGS = ['ratelimit-', 'x-ratelimit-', 'x-rate-limit-'];
/** A reset beyond this is a moment in seconds since 1970, before it a time from now on. */
const A_MOMENT = 1_000_000_000;

/**
 * What the headers of an answer say of a rate limit; null where they say nothing. Read are `RateLimit-Remaining`, `-Limit` (`-Total`) and
 * `-Reset` in their spellings, and the `RateLimit` field of the IETF's later drafts (`"default";r=50;t=30`).
 */
export function rateOf(headers: Headers, now: Millis): Rate | null {
  const [, left] = /(?:^|;)\s*r=(\d+)/.exec(headers.get('ratelimit') ?? '') ?? [];
  if (left !== undefined) {
    const [, seconds] = /(?:^|;)\s*t=(\d+)/.exec(headers.get('ratelimit') ?? '') ?? [];
    return { left: Number(left), limit: null, resetsAt: seconds ? now + Number(seconds) * 1_000 : null, at: now };
  }
  const remaining = numberIn(headers, 'remaining');
  if (remaining === null) return null;
  const reset = numberIn(headers, 'reset');
  return {
    left: remaining,
    limit: numberIn(headers, 'limit') ?? numberIn(headers, 'total') ?? numberOf(headers.get('x-rate-limit')),
    resetsAt: reset === null ? null : reset > A_MOMENT ? reset * 1_000 : now + reset * 1_000,
    at: now,
  };
}

/** A world whose answers are looked at for what they say of a limit. */
export function watchRate(world: World, tell: (rate: Rate) => void): World {
  return {
    ...world,
    fetch: async (...call) => {
      const response = await world.fetch(...call);
      const rate = rateOf(response.headers, world.now());
      if (rate) tell(rate);
      return response;
    },
  };
}

function numberIn(headers: Headers, what: 'remaining' | 'limit' | 'total' | 'reset'): number | null {
  for (const spelling of SPELLINGS) {
    const value = numberOf(headers.get(spelling + what));
    if (value !== null) return value;
  }
  return null;
}

/** The first number: some add a policy behind it (`100, 100;w=60`). */
function numberOf(text: string | null): number | null {
  const [, digits] = /^\s*(\d{1,15})/.exec(text ?? '') ?? [];
  return digits === undefined ? null : Number(digits);
}
