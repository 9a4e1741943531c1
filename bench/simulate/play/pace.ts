import { setTimeout as sleep } from 'node:timers/promises';

/** How long people take, in seconds at human speed. Typing is told in characters a second (40 words a minute is 3.5). */
const TYPING = { customer: 5, agent: 6 } as const;
const SHORTEST_TYPING = 1;
/** Nobody types an essay in one go: what is longer was pasted. */
const LONGEST_TYPING = 30;

/** Turns human times into waiting. */
export class Pace {
  readonly speed: number;
  readonly #signal: AbortSignal;

  constructor(speed: number, signal: AbortSignal) {
    this.speed = speed;
    this.#signal = signal;
  }

  /** Human seconds as milliseconds of this run. */
  ms(seconds: number): number {
    return (seconds * 1_000) / this.speed;
  }

  /** Lets human seconds pass. Throws when the run was stopped. */
  async pass(seconds: number): Promise<void> {
    await sleep(this.ms(seconds), undefined, { signal: this.#signal });
  }

  /** Human seconds that it takes to type this. */
  typing(text: string, who: keyof typeof TYPING): number {
    return Math.min(LONGEST_TYPING, Math.max(SHORTEST_TYPING, text.length / TYPING[who]));
  }
}
