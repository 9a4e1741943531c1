import type { Memory } from '#escalation/memory.ts';
import type {
  AgentId,
  ConversationId,
  CustomerId,
  HandoffId,
  IntegrationId,
  Millis,
  QueueId,
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
  /** The desk asked; null is our own console. */
  desk: IntegrationId | null;
  /** Higher goes first. 0 is usual. */
  priority: number;
  skills: string[];
  summary?: string;
  requestedAt: Millis;
  /** Since when the customer waits: survives requeue and transfer, so nobody falls back. */
  waitingSince: Millis;
  /** Has the customer been told that we are connecting him? */
  told: boolean;
  /** Times it went back to the queue (lost, silent, expired): the loop guard counts them. */
  requeues: number;
}

/**
 * One journey from the request to its end. Ended handoffs leave the state; their row stays.
 *
 *   requested ──acknowledge──▶ queued ⇄ offered ──accept──▶ active ──▶ ended
 *                                ▲                             │
 *                                └── transfer, lost, silent ───┘
 */
export type Handoff =
  | (HandoffBase & { phase: 'requested' /** When this try at the desk began. */; triedAt: Millis; tries: number })
  | (HandoffBase & {
      phase: 'queued';
      ticket?: Ticket;
      queuedAt: Millis;
      front: boolean /** Has the customer been asked about alternatives? */;
      asked: boolean /** Declined or let it expire: not asked again at once. */;
      passedOver: { agent: AgentId | string; at: Millis }[];
    })
  | (HandoffBase & {
      phase: 'offered';
      ticket?: Ticket;
      queuedAt: Millis;
      front: boolean;
      asked: boolean;
      passedOver: { agent: AgentId | string; at: Millis }[];
      agent: AgentRef;
      offeredAt: Millis;
      expiresAt: Millis;
    })
  | (HandoffBase & {
      phase: 'active';
      ticket?: Ticket;
      agent: AgentRef;
      acceptedAt: Millis;
      acceptedSeq: number;
      held: boolean /** First message of this agent. */;
      repliedAt: Millis | null /** Was the agent warned that the customer waits for his first word? */;
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
  agent: AgentRef | null;
  /** seq of its `handoff.accepted`, null when no agent ever had it. */
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
  /** Customer messages that the bot still owes an answer to, oldest first. `at` is when it became the bot's next. */
  turns: { seq: number; at: Millis }[];
  /** The oldest customer message that nobody has answered yet: it travels with control (I6). */
  unanswered: { seq: number; at: Millis } | null;
  /** "Shall I connect you?" was asked and is open. */
  proposal: { reason: HandoffReason; evidence: Evidence[]; queue?: QueueId } | null;
  memory: Memory;
  lastMessageAt: Millis;
  lastAgentAt: Millis | null;
  lastCustomerAt: Millis | null;
  /** When control changed lately, oldest first, at most LOOP_LIMIT + 1 kept. */
  changes: Millis[];
  rated: boolean;
  /** Keys of the last commands and the seq that answered them, oldest first, at most KEYS_KEPT. */
  keys: [key: string, seq: number][];
}

/** How many command keys the state remembers; older ones are caught by the unique index of the log. */
export const KEYS_KEPT = 64;
