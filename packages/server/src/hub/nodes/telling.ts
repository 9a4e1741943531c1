import type { AgentId, Conversation, CustomerId, HandoffId, IntegrationId, Logged, Millis } from '@baton/core';

/** What somebody must be told of who does not read the conversation (yet). `agent` may be another desk's: then nobody is there. */
export type Telling =
  | { type: 'opened'; customer: CustomerId; channel: IntegrationId }
  | { type: 'offered'; agent: AgentId | string; handoff: HandoffId; expiresAt: Millis }
  /** He was asked and is not any more. `why`: `accepted`, `queued`, or the outcome of the handoff. */
  | { type: 'offer-over'; agent: AgentId | string; handoff: HandoffId; why: string }
  /** The customer was erased: his windows show what is not held any more. */
  | { type: 'erased' }
  /** Control came to him. */
  | { type: 'given'; agent: AgentId | string };

/** What a commit means for those who do not read the conversation itself. */
export interface Stir {
  tellings: Telling[];
  /** Lists of conversations show it. */
  lists: boolean;
  /** The waiting line of its workspace changed. */
  line: boolean;
}

interface Change {
  before: Conversation | null;
  state: Conversation;
  events: readonly Logged[];
}

export function stirOf({ before, state, events }: Change): Stir {
  const stir: Stir = { tellings: [], lists: false, line: false };
  for (const { event } of events) {
    if (event.type === 'conversation.opened')
      stir.tellings.push({ type: 'opened', customer: event.customer, channel: event.channel });
    if (event.type === 'handoff.offered')
      stir.tellings.push({
        type: 'offered',
        agent: event.agent.id,
        handoff: event.handoff,
        expiresAt: event.expiresAt,
      });
    if (event.type === 'customer.erased') stir.tellings.push({ type: 'erased' });
    if (event.type === 'control.changed' && event.to.holder === 'agent')
      stir.tellings.push({ type: 'given', agent: event.to.agent.id });
    if (event.type.startsWith('handoff.')) stir.line = true;
    // A message of a conversation that a human holds changes no list but its owner's, and he reads its events.
    if (event.type !== 'message' || state.control.holder !== 'agent') stir.lists = true;
  }
  const over = offerOver(before, state);
  if (over) stir.tellings.push(over);
  return stir;
}

/** Whoever was asked and is not any more is told so, whatever ended it. */
function offerOver(before: Conversation | null, after: Conversation): Telling | null {
  const asked = before?.handoff;
  if (asked?.phase !== 'offered') return null;
  const now = after.handoff;
  if (now?.phase === 'offered' && now.id === asked.id && now.agent.id === asked.agent.id) return null;
  const why = now?.phase === 'active' ? 'accepted' : now ? 'queued' : (after.ended?.outcome ?? 'ended');
  return { type: 'offer-over', agent: asked.agent.id, handoff: asked.id, why };
}
