import type { AgentRef, Author, Message } from '#message/message.ts';
import type { Actor, ConversationEvent } from './events.ts';
import type { Holder } from './state.ts';

/**
 * What a customer may see of an event, or null for nothing. The one place that decides it: notes, flags, whispers,
 * scores, reasons, what the bot reports of itself, attributes, desks and who watches never pass.
 */
export function forCustomer(event: ConversationEvent): ConversationEvent | null {
  switch (event.type) {
    case 'message':
      return isForAll(event.message) ? event : { type: 'message', message: messageForCustomer(event.message) };
    case 'message.redacted':
      return { type: 'message.redacted', message: event.message, by: bareActor(event.by) };
    case 'message.edited':
    case 'conversation.closed':
    case 'conversation.reopened':
      return { ...event, by: bareActor(event.by) };
    case 'conversation.opened': {
      const { attributes: _attributes, page: _page, ...opened } = event;
      return opened;
    }
    case 'estimate.told':
    case 'rating.given':
      return event;
    case 'handoff.requested':
    case 'handoff.queued':
      return { type: event.type, handoff: event.handoff } as ConversationEvent;
    case 'handoff.accepted':
    case 'handoff.held':
    case 'handoff.resumed':
      return { type: event.type, handoff: event.handoff, agent: face(event.agent) };
    case 'handoff.transferred': {
      const to = 'agent' in event.to ? { agent: face(event.to.agent) } : {};
      return {
        type: event.type,
        handoff: event.handoff,
        from: event.from && face(event.from),
        to,
      } as ConversationEvent;
    }
    case 'handoff.meanwhile':
      return { ...event, by: bareActor(event.by) };
    case 'handoff.ended':
      return { type: event.type, handoff: event.handoff, outcome: event.outcome } as ConversationEvent;
    case 'control.changed':
      // `why` is the reason of the handoff: frustration, a restricted topic ...
      return { ...event, from: bareHolder(event.from), to: bareHolder(event.to), why: '' };
    case 'participant.joined':
    case 'participant.left':
      return event.role === 'owner' ? { ...event, agent: face(event.agent) } : null;
    case 'note':
    case 'flag.added':
    case 'flag.removed':
    case 'proposal.made':
    case 'bot.skipped':
    case 'handoff.offered':
    case 'handoff.declined':
    case 'handoff.expired':
    case 'customer.updated':
    case 'customer.erased':
    case 'delivery.failed':
      return null;
  }
}

/** Is a message the same for staff and customer? Then it need not be made twice. */
export function isForAll({ bot, barge, turn, answers, author }: Message): boolean {
  return !bot && !barge && turn === undefined && answers === undefined && !('desk' in author);
}

function messageForCustomer({
  bot: _bot,
  turn: _turn,
  answers: _answers,
  barge: _barge,
  ...message
}: Message): Message {
  return { ...message, author: authorForCustomer(message.author) };
}

function authorForCustomer(author: Author): Author {
  return author.role === 'agent' ? { role: 'agent', ...face(author) } : author;
}

/** An agent's face to a customer: no desk. */
function face({ id, name, avatarUrl }: AgentRef): AgentRef {
  return { id, name, ...(avatarUrl ? { avatarUrl } : {}) };
}

/** Which agent or key did it is none of his business; an agent's word is the house's word. */
function bareActor({ role }: Actor): Actor {
  return { role: role === 'agent' ? 'system' : role } as Actor;
}

function bareHolder(holder: Holder): Holder {
  return (
    holder.holder === 'agent' ? { holder: 'agent', agent: face(holder.agent) } : { holder: holder.holder }
  ) as Holder;
}
