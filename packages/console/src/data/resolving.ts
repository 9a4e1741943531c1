import type { EventItem } from '@baton/protocol';
import type { ConversationId, Millis, Resolving, State } from './state.ts';

/** As long as one needs to notice a slip of the finger. What is closed an agent cannot open again (CV39), so he is not told at once. */
export const UNDO_MS = 5_000;

/** The agent resolves it with one key: it is closed when the time to take it back is over. Twice is once. */
export function resolve(state: State, conversation: ConversationId, at: Millis): State {
  if (state.resolving.some((one) => one.conversation === conversation)) return state;
  return { ...state, resolving: [...state.resolving, { conversation, until: at + UNDO_MS }] };
}

/** It is not resolved, or the hub has been told. */
export function unresolve(state: State, conversation: ConversationId): State {
  const left = state.resolving.filter((one) => one.conversation !== conversation);
  return left.length === state.resolving.length ? state : { ...state, resolving: left };
}

/** The customer wrote once more, or somebody else has it, or it is closed: what was meant to end is another thing now. */
export function stillResolving(state: State, conversation: ConversationId, { event }: EventItem): State {
  const over =
    event.type === 'control.changed' ||
    event.type === 'conversation.closed' ||
    (event.type === 'message' && event.message.author.role === 'customer');
  return over ? unresolve(state, conversation) : state;
}

export function dueOf({ resolving }: Pick<State, 'resolving'>, at: Millis): Resolving[] {
  return resolving.filter(({ until }) => until <= at);
}
