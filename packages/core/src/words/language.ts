import type { HandoffReason, Meanwhile } from '#conversation/state.ts';
import type { Choice } from '#message/message.ts';
import type { Estimate } from '#queue/estimate.ts';
import type { Outlook } from '#queue/outlook.ts';

/** Something that Baton asks the customer; he taps a choice or types an answer (see `isYes`, `isNo`). */
export interface Question {
  text: string;
  choices: Choice[];
}

export interface Letter {
  customer: string | null;
  agent: string;
  team: string;
  /** The agent's messages, in order. */
  said: readonly string[];
  /** Where the chat is. */
  page: string | null;
}

export interface LongWait {
  /** `expected`: it will be long. `passed`: it has been long. `closed`: nobody is there now. */
  why: 'expected' | 'passed' | 'closed';
  /** A bot is there to go on with. */
  bot: boolean;
}

/**
 * What Baton itself says to a customer, in one language. Each sentence is true whenever it may be said: no place, no
 * wait and no arrival that an event does not prove, and nothing about what comes next that depends on others (I5).
 */
export interface Words {
  /**
   * The handoff is in the line: what happens now, the place and the wait as far as known. A customer whose bot failed has
   * heard nothing since he wrote: it begins with why.
   */
  connecting(outlook: Outlook, reason: HandoffReason): string;
  /** The desk is slow to answer: that it is being tried, and no more. */
  connectingOnly(reason: HandoffReason): string;
  /** Place and wait alone: the widget's banner, and what follows `connectingOnly` when the desk answers. */
  place(outlook: Outlook): string;
  /** The wait alone: "about 2 to 4 minutes". */
  range(estimate: Estimate): string;
  /**
   * How to spend a wait that is long. A typed yes means `wait:keep` and a typed no `wait:stop`, so where `wait:keep` is
   * among the choices (`wait:bot`, `wait:message`, `wait:callback`) the text asks "would you like to keep waiting?".
   */
  howToWait(wait: LongWait): Question;
  /** He goes on with the bot, has left a message, wants to be called back, or waits in the window again. */
  meanwhile(how: Meanwhile | null): string;
  /** The wait has passed the last limit; the customer is out of the line. */
  waitLimit(): string;
  /** No desk took the handoff. */
  deskFailed(): string;
  /** The customer left the line. */
  cancelled(): string;
  /** The agent's connection is gone; the customer is back at the front of the line. */
  agentLost(): string;
  /** The agent never answered; the customer is back at the front of the line. */
  agentSilent(): string;
  /** "Shall I connect you?" Choices `handoff:yes` and `handoff:no`. */
  proposal(reason: HandoffReason): Question;
  /** He turned the proposal down. */
  proposalDeclined(): string;
  /** The bot failed at one turn and stays. */
  apology(): string;
  /** No bot is there to answer, and no person has been asked. */
  botGone(): string;
  /** Control went round too often; a person has to look at it. */
  loopGuard(): string;
  /** An agent gave the conversation back to the bot; null: nobody to name. */
  returnedToBot(agentName: string | null): string;
  /** What an agent wrote, for somebody who has left the window. An empty name or team is not known. */
  letter(about: Letter): { subject: string; text: string };
  joined(name: string): string;
  left(name: string): string;
  closed(): string;
  reopened(): string;
  /** To a named agent, or to a queue or desk where somebody will be found. */
  transferred(name?: string): string;
  held(): string;
  resumed(): string;
}
