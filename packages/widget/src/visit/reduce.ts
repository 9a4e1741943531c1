import type { EventItem, ServerFrame, ServerFrameOf } from '@baton/protocol';
import { tellStory } from '#story/story.ts';
import { onRefused } from './refused.ts';
import type { ConversationId, Pending, State } from './state.ts';
import { NEW_VISIT, turnTo, without } from './state.ts';

export type Action =
  | { type: 'frame'; frame: ServerFrame }
  | { type: 'link'; link: State['link'] }
  /** A conversation to go on with. Its last events come by themselves; the ones before are read when wanted. */
  | { type: 'resume'; conversation: ConversationId }
  | { type: 'wish'; pending: Pending }
  | { type: 'retry' | 'drop'; key: string }
  | { type: 'load' | 'load-failed' }
  | { type: 'page'; conversation: ConversationId; items: readonly EventItem[] }
  | { type: 'read'; seq: number }
  /** Nobody types any more: the last sign of it is too old. */
  | { type: 'still' }
  | { type: 'trouble'; text: string | null }
  /** Leaves a closed conversation and begins a new one. */
  | { type: 'renew' }
  /** Somebody else uses this browser now. */
  | { type: 'reset' };

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'frame':
      return onFrame(state, action.frame);
    case 'link':
      return { ...state, link: action.link, typing: action.link === 'live' ? state.typing : null };
    case 'resume':
      return state.conversation === action.conversation || state.left === action.conversation
        ? state
        : turnTo(state, action.conversation);
    case 'wish':
      return { ...state, pending: [...state.pending, action.pending], trouble: null };
    case 'retry':
      return {
        ...state,
        pending: state.pending.map((one) => (one.key === action.key ? { ...one, fate: { is: 'waiting' } } : one)),
      };
    case 'drop':
      return without(state, action.key);
    case 'load':
      return { ...state, older: 'loading' };
    case 'load-failed':
      return { ...state, older: 'failed' };
    case 'page':
      return state.conversation === action.conversation ? onPage(state, action.items) : state;
    case 'read':
      return action.seq > state.readByMe ? { ...state, readByMe: action.seq } : state;
    case 'still':
      return { ...state, typing: null };
    case 'trouble':
      return { ...state, trouble: action.text };
    case 'renew':
      return { ...turnTo(state, null), left: state.conversation };
    case 'reset':
      return { ...NEW_VISIT, link: state.link };
  }
}

function onFrame(state: State, frame: ServerFrame): State {
  switch (frame.type) {
    case 'welcome':
      return frame.conversation && frame.conversation !== state.left && frame.conversation !== state.conversation
        ? turnTo(state, frame.conversation)
        : state;
    case 'event':
      return onEvent(state, frame);
    case 'ack':
      return onAck(state, frame);
    case 'refused':
      return onRefused(state, frame);
    case 'typing':
      return onTyping(state, frame);
    case 'read':
      if (frame.conversation !== state.conversation) return state;
      return frame.who === 'agent'
        ? { ...state, readByThem: Math.max(state.readByThem, frame.seq) }
        : { ...state, readByMe: Math.max(state.readByMe, frame.seq) };
    case 'queue':
      return frame.conversation === state.conversation ? { ...state, queue: frame } : state;
    default:
      // Frames for agents, or newer than this widget.
      return state;
  }
}

function onEvent(state: State, { conversation, seq, at, event }: ServerFrameOf<'event'>): State {
  if (conversation === state.left) return state;
  const here =
    conversation === state.conversation ? state : begins(state, event.type) ? turnTo(state, conversation) : null;
  return here ? withEvents(here, [{ seq, at, event }]) : state;
}

/** An event of another conversation counts when it opens one: another tab has begun anew. */
function begins(state: State, type: string): boolean {
  return state.conversation === null || type === 'conversation.opened';
}

function onAck(state: State, frame: ServerFrameOf<'ack'>): State {
  const key = frame.clientId ?? frame.id;
  const pending = state.pending.find((one) => one.key === key);
  if (!pending) return state;
  const here =
    state.conversation === null && frame.conversation && frame.conversation !== state.left
      ? turnTo(state, frame.conversation)
      : state;
  if (pending.wish.what !== 'say' || said(here, pending.key)) return without(here, pending.key);
  return {
    ...here,
    pending: here.pending.map((one) => (one === pending ? { ...one, fate: { is: 'accepted' } } : one)),
  };
}

function said(state: State, key: string): boolean {
  return state.log.some(({ event }) => event.type === 'message' && event.message.clientId === key);
}

function onTyping(state: State, frame: ServerFrameOf<'typing'>): State {
  const { role, name } = frame.who;
  if (frame.conversation !== state.conversation || role === 'customer') return state;
  if (!frame.on) return state.typing?.role === role ? { ...state, typing: null } : state;
  return { ...state, typing: { role, name: name ?? null, text: frame.text ?? null } };
}

function onPage(state: State, items: readonly EventItem[]): State {
  const longer = withEvents(state, items);
  return { ...longer, older: longer === state ? 'end' : 'idle' };
}

/** Adds what is new. The log stays in order, whatever came first: the page or the socket. */
function withEvents(state: State, items: readonly EventItem[]): State {
  const known = new Set(state.log.map((item) => item.seq));
  const fresh = items.filter((item) => !known.has(item.seq));
  if (fresh.length === 0) return state;
  const log = [...state.log, ...fresh];
  if (fresh.some((item, index) => item.seq < (log[state.log.length + index - 1]?.seq ?? 0)))
    log.sort((a, b) => a.seq - b.seq);
  const story = tellStory(log);
  const messages = fresh.flatMap(({ event }) => (event.type === 'message' ? [event.message] : []));
  const keys = new Set(messages.map((message) => message.clientId));
  const spoke = messages.some((message) => message.author.role === state.typing?.role);
  const gone = state.typing?.role === 'agent' ? story.agent === null : story.holder !== 'bot';
  const inLine = story.holder === 'queue' || story.holder === 'unknown' || story.withBot;
  return {
    ...state,
    log,
    story,
    pending: keys.size > 0 ? state.pending.filter((one) => !keys.has(one.key)) : state.pending,
    // A message takes the place of the sign; who does not hold control any more will not send one.
    typing: spoke || gone ? null : state.typing,
    queue: inLine ? state.queue : null,
  };
}
