import { arabic } from './arabic.ts';
import { dutch } from './dutch.ts';
import { french } from './french.ts';
import { german } from './german.ts';
import { italian } from './italian.ts';
import { japanese } from './japanese.ts';
import { polish } from './polish.ts';
import { portuguese } from './portuguese.ts';
import { spanish } from './spanish.ts';
import type { WindowWords } from './window-words.ts';

const LANGUAGES: ReadonlyMap<string, WindowWords> = new Map([
  ['ar', arabic],
  ['de', german],
  ['es', spanish],
  ['fr', french],
  ['it', italian],
  ['ja', japanese],
  ['nl', dutch],
  ['pl', polish],
  ['pt', portuguese],
]);

/** The window's words for a locale (BCP 47); nothing, where it speaks English. */
export function windowWords(locale: string | null): WindowWords {
  return LANGUAGES.get(locale?.split(/[-_]/, 1)[0]?.toLowerCase() ?? '') ?? {};
}
