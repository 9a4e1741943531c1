import type { Millis } from '@baton/core';
import type { DeskEvent } from '#ports/desk.ts';
import type { KnownState } from '#store/inbox.ts';

/** States of a ticket, in the order in which they count where they have the same moment. */
export const STATES: readonly DeskEvent['type'][] = ['reopened', 'assigned', 'unassigned', 'returned', 'closed'];
/** An agent who assigns a ticket to himself and answers does both at once; one who ends it has answered before. */
const AFTER_WORDS: readonly string[] = ['unassigned', 'returned', 'closed'];
const ENDS: readonly string[] = ['returned', 'closed'];

/** What a desk tells of a ticket. */
export interface Told {
  type: DeskEvent['type'];
  /** At the vendor's clock; null: it does not say. */
  at: Millis | null;
  /** Its clock counts in steps of so many milliseconds: it may have been that much later than `at` says. */
  tick: Millis;
  /** When we heard of it first. */
  receivedAt: Millis;
}

/**
 * Is what a desk tells older than what is known already? Its own clock says so, against `state`: how the ticket stood last, of
 * what was told while the handoff lasted. In the same tick of that clock it is what we heard of later that came later: before
 * an end is taken from a desk it is asked what else there is. An end that was none of the desk's has our time
 * (`endedAt`): what may have been said after it was said after it, as nobody must talk to the bot who believes to talk to a person.
 */
export function isOvertaken({ type, at, tick, receivedAt }: Told, endedAt: Millis | null, state: KnownState | null) {
  if (at === null) return false;
  const endedHere = endedAt !== null && !(state && ENDS.includes(state.type));
  if (endedHere && at + tick <= endedAt) return true;
  if (!state) return false;
  if (type !== 'agent.said') return state.at > at;
  const [before, now] = [Math.floor(state.at / tick), Math.floor(at / tick)];
  if (before !== now) return before > now;
  return AFTER_WORDS.includes(state.type) && receivedAt < Math.min(state.doneAt, endedAt ?? Number.POSITIVE_INFINITY);
}

/** What is closed and answered in one press of a button has one time in clocks that count in seconds. */
const ONE_PRESS_MS = 1_000;

/**
 * Is it how the ticket stood before this handoff began? An agent who answers after the end begins another one with the same
 * ticket, which we have closed there meanwhile: that it is closed must not end his. Heard of before he had it, it counts only
 * where the desk's clock says that it came after his words (`saidAt`; null: no time is known).
 */
export function isOfBefore({ type, at, receivedAt }: Told, beganAt: Millis, saidAt: Millis | null): boolean {
  if (type === 'agent.said' || receivedAt >= beganAt) return false;
  return at === null || saidAt === null || at < saidAt + ONE_PRESS_MS;
}
