import type { HandoffId, QueueId } from '#ids.ts';
import { assign } from '#queue/assign.ts';
import { Estimator } from '#queue/estimator.ts';
import { Kinds } from '#queue/kinds.ts';
import { rankSeconds, routingOrder } from '#queue/order.ts';
import { Overtakers } from '#queue/overtakers.ts';
import { randoms } from '#queue/random.ts';
import { Rings } from '#queue/rings.ts';
import { type Arrival, Arrivals } from './arrivals.ts';
import { crewOf, hourOf, type Working } from './crew.ts';
import { type Customer, InLine, type Line } from './customer.ts';
import type { QueuePlan } from './plan.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** A line of more than this grows without end: whoever comes then is counted as turned away. */
const LONGEST_LINE = 300;
/** Who stands further behind than this is told nothing: a plan with such lines has other troubles, and they cost most of the time. */
const MOST_TOLD = 50;
/** What an agent is asked for lasts so long at most; then he is asked again. */
const OFFER_SECONDS = 30;

export interface Played {
  customers: Customer[];
  /** By hour of the day: seconds of slots that were there, and that were in use. */
  slots: { there: number; used: number }[];
}

/**
 * Plays lines in simulated time: customers come as the plan says, Baton's own routing hands them out with all their wishes,
 * Baton's own estimate is told to each who has to wait, and learns from how it went.
 * @param tells false: nobody is told anything, which takes most of the time
 */
export function playPlan(plan: QueuePlan, { tells = true } = {}): Played {
  return new Play(plan, tells).run();
}

class Play {
  readonly #plan: QueuePlan;
  readonly #tells: boolean;
  readonly #end: number;
  readonly #arrivals: Arrivals;
  readonly #rollOfAgents: () => number;
  readonly #estimator = new Estimator({ rings: true });
  readonly #rings = new Rings();
  readonly #kinds = new Kinds();
  readonly #overtakers = new Overtakers();
  readonly #lines: readonly Line[];
  readonly #crew: readonly Working[];
  readonly #customers: Customer[] = [];
  readonly #slots = Array.from({ length: 24 }, () => ({ there: 0, used: 0 }));
  #waiting: InLine[] = [];
  #now = 0;

  constructor(plan: QueuePlan, tells: boolean) {
    this.#plan = plan;
    this.#tells = tells;
    this.#end = plan.days * DAY;
    this.#arrivals = new Arrivals(plan);
    this.#rollOfAgents = randoms(plan.seed + 1);
    this.#lines = linesOf(plan);
    this.#crew = crewOf(plan, (name) => idOf(indexOf(plan, name)));
    for (const { id, plan: agent } of this.#crew) this.#rings.capacity(id, agent.capacity);
  }

  run(): Played {
    while (this.#now < this.#end) {
      const at = Math.min(this.#end, this.#arrivals.nextAt, this.#nextHour(), this.#nextOfCrew(), this.#nextOfLine());
      this.#count(at);
      this.#now = at;
      this.#goOn();
      if (at === this.#arrivals.nextAt) this.#arrive(this.#arrivals.take());
      this.#handOut();
    }
    return { customers: this.#customers, slots: this.#slots };
  }

  #nextHour(): number {
    return (Math.floor(this.#now / HOUR + 1e-9) + 1) * HOUR;
  }

  #nextOfCrew(): number {
    return Math.min(...this.#crew.map((working) => working.next(this.#now)));
  }

  #nextOfLine(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const one of this.#waiting)
      next = Math.min(next, one.leaves, one.wishEndsAfter(this.#now), this.#isAsked(one) ? next : one.overflowsAt);
    return next;
  }

  #count(until: number): void {
    const seconds = until - this.#now;
    const slots = this.#slots[Math.floor(hourOf(this.#now))];
    if (!slots) return;
    for (const working of this.#crew) {
      // Who is gone still ends what he has: that is no room, but it is work.
      slots.there += seconds * (working.isOn(this.#now) ? working.plan.capacity : working.load);
      slots.used += seconds * working.load;
    }
  }

  /** What has become due by now. */
  #goOn(): void {
    for (const working of this.#crew) {
      const over = working.end(this.#now, ({ queue }) => this.#lines[queue]?.routing.wrapUpSeconds ?? 0);
      for (const { kind, since } of over) {
        this.#estimator.ended(this.#now, kind, this.#now - since);
        this.#rings.ended(working.id, this.#now * 1_000);
      }
      if (working.asked && working.asked.answers <= this.#now) this.#accept(working, working.asked);
    }
    for (const one of this.#waiting) {
      if (one.leaves <= this.#now) this.#leave(one);
      else if (one.overflowsAt <= this.#now && !this.#isAsked(one)) one.overflow(this.#now);
    }
    this.#waiting = this.#waiting.filter(({ customer }) => customer.end === 'waiting');
  }

  #accept(working: Working, { customer, since }: NonNullable<Working['asked']>): void {
    const one = this.#waiting.find((other) => other.customer === customer);
    if (!one) return;
    this.#endOf(customer, 'answered');
    customer.sameAgent = one.lastAgent === working.id;
    this.#estimator.served(customer.id, this.#now, this.#kindOf(one), this.#now - customer.at);
    const [waitingSince, offeredAt, acceptedAt] = [customer.at * 1_000, since * 1_000, this.#now * 1_000];
    this.#estimator.answered(this.#rings.accepted(working.id, { waitingSince, offeredAt, acceptedAt }));
    working.accept(one.arrival.chat, this.#now);
  }

  #leave(one: InLine): void {
    const { customer } = one;
    this.#endOf(customer, 'left');
    this.#estimator.left(customer.id, this.#now, this.#kindOf(one), this.#now - customer.at);
    for (const working of this.#crew) if (working.asked?.customer === customer) working.asked = null;
  }

  #endOf(customer: Customer, end: Customer['end']): void {
    customer.end = end;
    customer.endAt = this.#now;
  }

  #arrive(arrival: Arrival | null): void {
    if (!arrival) return;
    const id: HandoffId = `hnd_${String(this.#customers.length).padStart(7, '0')}`;
    const { queue, lastAgent } = arrival;
    const end = { end: 'waiting', endAt: this.#end } as const;
    const customer: Customer = { id, at: this.#now, queue, told: null, ...end, overflowed: false, sameAgent: false };
    this.#customers.push(customer);
    if (this.#waiting.length >= LONGEST_LINE) return this.#endOf(customer, 'turned_away');
    const last = lastAgent === null ? null : this.#crew[Math.floor(lastAgent * this.#crew.length)];
    const one = new InLine(customer, arrival, last?.id ?? null, this.#lines);
    this.#waiting.push(one);
    this.#estimator.arrived(this.#now);
    this.#overtakers.came(this.#now, this.#kindOf(one), rankSeconds(one.waiting, this.#now * 1_000));
    this.#handOut();
    if (this.#tells) this.#tell(customer);
  }

  #handOut(): void {
    const free = this.#waiting.filter((one) => !this.#isAsked(one));
    if (free.length === 0) return;
    const agents = this.#crew.map((working) => working.slots(this.#now));
    const line = free.map(({ waiting }) => waiting);
    for (const { handoff, agent } of assign(line, agents, this.#now * 1_000)) {
      const working = this.#crew.find(({ id }) => id === agent.id);
      const one = free.find(({ customer }) => customer.id === handoff);
      if (!working || !one) continue;
      const answer = Math.min(OFFER_SECONDS, -this.#plan.answerSeconds * Math.log(1 - this.#rollOfAgents()));
      working.ask(one.customer, this.#kindOf(one), this.#now, this.#now + answer);
    }
  }

  /** Who is being asked for at once has nobody ahead: he is told nothing. */
  #tell(customer: Customer): void {
    const now = this.#now * 1_000;
    const line = this.#waiting.filter((one) => !this.#isAsked(one));
    if (line.length > MOST_TOLD) return;
    const inOrder = line
      .map((one) => ({ one, row: one.waiting, kind: this.#kindOf(one) }))
      .sort((a, b) => routingOrder(a.row, b.row));
    const place = inOrder.findIndex(({ one }) => one.customer === customer);
    const own = inOrder[place];
    if (!own) return;
    const waiting = inOrder.map(({ one, row, kind }) => {
      return { kind, waited: this.#now - one.customer.at, rank: rankSeconds(row, now) };
    });
    const servers = this.#crew.flatMap((working) => working.server(this.#now, this.#kinds));
    const look = { now: this.#now, servers, waiting, overtaking: this.#overtakers.expected(this.#now) };
    const expected = this.#estimator.look(look, this.#kinds.count).waiting[place];
    if (!expected) return;
    customer.told = expected;
    this.#estimator.expect(customer.id, this.#now, own.kind, expected);
  }

  #isAsked({ customer }: InLine): boolean {
    return this.#crew.some(({ asked }) => asked?.customer === customer);
  }

  #kindOf({ waiting }: InLine): number {
    return this.#kinds.of(waiting);
  }
}

function linesOf(plan: QueuePlan): Line[] {
  return plan.queues.map(({ routing }, index): Line => {
    const { overflow, ...rest } = routing;
    return {
      id: idOf(index),
      routing: { ...rest, overflow: null, hook: null },
      overflow: overflow && { queue: indexOf(plan, overflow.queue), afterSeconds: overflow.afterSeconds },
    };
  });
}

function idOf(index: number): QueueId {
  return `que_plan${index}`;
}

function indexOf({ queues }: QueuePlan, name: string): number {
  const index = queues.findIndex((queue) => queue.name === name);
  if (index === -1) throw new Error(`There is no queue "${name}" in the plan.`);
  return index;
}
