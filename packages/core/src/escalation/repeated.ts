import { type CueFound, findCue, lineOf } from './cue.ts';
import { REPEAT_CUES, STOP_WORDS } from './lexicon.ts';
import type { Memory } from './memory.ts';
import type { Signal } from './policy.ts';
import { isMark, quoteAround, read, type Reading, stem } from './reading.ts';

/** Words with a meaning that a question needs before it can be "the same again". */
const WORDS_NEEDED = 2;
/** Below this many words only the very same words count. */
const WORDS_FOR_LIKENESS = 4;
/** More of a long text is not compared. */
const WORDS_COMPARED = 60;

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
  const quote = cue ? quoteAround(reading, cue.first, cue.last) : quoteAround(reading, 0, Math.max(0, reading.words.length - 1));
  return { kind: 'repeated_question', score, evidence: { kind: 'repeated_question', seq, quote, words, score, detail } };
}

function repeatCue(reading: Reading): CueFound | null {
  const line = lineOf(reading);
  for (const cue of REPEAT_CUES) {
    const found = findCue(reading, line, cue);
    if (found) return found;
  }
  return null;
}

function likest(reading: Reading, memory: Memory): { score: number; seq: number; words: string[] } | null {
  const now = meaning(reading);
  if (now.size < WORDS_NEEDED) return null;
  let best: { score: number; seq: number; words: string[] } | null = null;
  for (const turn of memory.turns) {
    if (!turn.answered) continue;
    const then = meaning(read(turn.text));
    const score = likeness(now, then);
    if (score > 0 && (best === null || score >= best.score)) {
      best = { score, seq: turn.seq, words: [...now.keys()].filter((word) => then.has(word)).map((word) => now.get(word) ?? word) };
    }
  }
  return best;
}

/** Shared words over all words (Jaccard); short questions must agree in every word. */
function likeness(now: ReadonlyMap<string, string>, then: ReadonlyMap<string, string>): number {
  if (then.size < WORDS_NEEDED) return 0;
  let shared = 0;
  for (const word of now.keys()) if (then.has(word)) shared++;
  const all = now.size + then.size - shared;
  if (Math.min(now.size, then.size) < WORDS_FOR_LIKENESS) return shared === all ? 0.8 : 0;
  return shared / all;
}

/** The words that carry the question: stem -> as written. Numbers, ids and small words are left out. */
function meaning({ words }: Reading): Map<string, string> {
  const kept = new Map<string, string>();
  for (const word of words) {
    if (kept.size >= WORDS_COMPARED) break;
    if (isMark(word) || word.text.length < 2 || /\d/.test(word.text) || STOP_WORDS.has(word.text)) continue;
    const key = stem(word.text);
    if (!kept.has(key)) kept.set(key, word.text);
  }
  return kept;
}
