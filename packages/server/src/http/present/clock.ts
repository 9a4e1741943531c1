import type { Millis } from '@baton/core';

/** Days and hours as the clocks of a place show them. */
export interface Clock {
  /** 0 to 23. */
  hour(at: Millis): number;
  /** Like 2026-11-22. */
  day(at: Millis): string;
}

/** @param zone an IANA name that was checked at the edge; UTC where nothing is said. */
export function clockOf(zone = 'UTC'): Clock {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  const parts = (at: Millis) => Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    hour: (at) => Number(parts(at).hour),
    day: (at) => {
      const { year, month, day } = parts(at);
      return `${year}-${month}-${day}`;
    },
  };
}
