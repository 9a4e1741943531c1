import type { ConversationId } from '@baton/core';
import type { Ledger } from './ledger.ts';

/** Tells that a conversation has something new, without saying what: whoever asks reads the log himself. */
export class News {
  readonly #waiting = new Map<ConversationId, Set<() => void>>();

  constructor(ledger: Pick<Ledger, 'onCommitted'>) {
    ledger.onCommitted(({ state }) => {
      for (const tell of this.#waiting.get(state.id) ?? []) tell();
    });
  }

  /** Calls back after each commit until the answer is called. */
  follow(conversation: ConversationId, tell: () => void): () => void {
    const set = this.#waiting.get(conversation) ?? new Set();
    set.add(tell);
    this.#waiting.set(conversation, set);
    return () => {
      set.delete(tell);
      if (set.size === 0) this.#waiting.delete(conversation);
    };
  }
}
