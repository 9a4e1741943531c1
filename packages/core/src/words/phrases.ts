import type { Meanwhile } from '#conversation/state.ts';
import type { LongWait } from './language.ts';
import type { OpeningTime } from './opening-time.ts';

/** Why a person is proposed, as far as the customer is told. */
export type Lead = 'topic' | 'unknown' | 'error' | 'person' | 'slow';

/**
 * A language: its sentences, and what only it knows of numbers. How they are put together is the same in all of them
 * (speak.ts). Each sentence is true whenever it may be said (language.ts), and none tells the sex of anybody.
 */
export interface Phrases {
  /** Primary language tag. */
  tag: string;
  /** Between two sentences. */
  gap: ' ' | '';
  /** What somebody types who means yes or no and nothing else: lower case, no apostrophes, single spaces. */
  yes: readonly string[];
  no: readonly string[];

  /** "Let me connect you with a member of our team." */
  letMe: string;
  connectingOnly: string;
  inLine: string;
  unknownWait: string;
  /** Why a range that was told got worse. */
  longer: string;
  /** "The wait is about 2 minutes." */
  theWait(range: string): string;
  /** "2 people are ahead of you", without its end. */
  ahead(people: number): string;
  place(ahead: string): string;
  placeAndWait(ahead: string, range: string): string;

  soon: string;
  about(amount: string): string;
  /** `low` is a bare number where both have one unit. */
  span(low: string, high: string): string;
  minutes(count: number): string;
  hours(count: number): string;

  nobodyOnline: string;
  openAgain(opening: OpeningTime): string;

  longWait: Record<LongWait['why'], string>;
  waits: Record<'keep' | 'bot' | 'message' | 'callback', string>;
  meanwhile: Record<Meanwhile | 'here', string>;

  waitLimit: string;
  deskFailed: string;
  keepWriting: string;
  cancelled: string;
  agentLost: string;
  agentSilent: string;
  atTheFront: string;

  proposal: { leads: Record<Lead, string>; question: string; yes: string; no: string };
  proposalDeclined: string;
  apology: string;
  botGone: string;
  loopGuard: string;
  /** Null: nobody to name. */
  returnedToBot(agent: string | null): string;

  letter: {
    /** An empty team, or agent, is not known. */
    subject(team: string): string;
    greeting(customer: string | null): string;
    wrote(agent: string): string;
    goOn(page: string | null): string;
  };

  joined(name: string): string;
  left(name: string): string;
  closed: string;
  reopened: string;
  /** Undefined: to a queue or desk where somebody will be found. */
  transferred(name: string | undefined): string;
  held: string;
  resumed: string;
}
