import { NEGATED, NOT_WISHED, OWN_BOSS, REFUSALS, RULES, type Rule } from './asked-rules.ts';
import { ASKING } from './asked-words.ts';
import type { Signal } from './policy.ts';
import { quoteAround, type Reading } from './reading.ts';
import { shapeOf } from './shape.ts';

/** Words before a wish that may turn it round. Bounded, so that long texts stay linear. */
const LOOK_BACK = 16;

interface Found {
  score: number;
  /** Indexes of the first and the last word. */
  first: number;
  last: number;
}

/**
 * Does the customer ask for a person? Looked at clause by clause, the surest rule wins. Only wishes count: declining
 * a person, or wondering whether one is talking to one, does not.
 */
export function askedForHuman(seq: number, reading: Reading): Signal | null {
  const shape = shapeOf(reading.words, ASKING);
  const asks = surest(
    RULES,
    shape,
    (before, until) => NOT_WISHED.test(before) || NEGATED.test(before) || OWN_BOSS.test(until),
  );
  const refuses = surest(REFUSALS, shape, (before) => NOT_WISHED.test(before));
  if (asks && (!refuses || asks.score >= refuses.score))
    return signalOf(seq, reading, asks, 'The customer asks for a person.');
  return refuses && signalOf(seq, reading, refuses, 'The customer does not want to deal with a bot.');
}

/** @param spared is a match no wish after all, given the shape before it and the shape up to its end? */
function surest(
  rules: readonly Rule[],
  shape: string,
  spared: (before: string, until: string) => boolean,
): Found | null {
  let best: Found | null = null;
  for (const { score, shape: wanted } of rules) {
    if (best && best.score >= score) continue;
    for (const found of shape.matchAll(wanted)) {
      const end = found.index + found[0].length;
      const from = Math.max(0, found.index - LOOK_BACK);
      if (spared(shape.slice(from, found.index), shape.slice(from, end))) continue;
      best = { score, first: found.index, last: end - 1 };
      break;
    }
  }
  return best;
}

function signalOf(seq: number, reading: Reading, { score, first, last }: Found, detail: string): Signal {
  const words = [reading.text.slice(reading.words[first]?.start, reading.words[last]?.end)];
  const quote = quoteAround(reading, first, last);
  return { kind: 'asked_for_human', score, evidence: { kind: 'asked_for_human', seq, quote, words, score, detail } };
}
