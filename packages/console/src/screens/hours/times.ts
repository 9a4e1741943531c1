import type { Hours } from '@baton/protocol';

export type OpenTime = Hours['exceptions'][number]['open'][number];
export type Weekday = keyof Hours['week'];

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** What most start from. */
export function usualHours(): Hours {
  const open = [{ from: '09:00', to: '17:00' }];
  return {
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    week: { mon: open, tue: open, wed: open, thu: open, fri: open },
    exceptions: [],
  };
}

/** A time field knows no 24:00; midnight at the end of a day is 00:00 there. */
export function fieldOf(to: string): string {
  return to === '24:00' ? '00:00' : to;
}

export function ofField(to: string): string {
  return to === '00:00' ? '24:00' : to;
}

/** Does it end after midnight? */
export function crossesMidnight({ from, to }: OpenTime): boolean {
  return to !== '24:00' && to !== '' && from !== '' && to <= from;
}

/** A time that goes on where the last one ends. */
export function nextTime(times: readonly OpenTime[]): OpenTime {
  const last = times.at(-1);
  if (!last) return { from: '09:00', to: '17:00' };
  const hour = Math.min(22, Number(last.to.slice(0, 2)) + 1);
  return { from: `${String(hour).padStart(2, '0')}:00`, to: `${String(Math.min(23, hour + 2)).padStart(2, '0')}:00` };
}

/** All time zones that this browser knows by name, with UTC, which some leave out. */
export function zones(chosen: string): string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), chosen])].filter(Boolean).sort();
}
