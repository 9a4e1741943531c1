import { isMark, oneSlip, type Word } from './reading.ts';

/**
 * A small language for "this kind of word, then that one". Every word gets the letter of its kind, so a sentence
 * becomes a short string ("may I talk to a human" has six letters) and a rule becomes a regular expression over it.
 * Rules use bounded repeats only, so matching is linear in the number of words.
 */
export interface Grammar<Kind extends string> {
  /** Kinds by word. */
  letterOf: ReadonlyMap<string, string>;
  letters: Record<Kind, string>;
  /** Words that are also found with one slip of the finger, by first letter. */
  forgiving: ReadonlyMap<string, readonly string[]>;
}

/** Kinds are lettered from here on: far from every sign of regular expressions. */
const FIRST_LETTER = 0x100;
/** A word of no kind. */
const OTHER = '_';
/** Shorter words are too easily another word. */
const FORGIVING_LENGTH = 5;

/**
 * @param kinds words of each kind, separated by spaces; a word belongs to one kind (the first that names it)
 * @param forgive kinds whose words may be misspelt
 * @param never real words that look like a slip of one of them
 */
export function grammar<Kind extends string>(
  kinds: Record<Kind, string>,
  forgive: readonly NoInfer<Kind>[],
  never: string,
): Grammar<Kind> {
  const letterOf = new Map<string, string>();
  const letters = {} as Record<Kind, string>;
  const forgiving = new Map<string, string[]>();
  const names = Object.keys(kinds) as Kind[];
  names.forEach((kind, index) => {
    const letter = String.fromCharCode(FIRST_LETTER + index);
    letters[kind] = letter;
    for (const word of kinds[kind].split(/\s+/)) {
      if (word === '' || letterOf.has(word)) continue;
      letterOf.set(word, letter);
      if (!forgive.includes(kind) || word.length < FORGIVING_LENGTH) continue;
      const first = word.charAt(0);
      forgiving.set(first, [...(forgiving.get(first) ?? []), word]);
    }
  });
  for (const word of never.split(/\s+/)) if (word !== '' && !letterOf.has(word)) letterOf.set(word, OTHER);
  return { letterOf, letters, forgiving };
}

/** One letter per word; marks stay `,` and `.`. */
export function shapeOf<Kind extends string>(words: readonly Word[], of: Grammar<Kind>): string {
  let shape = '';
  for (const word of words) shape += isMark(word) ? word.text : letter(word.text, of);
  return shape;
}

function letter<Kind extends string>(word: string, { letterOf, forgiving }: Grammar<Kind>): string {
  const known = letterOf.get(word);
  if (known !== undefined) return known;
  if (word.length < FORGIVING_LENGTH) return OTHER;
  for (const meant of forgiving.get(word.charAt(0)) ?? []) {
    if (oneSlip(word, meant)) return letterOf.get(meant) ?? OTHER;
  }
  return OTHER;
}

/**
 * Compiles a rule: kinds in capitals, `ANY` for any word of the same clause, `START` and `END` for the edges of a
 * clause, and the signs of regular expressions: `TALK TO? (A|SMALL){0,3} HUMAN`.
 */
export function rule<Kind extends string>(of: Grammar<Kind>, pattern: string, flags = ''): RegExp {
  const source = pattern.replace(/[A-Z]+/g, (name) => {
    if (name === 'ANY') return '[^,.]';
    if (name === 'START') return '(?<=^|[,.])';
    if (name === 'END') return '(?=$|[,.])';
    const found = (of.letters as Record<string, string>)[name];
    if (found === undefined) throw new Error(`No kind of word is called ${name} in the rule "${pattern}".`);
    return found;
  });
  return new RegExp(source.replace(/\s+/g, ''), flags);
}
