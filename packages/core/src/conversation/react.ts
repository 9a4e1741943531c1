import type { QueueId } from '#ids.ts';
import type { ConversationEvent, Logged } from './events.ts';
import { concernsOwner } from './owner.ts';
import type { Conversation } from './state.ts';

/** An outside side of a conversation, as its cursor names it. */
export type Side = `bot:${string}` | `desk:${string}` | `channel:${string}` | `reply:${string}` | `mail:${string}`;

/** Who must be told of what happened. Nothing is done here, only named. */
export type Effect = { type: 'wake'; side: Side } | { type: 'line'; queue: QueueId };

/**
 * Events and the state after them give what must follow outside the log: cursors to wake, lines to look at again.
 * Each effect once. A bot that owns its channel (`bot === channel`) is not called: it reads by API.
 *
 * A desk that is left behind (a transfer, the next desk, an agent of another desk who takes over) is woken like one that
 * is asked: it has a ticket to close (I7). So is the endpoint that an earlier handoff named: what came before the new one is
 * for it.
 */
export function react(before: Conversation | null, events: readonly Logged[], after: Conversation): Effect[] {
  const sides: Side[] = [];
  const queues: QueueId[] = [];
  const desks: string[] = [];
  add(desks, before?.handoff?.desk);
  add(desks, after.handoff?.desk);
  if (wantsBot(before, events, after)) sides.push(`bot:${after.control.bot}`);
  if (events.some(({ event }) => concernsOwner(event))) {
    const owners: string[] = [];
    add(owners, before?.replyWebhook);
    add(owners, after.replyWebhook);
    for (const one of owners) sides.push(`reply:${one}`);
  }
  if (mayBeGone(after) && events.some(({ event }) => isAgentsWord(event))) sides.push(`mail:${after.channel}`);
  for (const { event } of events) {
    add(desks, deskOf(event));
    if (event.type === 'handoff.requested' || event.type === 'handoff.queued') add(queues, event.queue);
    if (event.type.startsWith('handoff.')) {
      add(queues, before?.handoff?.queue);
      add(queues, after.handoff?.queue);
    }
    for (const one of desks) if (concernsDesk(event, one)) add(sides, `desk:${one}` as const);
  }
  return [
    ...sides.map((side): Effect => ({ type: 'wake', side })),
    ...queues.map((queue): Effect => ({ type: 'line', queue })),
  ];
}

/** He said that he would go: what an agent answers follows him by mail, where he does not read it. */
function mayBeGone({ handoff }: Conversation): boolean {
  return handoff?.meanwhile === 'message' || handoff?.meanwhile === 'callback';
}

function isAgentsWord(event: ConversationEvent): boolean {
  return event.type === 'message' && event.message.author.role === 'agent';
}

/** These are lists of none or one, hardly ever two: looking through them costs less than a set. */
function add<T extends string>(list: T[], one: T | null | undefined): void {
  if (one && !list.includes(one)) list.push(one);
}

/** The desk that has the handoff from this event on, where it may be another one. Several events are told at once. */
function deskOf(event: ConversationEvent): string | null | undefined {
  switch (event.type) {
    case 'handoff.requested':
      return event.desk;
    case 'handoff.accepted':
      return event.agent.desk;
    case 'handoff.transferred':
      return 'agent' in event.to ? event.to.agent.desk : null;
    default:
      return null;
  }
}

type WithBot = Conversation & { control: { holder: 'bot' } };

/** The bot got control, or another message is its next turn. */
function wantsBot(before: Conversation | null, events: readonly Logged[], after: Conversation): after is WithBot {
  const { control, turns, channel } = after;
  if (control.holder !== 'bot' || control.bot === channel) return false;
  const next = turns[0]?.seq;
  return (next !== undefined && next !== before?.turns[0]?.seq) || events.some((logged) => asksBot(logged.event));
}

function asksBot(event: ConversationEvent): boolean {
  return event.type === 'message' ? event.message.turn === true : event.type === 'control.changed';
}

/** A desk reads what customer, bot, system and the agents of others said; what its own agents said it knows. */
function concernsDesk(event: ConversationEvent, desk: string): boolean {
  switch (event.type) {
    case 'message': {
      const { author } = event.message;
      return author.role !== 'agent' || author.desk !== desk;
    }
    case 'message.edited':
    case 'message.redacted':
      return true;
    default:
      return event.type.startsWith('handoff.');
  }
}
