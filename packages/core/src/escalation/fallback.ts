import type { EscalationPolicy, Signal } from './policy.ts';
import type { Memory } from './remembered.ts';

/** How a bot that does not report its fallbacks says that it is lost. */
const LOST =
  /\b(?:(?:did ?n['’]?t|do ?n['’]?t|did not|do not|can ?not|can['’]?t|could ?n['’]?t|not able to|unable to) (?:quite |really |fully )?(?:understand|get that|catch that|follow you)|(?:not sure|don['’]?t know) (?:how to (?:answer|help)|what you mean|i understand)|(?:could|can|please|would you) (?:you )?(?:please )?(?:rephrase|reword)|try (?:re-?phrasing|asking (?:it )?(?:in )?(?:a different|another) way)|(?:don['’]?t|do not) have (?:an answer|(?:any )?information (?:on|about) that))\b/i;

/** Does the bot's own answer say that it did not understand or does not know? Reads the first 300 characters. */
export function soundsLost(botText: string): boolean {
  return LOST.test(botText.slice(0, 300));
}

/** The bot fell back as often in a row as the policy allows. `seq`: the message that this is about. */
export function repeatedFallback(seq: number, memory: Memory, policy: EscalationPolicy): Signal | null {
  const times = memory.fallbacksInARow;
  if (policy.fallbackLimit < 1 || times < policy.fallbackLimit) return null;
  const score = Math.min(1, 0.8 + 0.1 * (times - policy.fallbackLimit));
  return {
    kind: 'repeated_fallback',
    score,
    evidence: {
      kind: 'repeated_fallback',
      seq,
      score,
      detail: times === 1 ? 'The bot had no answer.' : `The bot had no answer ${times} times in a row.`,
    },
  };
}
