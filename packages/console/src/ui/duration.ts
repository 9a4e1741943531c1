const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A running time as a clock, for waits: 0:42, 12:05, 1:04:09, then days. */
export function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  if (seconds >= 86_400) return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3_600)} h`;
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3_600);
  const [minutes, rest] = parts as [number, number];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A length in words, for sentences: 40 seconds, 3 minutes, 2 hours. */
export function lengthOf(ms: number): string {
  if (ms < 90 * SECOND) return plural(Math.max(1, Math.round(ms / SECOND)), 'second');
  if (ms < 90 * MINUTE) return plural(Math.round(ms / MINUTE), 'minute');
  if (ms < 2 * DAY) return plural(Math.round(ms / HOUR), 'hour');
  return plural(Math.round(ms / DAY), 'day');
}

/** A length exactly, for settings: 90 seconds are 1 minute 30 seconds. */
export function exactLengthOf(ms: number): string {
  const units: [number, string][] = [
    [DAY, 'day'],
    [HOUR, 'hour'],
    [MINUTE, 'minute'],
    [SECOND, 'second'],
  ];
  const parts: string[] = [];
  let left = ms;
  for (const [size, word] of units) {
    const count = size === SECOND ? left / SECOND : Math.floor(left / size);
    if (count > 0) parts.push(plural(count, word));
    left -= Math.floor(count) * size;
  }
  return parts.join(' ') || plural(0, 'second');
}

/** Units in which settings are written, in seconds. */
export const LENGTH_UNITS = { second: 1, minute: 60, hour: 3_600, day: 86_400 } as const;
export type LengthUnit = keyof typeof LENGTH_UNITS;

/** The largest unit in which it is a whole number: 5,400 seconds are 90 minutes, 86,400 a day. */
export function unitOf(seconds: number): LengthUnit {
  if (seconds === 0) return 'second';
  const units = Object.keys(LENGTH_UNITS) as LengthUnit[];
  return units.findLast((unit) => seconds % LENGTH_UNITS[unit] === 0) ?? 'second';
}

/**
 * A range of waits as the customer was told it: rounded up, to 5 minutes above 10 and to hours above 90 (the rule of
 * core's words). The agent must not read another promise than the customer did.
 */
export function rangeOf(low: number, high: number): string {
  if (high < MINUTE) return 'less than a minute';
  const [from, to] = [roundedUp(low), roundedUp(high)];
  if (from.count === to.count && from.unit === to.unit) return `about ${plural(to.count, to.unit)}`;
  const first = from.unit === to.unit ? String(from.count) : plural(from.count, from.unit);
  return `about ${first} to ${plural(to.count, to.unit)}`;
}

function roundedUp(ms: number): { count: number; unit: 'minute' | 'hour' } {
  const minutes = Math.max(1, Math.ceil(ms / MINUTE));
  if (minutes <= 10) return { count: minutes, unit: 'minute' };
  if (minutes <= 90) return { count: Math.ceil(minutes / 5) * 5, unit: 'minute' };
  return { count: Math.ceil(minutes / 60), unit: 'hour' };
}

type Format = Intl.DateTimeFormatOptions;
const WEEKDAY: Format = { weekday: 'short' };
const DATE: Format = { day: 'numeric', month: 'short' };
const OLD_DATE: Format = { ...DATE, year: 'numeric' };
const HOUR_OF_DAY: Format = { hour: 'numeric', minute: '2-digit' };
const LONG_DATE: Format = { weekday: 'long', day: 'numeric', month: 'long' };
const OLD_LONG_DATE: Format = { ...LONG_DATE, year: 'numeric' };
const MOMENT: Format = { ...OLD_DATE, ...HOUR_OF_DAY, second: '2-digit', timeZoneName: 'short' };

const formats = new Map<Format, Map<string, Intl.DateTimeFormat>>();

/** Making a format costs as much as a hundred uses of it, and a timeline that is scrolled through writes many times. */
function write(at: number, format: Format, locale = ''): string {
  const known = formats.get(format) ?? new Map<string, Intl.DateTimeFormat>();
  const made = known.get(locale) ?? new Intl.DateTimeFormat(locale || undefined, format);
  formats.set(format, known.set(locale, made));
  return made.format(at);
}

function sameYear(one: number, other: number): boolean {
  return new Date(one).getFullYear() === new Date(other).getFullYear();
}

/** How long ago, as short as a list needs it: now, 3 m, 2 h, then weekday, then date. */
export function agoOf(at: number, now: number, locale?: string): string {
  const ago = now - at;
  if (ago < MINUTE) return 'now';
  if (ago < HOUR) return `${Math.floor(ago / MINUTE)} m`;
  if (ago < DAY) return `${Math.floor(ago / HOUR)} h`;
  if (ago < 6 * DAY) return write(at, WEEKDAY, locale);
  return write(at, sameYear(at, now) ? DATE : OLD_DATE, locale);
}

/** The hour of a message. */
export function hourOf(at: number, locale?: string): string {
  return write(at, HOUR_OF_DAY, locale);
}

/** Everything, the zone too: for a tooltip. */
export function momentOf(at: number, locale?: string): string {
  return write(at, MOMENT, locale);
}

/** A day as a separator names it. */
export function dayOf(at: number, now: number, words: { today: string; yesterday: string }, locale?: string): string {
  const day = startOfDay(at);
  const today = startOfDay(now);
  if (day === today) return words.today;
  if (day === startOfDay(today - HOUR)) return words.yesterday;
  return write(at, sameYear(at, now) ? LONG_DATE : OLD_LONG_DATE, locale);
}

export function startOfDay(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** Bytes for people. */
export function sizeOf(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_024 * 1_024) return `${Math.round(bytes / 1_024)} KB`;
  return `${(bytes / 1_024 / 1_024).toFixed(1)} MB`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
