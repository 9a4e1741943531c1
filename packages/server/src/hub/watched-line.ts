import { hoursOf, limitsOf, type Millis, type QueueId, routingOf, type WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import type { DeskOutlook } from '#ports/desk.ts';
import type { World } from '#ports/world.ts';
import { readLine } from '#store/line.ts';
import { type OutcomeRow, readOutcomes } from '#store/outcomes.ts';
import type { Directory } from './directory.ts';
import { LineView } from './line-view.ts';
import type { Openings } from './openings.ts';
import { Pace } from './pace.ts';
import { LATE_MS, MOST_OUTCOMES, OUTCOMES_MS, Waits } from './waits.ts';
import { WatchedDesks } from './watched-desks.ts';

export interface LineTimings {
  /** Least time between two reads of one workspace. What changes in between goes into the next. */
  spacingMs: number;
  /** How often a workspace that is in use is read without a reason: other nodes change it too, and presence runs out. */
  pollMs: number;
  /** Outcomes of waits are read again at most this often, when this node has seen a handoff accepted or ended ... */
  measureMs: number;
  /** ... and at least this often, for those that other nodes saw. */
  remeasureMs: number;
  /** A workspace with nobody online and nobody waiting is forgotten when nobody has asked for this long. */
  forgetMs: number;
  /** An agent's connection that was not seen for this long is gone. */
  staleMs: number;
}

export const LINE_TIMINGS: LineTimings = {
  spacingMs: 20,
  pollMs: 1_000,
  measureMs: 2_000,
  remeasureMs: 60_000,
  forgetMs: 60_000,
  staleMs: 45_000,
};

/** Of the outside desk of a queue: null where it says nothing, undefined where there is none. */
export type Outside = (workspace: WorkspaceId, queue: QueueId) => DeskOutlook | null | undefined;

export interface WatchedDeps {
  pool: Pool;
  world: World;
  directory: Directory;
  openings: Openings;
  outside: Outside | undefined;
  timings: LineTimings;
  /** Called with each new view. */
  tell: (view: LineView, before: LineView | null) => void;
}

/** The line of one workspace that somebody looks at: when it is read again, and what its waits have taught so far. */
export class WatchedLine {
  readonly workspace: WorkspaceId;
  /** The last one; null: nothing was read yet. */
  view: LineView | null = null;
  /** When somebody asked last. */
  askedAt: Millis;
  readonly #deps: WatchedDeps;
  /** The read that has not begun yet, for all who want one that begins after now. */
  #next: Promise<LineView> | null = null;
  #reading: Promise<LineView> | null = null;
  #readAt: Millis = 0;
  /** By the clock that only goes forward, as all of the pace. */
  #endedAt = Number.NEGATIVE_INFINITY;
  readonly #pace = new Pace(performance.now());
  #waits = new Waits();
  readonly #desks: WatchedDesks;
  #measuredAt: Millis = 0;
  /** Something was accepted or ended since. */
  #measuredOld = true;
  #stopped = false;

  constructor(workspace: WorkspaceId, deps: WatchedDeps) {
    this.workspace = workspace;
    this.#deps = deps;
    this.askedAt = deps.world.now();
    const { pool, world } = deps;
    this.#desks = new WatchedDesks({ pool, world, workspace, breathe: () => this.#breathe() });
  }

  /** What is known, while it is not older than this. */
  youngerThan(ms: number): LineView | null {
    return Math.abs(this.#deps.world.now() - this.#readAt) <= ms ? this.view : null;
  }

  /** As of a moment after this call. Calls that come together share one read. */
  fresh(): Promise<LineView> {
    this.#next ??= this.#later();
    return this.#next;
  }

  /** A wait is over: outcomes are read again soon. */
  outcomesChanged(): void {
    this.#measuredOld = true;
  }

  /** Is nobody there, nobody waiting, nothing being read, and has nobody asked for so long? */
  isForgotten(ms: number): boolean {
    const { view } = this;
    const waits = view === null || view.waiting.length > 0 || this.#desks.isUsed;
    const used = waits || view.team.some(({ presence }) => presence !== 'offline');
    return !used && !this.#next && !this.#reading && this.#deps.world.now() - this.askedAt > ms;
  }

  /** Resolves when no read is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.allSettled([this.#reading, this.#next]);
  }

  /** One read at a time and no more often than spacing and pace allow; at once when the last one is long past. */
  async #later(): Promise<LineView> {
    await this.#reading?.catch(() => undefined);
    const now = performance.now();
    const wait = Math.max(this.#endedAt + this.#deps.timings.spacingMs - now, this.#pace.waitMs(now));
    if (wait > 0 && !this.#stopped) await new Promise((resolve) => setTimeout(resolve, wait));
    this.#next = null;
    this.#reading = this.#read().finally(() => {
      this.#reading = null;
      this.#endedAt = performance.now();
    });
    return this.#reading;
  }

  async #read(): Promise<LineView> {
    const { workspace } = this;
    const { pool, world, directory, timings } = this.#deps;
    const [began, start] = [world.now(), performance.now()];
    const measure = Math.abs(began - this.#measuredAt) >= (this.#measuredOld ? timings.measureMs : timings.remeasureMs);
    const measuredAt = this.#measuredAt;
    const first = measuredAt === 0;
    const since = first ? began - OUTCOMES_MS : measuredAt - LATE_MS;
    if (measure) {
      this.#measuredAt = began;
      this.#measuredOld = false;
    }
    const [rows, outcomes] = await Promise.all([
      readLine(pool, workspace, { liveSince: began - timings.staleMs, now: began }),
      measure ? readOutcomes(pool, workspace, since, MOST_OUTCOMES) : [],
      directory.load([workspace]),
      this.#desks.read(directory.rules(workspace), began),
    ]).catch((error: unknown) => {
      // Not read: the next one has to, from where this one would have begun.
      if (measure) {
        this.#measuredAt = Math.min(this.#measuredAt, measuredAt);
        this.#measuredOld = true;
      }
      throw error;
    });
    this.#waits.take(outcomes, rows.team);
    if (first) void this.#learn(outcomes, rows.team, began);
    const before = this.view;
    const view = this.#viewOf(rows, began);
    this.view = view;
    this.#readAt = world.now();
    this.#deps.tell(view, before);
    const end = performance.now();
    this.#pace.read(end - start, end);
    return view;
  }

  #viewOf(rows: Awaited<ReturnType<typeof readLine>>, asOf: Millis): LineView {
    const { workspace } = this;
    const { directory, openings, outside } = this.#deps;
    const rules = directory.rules(workspace);
    return new LineView({
      ...rows,
      workspace,
      waits: this.#waits,
      ...(this.view ? { shown: this.view.shown } : {}),
      passOverSeconds: (queue) => (rules ? limitsOf(rules, queue).passOverSeconds : 0),
      ...(rules ? { routing: (queue) => routingOf(rules, queue), hours: (queue) => hoursOf(rules, queue) } : {}),
      opening: (hours, now) => openings.at(hours, now),
      ...(outside ? { outside: (queue) => outside(workspace, queue) } : {}),
      desks: this.#desks.at(rules),
      shifts: directory.shifts(workspace),
      asOf,
    });
  }

  /** What waits have taught is learned again from what is stored, beside everything else; until then times must do. */
  async #learn(outcomes: readonly OutcomeRow[], team: LineView['team'], began: Millis): Promise<void> {
    const learned = new Waits();
    try {
      await learned.learn(outcomes, team, () => this.#breathe());
    } catch (error) {
      if (!this.#stopped) this.#deps.world.log.error({ error, workspace: this.workspace }, 'past waits taught nothing');
      return;
    }
    this.#waits = learned;
    // What happened meanwhile is read again, by the one that has not heard of it.
    this.#measuredAt = Math.min(this.#measuredAt, began);
    this.#measuredOld = true;
  }

  #breathe(): Promise<void> {
    return new Promise((resolve, reject) => {
      setImmediate(() => (this.#stopped ? reject(new Error('The line has stopped.')) : resolve()));
    });
  }
}
