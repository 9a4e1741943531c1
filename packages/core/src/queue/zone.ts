import { dayNumber } from '#calendar.ts';
import type { Millis } from '#ids.ts';

/**
 * Time zones. A wall time is written as the Millis that it would be in UTC: so many days since 1970 and so much of a day.
 * The rules of the zones are the runtime's own (Intl, the IANA data base); nothing else here is not worked out.
 */
type Wall = Millis;

export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** No zone is further from UTC than 14 hours, and no two changes of one zone lie within three days. */
const WINDOW = 1.5 * DAY;

/** Building one costs a hundred uses. There are some 600 zones, and a name has to be one of them to get in here. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Is this the name of an IANA time zone, `Europe/Berlin`? Fixed offsets (`+02:00`) are none: they know no summer. */
function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with the name of a zone, and what to write; null: nothing. */
export function faultOfZone(name: string): string | null {
  return isZone(name) ? null : `There is no time zone "${name}". Write its IANA name, such as Europe/Berlin.`;
}

/** What the clocks of a zone show at a moment. */
export function wallAt(zone: string, at: Millis): Wall {
  const seconds = Math.floor(at / 1_000) * 1_000;
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(seconds)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return dayNumber(year, month, day) * DAY + ((hour * 60 + minute) * 60 + second) * 1_000 + (at - seconds);
}

/**
 * The first moment at which the clocks of a zone show this time. Where they skip it (spring), it is the moment at which
 * they skip; where they show it twice (autumn), the first of the two.
 */
export function firstAt(zone: string, wall: Wall): Millis {
  return momentsOf(zone, wall)[0];
}

/** The last moment at which they show it. */
export function lastAt(zone: string, wall: Wall): Millis {
  return momentsOf(zone, wall)[1];
}

function momentsOf(zone: string, wall: Wall): [first: Millis, last: Millis] {
  const before = offsetAt(zone, wall - WINDOW);
  const after = offsetAt(zone, wall + WINDOW);
  const early = wall - before;
  const late = wall - after;
  if (before === after) return [early, early];
  const change = changeBetween(zone, wall - WINDOW, wall + WINDOW);
  if (early < change) return [early, late >= change ? late : early];
  return late >= change ? [late, late] : [change, change];
}

/** The moment of the one change of offset in between. */
function changeBetween(zone: string, from: Millis, to: Millis): Millis {
  const offset = offsetAt(zone, from);
  let low = Math.floor(from / 1_000);
  let high = Math.ceil(to / 1_000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle * 1_000) === offset) low = middle;
    else high = middle;
  }
  return high * 1_000;
}

function offsetAt(zone: string, at: Millis): Millis {
  return wallAt(zone, at) - at;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** `09:30` as minutes since midnight, up to `24:00`; null where it is none. */
export function minutesOf(text: string): number | null {
  const found = /^(\d{2}):(\d{2})$/.exec(text);
  if (!found) return null;
  const minutes = Number(found[1]) * 60 + Number(found[2]);
  return Number(found[2]) < 60 && minutes <= 24 * 60 ? minutes : null;
}
