import type { Opens } from '#queue/outlook.ts';
import { DAY, wallAt } from '#queue/zone.ts';

/** When somebody is there again, in the pieces that sentences are made of. Hours and weekdays are the language's own. */
export interface OpeningTime {
  /** `week`: within six days, so that the weekday alone says which. */
  when: 'today' | 'tomorrow' | 'week' | 'later';
  /** `Monday`, or `December 28`. */
  day: string;
  /** `9:00 AM GMT+1`: with the zone, because the customer may be anywhere. */
  time: string;
}

/** @param locale BCP 47, of the language that the sentence is in */
export function openingTime({ at, zone, asOf }: Opens, locale: string): OpeningTime {
  const days = Math.floor(wallAt(zone, at) / DAY) - Math.floor(wallAt(zone, asOf) / DAY);
  const when = days <= 0 ? 'today' : days === 1 ? 'tomorrow' : days <= 6 ? 'week' : 'later';
  const say = (options: Intl.DateTimeFormatOptions) =>
    // Newer runtimes put narrow spaces before AM; a text is the same wherever it is written.
    new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }).format(at).replace(/[\u{00A0}\u{202F}]/gu, ' ');
  return {
    when,
    day: when === 'later' ? say({ day: 'numeric', month: 'long' }) : say({ weekday: 'long' }),
    time: say({ hour: 'numeric', minute: '2-digit', timeZoneName: 'short' }),
  };
}
