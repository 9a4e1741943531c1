/** How many conversations are kept in memory; about 3 KB each. */
const MOST = 50_000;

/**
 * The conversations that were touched last. A Map remembers the order of insertion: taking one out and putting it in
 * again makes it the youngest, and the oldest is the first. Only what is at rest may go.
 */
export class Hot<T extends object> {
  readonly #atRest: (entry: T) => boolean;
  readonly #entries = new Map<string, T>();

  constructor(atRest: (entry: T) => boolean) {
    this.#atRest = atRest;
  }

  get(id: string): T | undefined {
    const entry = this.#entries.get(id);
    if (entry && this.#entries.size > MOST / 2) {
      this.#entries.delete(id);
      this.#entries.set(id, entry);
    }
    return entry;
  }

  set(id: string, entry: T): void {
    this.#entries.set(id, entry);
    if (this.#entries.size <= MOST) return;
    for (const [oldest, candidate] of this.#entries) {
      if (!this.#atRest(candidate)) continue;
      this.#entries.delete(oldest);
      if (this.#entries.size <= MOST) return;
    }
  }

  delete(id: string): void {
    this.#entries.delete(id);
  }
}
