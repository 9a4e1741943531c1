import type { ConversationId, HandoffId, Outlook, QueueId } from '@baton/core';
import type { TeamRow } from '#store/line.ts';
import type { LineView } from './line-view.ts';

/** A customer in the line for whom something changed that he can see. */
export interface Moved {
  handoff: HandoffId;
  conversation: ConversationId;
  queue: QueueId;
  outlook: Outlook;
}

/** Who moved between two views: place, availability, or the wait in whole minutes; shorter steps nobody needs to see. */
export function moved(before: LineView | null, after: LineView): Moved[] {
  const then = new Map(before?.inLine.map((row) => [row.handoff, before.outlook(row.queue, row.handoff)]));
  return after.inLine.flatMap(({ handoff, conversation, queue }) => {
    const outlook = after.outlook(queue, handoff);
    const old = then.get(handoff);
    return old && seen(old) === seen(outlook) ? [] : [{ handoff, conversation, queue, outlook }];
  });
}

function seen({ availability, position, estimate, longer, opens }: Outlook): string {
  const wait = estimate && [Math.ceil(estimate.lowSeconds / 60), Math.ceil(estimate.highSeconds / 60)];
  return `${availability} ${position} ${wait} ${longer} ${opens?.at}`;
}

/** Agents whose presence, capacity or work changed; those who are not there any more as offline. */
export function teamChanges(before: LineView | null, after: LineView): TeamRow[] {
  const then = new Map(before?.team.map((row) => [row.agent.id, row]));
  const changed = after.team.filter((row) => {
    const old = then.get(row.agent.id);
    then.delete(row.agent.id);
    return old ? looksOf(old) !== looksOf(row) : before !== null;
  });
  return [
    ...changed,
    ...[...then.values()].map((row): TeamRow => ({ ...row, presence: 'offline', active: 0, wrapping: 0 })),
  ];
}

function looksOf({ presence, backAt, capacity, active, wrapping }: TeamRow): string {
  return `${presence} ${backAt} ${capacity} ${active} ${wrapping}`;
}
