import type { ConversationId } from '@baton/core';
import type { Pool } from 'pg';
import type { Log } from '#ports/world.ts';
import { moveReadMarks, type ReadMark, readMarksOf } from '#store/read-marks.ts';
import type { Signals } from './signals.ts';

/** Marks are written together after this long: they come with every message and nothing waits for them. */
const WRITE_MS = 200;

/** How far each side has read: shown at once, written soon. */
export class ReadMarks {
  readonly #deps: { pool: Pool; signals: Signals; log: Log };
  readonly #marks = new Map<string, ReadMark>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: { pool: Pool; signals: Signals; log: Log }) {
    this.#deps = deps;
  }

  mark(conversation: ConversationId, side: 'customer' | 'agent', seq: number): void {
    const key = `${conversation}:${side}`;
    const known = this.#marks.get(key);
    if (known && known.seq >= seq) return;
    this.#marks.set(key, { conversation, side, seq });
    this.#timer ??= setTimeout(() => this.#write(), WRITE_MS);
    this.#deps.signals.send({ type: 'read', conversation, who: side, seq });
  }

  of(conversation: ConversationId): Promise<Omit<ReadMark, 'conversation'>[]> {
    return readMarksOf(this.#deps.pool, conversation);
  }

  /** Writes what is left. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#write();
    await this.#writing;
  }

  #write(): void {
    this.#timer = undefined;
    const marks = [...this.#marks.values()];
    this.#marks.clear();
    if (marks.length === 0) return;
    this.#writing = moveReadMarks(this.#deps.pool, marks).catch((error: unknown) =>
      this.#deps.log.warn({ error }, 'read marks could not be written; the next ones will do'),
    );
  }
}
