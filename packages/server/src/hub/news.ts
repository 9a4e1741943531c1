import type { ConversationId } from '@baton/core';
import type { Nodes } from './nodes/nodes.ts';

/** Tells that a conversation has something new, without saying what: whoever asks reads the log himself. */
export class News {
  readonly #waiting = new Map<ConversationId, Set<() => void>>();

  constructor(nodes: Pick<Nodes, 'onWritten' | 'onMissed'>) {
    nodes.onWritten((conversation) => {
      for (const tell of this.#waiting.get(conversation) ?? []) tell();
    });
    nodes.onMissed((likely) => {
      if (!likely) return;
      for (const waiting of this.#waiting.values()) for (const tell of waiting) tell();
    });
  }

  /** Calls back after each commit of whichever node until the answer is called. */
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
