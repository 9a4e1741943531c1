import type { ConversationEvent, ServerFrameOf } from '@baton/protocol';
import type { ConversationId, Millis, State, Typing } from './state.ts';

/** A side that types says so every few seconds; silent for this long, it has stopped (or its line broke). */
const FADES_AFTER: Millis = 7_000;

/** Takes a typing frame, and drops whoever has been silent for too long. Without a frame it only does the latter. */
export function heard(state: State, frame: ServerFrameOf<'typing'> | null, at: Millis): State {
  const typing: State['typing'] = {};
  let changed = false;
  for (const [conversation, all] of Object.entries(state.typing) as [ConversationId, Typing[]][]) {
    const left = all.filter((one) => at - one.at < FADES_AFTER);
    if (left.length > 0) typing[conversation] = left;
    if (left.length !== all.length) changed = true;
  }
  if (!frame) return changed ? { ...state, typing } : state;

  const others = (typing[frame.conversation] ?? []).filter((one) => one.id !== frame.who.id);
  const now = frame.on
    ? [...others, { ...frame.who, ...(frame.text !== undefined && { text: frame.text }), at }]
    : others;
  if (now.length > 0) typing[frame.conversation] = now as Typing[];
  else delete typing[frame.conversation];
  return { ...state, typing };
}

/** Who has said it no longer types it. */
export function silenced(state: State, conversation: ConversationId, event: ConversationEvent): State {
  const all = state.typing[conversation];
  if (event.type !== 'message' || !all) return state;
  const left = all.filter((one) => one.id !== event.message.author.id);
  if (left.length === all.length) return state;
  const { [conversation]: _, ...others } = state.typing;
  return { ...state, typing: left.length > 0 ? { ...others, [conversation]: left } : others };
}
