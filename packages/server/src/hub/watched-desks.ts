import { firstDesk, type Millis, type Rules, type WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import type { World } from '#ports/world.ts';
import { type DeskRow, readDeskLine } from '#store/desk-line.ts';
import { DeskLines, MOST_ENDED } from './desk-lines.ts';
import type { AtDesks } from './desk-view.ts';
import { LATE_MS, OUTCOMES_MS } from './waits.ts';

/** The lines at the outside desks of one workspace: read with our own, where there is any. */
export class WatchedDesks {
  readonly #deps: { pool: Pool; world: World; workspace: WorkspaceId; breathe: () => Promise<void> };
  #lines = new DeskLines();
  #rows: readonly DeskRow[] = [];
  #readAt: Millis | null = null;

  constructor(deps: { pool: Pool; world: World; workspace: WorkspaceId; breathe: () => Promise<void> }) {
    this.#deps = deps;
  }

  at(rules: Rules | undefined): AtDesks {
    return { rows: this.#rows, lines: this.#lines, first: (queue) => (rules ? firstDesk(rules, queue) : null) };
  }

  /** Does anybody wait there? */
  get isUsed(): boolean {
    return this.#rows.some(({ phase }) => phase === 'requested' || phase === 'queued');
  }

  /** @param rules undefined: not known yet */
  async read(rules: Rules | undefined, now: Millis): Promise<void> {
    if (rules && !sendsToDesks(rules) && this.#rows.length === 0) return;
    const { pool, workspace } = this.#deps;
    const first = this.#readAt === null;
    const since = first ? now - OUTCOMES_MS : Math.min(now, this.#readAt ?? now) - LATE_MS;
    const rows = await readDeskLine(pool, workspace, since, MOST_ENDED);
    this.#readAt = now;
    this.#rows = rows.filter(({ phase }) => phase !== 'ended');
    if (first) void this.#learn(rows, now);
    else this.#lines.take(rows, now);
  }

  /** Beside everything else; until then nobody is told anything but what he was told before. */
  async #learn(rows: readonly DeskRow[], now: Millis): Promise<void> {
    const learned = new DeskLines();
    try {
      await learned.learn(rows, now, this.#deps.breathe);
    } catch (error) {
      this.#deps.world.log.debug({ error, workspace: this.#deps.workspace }, 'past waits at desks taught nothing');
      return;
    }
    this.#lines = learned;
    // What happened meanwhile is read again, by the one that has not heard of it.
    this.#readAt = now;
  }
}

function sendsToDesks({ queues }: Rules): boolean {
  return Object.values(queues).some(({ desks }) => desks.some((desk) => desk !== null));
}
