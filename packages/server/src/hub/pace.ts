/** What reading may take of the time, in the long run. */
const SHARE = 0.2;
/** So much of it is saved up while little is read: the first changes after a quiet while are read at once. */
const MOST_SAVED_MS = 200;
/** However dear it is, it is read again after this. */
const MOST_WAIT_MS = 1_000;
/** The reads of which the quickest says what one costs. */
const QUICKEST_OF = 8;

/**
 * How soon a line may be read again. Reading has an account: it gains a fifth of the time, up to a limit, and each read is
 * paid from it. So whoever becomes free is seen at once, as long as that is not all the time; and a line of thousands, of
 * which a read costs much, is read less often and not at the cost of all else.
 *
 * A read costs what the quickest of the last ones took: what is more was spent waiting, for a database or a processor that
 * others kept busy. To wait for that again, several times over, would make a busy machine a slow one.
 *
 * Milliseconds of a clock that only goes forward.
 */
export class Pace {
  #saved = MOST_SAVED_MS;
  #at: number;
  readonly #took: number[] = [];

  constructor(now: number) {
    this.#at = now;
  }

  /** How long until the next read may begin. */
  waitMs(now: number): number {
    this.#gain(now);
    return this.#saved >= 0 ? 0 : -this.#saved / SHARE;
  }

  /** A read that took so long has ended. */
  read(ms: number, now: number): void {
    this.#gain(now);
    this.#took.push(ms);
    if (this.#took.length > QUICKEST_OF) this.#took.shift();
    this.#saved = Math.max(-SHARE * MOST_WAIT_MS, this.#saved - Math.min(...this.#took));
  }

  #gain(now: number): void {
    this.#saved = Math.min(MOST_SAVED_MS, this.#saved + SHARE * Math.max(0, now - this.#at));
    this.#at = now;
  }
}
