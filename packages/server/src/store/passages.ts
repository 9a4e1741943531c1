import type { Found, Passage } from '#ports/articles.ts';

/** A word of the question, stemmed, with what it is worth. */
export interface Term {
  stem: string;
  /** Inverse document frequency: what occurs everywhere says little. */
  weight: number;
  /** From the hint: helps to choose, is not part of the question. */
  hint: boolean;
  /** No article has this word. */
  foreign: boolean;
}

/** A passage with its stems, as Postgres made them. */
export interface Stemmed extends Passage {
  keywords: string;
  titleStems: string[];
  /** One list a keyword: "money back" counts where both words are asked for. */
  keywordStems: string[][];
  headingStems: string[];
  textStems: string[];
}

/** What a word is worth by where it is found: naming the subject tells more than a mention in passing. */
const IN_SUBJECT = 0.6;
const IN_HEADING = 0.8;
const IN_TEXT = 0.4;
/** A word of a keyword of several words whose other words were not asked for: "cash on delivery" is not about delivery. */
const IN_PASSING = 0.15;
const HINT = 0.3;
/** Where all else is equal, the top of the article is the general answer. */
const TOP = 0.05;
/** The question has a whole keyword of several words in it, as written. About the worth of one rare word. */
const PHRASE = 2.5;
/** A word that other articles have is less of a gap than one that none has: it may only be detail. */
const ELSEWHERE = 0.35;

/** Worth of a word that `count` of `total` articles have (BM25's idf). 0 of them: as much as one of them. */
export function rarity(count: number, total: number): number {
  const n = Math.max(1, count);
  return Math.log(1 + (Math.max(total, n) - n + 0.5) / (n + 0.5));
}

/** The best passage of each article, best first. Pure. */
export function rankPassages(question: string, terms: readonly Term[], passages: readonly Stemmed[]): Found[] {
  const said = ` ${plain(question)} `;
  const best = new Map<string, Found>();
  for (const passage of passages) {
    const found = judge(said, passage, terms);
    const rival = best.get(passage.path);
    if (found.coverage > 0 && (!rival || found.score > rival.score)) best.set(passage.path, found);
  }
  return [...best.values()].sort((a, b) => b.score - a.score);
}

function judge(said: string, passage: Stemmed, terms: readonly Term[]): Found {
  const asked = new Set(terms.filter((term) => !term.hint).map((term) => term.stem));
  const subject = new Set([
    ...passage.titleStems,
    ...passage.keywordStems.filter((stems) => stems.every((stem) => asked.has(stem))).flat(),
  ]);
  const passing = new Set(passage.keywordStems.flat());
  const phrase = passage.keywords
    .split(',')
    .some((keyword) => keyword.trim().includes(' ') && said.includes(` ${plain(keyword)} `));

  const top = passage.heading === null;
  let score = (top ? TOP : 0) + (phrase ? PHRASE : 0);
  let covered = phrase ? PHRASE : 0;
  let open = 0;
  let onSubject = phrase;
  for (const { stem, weight, hint, foreign } of terms) {
    const named = subject.has(stem);
    const headed = passage.headingStems.includes(stem) || (top && named);
    const worth =
      (named ? IN_SUBJECT : passing.has(stem) ? IN_PASSING : 0) +
      (headed ? IN_HEADING : 0) +
      (passage.textStems.includes(stem) ? IN_TEXT : 0);
    score += weight * worth * (hint ? HINT : 1);
    if (hint) continue;
    if (worth > IN_PASSING) covered += weight;
    else open += weight * (foreign ? 1 : ELSEWHERE);
    if (named || headed) onSubject = true;
  }
  const { path, title, heading, text } = passage;
  return { path, title, heading, text, score, coverage: covered === 0 ? 0 : covered / (covered + open), onSubject };
}

/** For comparing what was typed with what was meant: lower case, no signs, "what's" and "whats" spelt out. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/['’`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/\b(what|where|when|how|who)s\b/g, '$1 is')
    .trim();
}

/**
 * The known word that was probably meant by an unknown one: one slip away (two for long words), same first letter, because
 * people rarely miss it. Null when nothing is near or the word is too short to tell.
 */
export function correct(stem: string, known: readonly string[]): string | null {
  if (stem.length < 5) return null;
  const allowed = stem.length >= 9 ? 2 : 1;
  let best: { word: string; slips: number } | null = null;
  for (const word of known) {
    if (word[0] !== stem[0] || Math.abs(word.length - stem.length) > allowed) continue;
    const slips = distance(stem, word, allowed);
    if (slips <= allowed && (!best || slips < best.slips)) best = { word, slips };
  }
  return best?.word ?? null;
}

/** Slips between two words: a letter missing, too many, wrong, or two swapped (optimal string alignment). Stops above `limit`. */
function distance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(at(previous, j) + 1, at(current, j - 1) + 1, at(previous, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(before, j - 2) + 1);
      current.push(least);
    }
    if (Math.min(...current) > limit) return limit + 1;
    before = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
