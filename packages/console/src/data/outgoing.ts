import type { EventItem, ServerFrameOf } from '@baton/protocol';
import type { ConversationId, Outgoing, State } from './state.ts';

/** The hub's answer to something written here. Frames without a client id carry it as `id`. */
export function answered(state: State, frame: ServerFrameOf<'ack'> | ServerFrameOf<'refused'>): State {
  const clientId = frame.clientId ?? frame.id;
  if (clientId === undefined || !state.outgoing.some((one) => one.clientId === clientId)) return state;
  return drop({
    ...state,
    outgoing: state.outgoing.map((one) => (one.clientId === clientId ? settle(one, frame) : one)),
  });
}

function settle(one: Outgoing, frame: ServerFrameOf<'ack'> | ServerFrameOf<'refused'>): Outgoing {
  const { clientId, conversation, at, kind, parts, epoch, files } = one;
  const base = { clientId, conversation, at, kind, parts, epoch, files };
  // Refused for now: it is sent again (writing.ts).
  if (frame.type === 'refused' && frame.retryAfterMs !== undefined) return one;
  if (frame.type === 'refused') return { ...base, state: 'refused', code: frame.code, message: frame.message };
  return { ...base, state: 'sent', seq: frame.seq ?? 0 };
}

/** An event came: what was written here and is now in the log no longer stands beside it. */
export function shown(state: State, conversation: ConversationId, item: Pick<EventItem, 'seq' | 'event'>): State {
  const { event } = item;
  const clientId = event.type === 'message' ? event.message.clientId : undefined;
  const left = state.outgoing.filter(
    (one) =>
      !(
        one.conversation === conversation &&
        ((clientId !== undefined && one.clientId === clientId) || (one.state === 'sent' && one.seq <= item.seq))
      ),
  );
  return left.length === state.outgoing.length ? state : { ...state, outgoing: left };
}

// The event may have come before the acknowledgement.
function drop(state: State): State {
  const left = state.outgoing.filter((one) => {
    if (one.state !== 'sent') return true;
    const last = state.timelines[one.conversation]?.events.at(-1)?.seq;
    return last === undefined ? false : one.seq > last;
  });
  return { ...state, outgoing: left };
}
