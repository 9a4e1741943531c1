import type { HandoffId } from '#ids.ts';
import { routingOrder, type Waiting } from './order.ts';

/** A place in the line of one queue. */
export interface Place {
  /** 1 is next. */
  position: number;
  /** People in front: `position - 1`. */
  ahead: number;
}

/**
 * The place of everybody in a line, exactly: counted in routing order among those of the same queue. Who is being
 * offered to an agent still waits and still counts; he leaves the line when somebody accepts.
 */
export function places(waiting: readonly Waiting[]): Map<HandoffId, Place> {
  const counts = new Map<string, number>();
  const found = new Map<HandoffId, Place>();
  for (const { handoff, queue } of waiting.toSorted(routingOrder)) {
    const ahead = counts.get(queue) ?? 0;
    counts.set(queue, ahead + 1);
    found.set(handoff, { position: ahead + 1, ahead });
  }
  return found;
}
