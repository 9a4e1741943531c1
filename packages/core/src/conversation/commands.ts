import type {
  ConversationId,
  CustomerId,
  HandoffId,
  IntegrationId,
  MessageId,
  Millis,
  NewId,
  QueueId,
  WebhookId,
  WorkspaceId,
} from '#ids.ts';
import type { AgentRef, Author, BotReport, Part } from '#message/message.ts';
import type { Outlook } from '#queue/outlook.ts';
import type { Actor, Page, Unasked } from './events.ts';
import type { Rules } from './rules.ts';
import type { Evidence, HandoffOutcome, HandoffReason, Ticket } from './state.ts';

/** A message that was said before Baton knew the conversation. */
export interface Imported {
  author: Author;
  parts: Part[];
  saidAt?: Millis;
}

/**
 * Everything that one can ask of a conversation. Each may carry a `key`: the same key a second time changes
 * nothing and gets the first answer (I11). `say` makes its key from the author and `clientId`.
 */
export type Command = { key?: string } & (
  | {
      type: 'open';
      id: ConversationId;
      workspace: WorkspaceId;
      channel: IntegrationId;
      customer: CustomerId;
      bot: IntegrationId | null;
      locale?: string;
      page?: Page;
      attributes?: Record<string, string | number | boolean>;
      transcript?: Imported[];
    }
  | { type: 'say'; author: Author; parts: Part[]; clientId?: string; epoch?: number; answers?: number; bot?: BotReport }
  | { type: 'note'; author: Author; text: string }
  | { type: 'whisper'; agent: AgentRef; text: string }
  | { type: 'barge'; agent: AgentRef; parts: Part[]; clientId?: string }
  | {
      type: 'request-handoff';
      by: Actor;
      reason: HandoffReason;
      epoch?: number;
      evidence?: Evidence[];
      queue?: QueueId;
      desk?: IntegrationId | null;
      priority?: number;
      /** What an agent must be able to do, and what it would be better that he is. */
      skills?: string[];
      preferredSkills?: string[];
      summary?: string;
      /** A bot that owns its channel is told there what follows (reply.ts). */
      replyWebhook?: WebhookId;
    }
  | {
      type: 'acknowledge';
      handoff: HandoffId;
      /** Which desk took it; one that answers after it was given up is refused, so that its ticket can be closed. */
      desk?: IntegrationId | null;
      ticket?: Ticket;
      outlook: Outlook | null;
    }
  | {
      type: 'desk-failed';
      handoff: HandoffId;
      /** Which desk failed; one that was given up before changes nothing. */
      desk?: IntegrationId | null;
      detail: string;
      /** The next desk of the queue's list, null for our own console. Left out: none is left. */
      next?: IntegrationId | null;
      /** The same desk once more. */
      retry?: boolean;
    }
  | { type: 'offer'; handoff: HandoffId; agent: AgentRef }
  | {
      type: 'accept';
      handoff: HandoffId;
      agent: AgentRef;
      /** An outside desk assigns without being offered. */
      direct?: boolean;
    }
  | { type: 'decline'; handoff: HandoffId; agent: AgentRef; why?: Unasked }
  /** `force`: also from another agent. `ticket`: an outside agent's own record of the conversation. */
  | { type: 'take'; agent: AgentRef; force?: boolean; ticket?: Ticket }
  | {
      type: 'pass';
      by: Actor;
      epoch?: number;
      to: { agent: AgentRef } | { queue: QueueId } | { desk: IntegrationId; queue: QueueId } | { bot: IntegrationId };
      note?: string;
    }
  /** `agent`: who has it, as far as the sender knows; from another it is not taken. */
  | { type: 'requeue'; handoff: HandoffId; why: 'agent_lost' | 'requeued'; agent?: string }
  | { type: 'hold'; agent: AgentRef }
  | { type: 'resume'; agent: AgentRef }
  | { type: 'release'; by: Actor; epoch?: number; note?: string }
  | { type: 'cancel'; by: Actor; handoff?: HandoffId }
  | { type: 'abandon'; handoff: HandoffId }
  | { type: 'close'; by: Actor; epoch?: number; outcome?: HandoffOutcome; note?: string }
  | { type: 'rate'; score: number; comment?: string }
  | { type: 'flag'; name: string; by: Actor; epoch?: number; evidence?: Evidence }
  | { type: 'unflag'; name: string; by: Actor }
  /** On the desk's side; a customer opens it again by writing. */
  | { type: 'reopen'; by: Actor }
  | { type: 'watch'; agent: AgentRef }
  | { type: 'unwatch'; agent: AgentRef }
  | { type: 'edit'; message: MessageId; parts: Part[]; by: Actor }
  /** `seq` is the message's own. */
  | { type: 'redact'; message: MessageId; seq?: number; by: Actor }
  /** Of the customer: ends the conversation for good. The hub takes the words out of the log afterwards. */
  | { type: 'erase'; by: Actor }
  | { type: 'tell'; handoff: HandoffId; outlook: Outlook }
  | { type: 'bot-skipped'; turn: number; epoch: number }
  | { type: 'bot-failed'; turn: number; epoch: number; why: 'bot_error' | 'bot_timeout'; detail: string }
  | { type: 'update-customer'; by: Actor; epoch?: number; changes: Record<string, unknown> }
  | { type: 'delivery-failed'; side: string; seq: number; kind: string; detail: string }
  | { type: 'tick' }
);

export type CommandType = Command['type'];
export type CommandOf<T extends CommandType> = Extract<Command, { type: T }>;

/** What a decision may look at besides state and command: the moment, fresh ids, the workspace's rules. */
export interface Given {
  at: Millis;
  newId: NewId;
  rules: Rules;
}
