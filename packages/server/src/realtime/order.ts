import type { ClientFrame } from '@baton/protocol';

/** A message that never comes again holds back the others no longer than this. */
const HELD_MS = 15_000;

/**
 * Keeps the order of what one connection says when something was refused for now (the database was away, too much at
 * once): until that message comes again, those behind it in the same conversation are refused for now too. Without it a
 * second message that is on its way already would be written before the first.
 */
export class Order {
  /** By conversation; empty while nothing was refused, which is nearly always. */
  readonly #awaited = new Map<string, { clientId: string; until: number }>();

  /** The message that has to come before this one; null: it may go on. */
  before(frame: ClientFrame): string | null {
    if (this.#awaited.size === 0 || frame.type !== 'say') return null;
    const key = frame.conversation ?? '';
    const awaited = this.#awaited.get(key);
    if (!awaited) return null;
    if (awaited.clientId !== frame.clientId && performance.now() < awaited.until) return awaited.clientId;
    this.#awaited.delete(key);
    return null;
  }

  /** It was refused for now. The first such message is the one that is awaited. */
  refusedForNow(frame: ClientFrame): void {
    if (frame.type !== 'say') return;
    const key = frame.conversation ?? '';
    if (!this.#awaited.has(key))
      this.#awaited.set(key, { clientId: frame.clientId, until: performance.now() + HELD_MS });
  }
}
