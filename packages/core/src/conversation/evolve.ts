import { emptyMemory, type Memory, remember } from '#escalation/memory.ts';
import type { Millis } from '#ids.ts';
import { choiceOf, type Message, textOf } from '#message/message.ts';
import { forgetCustomer, forgetMessage } from './erase.ts';
import type { ConversationEvent, Logged } from './events.ts';
import { evolveHandoff } from './evolve-handoff.ts';
import { answerIn, asksAboutPerson } from './questions.ts';
import { LOOP_LIMIT } from './rules.ts';
import { type Control, type Conversation, type Holder, KEYS_KEPT, MOST_TURNS } from './state.ts';

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
  // `concat` makes a list of just this length; what is pushed to gets room for twice as many, and each state keeps it.
  state.keys = state.keys.slice(Math.max(0, state.keys.length - KEYS_KEPT + 1)).concat([[key, seq]]);
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
    case 'message.redacted':
      return forgetMessage(state, event.seq);
    case 'customer.erased':
      return forgetCustomer(state);
    case 'message.edited':
    case 'customer.updated':
    case 'delivery.failed':
      return { ...state };
    default:
      return evolveHandoff(state, event, at, seq);
  }
}

function onMessage(state: Conversation, event: Of<'message'>, at: Millis, seq: number): Conversation {
  const { message } = event;
  // Said before Baton knew the conversation: others have answered it, or brought it to us on purpose.
  if (message.imported) return { ...state, lastMessageAt: at };
  switch (message.author.role) {
    case 'customer':
      return onCustomerMessage(state, message, at, seq);
    case 'bot':
      return {
        ...state,
        ...settled(state, message.answers, at),
        lastMessageAt: at,
        // A bot that asks "shall I connect you?" asks for Baton: a typed yes counts, and it is not asked twice. Whatever
        // else it says comes after Baton's own question: a yes may mean that.
        proposal: asksAboutPerson(message.parts) ? { reason: 'customer_asked', evidence: [] } : null,
        memory: rememberBot(state.memory, message),
      };
    case 'agent':
      return onAgentMessage(state, message, at);
    case 'system':
      return onNotice(state, message);
  }
}

function onCustomerMessage(state: Conversation, message: Message, at: Millis, seq: number): Conversation {
  const answer = answerIn(state, message.parts);
  const next: Conversation = { ...state, lastMessageAt: at, lastCustomerAt: at, proposal: null };
  if (answer === null) {
    const { unanswered, turns } = state;
    next.unanswered = { seq: unanswered?.seq ?? seq, upTo: seq };
    if (message.turn) next.turns = [...turns.slice(0, MOST_TURNS - 1), { seq, at }];
  } else if (answer === 'handoff:no') {
    // What Baton asked about is answered with that; what the bot was asked before is not.
    next.unanswered = spanOf(state.turns);
  }
  const { handoff } = state;
  if (handoff && 'asking' in handoff && handoff.asking) next.handoff = { ...handoff, asking: false };
  if (state.control.holder === 'bot') {
    const choice = choiceOf(message.parts);
    const turn = { role: 'customer', seq, text: textOf(message.parts) } as const;
    next.memory = remember(state.memory, choice === undefined ? turn : { ...turn, choice });
  }
  return next;
}

function onAgentMessage(state: Conversation, message: Message, at: Millis): Conversation {
  const next: Conversation = { ...state, lastMessageAt: at, lastAgentAt: at };
  // A word from the side answers nothing: who holds control still owes the answer.
  if (message.barge) return next;
  next.unanswered = null;
  const { handoff } = state;
  if (handoff?.phase === 'active' && handoff.repliedAt === null) next.handoff = { ...handoff, repliedAt: at };
  return next;
}

/** Baton's own messages: two of them are remembered, so that they are said once. */
function onNotice(state: Conversation, { notice, parts }: Message): Conversation {
  const { handoff } = state;
  if (handoff && notice === 'connecting') return { ...state, handoff: { ...handoff, told: true } };
  if (handoff && notice === 'still_waiting' && (handoff.phase === 'queued' || handoff.phase === 'offered')) {
    // "What would you like to do until we open?" is no question for a yes or a no.
    const asking = parts.some((part) => part.type === 'choices' && part.choices.some(({ id }) => id === 'wait:keep'));
    return { ...state, handoff: { ...handoff, asked: true, asking } };
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

/** Nothing to say, on purpose, settles a turn; a failure leaves what was asked unanswered. */
function onSkipped(state: Conversation, event: Of<'bot.skipped'>, at: Millis): Conversation {
  const left = settled(state, event.turn, at);
  if (event.why === 'noop') return { ...state, ...left };
  return { ...state, turns: left.turns, memory: remember(state.memory, { role: 'bot-failed' }) };
}

/** What is left once the bot has answered `upTo` and all before it; nothing, where it does not say what it answers. */
function settled(
  { turns, unanswered }: Conversation,
  upTo: number | undefined,
  at: Millis,
): Pick<Conversation, 'turns' | 'unanswered'> {
  if (upTo === undefined || unanswered === null || unanswered.upTo <= upTo) return { turns: [], unanswered: null };
  if (upTo < unanswered.seq) return { turns, unanswered };
  const open = turns.filter((turn) => turn.seq > upTo);
  const [head, ...others] = open;
  // The clock of the next one starts now. Without a next one the newest message is left: it never was the bot's.
  const left = head && open.length < turns.length ? [{ seq: head.seq, at }, ...others] : open;
  return { turns: left, unanswered: { seq: head?.seq ?? unanswered.upTo, upTo: unanswered.upTo } };
}

/** From the oldest to the newest of the turns. */
function spanOf(turns: Conversation['turns']): Conversation['unanswered'] {
  const first = turns[0];
  const last = turns.at(-1);
  return first && last ? { seq: first.seq, upTo: last.seq } : null;
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
  // What nobody has answered travels with control (I6). The bot owes an answer to the newest; the others are in its
  // history, and one answer serves them all.
  if (control.holder === 'bot' && state.unanswered) next.turns = [{ seq: state.unanswered.upTo, at }];
  return next;
}

function controlOf(to: Holder, epoch: number, since: Millis): Control {
  return { ...to, epoch, since };
}

/** What the bot asks itself counts as asked: Baton does not ask the same again at the next turn. */
function rememberBot(memory: Memory, { parts, bot }: Message): Memory {
  const after = remember(memory, { role: 'bot', text: textOf(parts), fallback: bot?.fallback ?? false });
  return asksAboutPerson(parts)
    ? remember(after, { role: 'proposed', kinds: ['repeated_fallback', 'repeated_question'] })
    : after;
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
