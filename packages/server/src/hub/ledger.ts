import {
  type Command,
  type CommandOf,
  type Conversation,
  type ConversationId,
  decide,
  type Logged,
  type Refusal,
} from '@baton/core';
import type { Pool } from 'pg';
import type { World } from '#ports/world.ts';
import { loadConversations, seqOfKey } from '#store/conversations.ts';
import { flush, type Write } from '#store/flush.ts';
import type { Directory } from './directory.ts';
import { Hot } from './hot.ts';
import { toWrite } from './write.ts';

/** What became of a command. `events` is empty when there was nothing to do; `repeated` when it was answered before. */
export type Outcome =
  | { ok: true; seq: number; events: readonly Logged[]; repeated: boolean; state: Conversation }
  | { ok: false; refusal: Refusal };

/** What was written, in order per conversation. `json` has the events as stored, so that nobody serialises twice. */
export interface Committed {
  before: Conversation | null;
  state: Conversation;
  events: readonly Logged[];
  json: readonly string[];
  /** Outside sides that have something to do now. */
  wakes: readonly string[];
}

/** The database did not take it. Nothing is known to be written; the same command with its key may be sent again. */
export class Unavailable extends Error {
  readonly retryAfterMs = 2_000;
  constructor(cause?: unknown) {
    super('The database does not answer. Nothing was lost: try again.', { cause });
    this.name = 'Unavailable';
  }
}

/** One command on its way. */
interface Pending {
  command: Command;
  done: (outcome: Outcome | Unavailable) => void;
  /** Set by the decision; null while it waits for the state to be loaded. */
  outcome: Outcome | null;
  json: readonly string[];
  before: Conversation | null;
}

/** Commands that may wait at once. More would only grow the delay of all: who comes then is told to come back. */
const MOST_WAITING = 20_000;
/** How often a command is decided again after another node was faster, before it is given back. */
const MOST_RACES = 20;

interface Entry {
  id: ConversationId;
  /** The state with everything decided so far, written or not; undefined: not loaded. */
  state: Conversation | null | undefined;
  /** The state as written; null: no such conversation, or not loaded. */
  committed: Conversation | null;
  /** seq of what is written. */
  written: number;
  /** The stored deadline as far as known. */
  deadline: number | null;
  /** Decided, not yet taken by a flush. */
  decided: Pending[];
  /** Waiting for the state to be loaded. */
  loading: Pending[];
  /** A flush is carrying some of it right now. */
  inFlight: boolean;
  races: number;
}

/** One conversation's part of a flush. */
interface Share {
  entry: Entry;
  pendings: Pending[];
  write: Write | null;
}

/**
 * THE write door. Every change of a conversation goes through here: the state of hot conversations is in memory, a
 * command is decided at once, and what is decided while a flush is under way goes into the next one, so that one
 * statement carries them all. Nobody hears of an event, not even its sender, before it is on disk.
 *
 * Any node may write any conversation: the head's seq is the fence. Who lost the race loads and decides again.
 */
export class Ledger {
  readonly #pool: Pool;
  readonly #world: World;
  readonly #directory: Directory;
  readonly #hot = new Hot<Entry>(atRest);
  readonly #listeners = new Set<(committed: Committed) => void>();
  /** Entries with something decided. */
  #dirty = new Set<Entry>();
  #toLoad = new Set<Entry>();
  #flushing = false;
  #scheduled = false;
  #waiting = 0;
  #idle: (() => void)[] = [];
  readonly stats = { flushes: 0, events: 0, races: 0, failures: 0 };

  constructor(deps: { pool: Pool; world: World; directory: Directory }) {
    this.#pool = deps.pool;
    this.#world = deps.world;
    this.#directory = deps.directory;
  }

  /** Called after each commit, in order per conversation. Must be quick and must not throw. */
  onCommitted(listener: (committed: Committed) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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
    const entry = this.#entry(id);
    this.#decide(entry, { command, done, outcome: null, json: [], before: null });
  }

  /** The state as of the last commit that this node knows of; null when there is no such conversation. */
  async read(id: ConversationId): Promise<Conversation | null> {
    const known = this.#hot.get(id)?.committed;
    if (known) return known;
    return (await loadConversations(this.#pool, [id])).get(id)?.state ?? null;
  }

  /** Another node wrote this conversation: what is known here is old. */
  forget(id: ConversationId): void {
    const entry = this.#hot.get(id);
    if (entry && atRest(entry)) this.#hot.delete(id);
  }

  /** Resolves when everything submitted so far is written or given back. */
  async settled(): Promise<void> {
    if (this.#waiting === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #entry(id: ConversationId): Entry {
    let entry = this.#hot.get(id);
    if (!entry) {
      entry = {
        id,
        state: undefined,
        committed: null,
        written: 0,
        deadline: null,
        decided: [],
        loading: [],
        inFlight: false,
        races: 0,
      };
      this.#hot.set(id, entry);
    }
    return entry;
  }

  #decide(entry: Entry, pending: Pending): void {
    // A conversation that is being opened cannot be there: no need to look.
    if (entry.state === undefined && pending.command.type === 'open' && entry.loading.length === 0) entry.state = null;
    const rules =
      entry.state === undefined ? undefined : this.#directory.rules(workspaceOf(entry.state, pending.command));
    if (entry.state === undefined || rules === undefined) {
      entry.loading.push(pending);
      this.#toLoad.add(entry);
      this.#schedule();
      return;
    }
    const before = entry.state;
    const decision = decide(before, pending.command, { at: this.#world.now(), newId: this.#world.newId, rules });
    pending.before = before;
    if ('refused' in decision) pending.outcome = { ok: false, refusal: decision.refused };
    else if ('repeat' in decision)
      pending.outcome = { ok: true, seq: decision.repeat, events: [], repeated: true, state: before as Conversation };
    else {
      pending.outcome = {
        ok: true,
        seq: decision.state.seq,
        events: decision.events,
        repeated: false,
        state: decision.state,
      };
      if (decision.events.length > 0) entry.state = decision.state;
    }
    const writes = pending.outcome.ok && pending.outcome.events.length > 0;
    // Answered at once, unless it rests on something that is not written yet.
    if (!writes && entry.decided.length === 0 && !entry.inFlight) return this.#finish(pending);
    entry.decided.push(pending);
    this.#dirty.add(entry);
    this.#schedule();
  }

  /** One flush under way and no timer: when idle, what came in this turn of the event loop goes at once. */
  #schedule(): void {
    if (this.#flushing || this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      while (this.#toLoad.size > 0 || this.#dirty.size > 0) {
        if (this.#toLoad.size > 0) await this.#load();
        if (this.#dirty.size > 0) {
          const entries = [...this.#dirty];
          this.#dirty = new Set();
          await this.#flush(entries);
        }
      }
    } finally {
      this.#flushing = false;
      if (this.#toLoad.size > 0 || this.#dirty.size > 0) this.#schedule();
      else if (this.#waiting === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  async #load(): Promise<void> {
    const entries = [...this.#toLoad];
    this.#toLoad = new Set();
    try {
      const unknown = entries.filter((entry) => entry.state === undefined);
      const found =
        unknown.length === 0
          ? new Map()
          : await loadConversations(
              this.#pool,
              unknown.map((entry) => entry.id),
            );
      for (const entry of unknown) {
        const stored = found.get(entry.id);
        entry.state = stored?.state ?? null;
        entry.committed = stored?.state ?? null;
        entry.written = entry.committed?.seq ?? 0;
        entry.deadline = stored?.deadline ?? null;
      }
      const workspaces = new Set(
        entries.flatMap((entry) => entry.loading.map(({ command }) => workspaceOf(entry.state ?? null, command))),
      );
      await this.#directory.load([...workspaces].filter((one) => one !== null));
    } catch (error) {
      for (const entry of entries) this.#giveBack(entry, error);
      return;
    }
    for (const entry of entries) for (const pending of entry.loading.splice(0)) this.#decide(entry, pending);
  }

  async #flush(entries: readonly Entry[]): Promise<void> {
    const batch: Share[] = [];
    const writes: Write[] = [];
    for (const entry of entries) {
      const pendings = entry.decided.splice(0);
      const write = this.#toWrite(entry, pendings);
      if (write) writes.push(write);
      entry.inFlight = true;
      batch.push({ entry, pendings, write });
    }
    let moved = new Set<ConversationId>();
    try {
      if (writes.length > 0) moved = await flush(this.#pool, writes);
      this.stats.flushes++;
    } catch (error) {
      for (const { entry } of batch) entry.inFlight = false;
      return this.#failed(batch, error);
    }
    for (const { entry, pendings, write } of batch) {
      entry.inFlight = false;
      if (write && !moved.has(entry.id)) this.#lostRace(entry, pendings);
      else this.#settle(entry, pendings, write);
    }
  }

  #toWrite(entry: Entry, pendings: Pending[]): Write | null {
    const decided = pendings.flatMap((pending) =>
      pending.outcome?.ok && pending.outcome.events.length > 0 ? [pending] : [],
    );
    const last = decided.at(-1)?.outcome;
    const first = decided[0];
    if (!first || !last?.ok) return null;
    const { write, json } = toWrite({
      before: first.before,
      state: last.state,
      batches: decided.map((pending) => (pending.outcome?.ok ? pending.outcome.events : [])),
      written: entry.written,
      deadline: entry.deadline,
      now: this.#world.now(),
      rules: this.#directory.rules(last.state.workspace),
    });
    decided.forEach((pending, index) => {
      pending.json = json[index] ?? [];
    });
    return write;
  }

  #settle(entry: Entry, pendings: Pending[], write: Write | null): void {
    if (write) {
      entry.written = write.next;
      if (write.deadline !== null) entry.deadline = write.deadline;
      entry.races = 0;
    }
    for (const pending of pendings) {
      const { outcome } = pending;
      if (outcome?.ok && outcome.events.length > 0) {
        this.stats.events += outcome.events.length;
        entry.committed = outcome.state;
        const committed: Committed = {
          before: pending.before,
          state: outcome.state,
          events: outcome.events,
          json: pending.json,
          wakes: write?.wakes ?? [],
        };
        // The sender first: his acknowledgement must not wait for everybody else's frames.
        this.#finish(pending);
        for (const listener of this.#listeners) listener(committed);
      } else this.#finish(pending);
    }
  }

  /** Another node moved the head: load again and decide again, everything that was built on the old state. */
  #lostRace(entry: Entry, pendings: Pending[]): void {
    this.stats.races++;
    entry.races++;
    const again = [...pendings, ...entry.decided.splice(0)];
    this.#dirty.delete(entry);
    entry.state = undefined;
    if (entry.races > MOST_RACES) {
      entry.races = 0;
      entry.loading.push(...again);
      this.#giveBack(entry, new Error('Lost too many races for this conversation.'));
      return;
    }
    for (const pending of again) pending.outcome = null;
    entry.loading.unshift(...again);
    this.#toLoad.add(entry);
  }

  /**
   * A flush failed. Is it one row's fault (bad text, a key used before), each conversation is tried alone, so that one
   * harms nobody else. Is the database gone, everybody gets his command back: nothing is known to be written, and
   * the next look loads the truth.
   */
  async #failed(batch: readonly Share[], error: unknown): Promise<void> {
    this.stats.failures++;
    if (!isData(error)) {
      for (const { entry, pendings } of batch) {
        entry.loading.unshift(...pendings, ...entry.decided.splice(0));
        this.#dirty.delete(entry);
        this.#giveBack(entry, error);
      }
      return;
    }
    if (batch.length > 1) {
      for (const { entry, pendings } of batch) entry.decided.unshift(...pendings);
      for (const { entry } of batch) await this.#flush([entry]);
      return;
    }
    const [only] = batch;
    if (only) await this.#failedAlone(only.entry, [...only.pendings, ...only.entry.decided.splice(0)], error);
  }

  /** A key older than the state remembers gets the answer of then; anything else is this conversation's own fault. */
  async #failedAlone(entry: Entry, pendings: Pending[], error: unknown): Promise<void> {
    this.#dirty.delete(entry);
    entry.state = undefined;
    if (!isKeyTaken(error)) {
      entry.loading.unshift(...pendings);
      return this.#giveBack(entry, error);
    }
    const stored = (await loadConversations(this.#pool, [entry.id]).catch(() => new Map())).get(entry.id);
    for (const pending of pendings) {
      const key = pending.outcome?.ok ? pending.outcome.events[0]?.key : undefined;
      const seq = key === undefined ? null : await seqOfKey(this.#pool, entry.id, key).catch(() => null);
      if (seq !== null && stored) {
        pending.outcome = { ok: true, seq, events: [], repeated: true, state: stored.state };
        this.#finish(pending);
      } else {
        pending.outcome = null;
        entry.loading.push(pending);
      }
    }
    if (entry.loading.length > 0) this.#toLoad.add(entry);
  }

  #giveBack(entry: Entry, error: unknown): void {
    entry.state = undefined;
    this.#hot.delete(entry.id);
    for (const pending of entry.loading.splice(0)) {
      this.#waiting--;
      pending.done(new Unavailable(error));
    }
  }

  #finish(pending: Pending): void {
    this.#waiting--;
    if (pending.outcome) pending.done(pending.outcome);
  }
}

/** Nothing of it is on its way: it may be forgotten. */
function atRest(entry: Entry): boolean {
  return entry.decided.length === 0 && entry.loading.length === 0 && !entry.inFlight;
}

function workspaceOf(state: Conversation | null, command: Command) {
  return state?.workspace ?? (command.type === 'open' ? command.workspace : null);
}

/** PostgreSQL's classes 22 (data), 23 (constraint): the row is at fault, not the database. */
function isData(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && (code.startsWith('22') || code.startsWith('23'));
}

function isKeyTaken(error: unknown): boolean {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return code === '23505' && constraint === 'events_key';
}
