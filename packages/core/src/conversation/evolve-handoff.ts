import type { Millis } from '#ids.ts';
import type { ConversationEvent } from './events.ts';
import type { Conversation, Handoff } from './state.ts';

type HandoffEvent = Extract<ConversationEvent, { type: `handoff.${string}` }>;
type Open = Handoff;

/** How many passed-over agents a waiting handoff remembers; older ones may be asked again anyway. */
const PASSED_OVER_KEPT = 50;

/** The handoff's side of `evolve`. An event of another handoff than the open one changes nothing but seq. */
export function evolveHandoff(state: Conversation, event: HandoffEvent, at: Millis, seq: number): Conversation {
  if (event.type === 'handoff.requested') return { ...state, handoff: requested(state.handoff, event, at) };
  const handoff = state.handoff;
  if (!handoff || handoff.id !== event.handoff) return { ...state };
  switch (event.type) {
    case 'handoff.queued':
      return { ...state, handoff: queued(handoff, event, at) };
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
      return { ...state, handoff: active(handoff, event.agent, at, seq) };
    case 'handoff.held':
    case 'handoff.resumed':
      if (handoff.phase !== 'active') return { ...state };
      return { ...state, handoff: { ...handoff, held: event.type === 'handoff.held' } };
    case 'handoff.transferred':
      return 'agent' in event.to ? { ...state, handoff: active(handoff, event.to.agent, at, seq) } : { ...state };
    case 'handoff.ended': {
      const wasActive = handoff.phase === 'active';
      const ended = {
        id: handoff.id,
        outcome: event.outcome,
        agent: wasActive ? handoff.agent : null,
        acceptedSeq: wasActive ? handoff.acceptedSeq : null,
        endedSeq: seq,
      };
      return { ...state, handoff: null, ended };
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
    ...(event.summary === undefined ? {} : { summary: event.summary }),
    requestedAt: again?.requestedAt ?? at,
    waitingSince: again?.waitingSince ?? at,
    told: again?.told ?? false,
    requeues: again?.requeues ?? 0,
    triedAt: at,
    tries: again?.phase === 'requested' ? again.tries + 1 : 1,
  };
}

/** What all phases share. */
function base(handoff: Open) {
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
    ...(handoff.summary === undefined ? {} : { summary: handoff.summary }),
  };
}

function ticketOf(handoff: Open) {
  return 'ticket' in handoff && handoff.ticket ? { ticket: handoff.ticket } : {};
}

function queued(handoff: Open, event: Extract<HandoffEvent, { type: 'handoff.queued' }>, at: Millis): Handoff {
  const first = event.why === 'acknowledged';
  return {
    ...base(handoff),
    ...(event.ticket ? { ticket: event.ticket } : ticketOf(handoff)),
    phase: 'queued',
    queue: event.queue,
    desk: event.desk,
    queuedAt: first ? at : 'queuedAt' in handoff ? handoff.queuedAt : handoff.requestedAt,
    requeues: first ? handoff.requeues : handoff.requeues + 1,
    front: event.front ?? false,
    asked: false,
    // Who lost it or was silent is not asked first; he may be asked again when nobody else is there.
    passedOver: handoff.phase === 'active' && event.why !== 'transferred' ? [{ agent: handoff.agent.id, at }] : [],
  };
}

function passedOver(handoff: Open, agent: string, at: Millis): Handoff {
  if (handoff.phase !== 'offered') return handoff;
  const { queuedAt, front, asked } = handoff;
  const others = handoff.passedOver.filter((one) => one.agent !== agent);
  return {
    ...base(handoff),
    ...ticketOf(handoff),
    phase: 'queued',
    queuedAt,
    front,
    asked,
    passedOver: [...others, { agent, at }].slice(-PASSED_OVER_KEPT),
  };
}

function active(
  handoff: Open,
  agent: Extract<Handoff, { phase: 'active' }>['agent'],
  at: Millis,
  seq: number,
): Handoff {
  // A transfer from agent to agent keeps the stretch: the return context covers all of it.
  const acceptedSeq = handoff.phase === 'active' ? handoff.acceptedSeq : seq;
  return {
    ...base(handoff),
    ...ticketOf(handoff),
    phase: 'active',
    agent,
    acceptedAt: at,
    acceptedSeq,
    held: false,
    repliedAt: null,
    warned: false,
  };
}
