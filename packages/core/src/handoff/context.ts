import type { Evidence, Flag, HandoffReason } from '#conversation/state.ts';
import type { ConversationId, CustomerId, HandoffId, IntegrationId, Millis, QueueId } from '#ids.ts';
import type { Part } from '#message/message.ts';

/** The person being helped, as an agent sees him. */
export interface CustomerCard {
  id: CustomerId;
  name: string | null;
  email: string | null;
  phone: string | null;
  externalId: string | null;
  /** Proven by a signed identity, not only claimed. */
  verified: boolean;
  attributes: Record<string, string | number | boolean>;
}

export interface TranscriptLine {
  /** Null for what was said before Baton knew the conversation. */
  seq?: number;
  role: 'customer' | 'bot' | 'agent' | 'system';
  name?: string;
  text: string;
  /** Only where there is more than text. */
  parts?: Part[];
  at: Millis;
}

/** One question to the bot and what came of it. */
export interface BotAttempt {
  seq: number;
  asked: string;
  answered: string | null;
  fallback: boolean;
  sources: string[];
  tools: string[];
}

/** What an agent or a desk gets: everything, so that nobody starts blind. */
export interface HandoffContext {
  handoff: HandoffId;
  conversation: ConversationId;
  reason: HandoffReason;
  evidence: Evidence[];
  summary: string;
  waitingSince: Millis;
  queue: QueueId;
  priority: number;
  skills: string[];
  customer: CustomerCard;
  page: { url: string; title?: string; referrer?: string } | null;
  language: string | null;
  channel: { id: IntegrationId; kind: string; name: string };
  flags: Flag[];
  botTried: BotAttempt[];
  transcript: TranscriptLine[];
  earlier: { conversation: ConversationId; at: Millis; outcome: string | null }[];
}
