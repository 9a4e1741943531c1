/** Sessions by a key (an agent's id, a customer's, a workspace's): who of ours is reached there. */
export class People<T> {
  readonly #by = new Map<string, Set<T>>();

  add(key: string, one: T): void {
    const set = this.#by.get(key);
    if (set) set.add(one);
    else this.#by.set(key, new Set([one]));
  }

  delete(key: string, one: T): void {
    const set = this.#by.get(key);
    set?.delete(one);
    if (set?.size === 0) this.#by.delete(key);
  }

  of(key: string): Iterable<T> {
    return this.#by.get(key) ?? [];
  }

  keys(): Iterable<string> {
    return this.#by.keys();
  }

  has(key: string): boolean {
    return this.#by.has(key);
  }
}
