import type { Millis, Shift } from '@baton/core';
import type { TeamRow } from '#store/line.ts';

/**
 * When an agent comes on and goes off, in seconds from now. Who is there stays to the end of the shift that he is on; who
 * is on none has not told when he goes. Who is not there comes back from his break when he said, or with his next shift;
 * of anybody else nobody knows (Infinity).
 */
export function turnsOf(
  { agent, presence, backAt }: Pick<TeamRow, 'agent' | 'presence' | 'backAt'>,
  shifts: readonly Shift[],
  working: ReadonlySet<string>,
  now: Millis,
): { onIn: number; offIn: number } {
  const own = shifts.filter((shift) => shift.agent === agent.id && shift.endsAt > now);
  if (presence === 'online') {
    return { onIn: 0, offIn: working.has(agent.id) ? (endOfRun(own, now) - now) / 1_000 : Number.POSITIVE_INFINITY };
  }
  const comes = [...own.map(({ startsAt }) => startsAt), ...(presence === 'break' && backAt ? [backAt] : [])].filter(
    (at) => at > now,
  );
  if (comes.length === 0) return { onIn: Number.POSITIVE_INFINITY, offIn: Number.POSITIVE_INFINITY };
  const at = Math.min(...comes);
  const end = endOfRun(own, at);
  return { onIn: (at - now) / 1_000, offIn: end > at ? (end - now) / 1_000 : Number.POSITIVE_INFINITY };
}

/** When he goes who works at this moment: shifts that follow each other at once are one. */
function endOfRun(shifts: readonly Shift[], at: Millis): Millis {
  let end = at;
  for (const { startsAt, endsAt } of shifts.toSorted((a, b) => a.startsAt - b.startsAt)) {
    if (startsAt <= end) end = Math.max(end, endsAt);
  }
  return end;
}
