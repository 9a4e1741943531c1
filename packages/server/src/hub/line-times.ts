import {
  type Hours,
  type Millis,
  nextShift,
  type Opening,
  type Opens,
  openingAt,
  type QueueId,
  type Shift,
} from '@baton/core';
import type { TeamRow, WaitingRow } from '#store/line.ts';

/** What times a line depends on: hours of its queues, breaks and shifts of its agents. */
export interface TimesInput {
  team: readonly TeamRow[];
  hours?: (queue: QueueId) => Hours | null;
  opening?: (hours: Hours | null, now: Millis) => Opening;
  /** Shifts to come. */
  shifts?: readonly (Shift & { zone: string })[];
  asOf: Millis;
}

/** What is open at one moment, and what opens when. Each question is worked out once. */
export class LineTimes {
  readonly #input: TimesInput;
  readonly #openings = new Map<QueueId, Opening>();
  readonly #opens = new Map<QueueId, Opens | null>();

  constructor(input: TimesInput) {
    this.#input = input;
  }

  hours(queue: QueueId): Hours | null {
    return this.#input.hours?.(queue) ?? null;
  }

  /** Is it closed, and did he come after that? Who was in the line before is served by whoever is still there. */
  isAfterHours({ queue, waitingSince }: Pick<WaitingRow, 'queue' | 'waitingSince'>): boolean {
    const opening = this.opening(queue);
    return !opening.open && (opening.closedAt === null || waitingSince >= opening.closedAt);
  }

  opening(queue: QueueId): Opening {
    let opening = this.#openings.get(queue);
    if (!opening) {
      opening = this.#openingAt(queue, this.#input.asOf);
      this.#openings.set(queue, opening);
    }
    return opening;
  }

  /**
   * When it opens by its hours; else when the first of those who serve it is planned to be there, by the roster or back
   * from his break, and it is open. Null where nobody can tell.
   * @param serves who could; left out: all agents of the queue
   */
  opens(queue: QueueId, serves?: (agent: TeamRow) => boolean): Opens | null {
    if (serves) return this.#find(queue, serves);
    let opens = this.#opens.get(queue);
    if (opens === undefined) {
      opens = this.#find(queue, ({ queues }) => queues === null || queues.includes(queue));
      this.#opens.set(queue, opens);
    }
    return opens;
  }

  #find(queue: QueueId, serves: (agent: TeamRow) => boolean): Opens | null {
    const { asOf } = this.#input;
    const zone = this.hours(queue)?.zone;
    const opening = this.opening(queue);
    if (!opening.open) return opening.opensAt === null ? null : { at: opening.opensAt, zone: zone ?? 'UTC', asOf };
    const at = this.#comes(serves);
    if (at === null) return null;
    const then = this.#openingAt(queue, at);
    const opensAt = then.open ? at : then.opensAt;
    const planned = this.#input.shifts?.find(({ startsAt }) => startsAt === at)?.zone;
    return opensAt === null ? null : { at: opensAt, zone: zone ?? planned ?? 'UTC', asOf };
  }

  /** When the first of those who could serve is expected. */
  #comes(serves: (agent: TeamRow) => boolean): Millis | null {
    const { team, shifts = [], asOf } = this.#input;
    const serving = team.filter(serves);
    const ids = new Set<string>(serving.map(({ agent }) => agent.id));
    let first = nextShift(shifts, asOf, (agent) => ids.has(agent));
    for (const { presence, backAt } of serving)
      if (presence === 'break' && backAt && backAt > asOf && (first === null || backAt < first)) first = backAt;
    return first;
  }

  #openingAt(queue: QueueId, at: Millis): Opening {
    return (this.#input.opening ?? openingAt)(this.hours(queue), at);
  }
}
