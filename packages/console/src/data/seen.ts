import type { Live } from './live.ts';
import type { ConversationId, State } from './state.ts';

/** Conversations whose mark is kept; the oldest looked at are forgotten. */
const KEPT = 500;

/** Keeps over a reload how far the agent has looked, for the unread dots. */
export function rememberSeen(live: Live, storage: Pick<Storage, 'getItem' | 'setItem'>, agent: string): void {
  const key = `baton.seen.${agent}`;
  let saved: State['seen'] = {};
  try {
    saved = JSON.parse(storage.getItem(key) ?? '{}');
  } catch {
    // Blocked or damaged: everything counts as unread once more.
  }
  for (const [conversation, seq] of Object.entries(saved))
    live.dispatch({ type: 'saw', conversation: conversation as ConversationId, seq });

  saved = live.state.seen;
  live.onChange(() => {
    const { seen } = live.state;
    if (seen === saved) return;
    saved = seen;
    try {
      storage.setItem(key, JSON.stringify(Object.fromEntries(Object.entries(seen).slice(-KEPT))));
    } catch {
      // Full or blocked: it holds until the reload.
    }
  });
}
