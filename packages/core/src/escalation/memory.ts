/**
 * What escalation remembers of a conversation: bounded, plain JSON, worked out from events alone (`evolve` calls
 * `remember`), so that a replay gives the same and the state never grows with the log.
 */
export interface Memory {
  /** The customer's last turns, newest last, at most TURNS_KEPT. */
  turns: { seq: number; text: string }[];
  /** The bot's fallbacks in a row, and in all since the bot last got control. */
  fallbacksInARow: number;
  fallbacks: number;
  /** Failed bot turns in a row (errors, time-outs). */
  failuresInARow: number;
  /** Evidence of frustration that adds up and fades, 0 and more. */
  heat: number;
  /** Kinds that the customer turned down or that already led to a proposal, with the turn count when it happened. */
  proposed: Record<string, number>;
  /** Number of customer turns so far. */
  count: number;
  /** Text of the bot's last answer. */
  lastBotText: string;
}

export const TURNS_KEPT = 6;

export function emptyMemory(): Memory {
  return { turns: [], fallbacksInARow: 0, fallbacks: 0, failuresInARow: 0, heat: 0, proposed: {}, count: 0, lastBotText: '' };
}
