import { type CueFound, findCue, lineOf } from './cue.ts';
import { REPEAT_CUES, VARIATIONS } from './lexicon.ts';
import { meaningOf, numbersOf } from './meaning.ts';
import type { Memory } from './memory.ts';
import type { Signal } from './policy.ts';
import { isMark, quoteAround, type Reading } from './reading.ts';

/** Below this many words that carry a meaning, all of them must be the same ... */
const WORDS_FOR_LIKENESS = 4;
/** ... the turn must be a sentence and not a value ("blue, large"), ... */
const SENTENCE = 4;
/** ... and the earlier one not longer ago: "what is the address?" may ask for another address by then. */
const TURNS_FOR_SHORT = 2;
const SHORT_SCORE = 0.8;
/** One detail exchanged for another ("on Monday", "on Tuesday") is more often a new question. */
const EXCHANGED = 0.1;
/** "Do you have another one?" looks like the question before, and is the next one. */
const VARIED = 0.5;

/**
 * The customer asks what he asked before, or says that he did ("I already told you"). Earlier turns count once the
 * bot has said something since: sending a line twice because nothing came back is impatience, not a lost bot.
 */
export function repeatedQuestion(seq: number, reading: Reading, memory: Memory): Signal | null {
  const cue = repeatCue(reading);
  const again = likest(reading, memory);
  const score = Math.min(1, Math.max(cue?.weight ?? 0, again?.score ?? 0) + (cue && again ? 0.2 : 0));
  if (score <= 0) return null;
  const detail =
    again && again.score >= (cue?.weight ?? 0)
      ? `The customer asked this before (message ${again.seq}).`
      : 'The customer says that he has said this before.';
  const words = again && again.score >= (cue?.weight ?? 0) ? again.words : cue ? [cue.words] : [];
  const quote = cue
    ? quoteAround(reading, cue.first, cue.last)
    : quoteAround(reading, 0, Math.max(0, reading.words.length - 1));
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

function likest(reading: Reading, memory: Memory): Again | null {
  const now = meaningOf(reading);
  const numbers = numbersOf(reading);
  const varied = reading.words.some(({ text }) => VARIATIONS.has(text)) ? VARIED : 1;
  const length = reading.words.filter((word) => !isMark(word)).length;
  let best: Again | null = null;
  for (const [index, turn] of memory.turns.entries()) {
    if (
      !turn.answered ||
      (numbers.length > 0 && turn.numbers.length > 0 && !numbers.some((number) => turn.numbers.includes(number)))
    )
      continue;
    const shared = turn.meaning.filter((word) => now.has(word));
    const score =
      varied *
      likeness(
        shared.length,
        now.size,
        turn.meaning.length,
        length >= SENTENCE && memory.turns.length - index <= TURNS_FOR_SHORT,
      );
    if (score > 0 && (best === null || score >= best.score))
      best = {
        score,
        seq: turn.seq,
        words: shared.flatMap((key) => now.get(key) ?? []).map((word) => reading.text.slice(word.start, word.end)),
      };
  }
  return best;
}

/** Shared words over all words (Jaccard); turns of few words must agree in every one, where `short` allows them at all. */
function likeness(shared: number, now: number, then: number, short: boolean): number {
  const all = now + then - shared;
  if (Math.min(now, then) >= WORDS_FOR_LIKENESS) return shared / all - (shared < now && shared < then ? EXCHANGED : 0);
  return short && shared > 0 && shared === all ? SHORT_SCORE : 0;
}
