import type {
  Availability,
  BotReport,
  ConversationId,
  Estimate,
  HandoffReason,
  IntegrationId,
  Millis,
  Part,
  QueueId,
  ReturnContext,
} from '@baton/core';

/** One line of what was said before, oldest first. Staff notes and flags are not in it. */
export interface HistoryItem {
  seq: number;
  role: 'customer' | 'bot' | 'agent' | 'system';
  name?: string;
  text: string;
}

/** What a bot may promise: it goes into every turn, so that the bot can tell the right wait. */
export interface QueueOutlook {
  queue: QueueId;
  name: string;
  state: Availability;
  /** Null where an outside desk does not say. */
  agentsOnline: number | null;
  waiting: number;
  estimate: Estimate | null;
  /** Of what is closed; null where nobody can tell. */
  opensAt: Millis | null;
  /** The same for those who need a skill: each that is kept of its agents, the commonest first. */
  skills: SkillOutlook[];
}

/** Can somebody with this skill be had now? */
export interface SkillOutlook {
  skill: string;
  state: Availability;
  opensAt: Millis | null;
}

/**
 * One question to a bot. `id` is the same at every try of the same turn: the bot may use it to answer only once.
 * `message` is null when control came back from a human and nothing is left unanswered.
 */
export interface BotTurn {
  /** `turnId` of hub/bot-actions.ts. */
  id: string;
  /** Its place in the log: the oldest customer message still owed an answer, else the change of control that gave the conversation back. */
  seq: number;
  type: 'message.created' | 'conversation.returned';
  conversation: {
    id: ConversationId;
    /** `widget`, `api` ... */
    channel: string;
    locale: string | null;
    /** Actions under an older epoch are refused. */
    epoch: number;
    attributes: Record<string, string | number | boolean>;
    page: { url: string; title?: string } | null;
  };
  customer: { id: string; name: string | null; email: string | null; externalId: string | null; verified: boolean };
  message: { id: string; seq: number; text: string; parts: Part[]; choice?: string } | null;
  history: HistoryItem[];
  /** Set when a human stretch has just ended: what was said and promised, and up to where it is handled. */
  returned: ReturnContext | null;
  /** What agents whispered since the bot's last turn. The customer must not see it. */
  whispers: string[];
  flags: string[];
  /** Fallbacks in a row so far. */
  fallbacks: number;
  /** What the channel can show. */
  capabilities: { choices: boolean; typing: boolean; maxText: number };
  availability: QueueOutlook[];
}

export type BotAction =
  | { type: 'say'; parts: Part[]; report?: BotReport }
  | { type: 'set'; attributes?: Record<string, string | number | boolean>; flags?: string[] }
  | {
      type: 'handoff';
      /** Omitted: `bot_asked`. */
      reason?: HandoffReason;
      /** Why, in the bot's own words: evidence for the agent. */
      detail?: string;
      summary?: string;
      /** A queue's id or name; an unknown one leads to the default queue and a line of evidence. */
      queue?: string;
      /** Higher goes first. 0 is usual. */
      priority?: number;
      skills?: string[];
      preferredSkills?: string[];
      /** What the bot asked for on the way: becomes attributes of the customer. */
      collected?: Record<string, string | number | boolean>;
    }
  | { type: 'close' }
  /** Nothing to say, on purpose. */
  | { type: 'noop' };

/** `later`: the bot took the turn and will post its actions; silence beyond the limit is a `bot_timeout`. */
export type BotAnswer = { kind: 'actions'; actions: BotAction[] } | { kind: 'later' };

/** Where a bot that answers later posts its actions (hub/bot-replies.ts). The token is good for this turn alone. */
export interface ReplyAddress {
  url: string;
  token: string;
}

export interface BotCall {
  /** Ends the call: time-out, or control went elsewhere. */
  signal: AbortSignal;
  /** A bot that streams shows its answer so far; the text replaces the earlier one. Never stored. */
  progress(text: string): void;
  /** Absent: nobody listens for later answers. */
  reply?: ReplyAddress;
}

export interface BotCapabilities {
  /** Reads what was whispered. */
  whispers: boolean;
  /** Shows its answer while it is being made. */
  streams: boolean;
  /** May answer later than in the response. */
  later: boolean;
}

/** A bot that we call. Throws `AdapterFailure` only; nonsense from the other side is `rejected`. */
export interface Bot {
  readonly id: IntegrationId;
  readonly name: string;
  readonly can: BotCapabilities;
  /** Called once per turn and again after a failure or a crash, with the same turn id. May do I/O. */
  answer(turn: BotTurn, call: BotCall): Promise<BotAnswer>;
  /** Where `can.later`: what a later post wants, from its own form. No I/O; throws `rejected`. */
  read?(actions: unknown): BotAction[];
}
