import type { Reading } from './reading.ts';

/** Turns of phrase that count, with their weight. */
export interface Cue {
  weight: number;
  /** Matched against `lineOf` a text. */
  phrase: RegExp;
}

/** Where a cue was found: indexes of words, and the words as written. */
export interface CueFound {
  weight: number;
  first: number;
  last: number;
  words: string;
}

/**
 * Cues, one a line, in plain words without apostrophes: `(a|b)` either, `(a )?` or not, `{0,3}` times, `_` any one
 * word, `annoy*` any ending. Whole words only. Only bounded repeats, so that long texts are read in linear time.
 */
export function cue(weight: number, lines: string): Cue {
  const phrases = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('|')
    .replace(/\((?!\?)/g, '(?:')
    .replaceAll('_', '\\w+')
    .replace(/(?<=[a-z])\*/g, '\\w*');
  return { weight, phrase: new RegExp(`(?<= )(?:${phrases})(?= )`) };
}

/** The words of a text as one line with a space on both ends; marks are words (`,` and `.`). */
export function lineOf({ words }: Reading): string {
  return ` ${words.map((word) => word.text).join(' ')} `;
}

export function findCue(reading: Reading, line: string, { weight, phrase }: Cue): CueFound | null {
  const found = phrase.exec(line);
  if (!found) return null;
  const first = line.slice(0, found.index).split(' ').length - 2;
  const last = first + found[0].split(' ').length - 1;
  const start = reading.words[first]?.start ?? 0;
  const end = reading.words[last]?.end ?? reading.text.length;
  return { weight, first, last, words: reading.text.slice(start, end) };
}
