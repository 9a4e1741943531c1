import { isMark, type Reading, stem, type Word } from './reading.ts';

/** Words that say nothing about what a question is about, courtesies, and negations: "no, not that" asks nothing. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  `a an the this that these those there here it its is are was were be been being am im ive id ill you your
  yours youre u ur i me my mine we us our they them their he she his her him to of in on at by for from with
  about into as and or but so if then than do does did doing done have has had having can could will would
  shall should may might must please pls plz kindly ok okay yes yeah yep no nope hi hey hello hai dear sir
  madam maam thanks thank thx welcome just really very also too now still again already even well oh um alright
  appreciate assistance better best bye goodbye correct exactly confirm agree yup uh hmm what whats which who
  whom when where why how whose let lets get got go going want wanted need needed like wanna gonna know tell
  say said ask asked help give given some any all each more much many one two sure right good morning evening
  afternoon day something anything thing things wants needs looking look see think sound sounds great perfect
  nice fine awesome cool wonderful lovely lot yet
  thats works work seems suits everything thankyou okey idea ideas suggestion suggestions recommendation recommendations
  not dont didnt cant couldnt wont wouldnt isnt wasnt arent havent hasnt doesnt never cannot`.split(/\s+/),
);

/** Longer words are keys, links or noise. */
export const WORD_KEPT = 40;
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
    if (
      isMark(word) ||
      word.text.length < 2 ||
      word.text.length > WORD_KEPT ||
      STOP_WORDS.has(word.text) ||
      /\d/.test(word.text)
    )
      continue;
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
    .filter(({ text }) => /\d/.test(text) && text.length <= WORD_KEPT)
    .map(({ text }) => text)
    .slice(0, NUMBERS_KEPT);
}
