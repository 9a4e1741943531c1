import {
  type Command,
  type CommandOf,
  type Conversation,
  type ConversationId,
  decide,
  keyOf,
  type Logged,
  type RefusalCode,
  replay,
} from '@baton/core';
import type { Pool } from 'pg';
import type { World } from '#ports/world.ts';
import { loadConversations, seqOfKey } from '#store/conversations.ts';
import type { Directory } from './directory.ts';
import {
  type Entry,
  atRest as isAtRest,
  newEntry,
  type Outcome,
  type Pending,
  Unavailable,
  workspaceOf,
} from './entry.ts';
import { Hot } from './hot.ts';
import { isData, Writer } from './writer.ts';

export { type Outcome, Unavailable } from './entry.ts';

/** What was written, in order per conversation. `json` has the events as stored, so that nobody serialises twice. */
export interface Committed {
  before: Conversation | null;
  state: Conversation;
  events: readonly Logged[];
  json: readonly string[];
  /** Outside sides that have something to do now. */
  wakes: readonly string[];
}

/** Commands that may wait at once. More would only grow the delay of all: who comes then is told to come back. */
const MOST_WAITING = 20_000;

/**
 * THE write door. Every change of a conversation goes through here: the state of hot conversations is in memory, a
 * command is decided at once, and what is decided while a flush is under way goes into the next one, so that one
 * statement carries them all (writer.ts). Nobody hears of an event, not even its sender, before it is on disk.
 *
 * Any node may write any conversation: the head's seq is the fence. Who lost the race loads and decides again.
 */
export class Ledger {
  readonly #pool: Pool;
  readonly #world: World;
  readonly #directory: Directory;
  readonly #hot = new Hot<Entry>(isAtRest);
  readonly #writer: Writer;
  readonly #listeners = new Set<(committed: Committed) => void>();
  readonly #flushListeners = new Set<(flush: { events: number; ms: number }) => void>();
  /** Commands that were refused, by code, since the start. */
  readonly refusals = new Map<RefusalCode, number>();
  readonly #doubters = new Set<() => void>();
  /** What is in memory may be told without a look. */
  #believed = true;
  /** No other node writes. */
  #alone = true;
  #waiting = 0;
  #idle: (() => void)[] = [];

  constructor(deps: { pool: Pool; world: World; directory: Directory }) {
    this.#pool = deps.pool;
    this.#world = deps.world;
    this.#directory = deps.directory;
    this.#writer = new Writer({
      ...deps,
      decide: (entry, pending) => this.#decide(entry, pending),
      finish: (pending, outcome) => this.#finish(pending, outcome),
      publish: (committed) => {
        for (const listener of this.#listeners) listener(committed);
      },
      forget: (entry) => this.#hot.delete(entry.id),
      flushed: (flush) => {
        for (const listener of this.#flushListeners) listener(flush);
      },
      doubt: () => {
        for (const doubter of this.#doubters) doubter();
      },
    });
  }

  /** Flushes, events, lost races and failures since the start. */
  get stats(): Readonly<Writer['stats']> {
    return this.#writer.stats;
  }

  /** Commands that were taken and are not answered yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Called after each statement that wrote. Must be quick and must not throw. */
  onFlushed(listener: (flush: { events: number; ms: number }) => void): void {
    this.#flushListeners.add(listener);
  }

  /** Called after each commit, in order per conversation. Must be quick and must not throw. */
  onCommitted(listener: (committed: Committed) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Called when a flush failed: what it carried may be written all the same, and nobody was told. */
  onDoubt(listener: () => void): void {
    this.#doubters.add(listener);
  }

  /** Decides and writes. Resolves after the commit; throws `Unavailable` when the database does not answer. */
  commit(id: ConversationId, command: Command): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.submit(id, command, (outcome) => (outcome instanceof Unavailable ? reject(outcome) : resolve(outcome)));
    });
  }

  open(command: CommandOf<'open'>): Promise<Outcome> {
    return this.commit(command.id, command);
  }

  /** `commit` without a promise, for the sockets: `done` is called after the commit. */
  submit(id: ConversationId, command: Command, done: (outcome: Outcome | Unavailable) => void): void {
    if (this.#waiting >= MOST_WAITING)
      return done(new Unavailable(new Error(`${MOST_WAITING} commands wait already.`)));
    this.#waiting++;
    let entry = this.#hot.get(id);
    if (!entry) {
      entry = newEntry(id);
      this.#hot.set(id, entry);
    }
    this.#decide(entry, { command, done, outcome: null, json: [], before: null, fresh: false });
  }

  /**
   * The state as of the last commit that this node knows of; null when there is no such conversation.
   *
   * @param atLeast the caller has seen this seq (in the log, in a notice): what is known is not older
   */
  async read(id: ConversationId, atLeast = 0): Promise<Conversation | null> {
    const { committed: known = null, heard = 0 } = this.#hot.get(id) ?? {};
    if (known && known.seq >= Math.max(atLeast, heard) && this.#believed) return known;
    return (await loadConversations(this.#pool, [id])).get(id)?.state ?? null;
  }

  /** The state as of now, whichever node wrote it last: for whoever wrote by way of another node a moment ago. */
  async readNow(id: ConversationId): Promise<Conversation | null> {
    if (this.#alone) return this.read(id);
    return (await loadConversations(this.#pool, [id])).get(id)?.state ?? null;
  }

  /** Does this node hear of what others write? While it does not, `read` looks; what is written is fenced anyway. */
  believe(believed: boolean, alone: boolean): void {
    this.#believed = believed;
    this.#alone = alone;
  }

  /** Another node wrote this conversation up to `seq`: what is known here is old. */
  forget(id: ConversationId, seq: number): void {
    const entry = this.#hot.get(id);
    if (!entry || entry.written >= seq) return;
    if (isAtRest(entry)) this.#hot.delete(id);
    else entry.heard = Math.max(entry.heard, seq);
  }

  /** Another node wrote these events, without gaps: what is known here goes along, or is forgotten where it cannot. */
  learn(id: ConversationId, events: readonly Logged[]): void {
    const entry = this.#hot.get(id);
    const last = events.at(-1);
    if (!entry || !last || last.seq <= entry.written) return;
    // What is under way meets the fence and loads.
    if (!isAtRest(entry)) {
      entry.heard = Math.max(entry.heard, last.seq);
      return;
    }
    const news = events.filter(({ seq }) => seq > entry.written);
    const state = entry.state && news[0]?.seq === entry.written + 1 ? replay(entry.state, news) : null;
    if (!state) {
      this.#hot.delete(id);
      return;
    }
    entry.state = state;
    entry.committed = state;
    entry.written = state.seq;
  }

  /** Resolves when everything submitted so far is written or given back. */
  async settled(): Promise<void> {
    if (this.#waiting > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #decide(entry: Entry, pending: Pending): void {
    // A conversation that is being opened cannot be there: no need to look. Were it there, the fence would tell.
    if (entry.state === undefined && pending.command.type === 'open' && entry.loading.length === 0) entry.state = null;
    const before = entry.state;
    const rules = before === undefined ? undefined : this.#directory.rules(workspaceOf(before, pending.command));
    // Who came first is decided first: also where the state is there, and what waited for it is not decided yet.
    if (before === undefined || rules === undefined || entry.loading.length > 0)
      return this.#writer.load(entry, pending);
    const decision = decide(before, pending.command, { at: this.#world.now(), newId: this.#world.newId, rules });
    pending.before = before;
    if ('refused' in decision) pending.outcome = { ok: false, refusal: decision.refused };
    else if ('repeat' in decision)
      pending.outcome = { ok: true, seq: decision.repeat, events: [], repeated: true, state: before as Conversation };
    else {
      pending.outcome = {
        ok: true,
        seq: decision.seq,
        events: decision.events,
        repeated: false,
        state: decision.state,
      };
      if (decision.events.length > 0) entry.state = decision.state;
    }
    const { ok } = pending.outcome;
    const atRest = entry.decided.length === 0 && !entry.inFlight;
    // Another node may have moved on without this one having heard: nobody is refused on an old state. (What is written
    // is fenced by seq, and so is a refusal that rests on it.)
    if (!ok && atRest && !pending.fresh && before !== null) {
      entry.state = undefined;
      return this.#writer.load(entry, pending);
    }
    const writes = ok && pending.outcome.events.length > 0;
    // Answered at once, unless it rests on something that is not written yet.
    if (!writes && atRest) this.#finish(pending, pending.outcome);
    else this.#writer.write(entry, pending);
  }

  #finish(pending: Pending, outcome: Outcome | Unavailable): void {
    const { before } = pending;
    const key = 'refusal' in outcome && before !== null ? keyOf(pending.command) : undefined;
    if (key === undefined || before === null) this.#answer(pending, outcome);
    else void this.#unlessDone(before, key, outcome).then((answer) => this.#answer(pending, answer));
  }

  /** The state remembers the last keys only: a refusal counts when the log does not know the command either. */
  async #unlessDone(before: Conversation, key: string, refused: Outcome | Unavailable): Promise<Outcome | Unavailable> {
    try {
      const seq = await seqOfKey(this.#pool, before.id, key);
      return seq === null ? refused : { ok: true, seq, events: [], repeated: true, state: before };
    } catch (error) {
      // A key that the log could not hold is not in it. Told to try again, its sender would do so for ever.
      return isData(error) ? refused : new Unavailable(error);
    }
  }

  #answer(pending: Pending, outcome: Outcome | Unavailable): void {
    this.#waiting--;
    if ('refusal' in outcome) {
      const { code } = outcome.refusal;
      this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
    }
    pending.done(outcome);
    if (this.#waiting === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
