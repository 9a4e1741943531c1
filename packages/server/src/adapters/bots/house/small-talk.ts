import { PHRASES } from './small-talk-phrases.ts';

/** What people say to a bot that is no question to the articles. */
export type SmallTalk = keyof typeof PHRASES;

/** Kinds that may stand around a question and say nothing of it. */
const SOFT = new Set<SmallTalk>(['greeting', 'thanks', 'all_right', 'how_are_you', 'bye', 'praise', 'laughter']);
/** Also said in front of a question. */
const LEAD_INS = new Set([
  'i have question',
  'quick question',
  'can you help me',
  'could you help me',
  'i need help',
  'help me',
  'excuse me',
  'sorry',
  'so',
  'well',
  'um',
]);
/** Change nothing. */
const NOISE = new Set([
  'a',
  'an',
  'the',
  'so',
  'very',
  'really',
  'real',
  'actual',
  'actually',
  'live',
  'just',
  'please',
  'pls',
  'plz',
  'much',
  'well',
  'now',
  'then',
  'again',
  'today',
  'sir',
  'madam',
  'mate',
  'everyone',
  'and',
  'too',
  'any',
  'some',
]);

const KINDS = Object.keys(PHRASES) as SmallTalk[];
const KIND_OF = new Map<string, SmallTalk>(
  KINDS.flatMap((kind) => PHRASES[kind].map((phrase): [string, SmallTalk] => [phrase, kind])),
);
const LONGEST = Math.max(...[...KIND_OF.keys(), ...LEAD_INS].map((phrase) => phrase.split(' ').length));

export interface Reading {
  /** What the small talk in it means; null when there is none. */
  talk: SmallTalk | null;
  /** The message without greeting, lead-in and thanks around it: what to search for. Empty when all of it is small talk. */
  rest: string;
}

/** Tells small talk from what is asked. */
export function read(text: string): Reading {
  const words = plain(text)
    .split(' ')
    .filter((word) => word !== '');
  const content = words.filter((word) => !NOISE.has(word));
  const kinds = segment(content.length === 0 ? words : content);
  if (kinds) return { talk: foremost(kinds), rest: '' };

  const soft: SmallTalk[] = [];
  let from = 0;
  let to = words.length;
  for (let size = leading(words, from, soft); size > 0; size = leading(words, from, soft)) from += size;
  for (let size = trailing(words, from, to, soft); size > 0; size = trailing(words, from, to, soft)) to -= size;
  return { talk: foremost(soft), rest: words.slice(from, to).join(' ') };
}

/** Lower case; "don't" and "dont" spelt out; other signs made spaces; emoji stay. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/['’`]/g, '')
    .replace(/[^\p{L}\p{N}\p{Extended_Pictographic}]+/gu, ' ')
    .replace(/\b(do|does|did|is|was|are)nt\b/g, '$1 not')
    .replace(/\b(what|who|how|that|it|where)s\b/g, '$1 is')
    .replace(/\byoure\b/g, 'you are')
    .replace(/\bim\b/g, 'i am')
    .trim();
}

/** The kinds of the phrases that the words are made of, longest phrase first; null when a word is left. */
function segment(words: readonly string[]): SmallTalk[] | null {
  const kinds: SmallTalk[] = [];
  for (let from = 0; from < words.length; ) {
    const size = longest(words.length - from, (length) => KIND_OF.has(words.slice(from, from + length).join(' ')));
    const kind = KIND_OF.get(words.slice(from, from + size).join(' '));
    if (kind === undefined) return null;
    kinds.push(kind);
    from += size;
  }
  return kinds;
}

function leading(words: readonly string[], from: number, soft: SmallTalk[]): number {
  return strip(words.length - from, (length) => withoutNoise(words.slice(from, from + length)), soft, true);
}

function trailing(words: readonly string[], from: number, to: number, soft: SmallTalk[]): number {
  return strip(to - from, (length) => withoutNoise(words.slice(to - length, to)), soft, false);
}

function strip(available: number, phrase: (length: number) => string, soft: SmallTalk[], leadIn: boolean): number {
  const size = longest(
    available,
    (length) =>
      isSoft(phrase(length)) || (leadIn && LEAD_INS.has(phrase(length))) || (length === 1 && phrase(1) === ''),
  );
  const kind = size === 0 ? undefined : KIND_OF.get(phrase(size));
  if (kind !== undefined && SOFT.has(kind)) soft.push(kind);
  return size;
}

function withoutNoise(words: readonly string[]): string {
  return words.filter((word) => !NOISE.has(word)).join(' ');
}

function isSoft(phrase: string): boolean {
  const kind = KIND_OF.get(phrase);
  return kind !== undefined && SOFT.has(kind);
}

/** The greatest length up to `available` words that fits; 0 when none does. */
function longest(available: number, fits: (length: number) => boolean): number {
  for (let length = Math.min(LONGEST, available); length > 0; length--) if (fits(length)) return length;
  return 0;
}

function foremost(kinds: readonly SmallTalk[]): SmallTalk | null {
  return KINDS.find((kind) => kinds.includes(kind)) ?? null;
}

/** What stands beside an order number, a phone number or a code. */
const BESIDE_A_NUMBER = new Set(
  'my order number is it its the id no nr phone account card ssn customer ref reference code zip here yes and sure sorry'.split(
    ' ',
  ),
);

/**
 * Is it no sentence but something to look up: an order number, a phone number, an e-mail address? The bot has no access
 * to such, and "I don't know that" would sound daft.
 */
export function isReference(text: string): boolean {
  const said = text.trim();
  if (/^\S+@\S+\.\S+$/.test(said)) return true;
  const words = plain(said).split(' ');
  if (words.length > 8 || said.includes('?') || !/\d/.test(said)) return false;
  return words.every((word) => /\d/.test(word) || BESIDE_A_NUMBER.has(word));
}

/** Mostly not in Latin letters: the articles are English, and so is this bot. */
export function isForeignScript(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return letters >= 3 && latin < letters / 2;
}
