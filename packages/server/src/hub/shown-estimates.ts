import type { Estimate, HandoffId } from '@baton/core';
import type { Pool } from 'pg';
import type { Log } from '#ports/world.ts';
import { keepShown, type Shown } from '#store/estimates-shown.ts';

/** Written together after this long; what a crash takes away is a line of a record, no promise. */
const WRITE_MS = 1_000;
/** Handoffs whose last range is remembered, so that the same one is kept once. */
const MOST_KNOWN = 10_000;

/** Keeps what customers saw of their wait while they waited, for the record (core: measures/wait-report.ts). */
export class ShownEstimates {
  readonly #deps: { pool: Pool; log: Log };
  #waiting: Shown[] = [];
  readonly #last = new Map<HandoffId, Estimate>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: { pool: Pool; log: Log }) {
    this.#deps = deps;
  }

  note(shown: Shown): void {
    const { handoff, estimate } = shown;
    if (isSame(this.#last.get(handoff), estimate)) return;
    this.#last.delete(handoff);
    this.#last.set(handoff, estimate);
    const [oldest] = this.#last.keys();
    if (this.#last.size > MOST_KNOWN && oldest !== undefined) this.#last.delete(oldest);
    this.#waiting.push(shown);
    this.#timer ??= setTimeout(() => this.#write(), WRITE_MS);
  }

  /** Writes what is left. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#write();
    await this.#writing;
  }

  #write(): void {
    this.#timer = undefined;
    const shown = this.#waiting;
    this.#waiting = [];
    if (shown.length === 0) return;
    this.#writing = keepShown(this.#deps.pool, shown).catch((error: unknown) =>
      this.#deps.log.warn({ error }, 'what customers were shown of their wait could not be kept'),
    );
  }
}

function isSame(before: Estimate | undefined, now: Estimate): boolean {
  return before?.lowSeconds === now.lowSeconds && before.highSeconds === now.highSeconds;
}
