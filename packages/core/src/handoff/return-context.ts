import type { Logged } from '#conversation/events.ts';
import type { HandoffOutcome } from '#conversation/state.ts';
import type { HandoffId, Millis } from '#ids.ts';
import { type AgentRef, textOf } from '#message/message.ts';
import { messagesOf } from '#message/transcript.ts';
import { promisesIn, promisesInNote } from './promises.ts';

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
  /**
   * Everything up to this seq is handled: the bot must not answer it again. The last word of an agent; where none spoke,
   * the moment at which one took it; 0 where nobody ever did.
   */
  handledUpTo: number;
  endedAt: Millis;
}

/**
 * What the bot is told about a handoff that has ended; null when the events hold no such end.
 *
 * @param events the log from `handoff.requested` on at least, oldest first
 */
export function returnContext({
  handoff,
  events,
}: {
  handoff: HandoffId;
  events: readonly Logged[];
}): ReturnContext | null {
  let start = 0;
  let accepted: { seq: number; agent: AgentRef } | null = null;
  for (const { seq, at, event } of events) {
    if (!('handoff' in event) || event.handoff !== handoff) continue;
    if (event.type === 'handoff.requested' && start === 0) start = seq;
    else if (event.type === 'handoff.accepted') accepted = { seq, agent: event.agent };
    else if (event.type === 'handoff.ended') {
      const said = saidByAgents(events, start, seq);
      const note = event.note ?? null;
      return {
        handoff,
        outcome: event.outcome,
        agent: accepted?.agent ?? null,
        note,
        said,
        promised: [...said.flatMap(({ text }) => promisesIn(text)), ...(note === null ? [] : promisesInNote(note))],
        handledUpTo: said.at(-1)?.seq ?? accepted?.seq ?? 0,
        endedAt: at,
      };
    }
  }
  return null;
}

function saidByAgents(events: readonly Logged[], from: number, to: number): ReturnContext['said'] {
  return messagesOf(events)
    .filter(({ seq, message }) => seq >= from && seq <= to && message.author.role === 'agent' && !message.redacted)
    .map(({ seq, at, message }) => ({ seq, name: message.author.name ?? '', text: textOf(message.parts), at }));
}
