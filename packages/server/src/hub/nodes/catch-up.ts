import { setTimeout as sleep } from 'node:timers/promises';
import type { ConversationId, Logged } from '@baton/core';
import type { Pool } from 'pg';
import type { Log } from '#ports/world.ts';
import { eventsBehind, headsAhead } from '#store/conversations.ts';
import { loggedOf, type Written } from './notice.ts';

/** Conversations compared in one statement. */
const AT_ONCE = 5_000;
/** The database is away: asked again after this. */
const AGAIN_MS = 500;

/** Who reads conversations on this node. */
export interface Follower {
  /** The log of a conversation is at `seq`. Answers after which seq its events are wanted; null: they are not. */
  wants(conversation: ConversationId, seq: number): number | null;
  /** All that are read here, and how far they are known. */
  heads(): Iterable<[ConversationId, number]>;
  /** Events that were not written by this node, or of which it did not know that they were: in order, without gaps. */
  take(conversation: ConversationId, events: readonly Logged[], json: readonly string[]): void;
}

/**
 * Brings what is read here to where the log is. One statement under way: what falls behind meanwhile goes into the next
 * one, so that a busy node reads many conversations at the cost of one.
 */
export class CatchUp {
  readonly #deps: Deps;
  readonly #behind = new Map<ConversationId, number>();
  #running: Promise<void> | null = null;
  #comparing: Promise<boolean> | null = null;
  #stopped = false;
  /** Events that notices brought, events that were read, and in how many reads; conversations compared, and found behind. */
  readonly stats = { brought: 0, events: 0, reads: 0, compared: 0, found: 0 };

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([this.#running, this.#comparing]);
  }

  /**
   * The log of a conversation is at `seq`. True when its events are wanted here and will come.
   *
   * @param written what is known of them: where it is all that is missing, the log need not be read
   */
  behind(conversation: ConversationId, seq: number, written: readonly Written[] = []): boolean {
    const after = this.#deps.follower().wants(conversation, seq);
    if (after === null) return false;
    const news = written.filter((one) => one.seq > after);
    if (news.at(-1)?.seq === seq && news.every((one, index) => one.seq === after + 1 + index)) {
      this.stats.brought += news.length;
      this.#hand(
        conversation,
        news.map(loggedOf),
        news.map(({ json }) => json),
      );
      return true;
    }
    this.#behind.set(conversation, Math.max(seq, this.#behind.get(conversation) ?? 0));
    this.#run();
    return true;
  }

  /** Looks at the logs of all that are read here, without anybody having said something. False: the database is away. */
  compare(): Promise<boolean> {
    this.#comparing = this.#compare();
    return this.#comparing;
  }

  async #compare(): Promise<boolean> {
    const { pool, follower, log } = this.#deps;
    const heads = [...follower().heads()];
    try {
      for (let at = 0; at < heads.length && !this.#stopped; at += AT_ONCE) {
        const some = heads.slice(at, at + AT_ONCE);
        this.stats.compared += some.length;
        for (const [conversation, seq] of await headsAhead(pool, some)) {
          this.stats.found++;
          this.behind(conversation, seq);
        }
      }
      return true;
    } catch (error) {
      log.debug({ error }, 'the log cannot be looked at; trying again soon');
      return false;
    }
  }

  #run(): void {
    if (this.#stopped) return;
    this.#running ??= this.#read().finally(() => {
      this.#running = null;
      if (this.#behind.size > 0) this.#run();
    });
  }

  async #read(): Promise<void> {
    // Notices of one flush come one after the other: they are read together.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#behind.size > 0 && !this.#stopped) {
      const wanted = this.#wanted();
      if (wanted.length === 0) return;
      try {
        const found = await eventsBehind(this.#deps.pool, wanted);
        for (const { conversation, events, json } of found) {
          this.stats.events += events.length;
          this.#hand(conversation, events, json);
        }
        this.stats.reads++;
        // Erased since. Were it not, the next look would find it.
        if (found.length === 0) for (const [conversation] of wanted) this.#behind.delete(conversation);
      } catch (error) {
        this.#deps.log.debug({ error }, 'the log cannot be read; trying again soon');
        await sleep(AGAIN_MS);
      }
    }
  }

  #hand(conversation: ConversationId, events: readonly Logged[], json: readonly string[]): void {
    this.#deps.learn(conversation, events);
    this.#deps.follower().take(conversation, events, json);
  }

  /** What is still behind and still read here. */
  #wanted(): [ConversationId, number][] {
    const follower = this.#deps.follower();
    const wanted: [ConversationId, number][] = [];
    for (const [conversation, seq] of this.#behind) {
      const after = follower.wants(conversation, seq);
      if (after === null) this.#behind.delete(conversation);
      else wanted.push([conversation, after]);
      if (wanted.length === AT_ONCE) break;
    }
    return wanted;
  }
}

interface Deps {
  pool: Pool;
  log: Log;
  follower: () => Follower;
  /** What is known of the conversation's state goes along. */
  learn(conversation: ConversationId, events: readonly Logged[]): void;
}
