import type { ConversationEvent } from './events.ts';

/**
 * Is a bot that owns its channel told of this? It brings the customer's words to us and ours to the customer: it must hear
 * what people and Baton itself say, how the handoff goes and who has control. What it said or brought itself does not
 * come back to it, and what staff keep among themselves (notes, flags) is none of the customer's channel.
 */
export function concernsOwner(event: ConversationEvent): boolean {
  switch (event.type) {
    case 'message':
      return event.message.author.role === 'agent' || event.message.author.role === 'system';
    case 'message.edited':
    case 'message.redacted':
    case 'handoff.requested':
    case 'handoff.queued':
    case 'handoff.meanwhile':
    case 'handoff.offered':
    case 'handoff.declined':
    case 'handoff.expired':
    case 'handoff.accepted':
    case 'handoff.held':
    case 'handoff.resumed':
    case 'handoff.transferred':
    case 'handoff.ended':
    case 'control.changed':
    case 'estimate.told':
    case 'conversation.closed':
    case 'conversation.reopened':
    case 'customer.erased':
    case 'delivery.failed':
      return true;
    case 'conversation.opened':
    case 'note':
    case 'flag.added':
    case 'flag.removed':
    case 'proposal.made':
    case 'bot.skipped':
    case 'participant.joined':
    case 'participant.left':
    case 'customer.updated':
    case 'rating.given':
      return false;
  }
}
