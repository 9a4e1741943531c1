import { ASKING } from './asked-words.ts';
import { rule } from './shape.ts';

/** A shape of words that asks for a person, and how surely. */
export interface Rule {
  score: number;
  shape: RegExp;
}

const says = (score: number, pattern: string): Rule => ({ score, shape: rule(ASKING, pattern, 'g') });

/** What may stand before the person: "your real customer service ...". */
const KIND = '(A|THIS|MY|REAL|CUSTOMER|FRONT|SERVICE|HUMAN|ELSE|DEPT|MACHINE)';
/** A word that neither ends the clause nor turns to another subject. */
const GAP = '[^,.FOR YOU TALK NOT]';
const ANYBODY = '(HUMAN|BOSS|STAFF|SOMEONE|PEOPLE|DEPT|SERVICE)';
const POLITE = '(SMALL|ME|A|THIS|TO|I|LIKE|GIVE|NEED|HAVE|[,.])';
const NOT_A_NAME = '(?!NAME)';

/** Ways to ask for a person, surest first. */
export const RULES: readonly Rule[] = [
  // "talk to a human", "speak with one of your agents", "chat with the goddamn manager"
  says(0.95, `(TALK|CONTACT) (SMALL|OVER){0,2} TO ${GAP}{0,4}? (HUMAN|BOSS|STAFF)`),
  says(0.95, `(TALK|CONTACT) (SMALL|OVER){0,2} TO ${KIND}{0,3} (SOMEONE|PEOPLE)`),
  // "talk agent", "agent to chat", "a human to answer", "an agent call me"
  says(0.8, `TALK ${KIND}{0,3} HUMAN`),
  says(0.8, `(HUMAN|REAL SOMEONE) SMALL{0,2} TO SMALL? (TALK|HELP|CALL|CONTACT)`),
  says(0.75, `(A|REAL) (HUMAN|BOSS) SMALL{0,2} (TALK|HELP|CALL|CONTACT)`),
  says(0.75, `(HUMAN|SOMEONE) ELSE? TO? (CALL|CONTACT|TALK) TO? ME`),
  // "contact an agent", "call your customer service", "reach support"
  says(0.9, `(CONTACT|CALL) ${KIND}{0,3} HUMAN ${NOT_A_NAME}`),
  says(0.7, `CONTACT (A|REAL){0,2} SOMEONE`),
  says(0.7, `(?<!WILL SMALL?) (CONTACT|CALL) (A|MY){0,2} (CUSTOMER|REAL|FRONT){0,2} SERVICE ${NOT_A_NAME}`),
  // "talk to the restaurant", "speak directly with the reception"
  says(0.85, `TALK (SMALL|OVER){0,2} TO (A|MY|CUSTOMER|FRONT){0,3} (DEPT|SERVICE)`),
  // "transfer me to a human", "hand the conversation over to your team", "put me in touch with somebody"
  says(0.95, `(LINK|PUT|SWITCH) (SMALL|ME|A|THIS|TALK|CALL|OVER|THROUGH){0,5} TO? (ME|SMALL){0,2} ${KIND}{0,3} HUMAN`),
  says(0.95, `(LINK|PUT|SWITCH) ME (SMALL|OVER|THROUGH){0,3} TO (A|MY|REAL|CUSTOMER|ANY){0,3}? ${ANYBODY}`),
  says(0.9, `(LINK|SWITCH) TO ME (A|REAL){0,2} (SOMEONE|PEOPLE)`),
  says(
    0.9,
    `(BE|GIVE) SMALL? (LINKED|PUT) (SMALL|OVER|THROUGH){0,2} TO (A|REAL|CUSTOMER|FRONT|SERVICE|DEPT|HUMAN){0,3} ${ANYBODY}`,
  ),
  says(0.9, `GIVE (THROUGH|SMALL|A|TALK|CONTACT){1,3} (TO|OF) ${KIND}{0,3} ${ANYBODY}`),
  says(0.85, `PUT ME SMALL? THROUGH`),
  says(0.85, `LINK ME (SMALL|OVER|THROUGH){0,2} TO (?!(A|MY|CUSTOMER){0,2} ANY? NET) ANY`),
  says(0.75, `LINK ME (SMALL|OVER){0,2} END`),
  says(0.75, `ESCALATE`),
  // "give me a human", "I need an agent", "get me your manager", "gimme a person", "I asked for a human"
  says(0.9, `(GIVE|NEED|HAVE|I ANY? LIKE) ME? TO? (A|REAL|CUSTOMER|SERVICE){0,3} HUMAN BEING? ${NOT_A_NAME}`),
  says(0.75, `(GIVE|NEED) (ME|A) (A|REAL){0,2} BOSS ${NOT_A_NAME}`),
  says(0.8, `GIVE ME (TO|THROUGH|OVER|A|REAL){0,3} (SOMEONE|PEOPLE)`),
  says(0.7, `(GIVE|NEED) A REAL? SOMEONE SMALL{0,3} END`),
  says(0.8, `(GIVE|NEED|HAVE) (A|REAL){0,2} SOMEONE (REAL|ELSE (OVER|ANY? HELP|ANY? LOOK))`),
  says(0.8, `(GIVE|HAVE) SOMEONE ELSE? OVER A? (SMALL|FRONT|CALL)`),
  says(0.7, `(GIVE|NEED) (A|REAL){0,2} SOMEONE TO (HELP|TALK)`),
  says(0.7, `(GIVE|NEED) A? CUSTOMER SERVICE ${NOT_A_NAME}`),
  says(0.85, `ASK (TO|FOR) (A|REAL){0,3} (HUMAN|REAL SOMEONE|BOSS)`),
  says(0.7, `HELP ANY? FROM (A|REAL){0,2} (HUMAN|REAL SOMEONE)`),
  // "can somebody else look at this"
  says(0.8, `SOMEONE ELSE (SMALL|TO){0,2} (HELP|LOOK)`),
  // "is there a human here", "are there any agents available"
  says(0.75, `IS THERE ${KIND}{0,3} (HUMAN|REAL (SOMEONE|PEOPLE))`),
  says(0.75, `THERE ${KIND}{0,3} SOMEONE ANY{0,3} (TALK|HELP)`),
  says(0.65, `(HUMAN|REAL SOMEONE|THERE SOMEONE) AVAILABLE`),
  // "a real person please", "live agent", "someone real", "human support"
  says(0.8, `START ${POLITE}{0,6} REAL{1,2} (HUMAN|SOMEONE)`),
  says(0.75, `START ${POLITE}{0,6} SOMEONE REAL SMALL{0,2} END`),
  says(0.65, `HUMAN SERVICE ${NOT_A_NAME}`),
  // The whole turn is the word: "agent", "human please", "operator!!", "customer service"
  says(0.9, `^${POLITE}{0,6} (REAL|SERVICE|CUSTOMER){0,3} HUMAN (HUMAN|SMALL|BEING|ELSE|ESCALATE|OVER|[,.]){0,5} $`),
  says(0.7, `^${POLITE}{0,6} ((CUSTOMER|REAL){1,2} SERVICE|SOMEONE ANY CUSTOMER SERVICE) (SMALL|[,.]){0,5} $`),
];

/** Ways to refuse the bot. Their "not" is not a guard. */
export const REFUSALS: readonly Rule[] = [
  says(0.85, `(NOT|STOP|SICK|INSTEAD) (ANY){0,4}? (TALK|CONTACT) TO ${GAP}{0,3}? (BOT|MACHINE)`),
  says(0.8, `NOT ANY{0,4}? SHARE ANY{0,5}? TO (A|MY){0,2} (BOT|MACHINE)`),
  says(0.7, `(SHARE ANY{0,3}? TO|SICK ANY{0,3}?) (A|MY){0,2} (BOT|MACHINE)`),
  says(0.7, `(INSTEAD OF|(?<!AM [^.]{0,6}) (NOT|NO)) (A|SMALL){0,2} BOT`),
  says(0.65, `TALK TO (A|MY){0,2} (BOT|MACHINE) IS`),
];

/** Said of the past or the present, not wished: "am I talking to a person", "when I was speaking to an agent". */
export const NOT_WISHED = rule(
  ASKING,
  '(AM I|BEFORE I?|IS YOU|IS THIS A?|I AM A?|INSTEAD OF|YOU IS|SHOULD I|SMALL I (NEED|HAVE) TO|AM I SMALL? TALK [^.]{0,8}) (SMALL|A){0,2} $',
);
/** "no need to transfer me", "I don't want to talk to an agent"; but not "why don't you connect me". */
export const NEGATED = rule(
  ASKING,
  '((?<!IF YOU?) NOT|NO NEED) (I|YOU|GIVE|HAVE|NEED|LIKE|ASK|TO|ME|SMALL|A|FOR){0,6} $',
);
export const OWN_BOSS = rule(ASKING, 'MY (BOSS|STAFF) $');
