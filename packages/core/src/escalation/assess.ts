import { anger } from './anger.ts';
import { askedForHuman } from './asked.ts';
import { repeatedFallback } from './fallback.ts';
import type { EscalationPolicy, Signal } from './policy.ts';
import { read } from './reading.ts';
import type { Memory } from './remembered.ts';
import { repeatedQuestion } from './repeated.ts';
import { topics } from './topic.ts';

/** A customer's message, before it is remembered. */
export interface CustomerTurn {
  seq: number;
  text: string;
  /** The id of the choice that he tapped instead of writing. */
  choice?: string;
}

/**
 * What speaks for a person in this turn of the customer, given what is remembered of the turns before. Signals of
 * any score are returned; the policy decides which count. Reads English; other languages give no signals from
 * words. A tapped choice is the bot's own words, so only what the bot did counts there.
 */
export function assess(memory: Memory, turn: CustomerTurn, policy: EscalationPolicy): Signal[] {
  const stuck = repeatedFallback(turn.seq, memory, policy);
  const signals = stuck ? [stuck] : [];
  if (turn.choice !== undefined) return signals;
  const reading = read(turn.text);
  if (reading.words.length === 0) return signals;
  for (const signal of [
    askedForHuman(turn.seq, reading),
    repeatedQuestion(turn.seq, reading, memory),
    anger(turn.seq, reading, memory),
  ]) {
    if (signal) signals.push(signal);
  }
  return [...signals, ...topics(turn.seq, reading, policy)];
}
