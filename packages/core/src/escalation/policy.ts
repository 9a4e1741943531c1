import type { Evidence, HandoffReason } from '#conversation/state.ts';
import type { QueueId } from '#ids.ts';

/** What is looked for in a customer's turn. */
export type SignalKind =
  | 'asked_for_human'
  | 'repeated_question'
  | 'repeated_fallback'
  | 'anger'
  | 'topic'
  | 'bot_error';

/** Something that was seen, with how sure we are and what proves it. A rule finds it today, a trained scorer tomorrow. */
export interface Signal {
  kind: SignalKind;
  /** 0 to 1. */
  score: number;
  /** For `topic`: which. */
  topic?: string;
  evidence: Evidence;
}

/**
 * What a signal leads to, from least to most: nothing; a flag that agents see; the question "shall I connect you?";
 * a person at once. Whatever is offered or handed off is flagged too.
 */
export type Action = 'ignore' | 'flag' | 'offer' | 'handoff';

/** A subject that the bot may not decide, or that agents should know of. */
export interface Topic {
  /** Short, lower case: it becomes the flag's name. */
  name: string;
  /**
   * One of these lines is enough. The words of a line must all occur near each other in one sentence, in any order
   * and any form ("charge" finds charged, charges, charging). `/` parts words of which one will do; `not` stands for
   * every negation. Example: "not recognise/recognize charge/payment".
   */
  phrases: string[];
  action: Action;
  /** Handoffs of a customer who wrote about this go to this queue instead of the workspace's usual one. */
  queue?: QueueId;
}

/**
 * THE place where a workspace says when a conversation goes to a person. Plain data: `GET/PATCH /v1/workspace`,
 * the console's settings and the tests all edit this one value; docs/guide/escalation.md tells how.
 * Per kind: from which score on (0 to 1), and what then.
 */
export interface EscalationPolicy {
  signals: Record<Exclude<SignalKind, 'topic'>, { action: Action; threshold: number }>;
  topics: Topic[];
  /** Answers in a row in which the bot did not know that make a repeated fallback. */
  fallbackLimit: number;
}

/** What is to be done about one turn. */
export interface Verdict {
  action: Action;
  /** Why, should a handoff begin. Means nothing when the action is `ignore`. */
  reason: HandoffReason;
  /** All that counts, what led to the action first. */
  evidence: Evidence[];
  queue?: QueueId;
  /** Flags to raise, whatever the action. */
  flags: { name: string; evidence: Evidence }[];
}

/** What a new workspace starts with. */
export function defaultPolicy(): EscalationPolicy {
  return {
    signals: {
      // He says so himself: no question back.
      asked_for_human: { action: 'handoff', threshold: 0.5 },
      // The same question again, or "I already told you".
      repeated_question: { action: 'offer', threshold: 0.6 },
      // The bot did not know, `fallbackLimit` times in a row.
      repeated_fallback: { action: 'offer', threshold: 0.5 },
      // Adds up over turns and fades; one annoyed word stays below 0.6. What somebody says in one turn proves
      // frustration badly (in public data at best every second alarm is right): ask, do not act.
      anger: { action: 'offer', threshold: 0.6 },
      // 0.5 is the first failed turn, 0.75 the second in a row.
      bot_error: { action: 'handoff', threshold: 0.5 },
    },
    topics: [
      {
        // A flag: the bot may explain a bill, and the agent sees at once what it is about. Set 'offer' or 'handoff'
        // where the bot may not even do that.
        name: 'billing',
        phrases: [
          'charged/billed/debited/paid twice/double/extra/wrongly/wrongfully/incorrectly',
          'charged/billed/debited without/no reason/permission/consent/knowledge',
          'double/duplicate/extra/unexpected/unauthorised/unauthorized/unknown/strange charge/payment/transaction/debit/withdrawal/bill',
          'fraudulent/suspicious/false/fake charge/payment/transaction/purchase',
          'overcharged',
          'not recognise/recognize/authorise/authorize/remember/mine charge/payment/transaction/debit/withdrawal/purchase/fee',
          'didnt/never make/made charge/payment/transaction/debit/withdrawal/purchase',
          'did not make charge/payment/transaction/debit/withdrawal/purchase',
          'error/mistake/wrong/incorrect bill/billing/invoice/charge/debit',
          'dispute/contest charge/bill/payment/transaction/debit/invoice',
          'why charged/billed/debited',
          'what this charge/fee',
          'charge/fee statement/bill',
          'wrong/incorrect amount',
          'billing dispute/problem',
          'chargeback',
          'remove/reverse/refund charge/fee/payment/amount',
          'want/need/demand/get/give refund',
          'money back',
        ],
        action: 'flag',
      },
      {
        // Money or an account may be at risk this minute.
        name: 'fraud',
        phrases: [
          'fraud',
          'fraudulent',
          'hacked account/card',
          'stole/stolen account/money/identity',
          'someone/somebody/thief used/using card/account',
          'suspicious/unauthorised/unauthorized activity/access/login',
          'identity theft',
        ],
        action: 'offer',
      },
      {
        name: 'legal',
        phrases: [
          'lawyer',
          'attorney',
          'solicitor',
          'lawsuit',
          'sue you/company',
          'legal action',
          'take/taking/see you/company court',
          'small claims',
          'ombudsman',
          'trading standards',
          'consumer protection',
        ],
        action: 'offer',
      },
      {
        // A request under the law (GDPR and others) that somebody has to answer in time.
        name: 'privacy',
        phrases: [
          'delete/erase/remove personal/my data/information',
          'gdpr',
          'data breach',
          'right forgotten',
          'subject access request',
        ],
        action: 'flag',
      },
      {
        name: 'account_closure',
        phrases: ['close/delete/cancel/terminate my account/membership'],
        action: 'flag',
      },
      {
        // Somebody may be about to hurt himself. No bot should answer this.
        name: 'safety',
        phrases: ['kill/harm/hurt myself', 'end/ending my life', 'suicidal', 'commit suicide', 'want/wanna die'],
        action: 'handoff',
      },
    ],
    fallbackLimit: 2,
  };
}
