import type { AgentRef, ConversationSummary, EventItem, HandoffContext, Me, PartInput } from '@baton/protocol';
import type { View } from './views.ts';

export type ConversationId = ConversationSummary['id'];
export type HandoffId = HandoffContext['handoff'];
export type AgentState = 'online' | 'away' | 'break' | 'offline';
/** Milliseconds since 1970, of this browser's clock. */
export type Millis = number;

/**
 * The line to the hub.
 *
 *   connecting ──welcome──▶ live ──lost──▶ lost ──welcome──▶ live (returned: the screen says "caught up")
 *                                            └── ended: logged out or replaced, nobody tries again
 */
export type Link =
  | { state: 'connecting'; since: Millis }
  | { state: 'live'; since: Millis /** It had been lost before. */; returned: boolean }
  | { state: 'lost'; since: Millis }
  | { state: 'ended'; reason: string };

/** A conversation as the lists show it. */
export interface Row {
  summary: ConversationSummary;
  /** seq that the hub's last summary spoke of; messages that came since are worked into `summary` here. */
  told: number;
  /** The moment (see State.beat) of the last news about it. */
  beat: number;
}

/** How much of a list is here. Rows live once, in `State.rows`; a list is a question about them. */
export type ListState =
  | { state: 'unasked' }
  | { state: 'loading' }
  | { state: 'failed'; message: string }
  | {
      state: 'loaded' /** Cursor of the next page, null at the end. */;
      next: string | null;
      more: boolean /** `activeAt` of its last row; null when it is here to the end. */;
      reached: string | null;
    };

/** The part of a log that is here: ascending, without gaps, perhaps not from the start. */
export interface Timeline {
  events: EventItem[];
  /** The hub has sent everything that there was when it was opened. */
  ready: boolean;
  /** An event came that does not follow the last one: the log must be asked again from there. */
  behind: boolean;
  older: 'idle' | 'loading' | 'failed';
}

export interface Offer {
  handoff: HandoffId;
  conversation: ConversationId;
  expiresAt: Millis;
  offeredAt: Millis;
  context: HandoffContext;
  /** Set while an answer is under way. */
  answering?: 'accept' | 'decline';
}

export interface Typing {
  role: 'customer' | 'bot' | 'agent';
  id: string;
  name?: string;
  /** A bot that streams: its answer so far. */
  text?: string;
  at: Millis;
}

/** How far each side has read, as seq. */
export interface Marks {
  customer: number;
  agent: number;
}

export interface Teammate {
  agent: AgentRef;
  state: AgentState;
  /** In a break: when he said that he would be back. */
  backAt: Millis | null;
  capacity: number;
  active: number;
  /** Conversations that he is wrapping up. */
  wrapping: number;
}

/**
 * Something written here that the log does not show yet. It stays until its event comes; what was refused stays
 * until its author decides, so that no text is ever lost.
 */
export type Outgoing = {
  clientId: string;
  conversation: ConversationId;
  at: Millis;
  kind: 'reply' | 'barge' | 'note' | 'whisper';
  parts: PartInput[];
  /** Control's epoch when it was written: who lost control meanwhile is refused, and keeps his text. */
  epoch: number | null;
  /** Names of the files among the parts, by their id. */
  files: Record<string, string>;
} & (
  | { state: 'sending' }
  | { state: 'sent' /** Its place in the log; the event is on its way. */; seq: number }
  | { state: 'refused'; code: string; message: string }
);

/** Resolved by its agent, and not told to the hub before `until`: so long he can take it back. */
export interface Resolving {
  conversation: ConversationId;
  until: Millis;
}

export interface State {
  link: Link;
  me: Me | null;
  rows: Record<ConversationId, Row>;
  lists: Record<View, ListState>;
  timelines: Record<ConversationId, Timeline>;
  offers: Offer[];
  typing: Record<ConversationId, Typing[]>;
  marks: Record<ConversationId, Marks>;
  team: Record<string, Teammate>;
  outgoing: Outgoing[];
  resolving: Resolving[];
  /** How far this agent has looked at each conversation, as seq. Only for the unread dots of this browser. */
  seen: Record<ConversationId, number>;
  /** Counts what arrived. A list that was asked at beat 7 knows nothing against a row that was told at beat 9. */
  beat: number;
}

export function emptyState(at: Millis): State {
  const unasked: ListState = { state: 'unasked' };
  return {
    link: { state: 'connecting', since: at },
    me: null,
    rows: {},
    lists: { queue: unasked, mine: unasked, bot: unasked, all: unasked, closed: unasked },
    timelines: {},
    offers: [],
    typing: {},
    marks: {},
    team: {},
    outgoing: [],
    resolving: [],
    seen: {},
    beat: 0,
  };
}
