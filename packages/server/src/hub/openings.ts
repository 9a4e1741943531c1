import { type Hours, type Millis, type Opening, openingAt } from '@baton/core';

/** What never closes and never opens is looked at again after this. */
const DAY = 86_400_000;

/** What is open now, worked out once between two changes: a line is read many times a second. */
export class Openings {
  readonly #known = new WeakMap<Hours, { from: Millis; until: Millis; opening: Opening }>();

  at(hours: Hours | null, now: Millis): Opening {
    if (hours === null) return openingAt(null, now);
    const known = this.#known.get(hours);
    // A clock that was set back begins anew.
    if (known && known.from <= now && now < known.until) return known.opening;
    const opening = openingAt(hours, now);
    const change = opening.open ? opening.closesAt : opening.opensAt;
    this.#known.set(hours, { from: now, until: Math.min(change ?? now + DAY, now + DAY), opening });
    return opening;
  }
}
