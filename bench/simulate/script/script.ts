import type { Dialogue } from './dialogues.ts';
import { between, type Dice, diceOf, oneOf } from './random.ts';

/** One thing that the customer says. */
export interface Line {
  text: string;
  /** What the agent of the dialogue answers, in order; nothing where the dialogue has no agent. */
  answers: string[];
  /** False: he goes on writing without waiting, as the dialogue does. */
  waitsForAnswer: boolean;
}

/** How a customer asks for a person although his dialogue does not: by the button, or in words. */
export type Ask = { after: number; by: 'button' } | { after: number; by: 'words'; text: string };

/** A lost network, once in a conversation: after so many messages, with the last one still under way or not. */
export interface Cut {
  after: number;
  when: 'at once' | 'soon';
}

/** How the agent ends it. `after` so many answers he returns it to the bot. */
export type Ending = { type: 'resolve' } | { type: 'return'; after: number; note: string };

/** Everything about one conversation that is not said in its dialogue. */
export interface Script {
  dialogue: Dialogue;
  lines: Line[];
  ask: Ask | null;
  /** His answer to "shall I connect you?". */
  wantsPerson: boolean;
  /** He goes on writing in the line, and all of it must reach the agent. */
  writesWhileWaiting: boolean;
  /** He leaves the line after this wait, in seconds at human speed. */
  patience: number;
  cut: Cut | null;
  /** The agent's network is lost after so many of his messages. */
  agentCut: number | null;
  /** The first agent who is asked has no time. */
  firstDeclines: boolean;
  ending: Ending;
  rating: number | null;
}

export interface Shares {
  asks: number;
  cuts: number;
}

const ASKING: readonly [string, ...string[]] = [
  'can i talk to a real person please',
  "I'd like to speak to somebody from your team.",
  'human please',
  'Is there an agent I can talk to?',
  'this is not helping, let me talk to a person',
];
const NOTES: readonly [string, ...string[]] = [
  'I have answered the first questions; nothing is promised. Please go on.',
  'The customer only has general questions left.',
  'Told the customer that the bot goes on from here.',
];

/** Shares that no option sets. The first is high because most proposals come after the bot could not answer. */
const WANTS_PERSON = 0.5;
const WRITES_WHILE_WAITING = 0.4;
const IMPATIENT = 0.05;
const DECLINES = 0.03;
const RETURNS = 0.2;
const RATES = 0.6;
/** An agent has one connection for all his conversations: of these fewer may cost him his network. */
const AGENT_CUTS = 0.3;
const RATINGS: readonly [number, ...number[]] = [5, 5, 5, 4, 4, 3, 2, 1];

/** What happens in the conversation of a dialogue. The same seed gives the same script, whatever else is played. */
export function scriptOf(dialogue: Dialogue, shares: Shares, seed: string): Script {
  const dice = diceOf(`${seed}/${dialogue.file}/${dialogue.id}`);
  const lines = linesOf(dialogue);
  const chance = (share: number) => dice() < share;
  return {
    dialogue,
    lines,
    ask: chance(shares.asks) ? askAt(between(dice, 1, Math.min(lines.length, 4)), dice) : null,
    wantsPerson: chance(WANTS_PERSON),
    writesWhileWaiting: chance(WRITES_WHILE_WAITING),
    patience: chance(IMPATIENT) ? between(dice, 60, 600) : Number.POSITIVE_INFINITY,
    cut: chance(shares.cuts)
      ? { after: between(dice, 1, lines.length), when: oneOf(dice, ['at once', 'soon'] as const) }
      : null,
    agentCut: chance(shares.cuts * AGENT_CUTS) ? between(dice, 1, 3) : null,
    firstDeclines: chance(DECLINES),
    ending: chance(RETURNS)
      ? { type: 'return', after: between(dice, 1, 3), note: oneOf(dice, NOTES) }
      : { type: 'resolve' },
    rating: chance(RATES) ? oneOf(dice, RATINGS) : null,
  };
}

function askAt(after: number, dice: Dice): Ask {
  return dice() < 0.5 ? { after, by: 'button' } : { after, by: 'words', text: oneOf(dice, ASKING) };
}

function linesOf({ turns }: Dialogue): Line[] {
  const bothSides = turns.some((turn) => turn.role !== 'customer');
  const lines: Line[] = [];
  for (const [index, turn] of turns.entries()) {
    if (turn.role === 'customer') {
      const next = turns[index + 1];
      lines.push({ text: turn.text, answers: [], waitsForAnswer: !bothSides || next?.role !== 'customer' });
    } else if (turn.role === 'agent') lines.at(-1)?.answers.push(turn.text);
  }
  return lines;
}
