import type { Estimate } from './estimate.ts';

/** Can this queue take somebody now? `unknown` is an answer of its own. */
export type Availability = 'available' | 'busy' | 'closed' | 'unknown';

/** What can be told to a customer who waits: only what is measured. Null is "unknown", and is said as unknown. */
export interface Outlook {
  availability: Availability;
  /** Place in the line, 1 is next. */
  position: number | null;
  /** People in front. */
  ahead: number | null;
  estimate: Estimate | null;
}
