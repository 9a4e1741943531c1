import { angerIn, FADING } from './anger.ts';
import { soundsLost } from './fallback.ts';
import { meaningOf, numbersOf } from './meaning.ts';
import { excerpt, read } from './reading.ts';
import type { Memory } from './remembered.ts';

export type { Memory } from './remembered.ts';

/** What `remember` is told. */
export type Turn =
  /** A customer's message; `choice` is set when he tapped one instead of writing. */
  | { role: 'customer'; seq: number; text: string; choice?: string }
  /** The bot's message; `fallback` is what the bot itself reports. */
  | { role: 'bot'; text: string; fallback: boolean }
  /** The bot was asked and failed or was silent for too long. */
  | { role: 'bot-failed' }
  /** "Shall I connect you?" was asked because of these kinds of evidence. */
  | { role: 'proposed'; kinds: string[] }
  /** Control came back to the bot from a human: it starts with a clean slate. */
  | { role: 'reset' };

export const TURNS_KEPT = 6;
/** Characters kept of a customer's text. */
export const TEXT_KEPT = 300;
/** Of the bot's: longer answers are not compared. */
export const BOT_TEXT_KEPT = 1_000;
export const HEAT_LIMIT = 3;
/** The bot's very same answer twice in a row is a fallback, unless it is as short as "You're welcome!". */
const SAME_ANSWER_LENGTH = 20;
/** Kinds of proposals remembered; the oldest go first. */
const PROPOSALS_KEPT = 20;

export function emptyMemory(): Memory {
  return {
    turns: [],
    fallbacksInARow: 0,
    fallbacks: 0,
    failuresInARow: 0,
    heat: 0,
    proposed: {},
    count: 0,
    lastBotText: '',
  };
}

/** The memory after one more turn. Pure: the given memory is not touched. */
export function remember(memory: Memory, turn: Turn): Memory {
  switch (turn.role) {
    case 'customer': {
      const reading = read(turn.choice === undefined ? turn.text : '');
      const kept = {
        seq: turn.seq,
        text: excerpt(turn.text, 0, TEXT_KEPT),
        meaning: [...meaningOf(reading).keys()],
        numbers: numbersOf(reading),
        answered: false,
      };
      return {
        ...memory,
        turns: [...memory.turns.slice(1 - TURNS_KEPT), kept],
        heat: Math.min(HEAT_LIMIT, memory.heat * FADING + angerIn(reading).points),
        count: memory.count + 1,
      };
    }
    case 'bot': {
      const text = excerpt(turn.text, 0, BOT_TEXT_KEPT);
      const lost = turn.fallback || soundsLost(text) || saidBefore(text, memory);
      return {
        ...memory,
        turns: answered(memory.turns),
        fallbacksInARow: lost ? memory.fallbacksInARow + 1 : 0,
        fallbacks: memory.fallbacks + (lost ? 1 : 0),
        failuresInARow: 0,
        lastBotText: text,
      };
    }
    case 'bot-failed':
      return { ...memory, failuresInARow: memory.failuresInARow + 1 };
    case 'proposed':
      return { ...memory, turns: answered(memory.turns), proposed: proposedAlso(memory, turn.kinds) };
    case 'reset':
      return { ...emptyMemory(), count: memory.count };
  }
}

function saidBefore(text: string, { lastBotText }: Memory): boolean {
  return text.length >= SAME_ANSWER_LENGTH && text.length < BOT_TEXT_KEPT && text === lastBotText;
}

function answered(turns: Memory['turns']): Memory['turns'] {
  return turns.map((turn) => (turn.answered ? turn : { ...turn, answered: true }));
}

function proposedAlso(memory: Memory, kinds: readonly string[]): Record<string, number> {
  const others = Object.entries(memory.proposed).filter(([kind]) => !kinds.includes(kind));
  const all: [string, number][] = [...others, ...kinds.map((kind): [string, number] => [kind, memory.count])];
  return Object.fromEntries(all.slice(-PROPOSALS_KEPT));
}
