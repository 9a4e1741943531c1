import type { QueueId } from '#ids.ts';
import type { Logged } from './events.ts';
import type { Conversation, Handoff } from './state.ts';

/** An outside side of a conversation, as its cursor names it. */
export type Side = `bot:${string}` | `desk:${string}` | `channel:${string}`;

/** Who must be told of what happened. Nothing is done here, only named. */
export type Effect = { type: 'wake'; side: Side } | { type: 'line'; queue: QueueId };

/**
 * Events and the state after them give what must follow outside the log: cursors to wake, lines to look at again.
 * Each effect once. A bot that owns its channel (`bot === channel`) is not called: it reads by API.
 */
export function react(before: Conversation | null, events: readonly Logged[], after: Conversation): Effect[] {
  const sides = new Set<Side>();
  const queues = new Set<QueueId>();
  const desk = (before?.handoff ?? after.handoff)?.desk ?? null;
  for (const { event } of events) {
    switch (event.type) {
      case 'message':
        if (event.message.turn) wakeBot(after, sides);
        // A desk reads customer, bot and system; what its own agents said it knows.
        if (desk !== null && event.message.author.role !== 'agent') sides.add(`desk:${desk}`);
        break;
      case 'control.changed':
        if (event.to.holder === 'bot') wakeBot(after, sides);
        break;
      case 'handoff.requested':
        if (event.desk !== null) sides.add(`desk:${event.desk}`);
        queues.add(event.queue);
        break;
      case 'handoff.ended':
        if (desk !== null) sides.add(`desk:${desk}`);
        break;
    }
    if (event.type.startsWith('handoff.'))
      for (const queue of queuesOf(before?.handoff, after.handoff)) queues.add(queue);
  }
  return [
    ...[...sides].map((side): Effect => ({ type: 'wake', side })),
    ...[...queues].map((queue): Effect => ({ type: 'line', queue })),
  ];
}

function wakeBot(state: Conversation, sides: Set<Side>): void {
  if (state.control.holder === 'bot' && state.control.bot !== state.channel) sides.add(`bot:${state.control.bot}`);
}

function queuesOf(...handoffs: (Handoff | null | undefined)[]): QueueId[] {
  return handoffs.flatMap((handoff) => (handoff ? [handoff.queue] : []));
}
