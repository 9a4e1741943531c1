import { findCue, lineOf } from './cue.ts';
import { ANGER_CUES } from './lexicon.ts';
import type { Memory } from './memory.ts';
import type { Signal } from './policy.ts';
import { quoteAround, type Reading } from './reading.ts';

/** What is left of the heat after one more customer turn. */
export const FADING = 0.6;
/** One turn adds at most this. */
const POINTS_LIMIT = 1.2;
const SHOUTING = 0.2;
const MARKS = 0.15;
/** A bot that was lost or failed before makes anger about it more likely to be meant. */
const LET_DOWN = 0.15;

interface Anger {
  points: number;
  words: string[];
  first: number;
  last: number;
}

/** How angry this text is by itself, 0 to POINTS_LIMIT, and by which words. */
export function angerIn(reading: Reading): Anger {
  const line = lineOf(reading);
  const anger: Anger = { points: 0, words: [], first: 0, last: Math.max(0, reading.words.length - 1) };
  for (const each of ANGER_CUES) {
    const found = findCue(reading, line, each);
    if (!found) continue;
    anger.first = anger.words.length === 0 ? found.first : Math.min(anger.first, found.first);
    anger.last = anger.words.length === 0 ? found.last : Math.max(anger.last, found.last);
    anger.points += found.weight;
    anger.words.push(found.words);
  }
  if (shouts(reading)) anger.points += SHOUTING;
  if (/[!?]{2,}[!?]|!!/.test(reading.text)) anger.points += MARKS;
  anger.points = Math.min(POINTS_LIMIT, anger.points);
  return anger;
}

/** Most letters are capitals, in three words or more. */
function shouts({ text, words }: Reading): boolean {
  if (words.length < 3) return false;
  const capitals = text.match(/\p{Lu}/gu)?.length ?? 0;
  const small = text.match(/\p{Ll}/gu)?.length ?? 0;
  return capitals >= 10 && capitals > 3 * small;
}

/**
 * Anger adds up over turns and fades (FADING): one annoyed word does nothing, a second turn of it does. A turn
 * without any sign of anger gives no signal, however hot the turns before were.
 */
export function anger(seq: number, reading: Reading, memory: Memory): Signal | null {
  const now = angerIn(reading);
  if (now.points === 0) return null;
  const before = memory.heat * FADING;
  const letDown = memory.fallbacksInARow > 0 || memory.failuresInARow > 0 ? LET_DOWN : 0;
  const score = Math.min(1, now.points + before + letDown);
  const detail =
    before >= 0.2 ? 'The customer has been getting angrier over several messages.' : 'The customer sounds angry.';
  return {
    kind: 'anger',
    score,
    evidence: { kind: 'anger', seq, quote: quoteAround(reading, now.first, now.last), words: now.words, score, detail },
  };
}
