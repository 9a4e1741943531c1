import { drawLognormal, randoms } from '#queue/random.ts';
import type { PlannedNeed, PlannedQueue, QueuePlan, Spread } from './plan.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** Somebody who will come, with all that chance says of him: the same whoever serves, so that two plans can be compared. */
export interface Arrival {
  /** Seconds from the beginning. */
  at: number;
  /** By index. */
  queue: number;
  /** How long his conversation takes. */
  chat: number;
  /** For how long he waits; Infinity: for ever. */
  stays: number;
  needs: Omit<PlannedNeed, 'share'>;
  /** Who had him before, from 0 up to 1 of the agents that are planned; null: nobody. */
  lastAgent: number | null;
}

const NOTHING = { skills: [], preferredSkills: [], language: null, priority: 0 } as const;

/** Who comes to all queues, one after the other. Each queue has a chance of its own: one does not change another. */
export class Arrivals {
  readonly #doors: Door[];

  constructor({ queues, seed }: QueuePlan) {
    this.#doors = queues.map((queue, index) => new Door(queue, index, randoms(seed + 7_919 * index)));
  }

  /** When somebody comes next; Infinity: nobody ever does. */
  get nextAt(): number {
    return this.#first?.nextAt ?? Number.POSITIVE_INFINITY;
  }

  take(): Arrival | null {
    return this.#first?.take() ?? null;
  }

  get #first(): Door | undefined {
    return this.#doors.reduce<Door | undefined>((a, b) => (a === undefined || b.nextAt < a.nextAt ? b : a), undefined);
  }
}

class Door {
  nextAt: number;
  readonly #queue: PlannedQueue;
  readonly #index: number;
  readonly #roll: () => number;

  constructor(queue: PlannedQueue, index: number, roll: () => number) {
    this.#queue = queue;
    this.#index = index;
    this.#roll = roll;
    this.nextAt = this.#after(0);
  }

  take(): Arrival {
    const { chat, patience, returning, needs } = this.#queue;
    const at = this.nextAt;
    const roll = this.#roll;
    const arrival = {
      at,
      queue: this.#index,
      chat: draw(chat, roll),
      stays: patience === null ? Number.POSITIVE_INFINITY : draw(patience, roll),
      // Chance is asked only where something hangs on it: what is not planned changes nothing.
      needs: needs.length === 0 ? NOTHING : this.#needsOf(roll()),
      lastAgent: returning > 0 && roll() < returning ? roll() : null,
    };
    this.nextAt = this.#after(at);
    return arrival;
  }

  #needsOf(share: number): Arrival['needs'] {
    let left = share;
    for (const need of this.#queue.needs) {
      if (left < need.share) return need;
      left -= need.share;
    }
    return NOTHING;
  }

  /** Poisson by the hour, by thinning: as many as in the busiest hour, of which a part comes. */
  #after(from: number): number {
    const { arrivalsPerHour } = this.#queue;
    const most = Math.max(...arrivalsPerHour) / HOUR;
    if (most <= 0) return Number.POSITIVE_INFINITY;
    let at = from;
    do at -= Math.log(1 - this.#roll()) / most;
    while (this.#roll() * most * HOUR > (arrivalsPerHour[Math.floor((at % DAY) / HOUR)] ?? 0));
    return at;
  }
}

function draw({ meanSeconds: mean, variation }: Spread, roll: () => number): number {
  return drawLognormal({ mean, variation }, roll);
}
