import type { Millis } from '#ids.ts';
import type { Estimate } from './estimate.ts';
import { type Hours, openingAt } from './hours.ts';
import type { Place } from './position.ts';

/** Can this queue take somebody now? `unknown` is an answer of its own. */
export type Availability = 'available' | 'busy' | 'closed' | 'unknown';

/** When somebody will be there again, and by whose clocks that is told. */
export interface Opens {
  at: Millis;
  zone: string;
  /** What was the time when this was said: "today" is this day. */
  asOf: Millis;
}

/** What can be told to a customer who waits: only what is known. Null is "unknown", and is said as unknown. */
export interface Outlook {
  availability: Availability;
  /** Of what is closed; left out where nobody can tell. */
  opens?: Opens;
  /** Place in the line, 1 is next. */
  position: number | null;
  /** People in front. */
  ahead: number | null;
  estimate: Estimate | null;
  /** It takes longer than he was told before. Left out where it does not. */
  longer?: true;
}

/** The online agents who serve a queue, together. */
export interface Staff {
  /** Agents who take anything at all. */
  online: number;
  /** Conversations that they take at once. */
  slots: number;
  /** Of these, not in use: neither active nor being offered. */
  free: number;
}

/**
 * - `closed`: it is not the time (opening hours), or nobody is online.
 * - `available`: an online agent has a slot that nobody ahead will take.
 * - `busy`: agents are online, and every slot is taken or spoken for.
 * - `unknown`: we cannot see who is there. Only of outside desks that do not tell; never of our own console.
 */
export function availability(staff: Staff | null, ahead: number, isOpen = true): Availability {
  if (!isOpen) return 'closed';
  if (staff === null) return 'unknown';
  if (staff.online === 0) return 'closed';
  return ahead < staff.free ? 'available' : 'busy';
}

/**
 * What may be told to somebody at `place`.
 *
 * @param competing people to be served before him by the same agents, whichever queue they wait in, without those whom an
 *   agent is being asked for already (they are in the load). The place counts his own queue only.
 * @param staff null: cannot be seen, and nothing but the place is told
 * @param estimate of his wait, where anybody can tell
 * @param isOpen by the hours of the queue
 * @param opens when somebody is there again, in case it is closed
 */
export function outlook({
  place,
  competing,
  staff,
  estimate,
  longer = false,
  isOpen = true,
  opens = null,
}: {
  place: Place | null;
  competing: number;
  staff: Staff | null;
  estimate: Estimate | null;
  longer?: boolean;
  isOpen?: boolean;
  opens?: Opens | null;
}): Outlook {
  const state = availability(staff, competing, isOpen);
  return {
    availability: state,
    ...(state === 'closed' && opens ? { opens } : {}),
    position: place?.position ?? null,
    ahead: place?.ahead ?? null,
    // A wait is told only where somebody serves now; when somebody comes again, `opens` says.
    estimate: staff && staff.slots > 0 ? estimate : null,
    ...(longer && staff && staff.slots > 0 && estimate ? { longer } : {}),
  };
}

/** What may be told to somebody whose queue is closed by its hours, wherever its desk is; null: it is open. */
export function closedOutlook(hours: Hours | null, asOf: Millis): Outlook | null {
  const opening = openingAt(hours, asOf);
  if (hours === null || opening.open) return null;
  const opens = opening.opensAt === null ? {} : { opens: { at: opening.opensAt, zone: hours.zone, asOf } };
  return { availability: 'closed', ...opens, position: null, ahead: null, estimate: null };
}
