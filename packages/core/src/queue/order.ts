import type { AgentId, HandoffId, Millis, QueueId } from '#ids.ts';
import { creditSeconds, DEFAULT_ROUTING, type Routing } from './routing.ts';

/** A handoff in the line, as routing sees it. */
export interface Waiting {
  handoff: HandoffId;
  queue: QueueId;
  /** Higher goes first, within the bound of `creditSeconds`. */
  priority: number;
  /** Its agent was lost or silent: it goes before everybody who had none yet. */
  front: boolean;
  /** Since when the customer waits; survives requeue, transfer and overflow, so nobody falls back. */
  waitingSince: Millis;
  /** When he came into this line; left out: when he began to wait. What he prefers is waited for from here. */
  queuedAt?: Millis;
  /** What an agent must be able to do. */
  skills: readonly string[];
  /** What it would be better that he is able to do. */
  preferredSkills?: readonly string[];
  /** The customer's language by its primary tag, `de`; null or left out: nobody knows. */
  language?: string | null;
  /** Who had this customer last. */
  lastAgent?: AgentId | string | null;
  /** The kind of its channel, for what it weighs. */
  channel?: string;
  /** Who declined it or let it expire, and when. */
  passedOver: readonly { agent: AgentId | string; at: Millis }[];
  /** For how long such an agent is not asked again. */
  passOverSeconds: number;
  /** Who must not be asked at all: the agent who passed it on. */
  exclude?: readonly (AgentId | string)[];
  /** How its queue hands out; left out: as usual. */
  routing?: Routing;
  /** Nobody is asked before this moment: the customer left a message while it was closed. */
  notBefore?: Millis;
}

type Ordered = Pick<Waiting, 'handoff' | 'priority' | 'front' | 'waitingSince' | 'routing'>;

/**
 * THE routing order: front first, then who waits longest, where each level of priority counts as so much more waiting
 * (so it overtakes within a bound, and nobody starves), then the id (which is time-sortable), so that the order is total
 * and the same on every machine. It does not change with time: everybody ages alike. For `sort`.
 */
export function routingOrder(a: Ordered, b: Ordered): number {
  if (a.front !== b.front) return a.front ? -1 : 1;
  return rankOf(a) - rankOf(b) || compareText(a.handoff, b.handoff);
}

/** The moment since when he counts as waiting, with what his priority is worth. */
function rankOf({ priority, waitingSince, routing }: Omit<Ordered, 'handoff' | 'front'>): Millis {
  return waitingSince - creditSeconds(priority, routing ?? DEFAULT_ROUTING) * 1_000;
}

/** Whoever goes to the front is ahead of everybody by more than anybody waits. */
const FRONT_SECONDS = 1e7;

/** The same order for the estimate: by how many seconds of waiting he stands ahead. */
export function rankSeconds(waiting: Omit<Ordered, 'handoff'>, now: Millis): number {
  return (now - rankOf(waiting)) / 1_000 + (waiting.front ? FRONT_SECONDS : 0);
}

/** By code units, like PostgreSQL's collation "C": no locale, no surprise. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
