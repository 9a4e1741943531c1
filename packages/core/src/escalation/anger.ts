import { ANGER_CUES } from './anger-words.ts';
import { type CueFound, findCue, lineOf } from './cue.ts';
import type { Signal } from './policy.ts';
import { quoteAround, type Reading } from './reading.ts';
import type { Memory } from './remembered.ts';

/** What is left of the heat after one more customer turn. */
export const FADING = 0.6;
/** One turn adds at most this. */
const POINTS_LIMIT = 1.2;
/** Capitals throughout. Turn after turn it adds up to 0.5 and no more: some people always type like that. */
const SHOUTING = 0.2;
/** "!!", "?!". */
const MARKS = 0.15;
/** A bot that was lost or failed before makes anger about it more likely to be meant. */
const LET_DOWN = 0.15;

interface Anger {
  points: number;
  words: string[];
  /** Indexes of the first and the last word that shows it. */
  first: number;
  last: number;
}

/** How angry this text is by itself, 0 to POINTS_LIMIT, and by which words. */
export function angerIn(reading: Reading): Anger {
  const line = lineOf(reading);
  const signs: CueFound[] = [];
  for (const cue of ANGER_CUES) {
    const found = findCue(reading, line, cue);
    // "You are useless" is one sign, not "useless" once more.
    if (found && !signs.some(({ first, last }) => first <= found.first && found.last <= last)) signs.push(found);
  }
  const said = signs.reduce((sum, { weight }) => sum + weight, 0);
  const marks = /[!?]{2}/.test(reading.text) ? MARKS : 0;
  return {
    points: Math.min(POINTS_LIMIT, said + marks + (shouts(reading) ? SHOUTING : 0)),
    words: signs.map((sign) => sign.words),
    first: signs.length === 0 ? 0 : Math.min(...signs.map(({ first }) => first)),
    last: signs.length === 0 ? reading.words.length - 1 : Math.max(...signs.map(({ last }) => last)),
  };
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
