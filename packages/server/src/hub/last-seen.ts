/** The last so many of what was added. */
export class LastSeen {
  readonly #most: number;
  readonly #seen = new Set<string>();

  constructor(most: number) {
    this.#most = most;
  }

  add(one: string): void {
    this.#seen.add(one);
    if (this.#seen.size <= this.#most) return;
    // A set remembers the order in which things came.
    for (const oldest of this.#seen) {
      this.#seen.delete(oldest);
      return;
    }
  }

  has(one: string): boolean {
    return this.#seen.has(one);
  }
}
