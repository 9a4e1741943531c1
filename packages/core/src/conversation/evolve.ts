import { emptyMemory, remember } from '#escalation/memory.ts';
import type { Millis } from '#ids.ts';
import { choiceOf, textOf } from '#message/message.ts';
import type { ConversationEvent, Logged } from './events.ts';
import { evolveHandoff } from './evolve-handoff.ts';
import { LOOP_LIMIT } from './rules.ts';
import { type Control, type Conversation, type Holder, KEYS_KEPT } from './state.ts';

type Of<T extends ConversationEvent['type']> = Extract<ConversationEvent, { type: T }>;

/**
 * The state after one more event. Pure, and the only thing that makes states: what is stored equals what a replay of
 * the log gives (I10). `state` is null before `conversation.opened` only.
 */
export function evolve(state: Conversation | null, logged: Logged): Conversation {
  const { event, at, seq, key } = logged;
  if (state === null) {
    if (event.type !== 'conversation.opened')
      throw new Error(`A log begins with conversation.opened, not with ${event.type}.`);
    return withKey(born(event, at, seq), key, seq);
  }
  const next = withKey(apply(state, event, at, seq), key, seq);
  next.seq = seq;
  return next;
}

/** Plays a whole log, or what came after a stored state. */
export function replay(state: Conversation | null, log: readonly Logged[]): Conversation | null {
  let current = state;
  for (const logged of log) current = evolve(current, logged);
  return current;
}

function born(event: Of<'conversation.opened'>, at: Millis, seq: number): Conversation {
  return {
    id: event.id,
    workspace: event.workspace,
    channel: event.channel,
    customer: event.customer,
    status: 'open',
    closedAt: null,
    seq,
    openedAt: at,
    locale: event.locale ?? null,
    bot: event.bot,
    control:
      event.bot === null
        ? { holder: 'nobody', epoch: 1, since: at }
        : { holder: 'bot', epoch: 1, since: at, bot: event.bot },
    handoff: null,
    ended: null,
    participants: [],
    flags: [],
    turns: [],
    unanswered: null,
    proposal: null,
    memory: emptyMemory(),
    lastMessageAt: at,
    lastAgentAt: null,
    lastCustomerAt: null,
    changes: [],
    rated: false,
    keys: [],
  };
}

/** `state` was made by this very evolve step, so it may be written to. */
function withKey(state: Conversation, key: string | undefined, seq: number): Conversation {
  if (key === undefined) return state;
  state.keys = [...(state.keys.length >= KEYS_KEPT ? state.keys.slice(1) : state.keys), [key, seq]];
  return state;
}

/** Always a new object, also where nothing but seq changes. */
function apply(state: Conversation, event: ConversationEvent, at: Millis, seq: number): Conversation {
  switch (event.type) {
    case 'message':
      return onMessage(state, event, at, seq);
    case 'control.changed':
      return onControl(state, event, at);
    case 'flag.added': {
      const others = state.flags.filter((flag) => flag.name !== event.flag.name);
      return { ...state, flags: [...others, { ...event.flag, at }] };
    }
    case 'flag.removed':
      return { ...state, flags: state.flags.filter((flag) => flag.name !== event.name) };
    case 'proposal.made':
      return onProposal(state, event);
    case 'bot.skipped':
      return onSkipped(state, event, at);
    case 'note':
      return event.warning === 'agent_silent' && state.handoff?.phase === 'active'
        ? { ...state, handoff: { ...state.handoff, warned: true } }
        : { ...state };
    case 'participant.joined': {
      const others = state.participants.filter((one) => one.agent.id !== event.agent.id);
      return { ...state, participants: [...others, { agent: event.agent, role: event.role, since: at }] };
    }
    case 'participant.left':
      return { ...state, participants: state.participants.filter((one) => one.agent.id !== event.agent.id) };
    case 'estimate.told':
      return state.handoff?.id === event.handoff
        ? { ...state, handoff: { ...state.handoff, told: true } }
        : { ...state };
    case 'rating.given':
      return { ...state, rated: true };
    case 'conversation.closed':
      return { ...state, status: 'closed', closedAt: at, proposal: null, turns: [], unanswered: null };
    case 'conversation.reopened':
      return { ...state, status: 'open', closedAt: null, rated: false, ended: null };
    case 'conversation.opened':
      throw new Error('A conversation is opened once.');
    case 'message.edited':
    case 'message.redacted':
    case 'customer.updated':
    case 'delivery.failed':
      return { ...state };
    default:
      return evolveHandoff(state, event, at, seq);
  }
}

function onMessage(state: Conversation, event: Of<'message'>, at: Millis, seq: number): Conversation {
  const { author } = event.message;
  switch (author.role) {
    case 'customer':
      return onCustomerMessage(state, event, at, seq);
    case 'bot': {
      const turns = answered(state.turns, event.message.answers, at);
      const memory = event.message.imported
        ? state.memory
        : remember(state.memory, {
            role: 'bot',
            text: textOf(event.message.parts),
            fallback: event.message.bot?.fallback ?? false,
          });
      return { ...state, lastMessageAt: at, turns, unanswered: turns[0] ?? null, memory };
    }
    case 'agent': {
      const next: Conversation = { ...state, lastMessageAt: at, lastAgentAt: at };
      if (event.message.barge) return next;
      next.unanswered = null;
      if (state.handoff?.phase === 'active' && state.handoff.repliedAt === null)
        next.handoff = { ...state.handoff, repliedAt: at };
      return next;
    }
    case 'system':
      return onNotice(state, event);
  }
}

function onCustomerMessage(state: Conversation, event: Of<'message'>, at: Millis, seq: number): Conversation {
  const next: Conversation = { ...state, lastMessageAt: at, lastCustomerAt: at, proposal: null };
  if (event.message.imported) return next;
  next.unanswered = state.unanswered ?? { seq, at };
  if (event.message.turn) next.turns = [...state.turns, { seq, at }];
  if (state.control.holder === 'bot') {
    const choice = choiceOf(event.message.parts);
    const turn = { role: 'customer', seq, text: textOf(event.message.parts) } as const;
    next.memory = remember(state.memory, choice === undefined ? turn : { ...turn, choice });
  }
  return next;
}

/** Baton's own messages: two of them are remembered, so that they are said once. */
function onNotice(state: Conversation, event: Of<'message'>): Conversation {
  const { handoff } = state;
  if (handoff && event.message.notice === 'connecting') return { ...state, handoff: { ...handoff, told: true } };
  if (
    handoff &&
    (handoff.phase === 'queued' || handoff.phase === 'offered') &&
    event.message.notice === 'still_waiting'
  ) {
    return { ...state, handoff: { ...handoff, asked: true } };
  }
  return { ...state };
}

function onProposal(state: Conversation, event: Of<'proposal.made'>): Conversation {
  const proposal = { reason: event.reason, evidence: event.evidence, ...(event.queue ? { queue: event.queue } : {}) };
  return {
    ...state,
    proposal,
    memory: remember(state.memory, { role: 'proposed', kinds: event.evidence.map((one) => one.kind) }),
  };
}

function onSkipped(state: Conversation, event: Of<'bot.skipped'>, at: Millis): Conversation {
  const turns = answered(state.turns, event.turn, at);
  const memory = event.why === 'failed' ? remember(state.memory, { role: 'bot-failed' }) : state.memory;
  return { ...state, turns, memory };
}

/** The turns still open once `seq` is answered; without a seq, all are. The next one's clock starts now. */
function answered(turns: Conversation['turns'], seq: number | undefined, at: Millis): Conversation['turns'] {
  if (seq === undefined || turns.length === 0) return [];
  const open = turns.filter((turn) => turn.seq > seq);
  const [head, ...rest] = open;
  return head && open.length < turns.length ? [{ seq: head.seq, at }, ...rest] : open;
}

function onControl(state: Conversation, event: Of<'control.changed'>, at: Millis): Conversation {
  const control = controlOf(event.to, event.epoch, at);
  const next: Conversation = {
    ...state,
    control,
    proposal: null,
    turns: [],
    changes: [...state.changes, at].slice(-(LOOP_LIMIT + 1)),
  };
  if (control.holder === 'bot' && event.from.holder !== 'bot') {
    next.memory = remember(state.memory, { role: 'reset' });
  }
  // What nobody has answered travels with control (I6): the bot owes it an answer now.
  if (control.holder === 'bot' && state.unanswered) next.turns = [{ seq: state.unanswered.seq, at }];
  return next;
}

function controlOf(to: Holder, epoch: number, since: Millis): Control {
  return { ...to, epoch, since };
}

/** A control without its epoch and time. */
export function holderOf(control: Control): Holder {
  switch (control.holder) {
    case 'bot':
      return { holder: 'bot', bot: control.bot };
    case 'queue':
      return { holder: 'queue', queue: control.queue };
    case 'agent':
      return { holder: 'agent', agent: control.agent };
    case 'nobody':
      return { holder: 'nobody' };
  }
}
