import type { ServerFrameOf } from '@baton/protocol';

/** A message that this side has sent. */
export interface Sent {
  clientId: string;
  /** The seq that the server acknowledged; null: not yet. */
  seq: number | null;
  /** Acknowledged again under another seq: it is there twice. */
  otherSeq: number | null;
  refused: string | null;
}

/** An event as it came down the wire. */
export interface Receipt {
  /** Which of this side's connections it came by; 0 is the one that was open already when the witness came. */
  connection: number;
  seq: number;
}

/**
 * What one side of one conversation saw on its wire, before anything mends it: a client drops what comes twice, a
 * witness writes it down.
 */
export class Witness {
  readonly #sent = new Map<string, Sent>();
  readonly #receipts: Receipt[] = [];
  /** Per connection: the seq after which the server was asked to go on; null where it was not told. */
  readonly #since: (number | null)[] = [null];
  #head = 0;

  /** A connection begins. */
  connected(since: number | null): void {
    this.#since.push(since);
  }

  received(seq: number): void {
    this.#receipts.push({ connection: this.#since.length - 1, seq });
    this.#head = Math.max(this.#head, seq);
  }

  /** Handed to the socket; once more after a reconnection is the same. */
  said(clientId: string): void {
    if (!this.#sent.has(clientId)) this.#sent.set(clientId, { clientId, seq: null, otherSeq: null, refused: null });
  }

  acknowledged({ clientId, seq }: ServerFrameOf<'ack'>): void {
    const sent = clientId === undefined ? undefined : this.#sent.get(clientId);
    if (!sent || seq === undefined) return;
    if (sent.seq === null) sent.seq = seq;
    else if (sent.seq !== seq) sent.otherSeq = seq;
  }

  refused({ clientId, code, retryAfterMs }: ServerFrameOf<'refused'>): void {
    const sent = clientId === undefined ? undefined : this.#sent.get(clientId);
    // With `retryAfterMs` it is not an answer yet: it is sent again.
    if (sent && retryAfterMs === undefined) sent.refused = code;
  }

  /** Highest seq that came. */
  get head(): number {
    return this.#head;
  }

  /** How many connections there were. */
  get connections(): number {
    return this.#since.length;
  }

  /** In the order in which they were sent. */
  get sent(): readonly Sent[] {
    return [...this.#sent.values()];
  }

  get receipts(): readonly Receipt[] {
    return this.#receipts;
  }

  /** What the server was told on a connection: `since` of its hello. */
  sinceOf(connection: number): number | null {
    return this.#since[connection] ?? null;
  }
}
