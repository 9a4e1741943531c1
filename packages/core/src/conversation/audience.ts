import type { AgentRef } from '#message/message.ts';
import type { ConversationEvent } from './events.ts';
import type { Holder } from './state.ts';

/**
 * What a customer may see of an event, or null for nothing. The one place that decides it: notes, flags, whispers,
 * scores, reasons, other agents' refusals and staff notes never pass.
 */
export function forCustomer(event: ConversationEvent): ConversationEvent | null {
  switch (event.type) {
    case 'message': {
      const { bot: _report, turn: _turn, answers: _answers, ...message } = event.message;
      return { type: 'message', message };
    }
    case 'message.edited':
    case 'message.redacted':
    case 'conversation.closed':
    case 'conversation.reopened':
      return { ...event, by: { role: event.by.role === 'agent' ? 'system' : event.by.role } } as ConversationEvent;
    case 'conversation.opened':
    case 'estimate.told':
    case 'rating.given':
      return event;
    case 'handoff.requested':
    case 'handoff.queued':
      return { type: event.type, handoff: event.handoff } as ConversationEvent;
    case 'handoff.accepted':
    case 'handoff.held':
    case 'handoff.resumed':
      return { ...event, agent: face(event.agent) };
    case 'handoff.transferred':
      return {
        type: event.type,
        handoff: event.handoff,
        from: event.from ? face(event.from) : null,
        to: 'agent' in event.to ? { agent: face(event.to.agent) } : ({} as never),
      };
    case 'handoff.ended':
      return { type: event.type, handoff: event.handoff, outcome: event.outcome } as ConversationEvent;
    case 'control.changed':
      return { ...event, from: bare(event.from), to: bare(event.to) };
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
    case 'delivery.failed':
      return null;
  }
}

/** An agent's face to a customer: no desk. */
function face(agent: AgentRef): AgentRef {
  return { id: agent.id, name: agent.name, ...(agent.avatarUrl ? { avatarUrl: agent.avatarUrl } : {}) };
}

function bare(holder: Holder): Holder {
  return (
    holder.holder === 'agent' ? { holder: 'agent', agent: face(holder.agent) } : { holder: holder.holder }
  ) as Holder;
}
