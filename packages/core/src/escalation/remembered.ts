/** One turn of the customer. */
export interface Remembered {
  seq: number;
  /** At most TEXT_KEPT characters. */
  text: string;
  /** Stems of the words that carry its meaning, and its numbers and ids: see meaning.ts. Empty for a tapped choice. */
  meaning: string[];
  numbers: string[];
  /** He got an answer or a proposal since. */
  answered: boolean;
}

/**
 * What escalation remembers of a conversation: bounded, plain JSON, worked out from events alone (`evolve` calls
 * `remember`), so that a replay gives the same and the state never grows with the log.
 */
export interface Memory {
  /** The customer's last turns, newest last, at most TURNS_KEPT. */
  turns: Remembered[];
  /** The bot's fallbacks in a row, and in all since the bot last got control. */
  fallbacksInARow: number;
  fallbacks: number;
  /** Failed bot turns in a row (errors, time-outs). */
  failuresInARow: number;
  /** Evidence of frustration that adds up and fades, 0 to HEAT_LIMIT. */
  heat: number;
  /** Kinds that already led to a proposal, with the number of the customer's turn when it happened. */
  proposed: Record<string, number>;
  /** Number of customer turns so far. */
  count: number;
  /** Text of the bot's last answer, at most BOT_TEXT_KEPT. */
  lastBotText: string;
}
