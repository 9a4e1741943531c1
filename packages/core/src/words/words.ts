import { english } from './english.ts';
import type { Words } from './language.ts';

/** One entry a language, by its primary tag ("en" of "en-GB"). */
const LANGUAGES: Record<string, Words> = { en: english };

/** The words for a customer's locale (BCP 47). A language that we do not speak, or none: English. */
export function words(locale: string | null): Words {
  const language = locale?.split(/[-_]/, 1)[0]?.toLowerCase();
  return (language !== undefined && Object.hasOwn(LANGUAGES, language) ? LANGUAGES[language] : undefined) ?? english;
}
