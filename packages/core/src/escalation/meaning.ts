import { STOP_WORDS } from './lexicon.ts';
import { isMark, type Reading, stem, type Word } from './reading.ts';

/** More words of a long text are not compared. */
export const WORDS_COMPARED = 40;

/**
 * The words that carry a question, by their stems. Small words, numbers and ids are left out: two customers'
 * turns with the same meaning ask for the same thing.
 */
export function meaningOf({ words }: Reading): Map<string, Word> {
  const meaning = new Map<string, Word>();
  for (const word of words) {
    if (meaning.size >= WORDS_COMPARED) break;
    if (isMark(word) || word.text.length < 2 || STOP_WORDS.has(word.text) || /\d/.test(word.text)) continue;
    const key = stem(word.text);
    if (!meaning.has(key)) meaning.set(key, word);
  }
  return meaning;
}

/** Numbers and ids kept of one turn. */
const NUMBERS_KEPT = 10;

/** Words with a digit in them: "order 1182" and "order 1183" are two questions. */
export function numbersOf({ words }: Reading): string[] {
  return words
    .filter(({ text }) => /\d/.test(text))
    .map(({ text }) => text)
    .slice(0, NUMBERS_KEPT);
}
