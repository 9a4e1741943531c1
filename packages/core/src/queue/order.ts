import type { AgentId, HandoffId, Millis, QueueId } from '#ids.ts';

/** A handoff in the line, as routing sees it. */
export interface Waiting {
  handoff: HandoffId;
  queue: QueueId;
  /** Higher goes first. */
  priority: number;
  /** Its agent was lost or silent: it goes before everybody who had none yet. */
  front: boolean;
  /** Since when the customer waits; survives requeue and transfer, so nobody falls back. */
  waitingSince: Millis;
  /** What an agent must be able to do. */
  skills: readonly string[];
  /** Who declined it or let it expire, and when. */
  passedOver: readonly { agent: AgentId | string; at: Millis }[];
  /** For how long such an agent is not asked again. */
  passOverSeconds: number;
  /** Who must not be asked at all: the agent who passed it on. */
  exclude?: readonly (AgentId | string)[];
}

type Ordered = Pick<Waiting, 'handoff' | 'priority' | 'front' | 'waitingSince'>;

/**
 * THE routing order: front first, then the higher priority, then who waits longest, then the id (which is
 * time-sortable), so that the order is total and the same on every machine. For `sort`.
 */
export function routingOrder(a: Ordered, b: Ordered): number {
  if (a.front !== b.front) return a.front ? -1 : 1;
  if (a.priority !== b.priority) return b.priority - a.priority;
  if (a.waitingSince !== b.waitingSince) return a.waitingSince - b.waitingSince;
  return compareText(a.handoff, b.handoff);
}

/** By code units, like PostgreSQL's collation "C": no locale, no surprise. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
