import type { Millis } from '#ids.ts';

interface Ringing {
  capacity: number;
  running: number;
  /** When he accepted last, and when something ended that had filled him up. */
  acceptedAt: Millis;
  freedAt: Millis;
}

/** An agent who could have been asked for longer than this before he was: he was not there, or it was not his to answer. */
const LONGEST_MS = 60_000;

/**
 * How long it takes to get an agent's answer when he is ready: from the moment at which he could have been asked (he had
 * room, was not being asked for somebody else, and this customer waited) to his accepting. Being found and asked is in it.
 */
export class Rings {
  readonly #agents = new Map<string, Ringing>();

  capacity(agent: string, capacity: number): void {
    this.#of(agent).capacity = Math.max(1, Math.floor(capacity));
  }

  /** @returns seconds */
  accepted(
    agent: string,
    { waitingSince, offeredAt, acceptedAt }: { waitingSince: Millis; offeredAt: Millis; acceptedAt: Millis },
  ): number {
    const ringing = this.#of(agent);
    const ready = Math.max(waitingSince, ringing.acceptedAt, ringing.freedAt);
    const since = offeredAt - ready > LONGEST_MS ? offeredAt : ready;
    ringing.acceptedAt = acceptedAt;
    ringing.running++;
    return Math.max(0, acceptedAt - since) / 1_000;
  }

  ended(agent: string, at: Millis): void {
    const ringing = this.#of(agent);
    if (ringing.running >= ringing.capacity) ringing.freedAt = at;
    ringing.running = Math.max(0, ringing.running - 1);
  }

  #of(agent: string): Ringing {
    const known = this.#agents.get(agent) ?? { capacity: 1, running: 0, acceptedAt: 0, freedAt: 0 };
    this.#agents.set(agent, known);
    return known;
  }
}
