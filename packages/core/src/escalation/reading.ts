/** A word of a text, or a mark that ends a clause (`,`) or a sentence (`.`). */
export interface Word {
  /** Lower case, without accents, apostrophes and drawn-out letters: "DON'T" is `dont`, "heeelp" is `help`. */
  text: string;
  /** Where it stands in the text, in UTF-16 units. */
  start: number;
  end: number;
}

/** A text cut into words once; every rule reads this. */
export interface Reading {
  text: string;
  words: Word[];
}

/** More words than this are not read: 8,000 characters are about 1,600 words, and a rule sees the start. */
export const WORDS_READ = 2_000;

const TOKEN = /[\p{L}\p{N}][\p{L}\p{M}\p{N}*]*(?:['’`´‘][\p{L}\p{M}]+)*|[.!?\n…;:,()—–]/gu;
const APOSTROPHES = /['’`´‘]/g;
const MARKS = /\p{M}+/gu;
/** "f***", "sh*t": a word starred out becomes STARS; everywhere else stars are typography. */
const STARRED = /^[a-z]+\*+[a-z]+$|^[a-z]{1,3}\*{2,}$/;
const STARS = '****';
const DRAWN_OUT = /([a-z])\1{2,}/g;

/** Cuts a text into words and marks. Any string will do; nothing is thrown. */
export function read(text: string): Reading {
  const words: Word[] = [];
  for (const found of text.matchAll(TOKEN)) {
    if (words.length >= WORDS_READ) break;
    const raw = found[0];
    words.push({ text: plain(raw), start: found.index, end: found.index + raw.length });
  }
  return { text, words };
}

function plain(raw: string): string {
  if (raw.length === 1) {
    if (',:()—–'.includes(raw)) return ',';
    if ('.!?\n…;'.includes(raw)) return '.';
  }
  let word = raw.toLowerCase();
  if (/[^a-z0-9]/.test(word)) {
    if (STARRED.test(word)) return STARS;
    word = word.replaceAll('*', '').replace(APOSTROPHES, '').normalize('NFKD').replace(MARKS, '');
  }
  return /([a-z])\1\1/.test(word) ? word.replace(DRAWN_OUT, '$1') : word;
}

export function isMark(word: Word): boolean {
  return word.text === ',' || word.text === '.';
}

/**
 * A word without its ending, so that "charged", "charges" and "charging" are one. Crude on purpose: it only has to
 * be the same for forms of one word, not to be a word.
 */
export function stem(word: string): string {
  if (word.length < 4 || /\d/.test(word)) return word;
  let s = word;
  if (s.endsWith('ies')) s = `${s.slice(0, -3)}y`;
  else if (/(?:sh|ch|ss|x)es$/.test(s)) s = s.slice(0, -2);
  else if (/[^sui]s$/.test(s)) s = s.slice(0, -1);
  if (s.endsWith('ied')) s = `${s.slice(0, -3)}y`;
  else if (s.endsWith('ing') && s.length > 5) s = s.slice(0, -3);
  else if (s.endsWith('ed') && s.length > 4) s = s.slice(0, -2);
  if (s.endsWith('e') && s.length > 3) s = s.slice(0, -1);
  // "billed" and "bill", "cancelled" and "cancel": a double letter at the end is one.
  return s.length > 2 && s.at(-1) === s.at(-2) ? s.slice(0, -1) : s;
}

/** Is `typed` at most one slip of the finger from `meant`: a letter wrong, missing, added, or two swapped? */
export function oneSlip(typed: string, meant: string): boolean {
  if (typed === meant) return true;
  if (typed.length > meant.length + 1 || meant.length > typed.length + 1) return false;
  let from = 0;
  while (from < typed.length && from < meant.length && typed[from] === meant[from]) from++;
  let typedEnd = typed.length;
  let meantEnd = meant.length;
  while (typedEnd > from && meantEnd > from && typed[typedEnd - 1] === meant[meantEnd - 1]) {
    typedEnd--;
    meantEnd--;
  }
  const left = typedEnd - from;
  const right = meantEnd - from;
  if (left <= 1 && right <= 1) return true;
  return left === 2 && right === 2 && typed[from] === meant[from + 1] && typed[from + 1] === meant[from];
}

/** Longest quote in evidence, in UTF-16 units. */
export const QUOTE_LENGTH = 300;

/** The sentence around the words from `first` to `last`, as written, at most QUOTE_LENGTH long. */
export function quoteAround(reading: Reading, first: number, last: number): string {
  const { text, words } = reading;
  let from = first;
  while (from > 0 && words[from - 1]?.text !== '.') from--;
  let to = last;
  while (to < words.length - 1 && words[to]?.text !== '.') to++;
  const start = words[from]?.start ?? 0;
  const end = to >= words.length - 1 ? text.length : (words[to]?.end ?? text.length);
  const sentence = text.slice(start, end).trim();
  if (sentence.length <= QUOTE_LENGTH) return sentence;
  const centre = words[first]?.start ?? start;
  return excerpt(text, Math.max(start, Math.min(centre - 80, end - QUOTE_LENGTH)));
}

/** At most QUOTE_LENGTH of a text from `start` on, without cutting a character in half. */
export function excerpt(text: string, start = 0, length = QUOTE_LENGTH): string {
  return text
    .slice(start, start + length)
    .toWellFormed()
    .replaceAll('\u{FFFD}', '')
    .trim();
}
