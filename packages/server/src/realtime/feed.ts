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
  readonly #readers = new Map<ConversationId, Set<Following>>();
  /** How far each conversation that is read here is known: handed to those who are live; who is catching up goes at least there. */
  readonly #heads = new Map<ConversationId, number>();
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
    this.#stranded.delete(following);
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

  wants(conversation: ConversationId, seq: number): number | null {
    if (!this.#readers.has(conversation)) return null;
    const known = this.#heads.get(conversation);
    if (known !== undefined) return known < seq ? known : null;
    // All its readers are catching up by themselves: until there, then.
    this.#heads.set(conversation, seq);
    return null;
  }

  heads(): Iterable<[ConversationId, number]> {
    return this.#heads;
  }

  /** Everybody who reads a conversation, for frames that are not events. */
  readersOf(conversation: ConversationId): Iterable<Following> {
    return this.#readers.get(conversation) ?? [];
  }

  /** Events are in the log, in order and without gaps among themselves: live readers get what they have not. */
  take(conversation: ConversationId, events: readonly Logged[], json: readonly string[]): void {
    const set = this.#readers.get(conversation);
    const last = events.at(-1);
    if (!set || !last) return;
    this.#reached(conversation, last.seq);
    const texts = events.map((logged, index) => new EventText(conversation, logged, json[index]));
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

  #reached(conversation: ConversationId, seq: number): void {
    if (seq > (this.#heads.get(conversation) ?? -1)) this.#heads.set(conversation, seq);
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
        if (following.state === 'catching' && whole && following.seq >= (this.#heads.get(conversation) ?? 0)) {
          following.state = 'live';
          this.#reached(conversation, following.seq);
          return;
        }
        if (following.state !== 'catching') return;
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
