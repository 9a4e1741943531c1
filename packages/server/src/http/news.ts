import type { ConversationId } from '@baton/core';
import type { Ledger } from '#hub/ledger.ts';
import type { HttpDeps } from './deps.ts';

/** `follow` for the routes: one listener on the ledger for all who wait for something new in a conversation. */
export function newsOf(ledger: Pick<Ledger, 'onCommitted'>): HttpDeps['follow'] {
  const waiting = new Map<ConversationId, Set<() => void>>();
  ledger.onCommitted(({ state }) => {
    for (const news of waiting.get(state.id) ?? []) news();
  });
  return (conversation, news) => {
    const set = waiting.get(conversation) ?? new Set();
    waiting.set(conversation, set.add(news));
    return () => {
      set.delete(news);
      if (set.size === 0) waiting.delete(conversation);
    };
  };
}
