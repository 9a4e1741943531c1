import type { Clock } from './clock.ts';

/** How soon an answer must come when we have a reason to doubt (the laptop woke up). */
const DOUBT_MS = 5_000;

export interface HeartbeatOptions {
  clock: Clock;
  /** Between two pings. The answer must come within half of this: a dead link is noticed after 1.5 times it at the latest. */
  everyMs: number;
  /** Sends a ping; null where the other side sends signs of life by itself, at least one in `everyMs`. */
  ping: (() => void) | null;
  dead: () => void;
}

/**
 * Tells a dead link from a quiet one. The answer is counted from when the ping really went out, not from the last
 * frame: browsers delay the timers of hidden tabs up to a minute, and a late ping is no proof of a dead link.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #heardAt: number;
  /** Something came since the last ping. */
  #answered = false;
  #cancel: () => void;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#heardAt = options.clock.now();
    this.#cancel = options.clock.after(options.everyMs, () => this.#ask(options.everyMs / 2));
  }

  /** Something arrived. */
  heard(): void {
    this.#heardAt = this.#options.clock.now();
    this.#answered = true;
  }

  /** Makes sure now that the link lives. */
  check(): void {
    if (!this.#options.ping) return;
    this.#cancel();
    this.#ask(Math.min(DOUBT_MS, this.#options.everyMs / 2));
  }

  stop(): void {
    this.#cancel();
  }

  #ask(withinMs: number): void {
    const { clock, everyMs, ping, dead } = this.#options;
    const asked = clock.now();
    this.#answered = false;
    ping?.();
    this.#cancel = clock.after(withinMs, () => {
      const answered = ping ? this.#answered : this.#heardAt > asked - everyMs;
      if (!answered) return dead();
      this.#cancel = clock.after(Math.max(0, everyMs - withinMs), () => this.#ask(everyMs / 2));
    });
  }
}
