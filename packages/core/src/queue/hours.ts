import { dayOf, textOfDay } from '#calendar.ts';
import type { Millis } from '#ids.ts';
import { DAY, faultOfZone, firstAt, lastAt, MINUTE, minutesOf, wallAt } from './zone.ts';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** From `09:00` to `17:00` of a day. A `to` that is not later ends on the next day: `22:00` to `06:00`; midnight is `24:00`. */
export interface OpenTime {
  from: string;
  to: string;
}

/** A day that is not like its weekday. It holds for what begins on it: a night that began the day before goes on to its end. */
export interface DayException {
  /** `2026-12-24`, or `12-25` for every year. */
  date: string;
  /** None: closed all day. */
  open: OpenTime[];
  name?: string;
}

/** When a queue is served. Plain data: it is stored and sent as JSON. */
export interface Hours {
  /** IANA name: `Europe/Berlin`. */
  zone: string;
  /** A weekday that is left out is closed. */
  week: Partial<Record<Weekday, OpenTime[]>>;
  /** Holidays and other days. The one with a year goes before the one without. */
  exceptions: DayException[];
}

/**
 * Is it open, and until or from when. `closesAt` is null where that is more than a week away, `opensAt` where it never
 * opens, `closedAt` where that was more than a week ago.
 */
export type Opening =
  | { open: true; closesAt: Millis | null }
  | { open: false; closedAt: Millis | null; opensAt: Millis | null };

/** An opening that is further away than this is told as none: past every yearly exception there is. */
const LOOK_AHEAD_DAYS = 370;
const LOOK_BACK_DAYS = 8;
/** Open for longer than this is open. */
const FAR = 8 * DAY;

/**
 * What a queue with these hours is at a moment; without hours it is always open. It is never closed while the clock on
 * the wall says that it is open: a time that summer time skips is the moment at which it does, and of an hour that comes
 * twice both belong to it.
 */
export function openingAt(hours: Hours | null, now: Millis): Opening {
  if (hours === null) return { open: true, closesAt: null };
  const today = Math.floor(wallAt(hours.zone, now) / DAY);
  let closedAt: Millis | null = null;
  let closesAt: Millis | null = null;
  for (let day = today - LOOK_BACK_DAYS; day <= today + LOOK_AHEAD_DAYS; day++) {
    for (const { from, to } of spansOf(hours, day)) {
      if (to <= now) {
        closedAt = closedAt === null ? to : Math.max(closedAt, to);
        continue;
      }
      if (closesAt === null) {
        if (from > now) return { open: false, closedAt, opensAt: from };
        closesAt = to;
      } else if (from > closesAt) return { open: true, closesAt };
      else closesAt = Math.max(closesAt, to);
    }
    if (closesAt !== null && closesAt > now + FAR) return { open: true, closesAt: null };
  }
  return closesAt === null ? { open: false, closedAt, opensAt: null } : { open: true, closesAt };
}

/** What begins on a day, as moments, in order of beginning. */
function spansOf(hours: Hours, day: number): { from: Millis; to: Millis }[] {
  return openTimes(hours, day)
    .map(({ from, to }) => {
      const begins = minutesOf(from) ?? 0;
      const ends = minutesOf(to) ?? 0;
      const wall = (minutes: number) => day * DAY + minutes * MINUTE;
      return {
        from: firstAt(hours.zone, wall(begins)),
        to: lastAt(hours.zone, wall(ends > begins ? ends : ends + 24 * 60)),
      };
    })
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.from - b.from);
}

function openTimes({ week, exceptions }: Hours, day: number): OpenTime[] {
  const date = textOfDay(day);
  const exception =
    exceptions.find((one) => one.date === date) ?? exceptions.find((one) => one.date === date.slice('2026-'.length));
  // 1970-01-01 was a Thursday.
  const weekday = WEEKDAYS[(((day + 3) % 7) + 7) % 7] ?? 'mon';
  return exception ? exception.open : (week[weekday] ?? []);
}

/** What is wrong with these hours, in words that say what to do; null: nothing. */
export function faultOfHours({ zone, week, exceptions }: Hours): string | null {
  const fault = faultOfZone(zone);
  if (fault) return fault;
  for (const weekday of WEEKDAYS) {
    const fault = faultOfDay(week[weekday] ?? []);
    if (fault) return `${weekday}: ${fault}`;
  }
  const seen = new Set<string>();
  for (const { date, open } of exceptions) {
    // A leap year, so that 02-29 is a day.
    if (dayOf(date) === null && dayOf(`2024-${date}`) === null)
      return `"${date}" is no day. Write 2026-12-24, or 12-25 for every year.`;
    if (seen.has(date)) return `${date} stands there twice.`;
    seen.add(date);
    const fault = faultOfDay(open);
    if (fault) return `${date}: ${fault}`;
  }
  return null;
}

function faultOfDay(times: readonly OpenTime[]): string | null {
  const spans: { from: number; to: number }[] = [];
  for (const { from, to } of times) {
    const begins = minutesOf(from);
    const ends = minutesOf(to);
    if (begins === null || begins === 24 * 60) return `"${from}" is no time to begin at. Write it as 09:00.`;
    if (ends === null) return `"${to}" is no time to end at. Write it as 17:00; midnight is 24:00.`;
    if (ends === begins) return `${from} to ${to} is no time at all. The whole day is 00:00 to 24:00.`;
    spans.push({ from: begins, to: ends > begins ? ends : ends + 24 * 60 });
  }
  spans.sort((a, b) => a.from - b.from);
  const overlap = spans.some(({ from }, index) => index > 0 && from < (spans[index - 1]?.to ?? 0));
  return overlap ? 'two of its times overlap. Make one of them.' : null;
}
