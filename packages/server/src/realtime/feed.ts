import { setTimeout as sleep } from 'node:timers/promises';
import type { ConversationId, Logged } from '@baton/core';
import type { Pool } from 'pg';
import type { Ledger } from '#hub/ledger.ts';
import type { Follower } from '#hub/nodes/catch-up.ts';
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

/** A conversation that is read here. */
interface Read {
  readonly readers: Set<Following>;
  /** How far it is known: handed to those who are live; who is catching up goes at least there. Null: not known yet. */
  head: number | null;
}

/** Events that a reader without a place gets: the last so many. Older ones are read by HTTP. */
const LAST_EVENTS = 200;
/** Readers whom the database left standing are tried again after this, so many at once. */
const AGAIN_MS = 500;
const AGAIN_AT_ONCE = 8;

/**
 * Who reads which conversation. Everybody resumes by seq: first what is in the log, then what comes, with no gap and
 * nothing twice between the two. A slow reader gets nothing more until it has drained, then catches up from the log:
 * memory does not grow with it.
 */
export class Feed implements Follower {
  readonly #pool: Pool;
  readonly #log: Log;
  readonly #read = new Map<ConversationId, Read>();
  /** Readers whom a database that went away left standing. */
  readonly #stranded = new Set<Following>();
  #rescuing = false;

  constructor(deps: { pool: Pool; ledger: Ledger; log: Log }) {
    this.#pool = deps.pool;
    this.#log = deps.log;
    deps.ledger.onCommitted(({ state, events, json }) => this.take(state.id, events, json));
  }

  /** Number of places taken. */
  get size(): number {
    let size = 0;
    for (const { readers } of this.#read.values()) size += readers.size;
    return size;
  }

  /** Begins to read after `after`; null: the last events, then what comes. `caughtUp` when the reader has what was missing. */
  follow(
    conversation: ConversationId,
    reader: Reader,
    after: number | null,
  ): { place: Following; caughtUp: Promise<void> } {
    const following: Following = { conversation, reader, seq: after ?? -1, state: 'catching' };
    const read = this.#read.get(conversation);
    if (read) read.readers.add(following);
    else this.#read.set(conversation, { readers: new Set([following]), head: null });
    return { place: following, caughtUp: this.#catchUp(following) };
  }

  unfollow(following: Following): void {
    following.state = 'ended';
    this.#stranded.delete(following);
    const readers = this.#read.get(following.conversation)?.readers;
    readers?.delete(following);
    if (readers?.size === 0) this.#read.delete(following.conversation);
  }

  /** The reader's connection has drained. */
  async resume(following: Following): Promise<void> {
    if (following.state !== 'lagging') return;
    following.state = 'catching';
    await this.#catchUp(following);
  }

  wants(conversation: ConversationId, seq: number): number | null {
    const read = this.#read.get(conversation);
    if (!read) return null;
    if (read.head !== null) return read.head < seq ? read.head : null;
    // All its readers are catching up by themselves: until there, then.
    read.head = seq;
    return null;
  }

  *heads(): Iterable<[ConversationId, number]> {
    for (const [conversation, { head }] of this.#read) if (head !== null) yield [conversation, head];
  }

  /** Everybody who reads a conversation, for frames that are not events. */
  readersOf(conversation: ConversationId): Iterable<Following> {
    return this.#read.get(conversation)?.readers ?? [];
  }

  /** Events are in the log, in order and without gaps among themselves: live readers get what they have not. */
  take(conversation: ConversationId, events: readonly Logged[], json: readonly string[]): void {
    const read = this.#read.get(conversation);
    const last = events.at(-1);
    if (!read || !last) return;
    read.head = Math.max(read.head ?? 0, last.seq);
    const texts = events.map((logged, index) => new EventText(conversation, logged, json[index]));
    for (const following of read.readers) {
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
      for (let first = true; ; first = false) {
        // At first from the event on that it says it has: if that is not there, it has seen more than there is (a backup
        // was brought back, or it makes it up), and what it says must not count for others as the head of the log.
        const claimed = first && following.seq > 0;
        const page =
          following.seq < 0
            ? await eventsBefore(this.#pool, conversation, null, LAST_EVENTS)
            : await eventsAfter(this.#pool, conversation, claimed ? following.seq - 1 : following.seq);
        if (following.state !== 'catching') return;
        if (claimed && page.length === 0) {
          following.seq = -1;
          continue;
        }
        const whole = following.seq < 0 || page.length < PAGE;
        if (following.seq < 0) following.seq = (page[0]?.seq ?? 1) - 1;
        this.#deliver(
          following,
          page.map((logged) => new EventText(conversation, logged)),
        );
        // What was committed since the page was read is in the log by now: read on until nothing is missing.
        if (following.state !== 'catching') return;
        const read = this.#read.get(conversation);
        if (read && whole && following.seq >= (read.head ?? 0)) {
          following.state = 'live';
          read.head = following.seq;
          return;
        }
      }
    } catch (error) {
      // The database is away. The reader stays where it is, and is brought along when it is back.
      this.#log.warn({ error, conversation }, 'feed: could not catch up; trying again soon');
      if (following.state !== 'catching') return;
      following.state = 'lagging';
      this.#stranded.add(following);
      void this.#rescue();
    }
  }

  /** One asks until the database answers, then all the others. */
  async #rescue(): Promise<void> {
    if (this.#rescuing) return;
    this.#rescuing = true;
    while (this.#stranded.size > 0) {
      await sleep(AGAIN_MS, undefined, { ref: false });
      let some = [...this.#stranded].slice(0, 1);
      while (some.length > 0) {
        for (const following of some) this.#stranded.delete(following);
        await Promise.all(some.map((following) => this.resume(following)));
        // Whoever failed is among the stranded again.
        some = some.some((following) => this.#stranded.has(following))
          ? []
          : [...this.#stranded].slice(0, AGAIN_AT_ONCE);
      }
    }
    this.#rescuing = false;
  }
}
