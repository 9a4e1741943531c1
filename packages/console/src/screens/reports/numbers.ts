import { t } from '#strings/strings.ts';
import { exactLengthOf } from '#ui/duration.ts';

/** Numbers as people read them; a dash where there is none. */

export function countOf(count: number): string {
  return count.toLocaleString('en');
}

export function percentOf(share: number | null): string {
  return share === null ? t.reports.noNumber : `${Math.round(share * 100)}%`;
}

/** 42 s, 3 min 20 s, 1 h 4 min: two units at most. */
export function secondsOf(seconds: number | null): string {
  if (seconds === null) return t.reports.noNumber;
  const whole = Math.round(Math.abs(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round((whole % 3_600) / 60);
  return minutes === 0 ? `${Math.floor(whole / 3_600)} h` : `${Math.floor(whole / 3_600)} h ${minutes} min`;
}

/** For a step of a table: 30 seconds, 2 minutes. */
export function stepOf(seconds: number): string {
  return exactLengthOf(seconds * 1_000);
}

/** A round upper end for an axis: 1, 2 or 5 times a power of ten minutes, at least one minute. */
export function axisEnd(seconds: number): number {
  const minutes = Math.max(1, seconds / 60);
  const power = 10 ** Math.floor(Math.log10(minutes));
  const step = [1, 2, 5, 10].find((one) => one * power >= minutes) ?? 10;
  return step * power * 60;
}
