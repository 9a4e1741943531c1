import type { Evidence, HandoffReason } from '#conversation/state.ts';
import type { QueueId } from '#ids.ts';

/** What is looked for in a customer's turn. */
export type SignalKind = 'asked_for_human' | 'repeated_question' | 'repeated_fallback' | 'anger' | 'topic' | 'bot_error';

/** Something that was seen, with how sure we are and what proves it. A rule finds it today, a trained scorer tomorrow. */
export interface Signal {
  kind: SignalKind;
  /** 0 to 1. */
  score: number;
  /** For `topic`: which. */
  topic?: string;
  evidence: Evidence;
}

/** What a signal leads to, from least to most. */
export type Action = 'ignore' | 'flag' | 'offer' | 'handoff';

/** A subject that the bot may not decide. */
export interface Topic {
  name: string;
  /** Each line is a set of words that must all occur (any form); one line is enough. */
  phrases: string[];
  action: Action;
  queue?: QueueId;
}

/**
 * THE place where a workspace says when a conversation goes to a person. Plain data: `GET/PATCH /v1/workspace`,
 * the console's settings and the tests all edit this one value. Per kind: from which score on, and what then.
 */
export interface EscalationPolicy {
  signals: Record<Exclude<SignalKind, 'topic'>, { action: Action; threshold: number }>;
  topics: Topic[];
  /** Fallbacks in a row that count as a repeated fallback. */
  fallbackLimit: number;
}

export interface Verdict {
  action: Action;
  reason: HandoffReason;
  evidence: Evidence[];
  queue?: QueueId;
  /** Flags to raise, whatever the action. */
  flags: { name: string; evidence: Evidence }[];
}

export function defaultPolicy(): EscalationPolicy {
  return {
    signals: {
      asked_for_human: { action: 'handoff', threshold: 0.5 },
      repeated_question: { action: 'offer', threshold: 0.6 },
      repeated_fallback: { action: 'offer', threshold: 0.5 },
      anger: { action: 'offer', threshold: 0.6 },
      bot_error: { action: 'handoff', threshold: 0.5 },
    },
    topics: [
      {
        name: 'billing',
        phrases: ['charged twice', 'charge dispute', 'dispute bill', 'billing dispute', 'wrong charge', 'unauthorised charge', 'unauthorized charge', 'money back', 'chargeback'],
        action: 'offer',
      },
    ],
    fallbackLimit: 2,
  };
}
