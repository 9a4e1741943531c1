import type { Clock } from '@baton/sdk';

/** Told again at most this often while the customer writes on. */
const AGAIN_MS = 3_000;
/** Without a change for this long he has stopped. */
const PAUSE_MS = 5_000;

/** Tells the other side that the customer is writing: not at each key, and that he stopped. */
export class TypingSign {
  readonly #clock: Clock;
  readonly #tell: (on: boolean) => void;
  #toldAt: number | null = null;
  #cancel = () => {};

  constructor(clock: Clock, tell: (on: boolean) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  writes(text: string): void {
    if (text.trim() === '') return this.#off();
    const now = this.#clock.now();
    if (this.#toldAt === null || now - this.#toldAt >= AGAIN_MS) {
      this.#toldAt = now;
      this.#tell(true);
    }
    this.#cancel();
    this.#cancel = this.#clock.after(PAUSE_MS, () => this.#off());
  }

  /** He sent it: the message itself says that he stopped. */
  said(): void {
    this.#cancel();
    this.#toldAt = null;
  }

  stop(): void {
    this.said();
  }

  #off(): void {
    if (this.#toldAt !== null) this.#tell(false);
    this.said();
  }
}
