import { type CueFound, findCue, lineOf } from './cue.ts';
import { meaningOf, numbersOf } from './meaning.ts';
import type { Signal } from './policy.ts';
import { isMark, quoteAround, type Reading } from './reading.ts';
import type { Memory } from './remembered.ts';
import { REPEAT_CUES, VARIATIONS } from './repeated-words.ts';

/** Below this many words that carry a meaning, all of them must be the same ... */
const WORDS_FOR_LIKENESS = 4;
/** ... the turn must be a sentence and not a value ("blue, large"), ... */
const SENTENCE = 4;
/** ... and the earlier one not longer ago: "what is the address?" may ask for another address by then. */
const TURNS_FOR_SHORT = 2;
const SHORT_SCORE = 0.8;
/** One detail exchanged for another ("on Monday", "on Tuesday") is more often a new question. */
const EXCHANGED = 0.1;
/** Less likeness than this is none. */
const LEAST = 0.3;
/** He says so, and it is so. */
const BOTH = 0.2;
/** "Do you have another one?" looks like the question before, and is the next one. */
const VARIED = 0.5;

/**
 * The customer asks what he asked before, or says that he did ("I already told you"). Earlier turns count once they
 * were answered: sending a line twice because nothing came back is impatience, not a lost bot.
 */
export function repeatedQuestion(seq: number, reading: Reading, memory: Memory): Signal | null {
  const cue = repeatCue(reading);
  const again = likest(reading, memory);
  if (!cue && !again) return null;
  const score = Math.min(1, Math.max(cue?.weight ?? 0, again?.score ?? 0) + (cue && again ? BOTH : 0));
  const last = Math.max(0, reading.words.length - 1);
  const quote = cue ? quoteAround(reading, cue.first, cue.last) : quoteAround(reading, 0, last);
  const words = [...(cue ? [cue.words] : []), ...(again?.words ?? [])];
  const said = cue ? 'The customer says that he has said this before' : 'The customer asked this before';
  const detail = again ? `${said} (message ${again.seq}).` : `${said}.`;
  return {
    kind: 'repeated_question',
    score,
    evidence: { kind: 'repeated_question', seq, quote, words, score, detail },
  };
}

function repeatCue(reading: Reading): CueFound | null {
  const line = lineOf(reading);
  for (const cue of REPEAT_CUES) {
    const found = findCue(reading, line, cue);
    if (found) return found;
  }
  return null;
}

interface Again {
  score: number;
  seq: number;
  words: string[];
}

/** The earlier turn most like this one, the latest among equals. */
function likest(reading: Reading, memory: Memory): Again | null {
  const now = meaningOf(reading);
  const numbers = numbersOf(reading);
  const varied = reading.words.some(({ text }) => VARIATIONS.has(text)) ? VARIED : 1;
  const sentence = reading.words.filter((word) => !isMark(word)).length >= SENTENCE;
  let best: Again | null = null;
  for (const [index, turn] of memory.turns.entries()) {
    if (!turn.answered || otherNumbers(numbers, turn.numbers)) continue;
    const shared = turn.meaning.filter((word) => now.has(word));
    const recent = memory.turns.length - index <= TURNS_FOR_SHORT;
    const score = varied * likeness(shared.length, now.size, turn.meaning.length, sentence && recent);
    if (score < LEAST || (best && score < best.score)) continue;
    const words = shared.flatMap((key) => now.get(key) ?? []);
    best = { score, seq: turn.seq, words: words.map(({ start, end }) => reading.text.slice(start, end)) };
  }
  return best;
}

/** "Order 1182" and "order 1183" are two questions. */
function otherNumbers(now: readonly string[], then: readonly string[]): boolean {
  return now.length > 0 && then.length > 0 && !now.some((number) => then.includes(number));
}

/** Shared words over all words (Jaccard); with few words all must agree, where `short` allows them at all. */
function likeness(shared: number, now: number, then: number, short: boolean): number {
  const all = now + then - shared;
  if (Math.min(now, then) < WORDS_FOR_LIKENESS) return short && shared > 0 && shared === all ? SHORT_SCORE : 0;
  const exchanged = shared < now && shared < then;
  return shared / all - (exchanged ? EXCHANGED : 0);
}
