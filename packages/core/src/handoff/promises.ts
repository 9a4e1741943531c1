import { sentencesOf } from '#message/sentences.ts';

/**
 * Sentences that bind the business, so that the bot does not break its word after the human has gone. English patterns,
 * few and narrow: a missed promise is still in `said`, an invented one would make the bot claim what nobody said.
 * A question or a refusal ("I won't be able to refund") promises nothing.
 */

const WE = "(?:i|we)(?:'ll| will|'m going to| am going to|'re going to| are going to)";
const YOU = "(?:you)(?:'ll| will| should|'re going to| are going to)";
const SOON =
  '(?:\\bby\\b|\\bwithin\\b|\\btomorrow\\b|\\btoday\\b|\\btonight\\b|\\bshortly\\b|\\bas soon as\\b|\\bright away\\b|\\bstraight away\\b|\\bnext (?:week|month|day|business)|\\bthis (?:week|afternoon|evening|morning|month)|\\bin (?:the next|a few|about|\\d+|one|two|three|five|seven|ten)\\b|\\bon (?:mon|tues|wednes|thurs|fri|satur|sun)day|\\b\\d+(?:\\s*(?:-|–|to)\\s*\\d+)? (?:business |working )?(?:minutes?|hours?|days?|weeks?)\\b)';
/** What a business does for a customer. */
const DEED =
  'refund|reimburse|credit|compensate|replace|exchange|send|ship|dispatch|deliver|e-?mail|call|phone|ring|contact|write|text|message|follow up|get back|come back|reach out|let you know|keep you|update you|notify|cancel|waive|issue|process|approve|arrange|book|schedule|escalate|forward|pass|investigate|look into|check|confirm|fix|correct|extend|upgrade|remove|apply|add|make sure|ensure|take care|transfer|reserve|hold|order';
const DONE =
  'refunded|reimbursed|credited|replaced|exchanged|sent|shipped|dispatched|cancelled|canceled|waived|issued|processed|approved|arranged|booked|scheduled|escalated|forwarded|extended|upgraded|removed|applied|added|reserved|ordered|reset|opened|submitted|corrected|fixed|e-?mailed';

const PROMISES: readonly RegExp[] = [
  // "I promise to call you", "we guarantee that"; "I can't promise" is a refusal
  /\b(?:i|we) (?:can |do |hereby )?(?:promise|guarantee)\b/,
  // "I'll send you the label", "we will get back to you"
  new RegExp(`\\b${WE} (?:also |now |then |personally |just |gladly |happily |be sure to )?(?:${DEED})\\b`),
  // "I will have it ready by Friday"
  new RegExp(`\\b${WE}\\b.*${SOON}`),
  // "you will receive a new card", "you'll get an e-mail"
  new RegExp(
    `\\b${YOU} (?:also |then |soon |shortly |now )?(?:receive|get|hear|be refunded|be credited|be reimbursed|be contacted|be called)\\b`,
  ),
  new RegExp(`\\b${YOU} (?:see|have)\\b.*${SOON}`),
  // "I have refunded the second charge", "we've just issued a credit", "I refunded it"
  new RegExp(`\\b(?:i|we)(?:'ve| have)? (?:just |already |now |also )*(?:${DONE})\\b`),
  // "the refund will be issued", "it will arrive by Friday", "your parcel is going to be sent"
  new RegExp(
    `\\b(?:will|is going to|are going to) (?:also |then |now )?be (?:${DONE}|delivered|paid|returned|charged back|there)\\b`,
  ),
  new RegExp(
    `\\b(?:it|this|that|your [a-z ]{2,40}|the [a-z ]{2,40}) (?:will|should) (?:arrive|reach|ship|go out|come|appear|show)\\b.*${SOON}`,
  ),
];

/** "I will not be able to", "we won't refund", "you will not receive", "I have not issued". */
const REFUSES =
  /\b(?:will not|won't|wont|cannot|can't|never|not going to|unable to|have not|haven't|should not|shouldn't)\b/;
/** An agent's note to the bot says it in the third person: "Promised a refund by Friday." */
const NOTED = /\bpromised\b/;

/** The sentences of what an agent said that promise something, as written. */
export function promisesIn(text: string): string[] {
  return sentencesOf(text).filter((sentence) => promises(plain(sentence)));
}

/** The same for an agent's note to the bot. */
export function promisesInNote(note: string): string[] {
  return sentencesOf(note).filter((sentence) => NOTED.test(plain(sentence)) || promises(plain(sentence)));
}

function promises(sentence: string): boolean {
  return !sentence.endsWith('?') && !REFUSES.test(sentence) && PROMISES.some((promise) => promise.test(sentence));
}

function plain(sentence: string): string {
  return sentence.toLowerCase().replaceAll('’', "'").replace(/\s+/g, ' ');
}
