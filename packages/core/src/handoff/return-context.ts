import type { HandoffOutcome } from '#conversation/state.ts';
import type { HandoffId, Millis } from '#ids.ts';
import type { AgentRef } from '#message/message.ts';

/**
 * What a bot gets back when a human stretch ends, so that it does not contradict what was said, does not answer
 * what is handled, and keeps what was promised.
 */
export interface ReturnContext {
  handoff: HandoffId;
  outcome: HandoffOutcome;
  agent: AgentRef | null;
  /** The agent's words to the bot. Never shown to the customer. */
  note: string | null;
  /** What agents said to the customer, oldest first. */
  said: { seq: number; name: string; text: string; at: Millis }[];
  /** Sentences of `said` and of the note that promise something. */
  promised: string[];
  /** Everything up to this seq is handled: the bot must not answer it again. */
  handledUpTo: number;
  endedAt: Millis;
}
