import type { Conversation, ConversationEvent, Handoff, Logged, Page } from '@baton/core';
import type { Head } from './flush.ts';

/** What the columns of `conversations` say of a state; for lists and counts. The state itself is the truth. */
export function headOf(state: Conversation, events: readonly Logged[]): Head {
  const { control, handoff } = state;
  let page: Page | null = null;
  let rating: Extract<ConversationEvent, { type: 'rating.given' }> | null = null;
  for (const { event } of events) {
    if (event.type === 'conversation.opened' && event.page) page = event.page;
    if (event.type === 'rating.given') rating = event;
  }
  return {
    channel: state.channel,
    customer: state.customer,
    status: state.status,
    holder: control.holder,
    agent: control.holder === 'agent' ? control.agent.id : null,
    queue: handoff?.queue ?? null,
    phase: handoff?.phase ?? null,
    page,
    rating: rating?.score ?? null,
    ratingComment: rating?.comment ?? null,
    closedAt: state.closedAt,
  };
}

/** Does an event change more than the head's seq? A plain message does not. */
export function changesHead(event: ConversationEvent): boolean {
  return event.type !== 'message';
}

/** The rows of `handoffs` that these events changed: the open one as it is now, and those that ended. */
export function handoffRows(before: Conversation | null, events: readonly Logged[], after: Conversation): object[] {
  const rows = new Map<string, object>();
  let known = before?.handoff ?? null;
  let told: { position: number | null; estimate: unknown; at: number } | null = null;
  for (const { event, at } of events) {
    if (event.type === 'estimate.told') told ??= { position: event.position, estimate: event.estimate, at };
    if (event.type === 'handoff.requested') {
      known = { ...(known?.id === event.handoff ? known : {}), ...shell(event, at) } as Handoff;
    }
    if (event.type === 'handoff.ended' && known) {
      const closed = row(after, known, told);
      rows.set(event.handoff, {
        ...closed,
        ...(known.phase === 'active' || after.ended?.agent ? agentColumns(after.ended?.agent ?? null) : {}),
        phase: 'ended',
        outcome: event.outcome,
        endedAt: at,
      });
      known = null;
    }
  }
  const open = after.handoff;
  if (open && (before?.handoff !== open || told)) rows.set(open.id, row(after, open, told));
  return [...rows.values()];
}

type Told = { position: number | null; estimate: unknown; at: number } | null;

/** A handoff that began in these events, as far as they say; the state after them has the rest, if it is still open. */
function shell(event: Extract<ConversationEvent, { type: 'handoff.requested' }>, at: number): Partial<Handoff> {
  const { handoff: id, reason, evidence, queue, desk, priority, skills, preferredSkills, summary } = event;
  return {
    id,
    reason,
    evidence,
    queue,
    desk,
    priority,
    skills,
    ...(preferredSkills ? { preferredSkills } : {}),
    ...(summary === undefined ? {} : { summary }),
    requestedAt: at,
    waitingSince: at,
    phase: 'requested',
  } as Partial<Handoff>;
}

function agentColumns(agent: { id: string } | null): object {
  return { agentId: agent?.id ?? null, agent };
}

function row(state: Conversation, handoff: Handoff, told: Told): object {
  const agent = handoff.phase === 'offered' || handoff.phase === 'active' ? handoff.agent : null;
  return {
    id: handoff.id,
    conversation: state.id,
    phase: handoff.phase,
    reason: handoff.reason,
    evidence: handoff.evidence,
    summary: handoff.summary ?? null,
    queue: handoff.queue,
    desk: handoff.desk,
    priority: handoff.priority,
    front: 'front' in handoff ? handoff.front : false,
    meanwhile: 'meanwhile' in handoff ? (handoff.meanwhile ?? null) : null,
    skills: handoff.skills,
    preferredSkills: handoff.preferredSkills ?? [],
    ...agentColumns(agent),
    ticket: 'ticket' in handoff ? (handoff.ticket ?? null) : null,
    outcome: null,
    passedOver: 'passedOver' in handoff ? handoff.passedOver : [],
    expiresAt: handoff.phase === 'offered' ? handoff.expiresAt : null,
    waitingSince: handoff.waitingSince,
    requestedAt: handoff.requestedAt,
    queuedAt: 'queuedAt' in handoff ? handoff.queuedAt : null,
    offeredAt: handoff.phase === 'offered' ? handoff.offeredAt : null,
    acceptedAt: handoff.phase === 'active' ? handoff.acceptedAt : null,
    repliedAt: handoff.phase === 'active' ? handoff.repliedAt : null,
    endedAt: null,
    toldPosition: told?.position ?? null,
    toldEstimate: told?.estimate ?? null,
    toldAt: told?.at ?? null,
  };
}
