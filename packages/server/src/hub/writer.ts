import type { Conversation, ConversationId, Logged } from '@baton/core';
import type { Pool } from 'pg';
import type { World } from '#ports/world.ts';
import { loadConversations, type Stored, seqsOfKeys } from '#store/conversations.ts';
import { flush, type Write } from '#store/flush.ts';
import type { Directory } from './directory.ts';
import { type Entry, type Outcome, type Pending, Unavailable, workspaceOf } from './entry.ts';
import type { Committed } from './ledger.ts';
import { toWrite } from './write.ts';

/** How often a command is decided again after another node was faster, before it is given back. */
const MOST_RACES = 20;
/** How many conversations of a batch that failed are set apart, before each is tried alone. */
const MOST_APART = 4;

export interface WriterDeps {
  pool: Pool;
  world: World;
  directory: Directory;
  /** Decides a command whose state is loaded (again). */
  decide(entry: Entry, pending: Pending): void;
  finish(pending: Pending, outcome: Outcome | Unavailable): void;
  publish(committed: Committed): void;
  forget(entry: Entry): void;
  /** A flush was written: so many events in so many milliseconds. */
  flushed(flush: { events: number; ms: number }): void;
  /** A flush failed, and it is not known whether it was written. */
  doubt(): void;
}

/** One conversation's part of a flush. */
interface Share {
  entry: Entry;
  pendings: Pending[];
  write: Write | null;
}

/**
 * The ledger's way to the database: group commit. One flush under way and no timer: what is decided meanwhile goes into
 * the next one; when idle, what came in this turn of the event loop goes at once, so that at low rates the latency is
 * that of one INSERT.
 */
export class Writer {
  readonly #deps: WriterDeps;
  /** Entries with something decided. */
  #dirty = new Set<Entry>();
  #toLoad = new Set<Entry>();
  #running = false;
  #scheduled = false;
  readonly stats = { flushes: 0, events: 0, races: 0, failures: 0 };

  constructor(deps: WriterDeps) {
    this.#deps = deps;
  }

  /** Decided: to be written, or to be answered after what it rests on is written. */
  write(entry: Entry, pending: Pending): void {
    entry.decided.push(pending);
    this.#dirty.add(entry);
    this.#schedule();
  }

  /** Not loaded yet: decided as soon as it is. */
  load(entry: Entry, pending: Pending): void {
    entry.loading.push(pending);
    this.#toLoad.add(entry);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#running || this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
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
      this.#running = false;
      if (this.#toLoad.size > 0 || this.#dirty.size > 0) this.#schedule();
    }
  }

  async #load(): Promise<void> {
    const { pool, directory, decide } = this.#deps;
    const entries = [...this.#toLoad];
    this.#toLoad = new Set();
    try {
      const unknown = entries.filter((entry) => entry.state === undefined);
      const found =
        unknown.length === 0
          ? new Map<ConversationId, Stored>()
          : await loadConversations(
              pool,
              unknown.map((entry) => entry.id),
            );
      for (const entry of unknown) {
        const stored = found.get(entry.id);
        entry.state = stored?.state ?? null;
        entry.committed = entry.state;
        entry.written = entry.state?.seq ?? 0;
        entry.deadline = stored?.deadline ?? null;
      }
      const workspaces = new Set(
        entries.flatMap((entry) => entry.loading.map(({ command }) => workspaceOf(entry.state ?? null, command))),
      );
      await directory.load([...workspaces].filter((one) => one !== null));
    } catch (error) {
      for (const entry of entries) this.#giveBack(entry, error);
      return;
    }
    for (const entry of entries) {
      for (const pending of entry.loading.splice(0)) {
        pending.fresh = true;
        decide(entry, pending);
      }
    }
  }

  async #flush(entries: readonly Entry[], apart = 0): Promise<void> {
    const batch: Share[] = [];
    const writes: Write[] = [];
    for (const entry of entries) {
      const pendings = entry.decided.splice(0);
      const write = this.#toWrite(entry, pendings);
      if (write) writes.push(write);
      entry.inFlight = true;
      batch.push({ entry, pendings, write });
    }
    let lost: ReadonlySet<ConversationId> = new Set();
    const began = performance.now();
    try {
      if (writes.length > 0) lost = await flush(this.#deps.pool, writes);
      this.stats.flushes++;
      if (writes.length > 0) {
        let events = 0;
        for (const write of writes) events += write.events.length;
        this.#deps.flushed({ events, ms: performance.now() - began });
      }
    } catch (error) {
      for (const { entry } of batch) entry.inFlight = false;
      return this.#failed(batch, error, apart);
    }
    for (const share of batch) {
      share.entry.inFlight = false;
      if (lost.has(share.entry.id)) this.#lostRace(share.entry, share.pendings);
      else this.#settle(share);
    }
  }

  #toWrite(entry: Entry, pendings: readonly Pending[]): Write | null {
    const writing: Pending[] = [];
    const batches: (readonly Logged[])[] = [];
    let state: Conversation | null = null;
    for (const pending of pendings) {
      const { outcome } = pending;
      if (!outcome?.ok || outcome.events.length === 0) continue;
      writing.push(pending);
      batches.push(outcome.events);
      state = outcome.state;
    }
    const [first] = writing;
    if (!first || !state) return null;
    const { write, json } = toWrite({
      before: first.before,
      state,
      batches,
      written: entry.written,
      deadline: entry.deadline,
      now: this.#deps.world.now(),
      rules: this.#deps.directory.rules(state.workspace),
      webhooks: this.#deps.directory.webhooks(state.workspace),
    });
    for (const [index, pending] of writing.entries()) pending.json = json[index] ?? [];
    return write;
  }

  #settle({ entry, pendings, write }: Share): void {
    if (write) {
      entry.written = write.next;
      if (write.deadline !== null) entry.deadline = write.deadline;
      entry.races = 0;
    }
    for (const pending of pendings) {
      const { outcome, before, json } = pending;
      if (!outcome) continue;
      if (outcome.ok && outcome.events.length > 0) {
        this.stats.events += outcome.events.length;
        entry.committed = outcome.state;
        // The sender first: his acknowledgement must not wait for everybody else's frames.
        this.#deps.finish(pending, outcome);
        this.#deps.publish({ before, state: outcome.state, events: outcome.events, json, wakes: write?.wakes ?? [] });
      } else this.#deps.finish(pending, outcome);
    }
  }

  /** Another node moved the head: load again and decide again, everything that was built on the old state. */
  #lostRace(entry: Entry, pendings: readonly Pending[]): void {
    this.stats.races++;
    entry.races++;
    this.#again(entry, pendings);
    if (entry.races <= MOST_RACES) {
      this.#toLoad.add(entry);
      return;
    }
    entry.races = 0;
    this.#giveBack(entry, new Error('Lost too many races for this conversation.'));
  }

  /** Back to the start for these and for what was decided on top of them, in their order. */
  #again(entry: Entry, pendings: readonly Pending[]): void {
    const all = [...pendings, ...entry.decided.splice(0)];
    for (const pending of all) pending.outcome = null;
    entry.loading.unshift(...all);
    entry.state = undefined;
    this.#dirty.delete(entry);
  }

  /**
   * A flush failed. Is it one row's fault (bad text, a key used before), it harms nobody else: the conversation that
   * PostgreSQL names is set apart and the others go again; where it names none, each goes alone. Is the database gone,
   * everybody gets his command back: nothing is known to be written, and the next look loads the truth.
   */
  async #failed(batch: readonly Share[], error: unknown, apart: number): Promise<void> {
    this.stats.failures++;
    if (!isData(error)) {
      this.#deps.doubt();
      for (const { entry, pendings } of batch) {
        this.#again(entry, pendings);
        this.#giveBack(entry, error);
      }
      return;
    }
    const [only, ...more] = batch;
    if (only && more.length === 0) return this.#failedAlone(only, error);
    const named = apart < MOST_APART ? batch.find(({ entry }) => names(error, entry.id)) : undefined;
    const others = batch.filter((share) => share !== named);
    for (const { entry, pendings } of others) entry.decided.unshift(...pendings);
    const entries = others.map((share) => share.entry);
    if (named) await Promise.all([this.#failedAlone(named, error), this.#flush(entries, apart + 1)]);
    else for (const entry of entries) await this.#flush([entry]);
  }

  /** A key older than the state remembers gets the answer of then; anything else is this conversation's own fault. */
  async #failedAlone({ entry, pendings }: Share, error: unknown): Promise<void> {
    const { pool, finish, world } = this.#deps;
    const keys = new Map(
      [...pendings, ...entry.decided].map((pending) => [
        pending,
        // Not always on the first event: what is said in a closed conversation opens it first.
        pending.outcome?.ok ? pending.outcome.events.find(({ key }) => key !== undefined)?.key : undefined,
      ]),
    );
    this.#again(entry, pendings);
    if (!isKeyTaken(error)) {
      // Our own fault: what comes in is made storable at the edge and by the rules.
      world.log.error({ error, conversation: entry.id }, 'what was decided cannot be stored');
      return this.#giveBack(entry, error);
    }
    try {
      const state = (await loadConversations(pool, [entry.id])).get(entry.id)?.state as Conversation;
      const used = await seqsOfKeys(
        pool,
        entry.id,
        [...keys.values()].filter((key) => key !== undefined),
      );
      // All at once, and no await from here on: what came meanwhile stays behind those that came before it.
      const firsts = new Map<string, Pending>();
      for (const pending of entry.loading.splice(0)) {
        const key = keys.get(pending);
        const seq = used.get(key ?? '');
        const first = key === undefined ? undefined : firsts.get(key);
        if (seq !== undefined) finish(pending, { ok: true, seq, events: [], repeated: true, state });
        else if (first) this.#follow(first, pending);
        else {
          if (key !== undefined) firsts.set(key, pending);
          entry.loading.push(pending);
        }
      }
      this.#toLoad.add(entry);
    } catch (gone) {
      this.#giveBack(entry, gone);
    }
  }

  /**
   * The same command twice in one flush, with so many others between them that the state had forgotten the first: it is
   * done once, and both get its answer. (Tried again as they are, they would be in each other's way for ever.)
   */
  #follow(first: Pending, again: Pending): void {
    const { done } = first;
    first.done = (outcome) => {
      done(outcome);
      const failed = outcome instanceof Unavailable || !outcome.ok;
      this.#deps.finish(again, failed ? outcome : { ...outcome, events: [], repeated: true });
    };
  }

  #giveBack(entry: Entry, error: unknown): void {
    entry.state = undefined;
    this.#deps.forget(entry);
    for (const pending of entry.loading.splice(0)) this.#deps.finish(pending, new Unavailable(error));
  }
}

/** PostgreSQL's classes 22 (data) and 23 (constraint): the row is at fault, not the database. */
export function isData(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && (code.startsWith('22') || code.startsWith('23'));
}

/** Does PostgreSQL name this conversation as the one at fault? It does where a key is taken: `Key (...)=(cnv_..., ...) already exists.` */
function names(error: unknown, conversation: ConversationId): boolean {
  const { detail } = error as { detail?: unknown };
  return typeof detail === 'string' && detail.includes(conversation);
}

function isKeyTaken(error: unknown): boolean {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return code === '23505' && constraint === 'events_key';
}
