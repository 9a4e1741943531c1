import type { Delivery } from '@baton/protocol';
import { isUnderWay } from './desks.ts';

/** How far a message came toward an outside desk. */
export interface Reach {
  /** Integration id of the desk. */
  desk: string;
  side: string;
  seq: number;
  state: 'there' | 'going' | 'again' | 'failed' | 'unknown';
  /** Why the last try failed. */
  detail: string | null;
  /** The last of what is there: one word is enough for all before. */
  last: boolean;
}

/**
 * Of each message its way to the desk that was told of it last: what a newer desk has is not troubled by an older one that
 * failed. `deliveries` are newest first.
 */
export function reachOf(deliveries: readonly Delivery[]): ReadonlyMap<number, Reach> {
  const reach = new Map<number, Reach>();
  const newest = deliveries.find(({ state, type }) => state === 'sent' && type === 'message')?.seq;
  for (const one of deliveries) {
    if (one.type !== 'message') continue;
    const known = reach.get(one.seq);
    if (known?.state === 'there') continue;
    const state = stateOf(one);
    const desk = one.side.slice('desk:'.length);
    reach.set(one.seq, { desk, side: one.side, seq: one.seq, state, detail: one.detail, last: one.seq === newest });
  }
  return reach;
}

function stateOf(delivery: Delivery): Reach['state'] {
  switch (delivery.state) {
    case 'pending':
      return 'going';
    case 'sent':
    case 'delivered':
    case 'read':
      return 'there';
    case 'failed':
    case 'unknown':
      return isUnderWay(delivery) ? 'again' : delivery.state;
  }
}
