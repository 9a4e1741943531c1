import type { Logged, Page } from '#conversation/events.ts';
import type { Conversation, Evidence, Flag, Handoff, HandoffReason } from '#conversation/state.ts';
import type { ConversationId, CustomerId, HandoffId, IntegrationId, Millis, QueueId } from '#ids.ts';
import { type TranscriptLine, transcript } from '#message/transcript.ts';
import { type BotAttempt, botTried } from './bot-tried.ts';
import { summaryOf } from './summary.ts';

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

/** What the context is made of. All of it is at hand where a handoff is shown or sent. */
export interface ContextInput {
  conversation: Pick<Conversation, 'id' | 'channel' | 'locale' | 'flags'>;
  handoff: Pick<Handoff, 'id' | 'reason' | 'evidence' | 'summary' | 'waitingSince' | 'queue' | 'priority' | 'skills'>;
  /** The whole log, oldest first. */
  events: readonly Logged[];
  customer: CustomerCard;
  /** Where the customer is now; null where nobody knows. */
  page: Page | null;
  /** Of the channel: `widget`, `api` ... and what the operator calls it. */
  channel: { kind: string; name: string };
  earlier: HandoffContext['earlier'];
}

/**
 * Puts together what an agent or a desk gets, whole: the transcript is never cut. A summary that the bot wrote is kept
 * as it is; where there is none, one is taken from the customer's own words.
 */
export function handoffContext({
  conversation,
  handoff,
  events,
  customer,
  page,
  channel,
  earlier,
}: ContextInput): HandoffContext {
  const lines = transcript(events);
  const tried = botTried(events);
  return {
    handoff: handoff.id,
    conversation: conversation.id,
    reason: handoff.reason,
    evidence: handoff.evidence,
    summary:
      handoff.summary ??
      summaryOf({ reason: handoff.reason, evidence: handoff.evidence, transcript: lines, botTried: tried }),
    waitingSince: handoff.waitingSince,
    queue: handoff.queue,
    priority: handoff.priority,
    skills: handoff.skills,
    customer,
    page,
    language: conversation.locale,
    channel: { id: conversation.channel, ...channel },
    flags: conversation.flags,
    botTried: tried,
    transcript: lines,
    earlier,
  };
}
