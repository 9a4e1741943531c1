import type { Millis } from '@baton/core';

/** Each entry is some hundred bytes. */
const MOST = 5_000;

/**
 * What a vendor was asked and need not be asked again at once: of the last `most` keys (5,000), for `keptMs` each (else for as long
 * as the process lives). It belongs to one process and is gone with it, so it saves calls and decides nothing: who needs what
 * it has forgotten asks again.
 */
export class Memory<Known, Key = string> {
  readonly #now: () => Millis;
  readonly #most: number;
  readonly #keptMs: Millis;
  readonly #known = new Map<Key, { value: Known; until: Millis }>();

  constructor(now: () => Millis, { most = MOST, keptMs = Number.POSITIVE_INFINITY } = {}) {
    this.#now = now;
    this.#most = most;
    this.#keptMs = keptMs;
  }

  /** Undefined: never known, forgotten, or too old. */
  get(key: Key): Known | undefined {
    const known = this.#known.get(key);
    return known && known.until > this.#now() ? known.value : undefined;
  }

  /** As the newest; the oldest goes where there are too many. */
  set(key: Key, value: Known, keptMs = this.#keptMs): void {
    this.#known.delete(key);
    this.#known.set(key, { value, until: this.#now() + keptMs });
    // A map remembers the order in which things came.
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.#most && oldest !== undefined) this.#known.delete(oldest);
  }

  /** What is known, or else what `ask` gives, which is known from then on; what it throws is not. Two at once ask twice. */
  async recall<Asked extends Known>(key: Key, ask: () => Promise<Asked>): Promise<Known> {
    const known = this.get(key);
    if (known !== undefined) return known;
    const asked = await ask();
    this.set(key, asked);
    return asked;
  }

  delete(key: Key): void {
    this.#known.delete(key);
  }
}
