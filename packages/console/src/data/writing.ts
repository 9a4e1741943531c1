import type { ClientFrame, PartInput } from '@baton/protocol';
import { frameOf, type Live } from './live.ts';
import { controlOf } from './picture.ts';
import type { ConversationId, Outgoing, State } from './state.ts';

/** Typing is said again this often while somebody types. */
const TYPING_EVERY_MS = 3_000;

export type Written = Pick<Outgoing, 'conversation' | 'kind' | 'parts' | 'files'>;

/**
 * Sends what the agent writes. It is kept, also over a reload, until the log shows it: after a break of the line the
 * hub gets it again under the same id and takes it once.
 */
export class Writing {
  readonly #live: Live;
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly #key: string;
  #saved: State['outgoing'] = [];
  #typing: { conversation: ConversationId; at: number } | null = null;

  /** @param storage sessionStorage: each tab keeps its own. @param agent whose words they are: the next one at this screen must not send them. */
  constructor(live: Live, storage: Pick<Storage, 'getItem' | 'setItem'>, agent: string) {
    this.#live = live;
    this.#storage = storage;
    this.#key = `baton.outgoing.${agent}`;
    for (const one of this.#read()) live.dispatch({ type: 'wrote', outgoing: one });
    live.onChange(() => this.#save());
    live.onFrame((frame) => {
      if (frame.type === 'refused' && frame.retryAfterMs !== undefined)
        setTimeout(() => this.#sendAgain(frame.clientId ?? frame.id), frame.retryAfterMs);
    });
  }

  write(written: Written): void {
    const epoch = controlOf(this.#live.state, written.conversation)?.epoch ?? null;
    const outgoing: Outgoing = {
      ...written,
      epoch,
      clientId: this.#live.newId(),
      at: this.#live.now(),
      state: 'sending',
    };
    this.#live.dispatch({ type: 'wrote', outgoing });
    this.#send(outgoing);
    this.typing(written.conversation, false);
  }

  /** Sends a refused text again: under a new id, since the old one has its answer. */
  again(one: Outgoing, kind: Outgoing['kind'] = one.kind): void {
    this.discard(one.clientId);
    this.write({ conversation: one.conversation, kind, parts: one.parts, files: one.files });
  }

  discard(clientId: string): void {
    this.#live.dispatch({ type: 'discarded', clientId });
  }

  /** Tells the others that the agent types. Cheap to call on every key. */
  typing(conversation: ConversationId, on: boolean): void {
    const at = this.#live.now();
    const last = this.#typing?.conversation === conversation ? this.#typing : null;
    if (on ? last !== null && at - last.at < TYPING_EVERY_MS : last === null) return;
    this.#typing = on ? { conversation, at } : null;
    this.#live.tell({ type: 'typing', conversation, on });
  }

  /** What the hub has not acknowledged: for the feed to send again after a welcome, in order. */
  unanswered(): ClientFrame[] {
    return this.#live.state.outgoing.filter((one) => one.state === 'sending').map(frameOf);
  }

  /** The hub could not take it then. After a break of the line the feed has sent it already; twice does no harm. */
  #sendAgain(clientId: string | undefined): void {
    const one = this.#live.state.outgoing.find((other) => other.clientId === clientId && other.state === 'sending');
    if (one) this.#send(one);
  }

  #send(one: Outgoing): void {
    this.#live.tell(frameOf(one));
  }

  #save(): void {
    const { outgoing } = this.#live.state;
    if (outgoing === this.#saved) return;
    this.#saved = outgoing;
    try {
      this.#storage.setItem(this.#key, JSON.stringify(outgoing));
    } catch {
      // Storage full or blocked: it is still sent, only a reload before the acknowledgement would lose it.
    }
  }

  #read(): Outgoing[] {
    try {
      const saved: Outgoing[] = JSON.parse(this.#storage.getItem(this.#key) ?? '[]');
      // What was acknowledged is in the log.
      return saved.filter((one) => one.state !== 'sent');
    } catch {
      return [];
    }
  }
}

/** Text and uploaded files as parts of a message. */
export function partsOf(text: string, files: { id: string }[]): PartInput[] {
  const parts: PartInput[] = files.map(({ id }) => ({ type: 'file', file: { id: id as `fil_${string}` } }));
  return text.trim() === '' ? parts : [{ type: 'text', text }, ...parts];
}
