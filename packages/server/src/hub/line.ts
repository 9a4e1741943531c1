import {
  type HandoffId,
  hoursOf,
  limitsOf,
  type Millis,
  type Outlook,
  type QueueId,
  routingOf,
  type WorkspaceId,
} from '@baton/core';
import type { Pool } from 'pg';
import type { DeskOutlook } from '#ports/desk.ts';
import type { World } from '#ports/world.ts';
import { readLine } from '#store/line.ts';
import { type OutcomeRow, readOutcomes } from '#store/outcomes.ts';
import type { Directory } from './directory.ts';
import type { Committed, Ledger } from './ledger.ts';
import { type Moved, moved } from './line-changes.ts';
import { LineView, type QueueAvailability } from './line-view.ts';
import { Openings } from './openings.ts';
import { MOST_OUTCOMES, OUTCOMES_MS, Waits } from './waits.ts';

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

/** What happened on another node may be stored so much later than it happened. */
const LATE_MS = 60_000;

/** A read takes this share of the time at most: a line of thousands is read less often, not at the cost of all else. */
const SHARE = 4;

/** Of the outside desk of a queue: null where it says nothing, undefined where there is none. */
type Outside = (workspace: WorkspaceId, queue: QueueId) => DeskOutlook | null | undefined;

interface Watched {
  workspace: WorkspaceId;
  view: LineView | null;
  /** The read that has not begun yet, for all who want one that begins after now. */
  next: Promise<LineView> | null;
  reading: Promise<LineView> | null;
  readAt: Millis;
  tookMs: number;
  askedAt: Millis;
  waits: Waits;
  measuredAt: Millis;
  /** Something was accepted or ended since. */
  measuredOld: boolean;
}

/**
 * The waiting line of each workspace in memory: who waits where, who could serve, how long it takes. Read again after
 * each commit that moves a handoff (`handoff.*` events only: messages cost nothing here) and every second while in use,
 * so it is right within a second of any change on any node.
 */
export class Line {
  readonly #pool: Pool;
  readonly #world: World;
  readonly #directory: Directory;
  readonly #timings: LineTimings;
  readonly #outside: Outside | undefined;
  readonly #openings = new Openings();
  readonly #watched = new Map<WorkspaceId, Watched>();
  readonly #views = new Set<(view: LineView, before: LineView | null) => void>();
  readonly #moved = new Set<(moved: Moved[], view: LineView) => void>();
  readonly #changed = new Set<(workspace: WorkspaceId) => void>();
  #poll: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(deps: {
    pool: Pool;
    world: World;
    directory: Directory;
    ledger: Pick<Ledger, 'onCommitted'>;
    /** What outside desks say of themselves; left out: there are none. */
    outside?: Outside;
    timings?: Partial<LineTimings>;
  }) {
    this.#pool = deps.pool;
    this.#world = deps.world;
    this.#directory = deps.directory;
    this.#outside = deps.outside;
    this.#timings = { ...LINE_TIMINGS, ...deps.timings };
    deps.ledger.onCommitted((committed) => this.#committed(committed));
    // Hours, routing and the roster are part of what is said of a line.
    deps.directory.onRead((workspace) => this.look(workspace));
  }

  start(): void {
    this.#poll ??= setInterval(() => this.#pollAll(), this.#timings.pollMs);
    this.#poll.unref();
  }

  /** Resolves when no read is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#poll) clearInterval(this.#poll);
    this.#poll = null;
    await Promise.allSettled([...this.#watched.values()].flatMap(({ reading, next }) => [reading, next]));
  }

  /** The line as known, at most a second or two old; read first where nothing is known. */
  async view(workspace: WorkspaceId): Promise<LineView> {
    const watched = this.#watch(workspace);
    watched.askedAt = this.#world.now();
    const { view } = watched;
    if (view && this.#world.now() - watched.readAt <= 2 * this.#timings.pollMs) return view;
    return await this.fresh(workspace);
  }

  /** The line as of a moment after this call. Calls that come together share one read. */
  fresh(workspace: WorkspaceId): Promise<LineView> {
    const watched = this.#watch(workspace);
    watched.next ??= this.#later(watched);
    return watched.next;
  }

  /** This node changed something that the line shows: it is read again soon, and the other nodes are told. */
  changed(workspace: WorkspaceId): void {
    for (const listener of this.#changed) listener(workspace);
    this.#readSoon(workspace);
  }

  /** Another node changed something that the line shows: it is read again soon where it is in use. */
  look(workspace: WorkspaceId): void {
    if (this.#watched.has(workspace)) this.#readSoon(workspace);
  }

  onChanged(listener: (workspace: WorkspaceId) => void): void {
    this.#changed.add(listener);
  }

  #readSoon(workspace: WorkspaceId): void {
    if (this.#stopped) return;
    // Who needs the answer hears of the failure from `fresh`; the next poll tries again.
    this.fresh(workspace).catch((error) => this.#world.log.debug({ error, workspace }, 'the line could not be read'));
  }

  /** What may be told to the customer of this handoff; without one, to somebody who comes now. */
  async outlook(workspace: WorkspaceId, queue: QueueId, handoff: HandoffId | null = null): Promise<Outlook> {
    return (await this.view(workspace)).outlook(queue, handoff);
  }

  async availability(workspace: WorkspaceId, queue: QueueId): Promise<QueueAvailability> {
    return (await this.view(workspace)).availability(queue);
  }

  /** Called with each new view. Must be quick and must not throw. */
  onView(listener: (view: LineView, before: LineView | null) => void): () => void {
    this.#views.add(listener);
    return () => this.#views.delete(listener);
  }

  /** Called with the customers whose place or wait changed; at the first view of a workspace with all of them. */
  onMoved(listener: (moved: Moved[], view: LineView) => void): () => void {
    this.#moved.add(listener);
    return () => this.#moved.delete(listener);
  }

  #committed({ state, events }: Committed): void {
    let moves = false;
    for (const { event } of events) {
      if (!event.type.startsWith('handoff.')) continue;
      moves = true;
      if (event.type !== 'handoff.accepted' && event.type !== 'handoff.ended') continue;
      const watched = this.#watched.get(state.workspace);
      if (watched) watched.measuredOld = true;
    }
    // The other nodes hear of the commit itself.
    if (moves) this.#readSoon(state.workspace);
  }

  #watch(workspace: WorkspaceId): Watched {
    let watched = this.#watched.get(workspace);
    if (!watched) {
      watched = {
        workspace,
        view: null,
        next: null,
        reading: null,
        readAt: 0,
        tookMs: 0,
        askedAt: this.#world.now(),
        waits: new Waits(),
        measuredAt: 0,
        measuredOld: true,
      };
      this.#watched.set(workspace, watched);
    }
    return watched;
  }

  /** One read at a time and no more often than the spacing allows; at once when the last one is long past. */
  async #later(watched: Watched): Promise<LineView> {
    await watched.reading?.catch(() => undefined);
    const wait = watched.readAt + Math.max(this.#timings.spacingMs, SHARE * watched.tookMs) - this.#world.now();
    if (wait > 0 && !this.#stopped)
      await new Promise((resolve) => setTimeout(resolve, Math.min(wait, this.#timings.pollMs)));
    watched.next = null;
    watched.reading = this.#read(watched).finally(() => {
      watched.reading = null;
    });
    return watched.reading;
  }

  async #read(watched: Watched): Promise<LineView> {
    const { workspace } = watched;
    const began = this.#world.now();
    const measure =
      began - watched.measuredAt >= (watched.measuredOld ? this.#timings.measureMs : this.#timings.remeasureMs);
    const first = watched.measuredAt === 0;
    const since = first ? began - OUTCOMES_MS : watched.measuredAt - LATE_MS;
    if (measure) Object.assign(watched, { measuredAt: began, measuredOld: false });
    const [rows, outcomes] = await Promise.all([
      readLine(this.#pool, workspace, { liveSince: began - this.#timings.staleMs, now: began }),
      measure ? readOutcomes(this.#pool, workspace, since, MOST_OUTCOMES) : [],
      this.#directory.load([workspace]),
    ]);
    watched.waits.take(outcomes, rows.team);
    if (first) void this.#learn(watched, outcomes, rows.team, began);
    const rules = this.#directory.rules(workspace);
    const view = new LineView({
      ...rows,
      workspace,
      waits: watched.waits,
      ...(watched.view ? { shown: watched.view.shown } : {}),
      passOverSeconds: (queue) => (rules ? limitsOf(rules, queue).passOverSeconds : 0),
      ...(rules ? { routing: (queue) => routingOf(rules, queue), hours: (queue) => hoursOf(rules, queue) } : {}),
      opening: (hours, now) => this.#openings.at(hours, now),
      ...(this.#outside ? { outside: (queue) => this.#outside?.(workspace, queue) } : {}),
      shifts: this.#directory.shifts(workspace),
      asOf: began,
    });
    const before = watched.view;
    watched.view = view;
    watched.readAt = this.#world.now();
    this.#tell(view, before);
    watched.tookMs = this.#world.now() - began;
    return view;
  }

  /** What waits have taught is learned again from what is stored, beside everything else; until then times must do. */
  async #learn(
    watched: Watched,
    outcomes: readonly OutcomeRow[],
    team: LineView['team'],
    began: Millis,
  ): Promise<void> {
    const learned = new Waits();
    try {
      await learned.learn(outcomes, team, () => this.#breathe());
    } catch (error) {
      if (!this.#stopped) this.#world.log.error({ error, workspace: watched.workspace }, 'past waits taught nothing');
      return;
    }
    watched.waits = learned;
    // What happened meanwhile is read again, by the one that has not heard of it.
    Object.assign(watched, { measuredAt: Math.min(watched.measuredAt, began), measuredOld: true });
  }

  #breathe(): Promise<void> {
    return new Promise((resolve, reject) => {
      setImmediate(() => (this.#stopped ? reject(new Error('The line has stopped.')) : resolve()));
    });
  }

  #tell(view: LineView, before: LineView | null): void {
    for (const listener of this.#views) listener(view, before);
    if (this.#moved.size === 0) return;
    const found = moved(before, view);
    if (found.length > 0) for (const listener of this.#moved) listener(found, view);
  }

  #pollAll(): void {
    const now = this.#world.now();
    for (const watched of this.#watched.values()) {
      const { view, workspace } = watched;
      const used = view === null || view.waiting.length > 0 || view.team.some(({ presence }) => presence !== 'offline');
      if (!used && !watched.next && !watched.reading && now - watched.askedAt > this.#timings.forgetMs)
        this.#watched.delete(workspace);
      else this.#readSoon(workspace);
    }
  }
}
