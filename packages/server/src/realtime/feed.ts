import type { ConversationId } from '@baton/core';
import type { Pool } from 'pg';
import type { Committed, Ledger } from '#hub/ledger.ts';
import type { Log } from '#ports/world.ts';
import { eventsAfter, eventsBefore, PAGE } from '#store/conversations.ts';
import { type Audience, EventText } from './frame-text.ts';

/** A reader of one conversation. */
export interface Reader {
  readonly audience: Audience;
  send(text: string): void;
  /** Its connection holds so much already that more would only pile up here. */
  full(): boolean;
}

/**
 * One reader's place in one conversation.
 *
 *   catching ──reached the head──▶ live ──connection full──▶ lagging ──drained──▶ catching
 */
export interface Following {
  readonly conversation: ConversationId;
  readonly reader: Reader;
  /** The last seq handed over or passed by. */
  seq: number;
  state: 'catching' | 'live' | 'lagging' | 'ended';
}

/** Events that a reader without a place gets: the last so many. Older ones are read by HTTP. */
const LAST_EVENTS = 200;

/**
 * Who reads which conversation. Everybody resumes by seq: first what is in the log, then what comes, with no gap and
 * nothing twice between the two. A slow reader gets nothing more until it has drained, then catches up from the log:
 * memory does not grow with it.
 */
export class Feed {
  readonly #pool: Pool;
  readonly #log: Log;
  readonly #readers = new Map<ConversationId, Set<Following>>();
  /** Highest seq seen committed, while somebody reads. */
  readonly #heads = new Map<ConversationId, number>();

  constructor(deps: { pool: Pool; ledger: Ledger; log: Log }) {
    this.#pool = deps.pool;
    this.#log = deps.log;
    deps.ledger.onCommitted((committed) => this.#publish(committed));
  }

  /** Number of places taken. */
  get size(): number {
    let size = 0;
    for (const set of this.#readers.values()) size += set.size;
    return size;
  }

  /** Begins to read after `after`; null: the last events, then what comes. `caughtUp` when the reader has what was missing. */
  follow(
    conversation: ConversationId,
    reader: Reader,
    after: number | null,
  ): { place: Following; caughtUp: Promise<void> } {
    const following: Following = { conversation, reader, seq: after ?? -1, state: 'catching' };
    const set = this.#readers.get(conversation);
    if (set) set.add(following);
    else this.#readers.set(conversation, new Set([following]));
    return { place: following, caughtUp: this.#catchUp(following) };
  }

  unfollow(following: Following): void {
    following.state = 'ended';
    const set = this.#readers.get(following.conversation);
    set?.delete(following);
    if (set?.size === 0) {
      this.#readers.delete(following.conversation);
      this.#heads.delete(following.conversation);
    }
  }

  /** The reader's connection has drained. */
  async resume(following: Following): Promise<void> {
    if (following.state !== 'lagging') return;
    following.state = 'catching';
    await this.#catchUp(following);
  }

  /** Another node committed up to `seq`: readers here are brought there. */
  async behind(conversation: ConversationId, seq: number): Promise<void> {
    const set = this.#readers.get(conversation);
    if (!set) return;
    this.#heads.set(conversation, Math.max(seq, this.#heads.get(conversation) ?? 0));
    for (const following of set) {
      if (following.state !== 'live' || following.seq >= seq) continue;
      following.state = 'catching';
      await this.#catchUp(following);
    }
  }

  /** Everybody who reads a conversation, for frames that are not events. */
  readersOf(conversation: ConversationId): Iterable<Following> {
    return this.#readers.get(conversation) ?? [];
  }

  #publish({ state, events, json }: Committed): void {
    const set = this.#readers.get(state.id);
    const last = events.at(-1);
    if (!set || !last) return;
    this.#heads.set(state.id, last.seq);
    const texts = events.map((logged, index) => new EventText(state.id, logged, json[index]));
    for (const following of set) {
      if (following.state !== 'live') continue;
      const [first] = texts;
      // A gap: another node wrote in between. The log has it all.
      if (first && first.seq > following.seq + 1) {
        following.state = 'catching';
        void this.#catchUp(following);
      } else this.#deliver(following, texts);
    }
  }

  #deliver(following: Following, texts: readonly EventText[]): void {
    for (const text of texts) {
      if (text.seq <= following.seq) continue;
      if (following.reader.full()) {
        following.state = 'lagging';
        return;
      }
      following.seq = text.seq;
      const frame = text.for(following.reader.audience);
      if (frame !== null) following.reader.send(frame);
    }
  }

  async #catchUp(following: Following): Promise<void> {
    const { conversation } = following;
    try {
      for (;;) {
        const page =
          following.seq < 0
            ? await eventsBefore(this.#pool, conversation, null, LAST_EVENTS)
            : await eventsAfter(this.#pool, conversation, following.seq);
        if (following.state !== 'catching') return;
        const whole = following.seq < 0 || page.length < PAGE;
        if (following.seq < 0) following.seq = (page[0]?.seq ?? 1) - 1;
        this.#deliver(
          following,
          page.map((logged) => new EventText(conversation, logged)),
        );
        // What was committed since the page was read is in the log by now: read on until nothing is missing.
        if (following.state === 'catching' && whole && following.seq >= (this.#heads.get(conversation) ?? 0)) {
          following.state = 'live';
          return;
        }
        if (following.state !== 'catching') return;
      }
    } catch (error) {
      // The database is away. The reader stays where it is: its connection asks again.
      this.#log.warn({ error, conversation }, 'feed: could not catch up');
      if (following.state === 'catching') following.state = 'lagging';
    }
  }
}
