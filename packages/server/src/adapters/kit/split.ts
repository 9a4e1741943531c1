/** What counts against a vendor's limit: characters (UTF-16), bytes, or the length once it is written as HTML. */
export type Measure = (text: string) => number;

export const inCharacters: Measure = (text) => text.length;
export const inBytes: Measure = (text) => Buffer.byteLength(text, 'utf8');

/**
 * Cuts a text into pieces of at most `limit`, at the last break that fits: a paragraph's, a line's, a sentence's, a word's.
 * Joined together the pieces are the text, but for the white space at the cuts; no character is halved. The same text gives the
 * same pieces. One piece where it fits; none where it is empty.
 */
export function splitText(text: string, limit: number, measure: Measure = inCharacters): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > limit || measure(rest) > limit) {
    const fits = fitting(rest, limit, measure);
    const end = breakBefore(rest, fits);
    pieces.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  if (rest !== '') pieces.push(rest);
  return pieces;
}

/** How many UTF-16 units from the start fit, found by halving. At least one character, or it would never end. */
function fitting(text: string, limit: number, measure: Measure): number {
  let low = 1;
  // No unit counts for less than one, so that more units than `limit` cannot fit.
  let high = Math.min(text.length, limit);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(text.slice(0, middle)) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

const BREAKS = [/\n\s*\n/g, /\n/g, /[.!?…。！？]["”’)\]]?\s/gu, /\s/g];

/** The best cut at or before `most`: the coarsest break in the last half, else between characters. */
function breakBefore(text: string, most: number): number {
  // The break itself may stand just behind: it is dropped.
  const half = Math.ceil(most / 2);
  const tail = text.slice(half, most + 1);
  for (const kind of BREAKS) {
    let best = 0;
    for (const { index, 0: found } of tail.matchAll(kind)) best = Math.min(half + index + found.length, most);
    if (best > half) return best;
  }
  return wholeCharacter(text, most);
}

const CHARACTERS = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Not within a surrogate pair, an emoji of several parts, or a letter and its accent. */
function wholeCharacter(text: string, most: number): number {
  const from = Math.max(0, most - 64);
  let cut = most;
  for (const { index } of CHARACTERS.segment(text.slice(from, most + 64))) {
    if (from + index > most) break;
    if (index > 0) cut = from + index;
  }
  return cut;
}
