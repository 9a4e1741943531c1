/** Counts of one node, forgotten by themselves. Many nodes allow as many times more: these limits stop machines, not people. */
class Counts {
  readonly #now: () => number;
  readonly #windowMs: number;
  #counts = new Map<string, { count: number; until: number }>();
  #cleanAt = 0;

  constructor(now: () => number, windowMs: number) {
    this.#now = now;
    this.#windowMs = windowMs;
  }

  of(key: string): { count: number; until: number } | undefined {
    const found = this.#counts.get(key);
    return found && found.until > this.#now() ? found : undefined;
  }

  add(key: string): { count: number; until: number } {
    const now = this.#now();
    if (now > this.#cleanAt) {
      for (const [name, { until }] of this.#counts) if (until <= now) this.#counts.delete(name);
      this.#cleanAt = now + this.#windowMs;
    }
    const found = this.of(key) ?? { count: 0, until: now + this.#windowMs };
    found.count++;
    this.#counts.set(key, found);
    return found;
  }

  delete(key: string): void {
    this.#counts.delete(key);
  }

  left(until: number): number {
    return until - this.#now();
  }
}

/** So many failures, then a pause until the window is over. */
export class FailureLimit {
  readonly #counts: Counts;

  constructor(now: () => number, windowMs: number) {
    this.#counts = new Counts(now, windowMs);
  }

  count(key: string): void {
    this.#counts.add(key);
  }

  forget(key: string): void {
    this.#counts.delete(key);
  }

  /** Milliseconds to wait; 0 while another try is allowed. */
  waitOf(key: string, most: number): number {
    const found = this.#counts.of(key);
    return found && found.count >= most ? this.#counts.left(found.until) : 0;
  }
}

/** So many in a window. */
export class RateLimit {
  readonly #counts: Counts;
  readonly #most: number;

  constructor(now: () => number, windowMs: number, most: number) {
    this.#counts = new Counts(now, windowMs);
    this.#most = most;
  }

  /** Takes one; 0, or the milliseconds to wait when there are no more. */
  take(key: string): number {
    const { count, until } = this.#counts.add(key);
    return count > this.#most ? this.#counts.left(until) : 0;
  }
}
