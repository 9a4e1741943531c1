import type { Evidence, HandoffReason } from '#conversation/state.ts';
import { excerptOf } from '#message/sentences.ts';
import type { TranscriptLine } from '#message/transcript.ts';
import { isNo, isYes } from '#words/answer.ts';
import type { BotAttempt } from './bot-tried.ts';

/** Characters of a quote in a summary. */
const QUOTE = 200;
/** Share of the words that two questions must have in common to be the same one. */
const SAME = 0.6;

/** Fewer words rarely say what the matter is ("order 1001"); they count where there is nothing longer. */
const ENOUGH_WORDS = 3;

const GREETING = /^(?:h+i+|hello+|hey+|hai|hiya|howdy|hola|greetings|good ?(?:morning|day|afternoon|evening))\b/i;
const THANKS = /\b(?:thanks|thank you|thx|cheers|appreciate|bye|goodbye|that is all|that's all|nothing else)\b/i;
const PERSON = /\b(?:human|person|agent|representative|rep|operator|advisor|someone|somebody|people)\b/i;

/**
 * The story in one to four sentences for somebody who has seconds: what the customer asked, what he wants now, what the
 * bot did about it, why he is here. Taken from what was written, word for word; nothing is made up, and what cannot be
 * told is left out.
 */
export function summaryOf({
  reason,
  evidence,
  transcript,
  botTried,
}: {
  reason: HandoffReason;
  evidence: readonly Evidence[];
  transcript: readonly TranscriptLine[];
  botTried: readonly BotAttempt[];
}): string {
  const any = transcript.filter((line) => line.role === 'customer' && isAsk(line)).map(({ text }) => text);
  const longer = any.filter((text) => wordsOf(text).size >= ENOUGH_WORDS);
  const asks = longer.length > 0 ? longer : any;
  const first = asks[0];
  const last = asks.at(-1);
  const sentences: string[] = [];
  if (first !== undefined) sentences.push(`The customer asked: ${quote(first)}`);
  if (first !== undefined && last !== undefined && last !== first) {
    const times = asks.filter((ask) => alike(ask, last)).length;
    sentences.push(times > 1 ? `Now, asked ${times} times: ${quote(last)}` : `Now: ${quote(last)}`);
  }
  const bot = whatTheBotDid(botTried);
  if (bot !== null) sentences.push(bot);
  sentences.push(whyHere(reason, evidence));
  return sentences.join(' ');
}

/** Does this line say what the matter is? Greetings, thanks, yes and no, taps and "an agent please" do not. */
function isAsk({ text, parts }: TranscriptLine): boolean {
  const words = wordsOf(text);
  if (words.size === 0 || parts?.some((part) => part.type === 'text' && part.choice !== undefined)) return false;
  if (isYes(text) || isNo(text)) return false;
  if (words.size <= 4 && GREETING.test(text.trim())) return false;
  if (words.size <= 10 && THANKS.test(text)) return false;
  return !(words.size <= 8 && PERSON.test(text));
}

function whatTheBotDid(attempts: readonly BotAttempt[]): string | null {
  if (attempts.length === 0) return null;
  const failed = attempts.filter(({ fallback }) => fallback).length;
  const answered = attempts.findLast(({ answered, fallback }) => answered !== null && !fallback);
  const without = failed === 0 ? '' : `had no answer ${failed === 1 ? 'once' : `${failed} times`}`;
  if (!answered?.answered) return without === '' ? 'The bot has not answered.' : `The bot ${without}.`;
  return `The bot ${without === '' ? '' : `${without} and `}last answered: ${quote(answered.answered)}`;
}

function whyHere(reason: HandoffReason, evidence: readonly Evidence[]): string {
  const proof = evidence.find(({ quote, detail }) => quote !== undefined || detail !== undefined);
  if (proof?.quote !== undefined) return `${WHY[reason]}: ${quote(proof.quote)}`;
  return proof?.detail === undefined ? `${WHY[reason]}.` : `${WHY[reason]}: ${excerptOf(proof.detail, QUOTE)}`;
}

const WHY: Record<HandoffReason, string> = {
  customer_asked: 'Handed off because the customer asked for a person',
  bot_asked: 'Handed off because the bot asked for a person',
  rule: 'Handed off by a rule',
  frustration: 'Handed off because the customer is frustrated',
  repeated_fallback: 'Handed off because the bot kept having no answer',
  low_confidence: 'Handed off because the bot was not sure of its answers',
  restricted_topic: 'Handed off because this topic is not for the bot',
  bot_error: 'Handed off because the bot failed',
  bot_timeout: 'Handed off because the bot did not answer in time',
  agent_took_over: 'Taken over by an agent',
  api: 'Handed off by request of another system',
};

function alike(a: string, b: string): boolean {
  const left = wordsOf(a);
  const right = wordsOf(b);
  let shared = 0;
  for (const word of left) if (right.has(word)) shared++;
  return shared > 0 && shared / (left.size + right.size - shared) >= SAME;
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

/** In quotes, ending the sentence that it stands in. */
function quote(text: string): string {
  const words = excerptOf(text, QUOTE);
  return /[.!?…]$/u.test(words) ? `“${words}”` : `“${words}”.`;
}
