import type { EscalationPolicy, Signal, Topic } from './policy.ts';
import { isMark, quoteAround, type Reading, stem } from './reading.ts';

/** All words of a phrase must stand within this many words of its first, in one sentence. */
export const NEAR = 10;

/** In a phrase, `not` stands for any of these. */
const NEGATIONS: ReadonlySet<string> = new Set(
  'not no never without cannot dont doesnt didnt didn cant couldnt wont wouldnt isnt wasnt arent werent hasnt havent hadnt shouldnt aint neither nor nothing nobody none unable'.split(
    ' ',
  ),
);
const NOT = 'not';

/** A phrase ready to be looked for: per word, the stems of which one must occur. */
type Phrase = readonly ReadonlySet<string>[];

/** Phrases are read once per policy value; policies are never changed in place. */
const read = new WeakMap<readonly Topic[], { topic: Topic; phrases: Phrase[] }[]>();

/** The subjects of the policy that a text touches, one signal each, in the order of the policy. */
export function topics(seq: number, reading: Reading, { topics: wanted }: Pick<EscalationPolicy, 'topics'>): Signal[] {
  if (wanted.length === 0) return [];
  const stems = reading.words.map((word) => (isMark(word) ? word.text : stem(word.text)));
  const negated = reading.words.map((word) => NEGATIONS.has(word.text));
  const seen = new Set(stems);
  if (negated.includes(true)) seen.add(NOT);
  const signals: Signal[] = [];
  for (const { topic, phrases } of phrasesOf(wanted)) {
    const found = findAny(phrases, stems, negated, seen);
    if (found) signals.push(signalOf(seq, reading, topic.name, found));
  }
  return signals;
}

function signalOf(seq: number, reading: Reading, topic: string, found: readonly number[]): Signal {
  const words = found
    .map((index) => reading.words[index])
    .map((word) => (word ? reading.text.slice(word.start, word.end) : ''));
  const quote = quoteAround(reading, found[0] ?? 0, found.at(-1) ?? 0);
  const detail = `The customer writes about "${topic}", which the policy sets apart.`;
  return { kind: 'topic', topic, score: 1, evidence: { kind: `topic:${topic}`, seq, quote, words, score: 1, detail } };
}

function phrasesOf(wanted: readonly Topic[]) {
  let phrases = read.get(wanted);
  if (!phrases) {
    phrases = wanted.map((topic) => ({
      topic,
      phrases: topic.phrases.map(parse).filter((phrase) => phrase.length > 0),
    }));
    read.set(wanted, phrases);
  }
  return phrases;
}

/** "charged/billed twice" -> [{charg, bill}, {twic}]. */
function parse(phrase: string): Phrase {
  return phrase
    .toLowerCase()
    .replace(/['’]/g, '')
    .split(/[^\p{L}\p{N}/]+/u)
    .map(
      (word) =>
        new Set(
          word
            .split('/')
            .filter((form) => form !== '')
            .map(stem),
        ),
    )
    .filter((forms) => forms.size > 0);
}

function findAny(
  phrases: readonly Phrase[],
  stems: readonly string[],
  negated: readonly boolean[],
  seen: ReadonlySet<string>,
): number[] | null {
  const is = (index: number, forms: ReadonlySet<string>) =>
    forms.has(stems[index] ?? '') || (negated[index] === true && forms.has(NOT));
  for (const phrase of phrases) {
    if (!phrase.every((forms) => intersect(forms, seen))) continue;
    for (let at = 0; at < stems.length; at++) {
      const found = is(at, phrase[0] ?? new Set()) ? around(at, phrase, stems, is) : null;
      if (found) return found;
    }
  }
  return null;
}

function intersect(forms: ReadonlySet<string>, seen: ReadonlySet<string>): boolean {
  for (const form of forms) if (seen.has(form)) return true;
  return false;
}

/** One place per word of the phrase, the first at `at`, the others the nearest to it; sorted. */
function around(
  at: number,
  phrase: Phrase,
  stems: readonly string[],
  is: (index: number, forms: ReadonlySet<string>) => boolean,
): number[] | null {
  const found = [at];
  for (const forms of phrase.slice(1)) {
    let place = -1;
    for (let step = 1, left = true, right = true; step <= NEAR && place === -1 && (left || right); step++) {
      right &&= at + step < stems.length && stems[at + step] !== '.';
      left &&= at - step >= 0 && stems[at - step] !== '.';
      if (right && is(at + step, forms) && !found.includes(at + step)) place = at + step;
      else if (left && is(at - step, forms) && !found.includes(at - step)) place = at - step;
    }
    if (place === -1) return null;
    found.push(place);
  }
  return found.sort((a, b) => a - b);
}
