import type {
  ConversationId,
  CustomerId,
  HandoffId,
  IntegrationId,
  MessageId,
  Millis,
  QueueId,
  WebhookId,
  WorkspaceId,
} from '#ids.ts';
import type { AgentRef, Author, Message, Part } from '#message/message.ts';
import type { Estimate } from '#queue/estimate.ts';
import type { Evidence, Flag, HandoffOutcome, HandoffReason, Holder, Meanwhile, Ticket } from './state.ts';

/** Who caused an event. */
export type Actor =
  | { role: 'customer'; id: CustomerId }
  | { role: 'bot'; id: IntegrationId }
  | { role: 'agent'; agent: AgentRef }
  | { role: 'api'; id: string }
  | { role: 'system' };

/** Why an agent is not asked any more who did not decline: not there for new ones, without a connection, no agent. */
export type Unasked = 'away' | 'lost' | 'removed';

/** Where the customer is on the site. */
export interface Page {
  url: string;
  title?: string;
  referrer?: string;
}

/** Text among staff; a note has no files. */
export interface Note {
  id: MessageId;
  author: Author;
  text: string;
  /** A whisper steers the bot: the bot reads it with its next turn. */
  whisper?: true;
}

/**
 * Everything that can have happened to a conversation. One event per transition, never merged: `control.changed`
 * alone moves control, `handoff.*` alone move the handoff.
 */
export type ConversationEvent =
  | {
      type: 'conversation.opened';
      id: ConversationId;
      workspace: WorkspaceId;
      channel: IntegrationId;
      customer: CustomerId;
      bot: IntegrationId | null;
      locale?: string;
      page?: Page;
      attributes?: Record<string, string | number | boolean>;
    }
  | { type: 'message'; message: Message }
  | { type: 'message.edited'; message: MessageId; parts: Part[]; by: Actor }
  /** `seq` is the message's own, so that what quoted it is known. */
  | { type: 'message.redacted'; message: MessageId; seq?: number; by: Actor }
  | {
      type: 'note';
      note: Note;
      /** The note is Baton's own warning that the agent is silent. */
      warning?: 'agent_silent';
    }
  | { type: 'flag.added'; flag: Omit<Flag, 'at'> }
  | { type: 'flag.removed'; name: string; by: Actor }
  | { type: 'proposal.made'; reason: HandoffReason; evidence: Evidence[]; queue?: QueueId }
  | { type: 'bot.skipped'; turn: number; why: 'noop' | 'failed'; detail?: string }
  | {
      type: 'handoff.requested';
      handoff: HandoffId;
      reason: HandoffReason;
      evidence: Evidence[];
      by: Actor;
      queue: QueueId;
      desk: IntegrationId | null;
      priority: number;
      skills: string[];
      preferredSkills?: string[];
      summary?: string;
      /** From here on it is told what others say and do in this conversation. */
      replyWebhook?: WebhookId;
      /** A new try, at the same or another desk, of a handoff that is open already. */
      retry?: true;
    }
  | {
      type: 'handoff.queued';
      handoff: HandoffId;
      queue: QueueId;
      desk: IntegrationId | null;
      ticket?: Ticket;
      front?: true;
      why: 'acknowledged' | 'transferred' | 'overflowed' | 'requeued' | 'agent_lost' | 'agent_silent';
    }
  /** How the customer spends the wait from here on; null: in the window. */
  | { type: 'handoff.meanwhile'; handoff: HandoffId; meanwhile: Meanwhile | null; by: Actor }
  | { type: 'handoff.offered'; handoff: HandoffId; agent: AgentRef; expiresAt: Millis }
  /** `why`: he did not say so himself. */
  | { type: 'handoff.declined'; handoff: HandoffId; agent: AgentRef; why?: Unasked }
  | { type: 'handoff.expired'; handoff: HandoffId; agent: AgentRef }
  | { type: 'handoff.accepted'; handoff: HandoffId; agent: AgentRef; ticket?: Ticket }
  | { type: 'handoff.held'; handoff: HandoffId; agent: AgentRef }
  | { type: 'handoff.resumed'; handoff: HandoffId; agent: AgentRef }
  | {
      type: 'handoff.transferred';
      handoff: HandoffId;
      from: AgentRef | null;
      to: { agent: AgentRef } | { queue: QueueId } | { desk: IntegrationId; queue: QueueId };
      note?: string;
    }
  | { type: 'handoff.ended'; handoff: HandoffId; outcome: HandoffOutcome; by: Actor; note?: string }
  | { type: 'control.changed'; from: Holder; to: Holder; epoch: number; why: string }
  | { type: 'participant.joined'; agent: AgentRef; role: 'owner' | 'watcher' }
  | { type: 'participant.left'; agent: AgentRef; role: 'owner' | 'watcher' }
  | { type: 'customer.updated'; customer: CustomerId; changes: Record<string, unknown>; by: Actor }
  /** Nothing is held of the customer any more. The last event: what came before has lost its words (erase.ts). */
  | { type: 'customer.erased'; customer: CustomerId; by: Actor }
  | {
      type: 'estimate.told';
      handoff: HandoffId;
      position: number | null;
      ahead: number | null;
      estimate: Estimate | null;
    }
  | { type: 'rating.given'; score: number; comment?: string; handoff: HandoffId | null }
  | { type: 'conversation.closed'; by: Actor; outcome?: HandoffOutcome }
  | { type: 'conversation.reopened'; by: Actor }
  | { type: 'delivery.failed'; side: string; seq: number; kind: string; detail: string };

export type EventType = ConversationEvent['type'];

/**
 * An event with its place in the log. `key` is the key of the command that caused it; of several events it stands on
 * the one that answers the command: a message on itself, anything else on the first.
 */
export interface Logged {
  seq: number;
  at: Millis;
  event: ConversationEvent;
  key?: string;
}
