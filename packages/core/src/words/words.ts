import type { Words } from './language.ts';
import { arabic } from './languages/arabic.ts';
import { dutch } from './languages/dutch.ts';
import { english } from './languages/english.ts';
import { french } from './languages/french.ts';
import { german } from './languages/german.ts';
import { italian } from './languages/italian.ts';
import { japanese } from './languages/japanese.ts';
import { polish } from './languages/polish.ts';
import { portuguese } from './languages/portuguese.ts';
import { spanish } from './languages/spanish.ts';
import type { Phrases } from './phrases.ts';
import { speak } from './speak.ts';

const LANGUAGES: readonly Phrases[] = [
  english,
  arabic,
  dutch,
  french,
  german,
  italian,
  japanese,
  polish,
  portuguese,
  spanish,
];
const ENGLISH = speak(english);
const WORDS: ReadonlyMap<string, Words> = new Map(LANGUAGES.map((one) => [one.tag, speak(one)]));
const PHRASES: ReadonlyMap<string, Phrases> = new Map(LANGUAGES.map((one) => [one.tag, one]));

/** The words for a customer's locale (BCP 47). A language that we do not speak, or none: English. */
export function words(locale: string | null): Words {
  return WORDS.get(tagOf(locale)) ?? ENGLISH;
}

/** What means yes and no in the customer's language; English is understood from everybody. */
export function answersIn(locale: string | null): Pick<Phrases, 'yes' | 'no'> {
  return PHRASES.get(tagOf(locale)) ?? english;
}

/** Primary tags of the languages that Baton speaks. */
export const SPOKEN: readonly string[] = LANGUAGES.map((one) => one.tag);

/** "en" of "en-GB". */
function tagOf(locale: string | null): string {
  return locale?.split(/[-_]/, 1)[0]?.toLowerCase() ?? '';
}
