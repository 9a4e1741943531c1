import type { ServerFrameOf } from '@baton/protocol';
import type { State } from './state.ts';
import { turnTo, without } from './state.ts';

/** What we wanted is so already: sent twice, or overtaken by what the other side did. Nobody needs to hear of it. */
const HARMLESS = new Set(['handoff_open', 'no_handoff', 'wrong_phase', 'already_rated']);
/** This conversation takes nothing more (ended long ago, or gone): what was said begins a new one. */
const OVER = new Set(['closed', 'not_found']);

export function onRefused(state: State, frame: ServerFrameOf<'refused'>): State {
  const key = frame.clientId ?? frame.id;
  const pending = state.pending.find((one) => one.key === key);
  // Too fast, or the server is out of breath: it stays in the outbox and is sent again.
  if (!pending || frame.retryAfterMs !== undefined) return state;
  if (pending.wish.what !== 'say') {
    const rest = without(state, pending.key);
    return HARMLESS.has(frame.code) ? rest : { ...rest, trouble: frame.message };
  }
  const conversation = pending.conversation ?? state.conversation;
  // A second one that was under way when the first was refused: it begins anew together with it.
  if (OVER.has(frame.code) && conversation === null && frame.conversation === state.left) return state;
  if (OVER.has(frame.code) && conversation !== null) {
    const here = conversation === state.conversation ? { ...turnTo(state, null), left: conversation } : state;
    return {
      ...here,
      pending: here.pending.map((one) => (one.conversation === conversation ? { ...one, conversation: null } : one)),
    };
  }
  return {
    ...state,
    pending: state.pending.map((one) =>
      one === pending ? { ...one, fate: { is: 'refused', code: frame.code, reason: frame.message } } : one,
    ),
  };
}
