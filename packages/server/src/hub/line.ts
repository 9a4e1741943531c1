import type { HandoffId, Outlook, QueueId, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import type { World } from '#ports/world.ts';
import type { Directory } from './directory.ts';
import type { Committed, Ledger } from './ledger.ts';
import { type Moved, moved } from './line-changes.ts';
import type { LineView } from './line-view.ts';
import { Openings } from './openings.ts';
import type { QueueAvailability } from './queue-availability.ts';
import { LINE_TIMINGS, type LineTimings, type Outside, type WatchedDeps, WatchedLine } from './watched-line.ts';

/**
 * The waiting line of each workspace in memory: who waits where, who could serve, how long it takes. Read again after
 * each commit that moves a handoff (`handoff.*` events only: messages cost nothing here) and every second while in use,
 * so it is right within a second of any change on any node.
 */
export class Line {
  readonly #deps: WatchedDeps;
  readonly #watched = new Map<WorkspaceId, WatchedLine>();
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
    const { pool, world, directory, outside } = deps;
    const timings = { ...LINE_TIMINGS, ...deps.timings };
    const tell = this.#tell.bind(this);
    this.#deps = { pool, world, directory, outside, timings, openings: new Openings(), tell };
    deps.ledger.onCommitted((committed) => this.#committed(committed));
    // Hours, routing and the roster are part of what is said of a line.
    deps.directory.onRead((workspace) => this.look(workspace));
  }

  start(): void {
    this.#poll ??= setInterval(() => this.#pollAll(), this.#deps.timings.pollMs);
    this.#poll.unref();
  }

  /** Resolves when no read is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#poll) clearInterval(this.#poll);
    this.#poll = null;
    await Promise.all([...this.#watched.values()].map((watched) => watched.stop()));
  }

  /** The line as known, at most a second or two old; read first where nothing is known. */
  async view(workspace: WorkspaceId): Promise<LineView> {
    const watched = this.#watch(workspace);
    watched.askedAt = this.#deps.world.now();
    return watched.youngerThan(2 * this.#deps.timings.pollMs) ?? (await watched.fresh());
  }

  /** The line as of a moment after this call. Calls that come together share one read. */
  fresh(workspace: WorkspaceId): Promise<LineView> {
    return this.#watch(workspace).fresh();
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
    this.fresh(workspace).catch((error) =>
      this.#deps.world.log.debug({ error, workspace }, 'the line could not be read'),
    );
  }

  /** What may be told to the customer of this handoff; without one, to somebody who comes now. */
  async outlook(workspace: WorkspaceId, queue: QueueId, handoff: HandoffId | null = null): Promise<Outlook> {
    return (await this.view(workspace)).outlook(queue, handoff);
  }

  async availability(workspace: WorkspaceId, queue: QueueId): Promise<QueueAvailability> {
    return (await this.view(workspace)).availability(queue);
  }

  /**
   * A customer has opened the chat. What outside desks say of themselves is wanted with his first words, and to ask them
   * takes longer than that: it is asked for now. Asked often, it costs nothing; a desk is asked no more than it may be.
   */
  askDesks(workspace: WorkspaceId): void {
    const { directory, outside, world } = this.#deps;
    if (!outside) return;
    directory.load([workspace]).then(
      () => {
        for (const { id } of directory.queues(workspace)) outside(workspace, id);
      },
      (error) => world.log.debug({ error, workspace }, 'desks could not be asked who is there'),
    );
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
      this.#watched.get(state.workspace)?.outcomesChanged();
    }
    // The other nodes hear of the commit itself.
    if (moves) this.#readSoon(state.workspace);
  }

  #watch(workspace: WorkspaceId): WatchedLine {
    const watched = this.#watched.get(workspace) ?? new WatchedLine(workspace, this.#deps);
    this.#watched.set(workspace, watched);
    return watched;
  }

  #tell(view: LineView, before: LineView | null): void {
    for (const listener of this.#views) listener(view, before);
    if (this.#moved.size === 0) return;
    const found = moved(before, view);
    if (found.length > 0) for (const listener of this.#moved) listener(found, view);
  }

  #pollAll(): void {
    for (const [workspace, watched] of this.#watched) {
      if (watched.isForgotten(this.#deps.timings.forgetMs)) this.#watched.delete(workspace);
      else this.#readSoon(workspace);
    }
  }
}
