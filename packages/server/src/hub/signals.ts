import type { AgentPresence, ConversationId, Millis, WorkspaceId } from '@baton/core';

/** What is shown and never stored. */
export type Signal =
  | {
      type: 'typing';
      conversation: ConversationId;
      who: { role: 'customer' | 'bot' | 'agent'; id: string; name?: string };
      on: boolean;
      text?: string;
    }
  | { type: 'read'; conversation: ConversationId; who: 'customer' | 'agent'; seq: number }
  | {
      type: 'presence';
      workspace: WorkspaceId;
      agent: { id: string; name: string; avatarUrl?: string };
      state: AgentPresence;
      /** Of a break. */
      backAt: Millis | null;
      capacity: number;
      active: number;
      wrapping: number;
    };

/** Who types, who has read, who is there: from whoever knows it to whoever shows it. */
export class Signals {
  readonly #listeners = new Set<(signal: Signal, own: boolean) => void>();

  /** `own`: it comes from somebody on this node. */
  on(listener: (signal: Signal, own: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(signal: Signal): void {
    for (const listener of this.#listeners) listener(signal, true);
  }

  /** From another node. */
  pass(signal: Signal): void {
    for (const listener of this.#listeners) listener(signal, false);
  }
}
