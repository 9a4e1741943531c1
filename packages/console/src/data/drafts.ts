import type { ConversationId, Outgoing } from './state.ts';

/** Drafts that are kept; the oldest go. */
const KEPT = 200;

type Kind = Outgoing['kind'];

/** What an agent began to write, per conversation and kind, kept over reloads and browser restarts. */
export class Drafts {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly #key: string;
  readonly #drafts: Map<string, string>;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>, agent: string) {
    this.#storage = storage;
    this.#key = `baton.drafts.${agent}`;
    this.#drafts = this.#read();
  }

  get(conversation: ConversationId, kind: Kind): string {
    return this.#drafts.get(`${conversation} ${kind}`) ?? '';
  }

  set(conversation: ConversationId, kind: Kind, text: string): void {
    const name = `${conversation} ${kind}`;
    this.#drafts.delete(name);
    if (text !== '') this.#drafts.set(name, text);
    try {
      this.#storage.setItem(this.#key, JSON.stringify([...this.#drafts].slice(-KEPT)));
    } catch {
      // Full or blocked: it is kept until the reload.
    }
  }

  #read(): Map<string, string> {
    try {
      return new Map(JSON.parse(this.#storage.getItem(this.#key) ?? '[]'));
    } catch {
      return new Map();
    }
  }
}
