import type { AgentId, Millis } from '#ids.ts';

/** A planned stretch of an agent's work. Who really is there, his presence says. */
export interface Shift {
  agent: AgentId;
  startsAt: Millis;
  endsAt: Millis;
}

/** Longer is a mistake in a file, not a day's work. */
const LONGEST_SHIFT_HOURS = 24;

/** Who is planned to work at a moment. From the first moment of a shift to before its last. */
export function onShift(shifts: readonly Shift[], at: Millis): Set<AgentId> {
  return new Set(shifts.filter(({ startsAt, endsAt }) => startsAt <= at && at < endsAt).map(({ agent }) => agent));
}

/** When the next shift of one of these agents begins, after `now`; null: none is planned. */
export function nextShift(shifts: readonly Shift[], now: Millis, serves: (agent: AgentId) => boolean): Millis | null {
  let next: Millis | null = null;
  for (const { agent, startsAt } of shifts)
    if (startsAt > now && (next === null || startsAt < next) && serves(agent)) next = startsAt;
  return next;
}

/** What is wrong with one shift by itself; null: nothing. */
export function faultOfShift({ startsAt, endsAt }: Pick<Shift, 'startsAt' | 'endsAt'>): string | null {
  if (endsAt <= startsAt) return 'It ends before it begins.';
  if (endsAt - startsAt > LONGEST_SHIFT_HOURS * 3_600_000) return `It is longer than ${LONGEST_SHIFT_HOURS} hours.`;
  return null;
}

/** Two shifts of one agent that overlap: the later one with the one before it. Null: there are none; gaps are fine. */
export function overlapIn<T extends Shift>(shifts: readonly T[]): [earlier: T, later: T] | null {
  const last = new Map<AgentId, T>();
  for (const shift of shifts.toSorted((a, b) => a.startsAt - b.startsAt)) {
    const before = last.get(shift.agent);
    if (before && shift.startsAt < before.endsAt) return [before, shift];
    last.set(shift.agent, shift);
  }
  return null;
}
