/** Smaller differences are the `Date` header's own coarseness (whole seconds) and the way of the answer. */
const WORTH_MS = 2_500;

let skew = 0;

/**
 * The hub's time, as its answers tell it. Offers run out and waits are counted by the hub's clock, and an office
 * computer may be minutes off: its own clock would show a wait of "-3 minutes" and drop an offer that still stands.
 */
export function hubNow(): number {
  return Date.now() + skew;
}

/** Takes the `Date` header of an answer that has just arrived. */
export function correctClock(header: string | null): void {
  const told = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(told)) return;
  const difference = told - Date.now();
  skew = Math.abs(difference) < WORTH_MS ? 0 : difference;
}
