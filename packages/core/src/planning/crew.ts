import type { QueueId } from '#ids.ts';
import type { AgentSlots } from '#queue/assign.ts';
import type { Kinds } from '#queue/kinds.ts';
import type { Server } from '#queue/situation.ts';
import type { Customer } from './customer.ts';
import { isOn, type PlannedAgent, type QueuePlan, secondsToTurn } from './plan.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** Nobody counts on an agent who comes later than this; the line of a workspace does not, either. */
const COMING_SECONDS = 8 * HOUR;

/** An agent of a played plan, with what he has. Seconds from its beginning. */
export class Working {
  readonly id: string;
  readonly plan: PlannedAgent;
  readonly #queues: readonly QueueId[] | null;
  running: { customer: Customer; kind: number; since: number; ends: number }[] = [];
  /** Until when he writes his notes. */
  wrapping: number[] = [];
  /** He is being asked for this one, since when, and when he answers. */
  asked: { customer: Customer; kind: number; since: number; answers: number } | null = null;
  #idleSince = 0;
  #givenAt = 0;

  constructor(plan: PlannedAgent, index: number, queueOf: (name: string) => QueueId) {
    this.id = `agt_${index}`;
    this.plan = plan;
    this.#queues = plan.queues?.map(queueOf) ?? null;
  }

  isOn(now: number): boolean {
    return isOn(this.plan, hourOf(now));
  }

  /** When something of his is over, or he comes or goes. */
  next(now: number): number {
    let next = now + secondsToTurn(this.plan, hourOf(now));
    for (const { ends } of this.running) next = Math.min(next, ends);
    for (const ends of this.wrapping) next = Math.min(next, ends);
    return this.asked ? Math.min(next, this.asked.answers) : next;
  }

  /** Slots that are in use. */
  get load(): number {
    return this.running.length + this.wrapping.length + (this.asked ? 1 : 0);
  }

  ask(customer: Customer, kind: number, now: number, answers: number): void {
    this.asked = { customer, kind, since: now, answers };
  }

  accept(chat: number, now: number): void {
    if (!this.asked) return;
    const { customer, kind } = this.asked;
    this.running.push({ customer, kind, since: now, ends: now + chat });
    this.asked = null;
    this.#givenAt = now;
    this.#idleSince = now;
  }

  /**
   * What has ended by now is over, with the wrap-up that follows it.
   * @param wrapUpSeconds of a customer's queue, for who has none of his own
   */
  end(now: number, wrapUpSeconds: (customer: Customer) => number): Working['running'] {
    this.wrapping = this.wrapping.filter((ends) => ends > now);
    const over = this.running.filter(({ ends }) => ends <= now);
    if (over.length === 0) return over;
    this.running = this.running.filter(({ ends }) => ends > now);
    this.#idleSince = now;
    for (const { customer } of over) {
      const seconds = this.plan.wrapUpSeconds ?? wrapUpSeconds(customer);
      if (seconds > 0) this.wrapping.push(now + seconds);
    }
    return over;
  }

  slots(now: number): AgentSlots {
    const { name, capacity, skills, languages } = this.plan;
    return {
      agent: { id: this.id, name },
      presence: this.isOn(now) ? 'online' : 'offline',
      queues: this.#queues,
      skills,
      languages,
      capacity,
      load: this.load,
      ringing: this.asked !== null,
      givenAt: this.#givenAt * 1_000,
      idleSince: this.#idleSince * 1_000,
    };
  }

  /** As the estimate sees him; nothing where he comes too late to count. What is wrapped up is over in a moment: free. */
  server(now: number, kinds: Kinds): Server[] {
    const { from, to, capacity } = this.plan;
    const turn = secondsToTurn(this.plan, hourOf(now));
    const on = this.isOn(now);
    if (!on && turn > COMING_SECONDS) return [];
    const busy = this.running.map(({ kind, since }) => ({ kind, age: now - since }));
    return [
      {
        kinds: kinds.takenBy(this.slots(now)),
        capacity,
        running: on ? [...busy, ...(this.asked ? [{ kind: this.asked.kind, age: 0 }] : [])] : [],
        idle: null,
        onIn: on ? 0 : turn,
        offIn: on ? turn : turn + ((to - from + 24) % 24 || 24) * HOUR,
      },
    ];
  }
}

export function crewOf({ agents }: QueuePlan, queueOf: (name: string) => QueueId): Working[] {
  return agents.map((agent, index) => new Working(agent, index, queueOf));
}

/** Of the day, from 0 to 24. */
export function hourOf(now: number): number {
  return (now % DAY) / HOUR;
}
