import type { Millis } from '#ids.ts';
import type { AgentRef } from '#message/message.ts';
import type { ConversationEvent } from './events.ts';
import type { Conversation, Handoff, HandoffOutcome, Ticket } from './state.ts';

type HandoffEvent = Extract<ConversationEvent, { type: `handoff.${string}` }>;

/** How many passed-over agents a waiting handoff remembers; older ones may be asked again anyway. */
const PASSED_OVER_KEPT = 50;

/** The handoff's side of `evolve`. An event of another handoff than the open one changes nothing but seq. */
export function evolveHandoff(state: Conversation, event: HandoffEvent, at: Millis, seq: number): Conversation {
  if (event.type === 'handoff.requested') {
    const { replyWebhook } = event;
    return { ...state, handoff: requested(state.handoff, event, at), ...(replyWebhook ? { replyWebhook } : {}) };
  }
  const handoff = state.handoff;
  if (!handoff || handoff.id !== event.handoff) return { ...state };
  switch (event.type) {
    case 'handoff.queued':
      return { ...state, handoff: queued(handoff, event, at) };
    case 'handoff.meanwhile':
      return meanwhile(state, handoff, event, at);
    case 'handoff.offered':
      if (handoff.phase !== 'queued') return { ...state };
      return {
        ...state,
        handoff: { ...handoff, phase: 'offered', agent: event.agent, offeredAt: at, expiresAt: event.expiresAt },
      };
    case 'handoff.declined':
    case 'handoff.expired':
      return { ...state, handoff: passedOver(handoff, event.agent.id, at) };
    case 'handoff.accepted':
      return { ...state, handoff: active(handoff, event.agent, at, seq, event.ticket) };
    case 'handoff.held':
    case 'handoff.resumed':
      if (handoff.phase !== 'active') return { ...state };
      return { ...state, handoff: { ...handoff, held: event.type === 'handoff.held', since: at } };
    case 'handoff.transferred':
      if ('agent' in event.to) return { ...state, handoff: active(handoff, event.to.agent, at, seq) };
      return event.from === null
        ? { ...state, handoff: { ...handoff, overflowedFrom: [...(handoff.overflowedFrom ?? []), handoff.queue] } }
        : { ...state };
    case 'handoff.ended': {
      const wasActive = handoff.phase === 'active';
      const ended = {
        id: handoff.id,
        outcome: event.outcome,
        agent: wasActive ? handoff.agent : null,
        acceptedSeq: wasActive ? handoff.acceptedSeq : null,
        endedSeq: seq,
      };
      return {
        ...state,
        handoff: null,
        ended,
        unanswered: isWithdrawn(state, handoff, event.outcome) ? null : state.unanswered,
        // Each stretch with a person may be rated.
        rated: state.rated && !wasActive,
      };
    }
  }
}

function requested(
  open: Handoff | null,
  event: Extract<HandoffEvent, { type: 'handoff.requested' }>,
  at: Millis,
): Handoff {
  const again = open && open.id === event.handoff ? open : null;
  return {
    phase: 'requested',
    id: event.handoff,
    reason: event.reason,
    evidence: event.evidence,
    queue: event.queue,
    desk: event.desk,
    priority: event.priority,
    skills: event.skills,
    ...(event.preferredSkills ? { preferredSkills: event.preferredSkills } : {}),
    ...(again ? later(again) : {}),
    ...(again?.overflowedFrom ? { overflowedFrom: again.overflowedFrom } : {}),
    ...(event.summary === undefined ? {} : { summary: event.summary }),
    requestedAt: again?.requestedAt ?? at,
    waitingSince: again?.waitingSince ?? at,
    told: again?.told ?? false,
    requeues: again?.requeues ?? 0,
    since: again?.phase === 'requested' ? again.since : at,
    triedAt: at,
    tries: again?.phase === 'requested' ? again.tries + 1 : 1,
  };
}

/** What all phases share. */
function base(handoff: Handoff) {
  const { id, reason, evidence, queue, desk, priority, skills, requestedAt, waitingSince, told, requeues } = handoff;
  return {
    id,
    reason,
    evidence,
    queue,
    desk,
    priority,
    skills,
    requestedAt,
    waitingSince,
    told,
    requeues,
    ...(handoff.preferredSkills ? { preferredSkills: handoff.preferredSkills } : {}),
    ...(handoff.overflowedFrom ? { overflowedFrom: handoff.overflowedFrom } : {}),
    ...(handoff.summary === undefined ? {} : { summary: handoff.summary }),
  };
}

/** He has gone, and is to be answered all the same. */
function later({ meanwhile }: Pick<Handoff, 'meanwhile'>) {
  return meanwhile === 'message' || meanwhile === 'callback' ? { meanwhile } : {};
}

function ticketOf(handoff: Handoff) {
  return 'ticket' in handoff && handoff.ticket ? { ticket: handoff.ticket } : {};
}

function queued(handoff: Handoff, event: Extract<HandoffEvent, { type: 'handoff.queued' }>, at: Millis): Handoff {
  return {
    ...base(handoff),
    ...later(handoff),
    ...(event.ticket ? { ticket: event.ticket } : ticketOf(handoff)),
    phase: 'queued',
    queue: event.queue,
    desk: event.desk,
    queuedAt: at,
    requeues: event.why === 'acknowledged' || event.why === 'overflowed' ? handoff.requeues : handoff.requeues + 1,
    front: event.front ?? false,
    asked: false,
    asking: false,
    // Who lost it or was silent is not asked first; he may be asked again when nobody else is there.
    passedOver: handoff.phase === 'active' && event.why !== 'transferred' ? [{ agent: handoff.agent.id, at }] : [],
  };
}

/**
 * Who goes on with the bot takes back his words "get me a person" as far as the bot goes, as one who leaves the line does.
 * For who waits in the window again the limits of waiting count anew.
 */
function meanwhile(
  state: Conversation,
  handoff: Handoff,
  event: Extract<HandoffEvent, { type: 'handoff.meanwhile' }>,
  at: Millis,
): Conversation {
  if (handoff.phase !== 'queued' && handoff.phase !== 'offered') return { ...state };
  const { meanwhile: _before, ...line } = handoff;
  return {
    ...state,
    handoff:
      event.meanwhile === null
        ? { ...line, queuedAt: at, asked: false, asking: false }
        : { ...line, meanwhile: event.meanwhile },
    unanswered: event.meanwhile === 'with_bot' && isOnlyTheRequest(state, handoff) ? null : state.unanswered,
  };
}

function passedOver(handoff: Handoff, agent: string, at: Millis): Handoff {
  if (handoff.phase !== 'offered') return handoff;
  const { queuedAt, front, asked, asking } = handoff;
  const others = handoff.passedOver.filter((one) => one.agent !== agent);
  return {
    ...base(handoff),
    ...ticketOf(handoff),
    phase: 'queued',
    queuedAt,
    front,
    asked,
    asking,
    ...(handoff.meanwhile ? { meanwhile: handoff.meanwhile } : {}),
    passedOver: [...others, { agent, at }].slice(-PASSED_OVER_KEPT),
  };
}

/** The agent's desk has it from now on: the ticket of another one stays behind, for that desk to close (I7). */
function active(handoff: Handoff, agent: AgentRef, at: Millis, seq: number, ticket?: Ticket): Handoff {
  const desk = agent.desk ?? null;
  return {
    ...base(handoff),
    ...later(handoff),
    ...(desk === handoff.desk ? ticketOf(handoff) : {}),
    ...(ticket ? { ticket } : {}),
    desk,
    phase: 'active',
    agent,
    acceptedAt: at,
    // A transfer from agent to agent keeps the stretch: the return context covers all of it.
    acceptedSeq: handoff.phase === 'active' ? handoff.acceptedSeq : seq,
    held: false,
    since: at,
    repliedAt: null,
    warned: false,
  };
}

/**
 * A customer who leaves the line takes back what he asked for: the words "get me a person" are not handed to the bot
 * as a question. Anything newer that he wrote still is.
 */
function isWithdrawn(state: Conversation, handoff: Handoff, outcome: HandoffOutcome): boolean {
  return outcome === 'cancelled_by_customer' && isOnlyTheRequest(state, handoff);
}

function isOnlyTheRequest({ unanswered }: Conversation, { evidence }: Handoff): boolean {
  if (unanswered === null) return false;
  return evidence.some(({ kind, seq }) => kind === 'asked_for_human' && seq === unanswered.upTo);
}
