import { answersIn } from './words.ts';

/**
 * Yes or no where the customer types instead of tapping. Careful on purpose: the whole answer must be a yes or a no,
 * because a wrong guess connects somebody who did not ask, or leaves somebody alone who did. Everything else is an
 * ordinary message.
 */

/** May stand around a yes or a no and changes nothing. */
const POLITE = /\b(?:please|pls|plz|thanks|thank you|thx|ok then|then|now|just)\b/g;

const YES = new Set([
  'y',
  'yes',
  'yea',
  'yeah',
  'yep',
  'yup',
  'ya',
  'aye',
  'sure',
  'sure thing',
  'ok',
  'okay',
  'k',
  'alright',
  'all right',
  'fine',
  'good',
  'great',
  'absolutely',
  'definitely',
  'certainly',
  'of course',
  'yes of course',
  'sounds good',
  'go ahead',
  'yes go ahead',
  'do it',
  'do that',
  'do so',
  'do',
  'yes do',
  'yes do it',
  'why not',
  'i do',
  'yes i do',
  'i would',
  'yes i would',
  'i would like that',
  'yes i would like that',
  'id like that',
  'yes id like that',
  'that would be great',
  'yes that would be great',
  'that would be nice',
  'yes that would be nice',
  'connect me',
  'yes connect me',
  'ok connect me',
  'yes sure',
  'sure yes',
  'ok yes',
  'yes ok',
  'yes yes',
  'yes absolutely',
  'yes definitely',
  'keep waiting',
  'yes keep waiting',
  'i will wait',
  'ill wait',
  'yes i will wait',
  'yes ill wait',
  'ok ill wait',
  '👍',
]);

const NO = new Set([
  'n',
  'no',
  'nope',
  'nah',
  'naw',
  'no no',
  'not',
  'not yet',
  'not really',
  'no need',
  'no its fine',
  'no its ok',
  'no im good',
  'no im fine',
  'im good',
  'im fine',
  'its fine',
  'no i dont',
  'i dont',
  'dont',
  'do not',
  'no dont',
  'i would not',
  'i wouldnt',
  'rather not',
  'id rather not',
  'id prefer not',
  'never mind',
  'nevermind',
  'no never mind',
  'no nevermind',
  'forget it',
  'no forget it',
  'stop',
  'stop waiting',
  'no stop',
  'leave',
  'leave the line',
  'leave the queue',
  'cancel',
  'no cancel',
  'absolutely not',
  'definitely not',
  'of course not',
  'later',
  'not later',
  '👎',
]);

/** Says the whole of this text yes, in the customer's language or in English? */
export function isYes(text: string, locale: string | null = null): boolean {
  return means(text, YES) || /^(?:please|yes please)$/.test(plain(text)) || answersIn(locale).yes.includes(plain(text));
}

/** Says the whole of this text no? */
export function isNo(text: string, locale: string | null = null): boolean {
  return means(text, NO) || answersIn(locale).no.includes(plain(text));
}

function means(text: string, answers: ReadonlySet<string>): boolean {
  const said = plain(text);
  // Longer than any answer that we know, polite words included.
  if (said.length > 60) return false;
  return answers.has(said) || answers.has(said.replace(POLITE, ' ').replace(/\s+/g, ' ').trim());
}

/** Lower case, apostrophes dropped, all else that is no letter with its marks, digit or thumb made one space. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/['’`]/g, '')
    .replace(/[\u{1F3FB}-\u{1F3FF}\u{FE0F}]/gu, '')
    .replace(/[^\p{L}\p{M}\p{N}👍👎]+/gu, ' ')
    .trim();
}
