import type { HandoffId, QueueId } from '#ids.ts';
import type { Expected } from '#queue/estimator.ts';
import type { Waiting } from '#queue/order.ts';
import type { Routing } from '#queue/routing.ts';
import type { Arrival } from './arrivals.ts';

/** One customer of a played plan. Seconds from its beginning. */
export interface Customer {
  id: HandoffId;
  at: number;
  /** The queue that he came to, by index. */
  queue: number;
  /** What he was told when he came into the line; null: nothing could be told, or he was asked for at once. */
  told: Expected | null;
  end: 'answered' | 'left' | 'waiting' | 'turned_away';
  endAt: number;
  /** He went on in another queue before. */
  overflowed: boolean;
  /** Who had him before answered him again. */
  sameAgent: boolean;
}

/** A queue as it is played. */
export interface Line {
  id: QueueId;
  routing: Routing;
  /** Where he goes on after so long, by index; null: nowhere. */
  overflow: { queue: number; afterSeconds: number } | null;
}

/** A customer in the line. */
export class InLine {
  readonly customer: Customer;
  readonly arrival: Arrival;
  /** When he gives up. */
  readonly leaves: number;
  readonly lastAgent: string | null;
  /** Where he waits now, by index, and since when. */
  queue: number;
  #queuedAt: number;
  readonly #been: number[];
  readonly #lines: readonly Line[];

  constructor(customer: Customer, arrival: Arrival, lastAgent: string | null, lines: readonly Line[]) {
    this.customer = customer;
    this.arrival = arrival;
    this.lastAgent = lastAgent;
    this.leaves = customer.at + arrival.stays;
    this.queue = arrival.queue;
    this.#queuedAt = customer.at;
    this.#been = [arrival.queue];
    this.#lines = lines;
  }

  /** When he goes on in another queue; Infinity: he stays in this one. Two that lead into each other are no circle. */
  get overflowsAt(): number {
    const overflow = this.#line.overflow;
    if (!overflow || this.#been.includes(overflow.queue)) return Number.POSITIVE_INFINITY;
    return this.#queuedAt + overflow.afterSeconds;
  }

  /** When something that he wishes for is no longer waited for; Infinity: nothing of the kind is ahead. */
  wishEndsAfter(now: number): number {
    const { stickySeconds, preferSeconds } = this.#line.routing;
    const { preferredSkills, language } = this.arrival.needs;
    const prefers = preferredSkills.length > 0 || language !== null ? this.#queuedAt + preferSeconds : 0;
    const sticks = this.lastAgent !== null && stickySeconds !== null ? this.#queuedAt + stickySeconds : 0;
    return Math.min(...[prefers, sticks, Number.POSITIVE_INFINITY].filter((end) => end > now));
  }

  /** He keeps his age. */
  overflow(now: number): void {
    const overflow = this.#line.overflow;
    if (!overflow) return;
    this.queue = overflow.queue;
    this.#been.push(overflow.queue);
    this.#queuedAt = now;
    this.customer.overflowed = true;
  }

  get waiting(): Waiting {
    const { skills, preferredSkills, language, priority } = this.arrival.needs;
    const { id, routing } = this.#line;
    return {
      handoff: this.customer.id,
      queue: id,
      priority,
      front: false,
      waitingSince: this.customer.at * 1_000,
      queuedAt: this.#queuedAt * 1_000,
      skills,
      preferredSkills,
      language,
      lastAgent: this.lastAgent,
      passedOver: [],
      passOverSeconds: 0,
      routing,
    };
  }

  get #line(): Line {
    const line = this.#lines[this.queue];
    if (!line) throw new Error('A customer waits in a queue of the plan.');
    return line;
  }
}
