import type { Reading } from './reading.ts';

/** A turn of phrase that counts, with its weight. */
export interface Cue {
  weight: number;
  /** Matched against the words in lower case, one space between, marks as `,` and `.`: see `lineOf`. */
  phrase: RegExp;
}

/** Where a cue was found: indexes of words, and the words as written. */
export interface CueFound {
  weight: number;
  first: number;
  last: number;
  words: string;
}

/** A cue of phrases parted by `|`; whole words only. `(?: ...)` and `\w*` may be used; no unbounded gaps. */
export function cue(weight: number, phrases: string): Cue {
  return { weight, phrase: new RegExp(`(?<= )(?:${phrases.trim().replace(/\s*\n\s*/g, '')})(?= )`) };
}

/** The words of a text as one line with a space on both ends. */
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
