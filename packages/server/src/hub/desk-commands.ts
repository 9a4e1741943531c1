import type { AgentRef, Command, Conversation, HandoffId, IntegrationId, Part, Ticket } from '@baton/core';
import type { DeskEvent } from '#ports/desk.ts';

/** What a desk says of a ticket, once it is known in full. */
export type DeskNews = Exclude<Extract<DeskEvent, { key: string }>, { type: 'changed' }>;

/** What is known of the ticket that a desk speaks of. */
export interface Place {
  desk: IntegrationId;
  /** The handoff that came there last. */
  handoff: HandoffId;
  ticket: Ticket | null;
  /** What state this ticket was in is known of a later moment already (for words: of the same). */
  overtaken: boolean;
}

/**
 * What the events of an outside desk ask of a conversation. Pure: state in, commands out. An agent who answers there speaks,
 * wherever the handoff stands; what is said of a ticket that the conversation has left moves nothing any more.
 */
export function commandsFor(state: Conversation, place: Place, news: DeskNews, files: readonly Part[]): Command[] {
  const { desk } = place;
  const here = state.handoff?.id === place.handoff && state.handoff.desk === desk;
  switch (news.type) {
    case 'agent.said': {
      const agent = { ...news.agent, desk };
      const parts: Part[] = [...(news.text === '' ? [] : [{ type: 'text' as const, text: news.text }]), ...files];
      if (parts.length === 0) return [];
      const seated = here || state.handoff === null ? seat(state, place, agent) : null;
      if (seated) return [...seated, { type: 'say', author: { role: 'agent', ...agent }, parts }];
      const brought: Command[] = [...opened(state, agent), { type: 'barge', agent, parts }];
      // His last words came after the end: they are brought, and it stays the end.
      return state.status === 'closed' ? [...brought, { type: 'close', by: { role: 'api', id: desk } }] : brought;
    }
    case 'assigned':
      return here && !place.overtaken ? assigned(state, place, { ...news.agent, desk }) : [];
    case 'unassigned':
      return here && !place.overtaken && state.handoff?.phase === 'active'
        ? [{ type: 'requeue', handoff: place.handoff, why: 'requeued', agent: state.handoff.agent.id }]
        : [];
    case 'returned':
      return here ? returned(state, place, news.agent, news.note) : [];
    case 'closed':
      return here && !place.overtaken ? closed(state, place, news.agent) : [];
    case 'reopened':
      return state.status === 'closed' && !place.overtaken && state.ended?.id === place.handoff
        ? [{ type: 'reopen', by: { role: 'api', id: desk } }]
        : [];
  }
}

/**
 * What gives this agent control, whatever stood before: he answers there, so he holds the conversation, also when he
 * answers after the handoff has ended, from a phone, or by e-mail. Null: somebody else holds it and keeps it.
 */
function seat(state: Conversation, { desk, handoff, ticket, overtaken }: Place, agent: AgentRef): Command[] | null {
  const { control } = state;
  if (control.holder === 'agent' && control.agent.id === agent.id) return [];
  // What holds now came later than these words: they are only brought.
  if (overtaken) return null;
  if (control.holder === 'agent') return control.agent.desk === desk ? [{ type: 'take', agent, force: true }] : null;
  if (state.handoff) return [{ type: 'accept', handoff, agent, direct: true }];
  return [...opened(state, agent), { type: 'take', agent, ...(ticket ? { ticket } : {}) }];
}

/** Words of an agent open what was closed: they must not be lost. */
function opened(state: Conversation, agent: AgentRef): Command[] {
  return state.status === 'closed' ? [{ type: 'reopen', by: { role: 'agent', agent } }] : [];
}

function assigned(state: Conversation, { desk, handoff }: Place, agent: AgentRef): Command[] {
  const { control } = state;
  if (control.holder !== 'agent') return [{ type: 'accept', handoff, agent, direct: true }];
  if (control.agent.id === agent.id || control.agent.desk !== desk) return [];
  return [{ type: 'take', agent, force: true }];
}

function returned(state: Conversation, { desk, handoff }: Place, agent: AgentRef | null, note?: string): Command[] {
  const { control } = state;
  if (control.holder === 'agent') {
    const by = { role: 'agent', agent: control.agent } as const;
    return [{ type: 'release', by, ...(note === undefined ? {} : { note }) }];
  }
  return [{ type: 'cancel', handoff, by: actorOf(agent, desk) }];
}

/** Closed there: solved where somebody answered; where nobody did, the customer is not left with nothing. */
function closed(state: Conversation, { desk, handoff }: Place, agent: AgentRef | null): Command[] {
  const { control } = state;
  if (control.holder === 'agent')
    return [{ type: 'close', by: { role: 'agent', agent: control.agent }, outcome: 'resolved' }];
  return [{ type: 'cancel', handoff, by: actorOf(agent, desk) }];
}

function actorOf(agent: AgentRef | null, desk: IntegrationId): Extract<Command, { type: 'cancel' }>['by'] {
  return agent ? { role: 'agent', agent: { ...agent, desk } } : { role: 'api', id: desk };
}
