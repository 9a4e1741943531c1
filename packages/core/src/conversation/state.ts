import type { Memory } from '#escalation/remembered.ts';
import type {
  AgentId,
  ConversationId,
  CustomerId,
  HandoffId,
  IntegrationId,
  Millis,
  QueueId,
  WebhookId,
  WorkspaceId,
} from '#ids.ts';
import type { AgentRef } from '#message/message.ts';

/**
 * The right to answer. Exactly one holder, always; `epoch` counts the changes, and whoever writes under an old
 * epoch is refused: a bot's late answer can never land on top of a human.
 *
 *      bot ──request──▶ queue ──accept──▶ agent
 *       ▲                 │ cancel, limit    │ release
 *       └─────────────────┴──────────────────┘        nobody: closed, no bot, or the loop guard
 *
 * `take` moves control to an agent from anywhere.
 */
export type Control =
  | { holder: 'bot'; epoch: number; since: Millis; bot: IntegrationId }
  | { holder: 'queue'; epoch: number; since: Millis; queue: QueueId }
  | { holder: 'agent'; epoch: number; since: Millis; agent: AgentRef }
  | { holder: 'nobody'; epoch: number; since: Millis };

/** A holder without its epoch: what `control.changed` and refusals tell. */
export type Holder =
  | { holder: 'bot'; bot: IntegrationId }
  | { holder: 'queue'; queue: QueueId }
  | { holder: 'agent'; agent: AgentRef }
  | { holder: 'nobody' };

/** Why a handoff began. */
export type HandoffReason =
  | 'customer_asked'
  | 'bot_asked'
  | 'rule'
  | 'frustration'
  | 'repeated_fallback'
  | 'low_confidence'
  | 'restricted_topic'
  | 'bot_error'
  | 'bot_timeout'
  | 'agent_took_over'
  | 'api';

/** How it ended: exactly one of these. */
export type HandoffOutcome =
  | 'resolved'
  | 'returned_to_bot'
  | 'cancelled_by_customer'
  | 'abandoned'
  | 'unavailable'
  | 'wait_limit'
  | 'agent_silent'
  | 'agent_lost'
  | 'desk_failed'
  | 'converted_to_ticket'
  | 'callback_scheduled'
  | 'superseded'
  | 'loop_guard';

/** Which message, and which of its words, spoke for a decision. */
export interface Evidence {
  /** What was seen: `asked_for_human`, `repeated_question`, `fallbacks`, `anger`, `topic:billing`, `bot_error` ... */
  kind: string;
  /** The message's seq in the log. */
  seq?: number;
  /** The customer's words, as written. */
  quote?: string;
  /** The words of the quote that decided it. */
  words?: string[];
  /** 0 to 1. */
  score?: number;
  /** One sentence for the agent. */
  detail?: string;
}

/** A desk's own record of the handoff. */
export interface Ticket {
  id: string;
  url?: string;
}

interface HandoffBase {
  id: HandoffId;
  reason: HandoffReason;
  evidence: Evidence[];
  queue: QueueId;
  /** The desk that has it: who is asked, then who answers. Null is our own console. */
  desk: IntegrationId | null;
  /** Higher goes first. 0 is usual. */
  priority: number;
  /** What an agent must be able to do. */
  skills: string[];
  /** What it would be better that he is able to do. */
  preferredSkills?: string[];
  summary?: string;
  requestedAt: Millis;
  /** Since when the customer waits: survives requeue and transfer, so nobody falls back. */
  waitingSince: Millis;
  /** Has the customer been told that we are connecting him? */
  told: boolean;
  /** Times it went back to the queue from an agent. */
  requeues: number;
  /**
   * Left out: he waits in the window. That he left a message or wants to be answered later holds while an agent answers,
   * too: he may be gone. With the bot he is only in the line.
   */
  meanwhile?: Meanwhile;
  /** Queues whose line it left because it took too long: none of them is tried again. */
  overflowedFrom?: QueueId[];
}

/**
 * What a customer in the line does until his turn comes, other than wait in the window. He keeps his place in each:
 * he goes on with the bot, he has left a message, or he has gone and is to be called or written to.
 */
export type Meanwhile = 'with_bot' | 'message' | 'callback';

/** What a handoff in the line has, whether or not an agent is being asked. */
interface InLine {
  ticket?: Ticket;
  /** When he came into the line this time: the limits of waiting count from here, his place from `waitingSince`. */
  queuedAt: Millis;
  /** His agent was lost or silent: he goes before everybody who had none yet. */
  front: boolean;
  /** Was he asked whether he wants to go on waiting? */
  asked: boolean;
  /** Is that question the last thing between us? Then a typed yes or no answers it. */
  asking: boolean;
  /** Who declined it or let it expire: not asked again at once. */
  passedOver: { agent: AgentId | string; at: Millis }[];
}

/**
 * One journey from the request to its end. Ended handoffs leave the state; their row stays.
 *
 *   requested ──acknowledge──▶ queued ⇄ offered ──accept──▶ active ──▶ ended
 *                                ▲                             │
 *                                └── transfer, lost, silent ───┘
 *
 * Control goes with it: `queue` holds until somebody accepts, then the agent. No handoff: `bot` or `nobody`. A customer
 * who goes on with the bot while he waits (`meanwhile: 'with_bot'`) is in the line, and the bot holds.
 */
export type Handoff =
  | (HandoffBase & {
      phase: 'requested';
      /** When the first desk was asked, this time round. */
      since: Millis;
      /** When the present try at a desk began. */
      triedAt: Millis;
      tries: number;
    })
  | (HandoffBase & InLine & { phase: 'queued' })
  | (HandoffBase & InLine & { phase: 'offered'; agent: AgentRef; offeredAt: Millis; expiresAt: Millis })
  | (HandoffBase & {
      phase: 'active';
      ticket?: Ticket;
      agent: AgentRef;
      acceptedAt: Millis;
      acceptedSeq: number;
      held: boolean;
      /** From when his and the customer's silence counts: he accepted, or took the customer off hold. */
      since: Millis;
      /** First message of this agent. */
      repliedAt: Millis | null;
      /** Was the agent warned that the customer waits for his first word? */
      warned: boolean;
    });

export type HandoffPhase = Handoff['phase'];

/** An agent who is present. Control is apart: the owner holds it, watchers read along. */
export interface Participant {
  agent: AgentRef;
  role: 'owner' | 'watcher';
  since: Millis;
}

export interface Flag {
  name: string;
  at: Millis;
  by: 'bot' | 'agent' | 'rule' | 'api' | 'system';
  evidence?: Evidence;
}

/** The last handoff that ended: for the rating and the return context. */
export interface EndedHandoff {
  id: HandoffId;
  outcome: HandoffOutcome;
  /** Who had it at the end; null when it ended in the line. */
  agent: AgentRef | null;
  /** seq of the `handoff.accepted` by which he got it. */
  acceptedSeq: number | null;
  endedSeq: number;
}

/** What a conversation is, worked out from its events alone (I10). Bounded: it never grows with the log. */
export interface Conversation {
  id: ConversationId;
  workspace: WorkspaceId;
  channel: IntegrationId;
  customer: CustomerId;
  /** Open or closed; "with the bot", "waiting", "with Dana" are read off control and handoff. */
  status: 'open' | 'closed';
  closedAt: Millis | null;
  /** Number of the last event. */
  seq: number;
  openedAt: Millis;
  locale: string | null;
  /** Who answers when a bot holds control; null when this channel has no bot. */
  bot: IntegrationId | null;
  control: Control;
  handoff: Handoff | null;
  ended: EndedHandoff | null;
  participants: Participant[];
  flags: Flag[];
  /**
   * Customer messages that the bot still owes an answer to, oldest first, at most MOST_TURNS. `at` is when it became
   * the bot's next. An answer to one answers those before it too.
   */
  turns: { seq: number; at: Millis }[];
  /** What the customer wrote and nobody has answered: from the oldest to the newest message. It travels with control (I6). */
  unanswered: { seq: number; upTo: number } | null;
  /** "Shall I connect you?" was asked and is open. */
  proposal: { reason: HandoffReason; evidence: Evidence[]; queue?: QueueId } | null;
  memory: Memory;
  lastMessageAt: Millis;
  lastAgentAt: Millis | null;
  lastCustomerAt: Millis | null;
  /** When control changed lately, oldest first, at most LOOP_LIMIT + 1 kept. */
  changes: Millis[];
  rated: boolean;
  /** The endpoint of the bot that owns this channel: the last one that a handoff named. */
  replyWebhook?: WebhookId;
  /** The customer was erased: nothing can be said here any more. */
  erased?: true;
  /** Keys of the last commands and the seq that answered them, oldest first, at most KEYS_KEPT. */
  keys: [key: string, seq: number][];
}

/** A bot that owes more answers than this is given the newest in place of the last: what is between is in its history. */
export const MOST_TURNS = 20;

/** Flags that one conversation carries at most, apart from those of rules. */
export const MOST_FLAGS = 50;

/**
 * How many command keys the state remembers; older ones are caught by the unique index of the log. Every message is compared
 * with all of them, and of thousands of conversations none lies in the processor's cache: 64 of them cost more time than
 * all the rest of a decision.
 */
export const KEYS_KEPT = 16;
