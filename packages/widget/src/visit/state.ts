import type { EventItem, Part, ServerFrameOf } from '@baton/protocol';
import type { Story } from '#story/story.ts';
import { NO_STORY } from '#story/story.ts';

export type ConversationId = ServerFrameOf<'event'>['conversation'];

/** Everything the widget knows of a visit. Changed by `reduce` only. */
export interface State {
  link: 'idle' | 'connecting' | 'live' | 'offline';
  conversation: ConversationId | null;
  /** The conversation that the visitor left for a new one: it is not shown again. */
  left: ConversationId | null;
  /** Ascending by seq, each once. Gaps are normal: staff's events are left out. */
  log: readonly EventItem[];
  story: Story;
  /** Events before the first one here: being read, or not. `end`: there are none. */
  older: 'idle' | 'loading' | 'failed' | 'end';
  /** What was sent and has not come back as an event, in the order in which it was sent. */
  pending: readonly Pending[];
  queue: ServerFrameOf<'queue'> | null;
  typing: Typing | null;
  /** Highest seq that a person of the team has read. */
  readByThem: number;
  readByMe: number;
  /** A refusal that no bubble can show. */
  trouble: string | null;
}

/** A frame of ours that has to arrive. It is sent again after each outage until it is answered; its key makes it count once. */
export interface Pending {
  key: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Where it was said; null where no conversation was open yet. */
  conversation: ConversationId | null;
  wish: Wish;
  fate: { is: 'waiting' } | { is: 'accepted' } | { is: 'refused'; code: string; reason: string };
}
export type Wish =
  | { what: 'say'; parts: readonly Part[] }
  | { what: 'ask-human' }
  | { what: 'cancel' }
  | { what: 'rate'; score: number; comment?: string };

export interface Typing {
  role: 'bot' | 'agent';
  name: string | null;
  /** A bot that streams: its answer so far. */
  text: string | null;
}

export const NEW_VISIT: State = {
  link: 'idle',
  conversation: null,
  left: null,
  log: [],
  story: NO_STORY,
  older: 'idle',
  pending: [],
  queue: null,
  typing: null,
  readByThem: 0,
  readByMe: 0,
  trouble: null,
};

/** Another conversation: nothing of the old one stays, except what is on its way. */
export function turnTo(state: State, conversation: ConversationId | null): State {
  return { ...NEW_VISIT, link: state.link, left: state.left, pending: state.pending, conversation };
}

export function without(state: State, key: string): State {
  return { ...state, pending: state.pending.filter((one) => one.key !== key) };
}
