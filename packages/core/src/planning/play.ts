import type { HandoffId, QueueId } from '#ids.ts';
import { type AgentSlots, assign } from '#queue/assign.ts';
import { Estimator, type Expected } from '#queue/estimator.ts';
import type { Waiting } from '#queue/order.ts';
import { randoms } from '#queue/random.ts';
import type { Server } from '#queue/situation.ts';
import { isOn, type PlannedAgent, type QueuePlan, type Spread, secondsToTurn } from './plan.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const QUEUE: QueueId = 'que_plan';
/** A line of more than this grows without end: whoever comes then is counted as turned away. */
const LONGEST_LINE = 300;
/** Who stands further behind than this is told nothing: a plan with such lines has other troubles, and they cost most of the time. */
const MOST_TOLD = 50;
/** What an agent is asked for lasts so long at most; then he is asked again. */
const OFFER_SECONDS = 30;

/** One customer of a played plan. Seconds from its beginning. */
export interface Customer {
  id: HandoffId;
  at: number;
  /** What he was told when he came into the line; null: nothing could be told, or he was asked for at once. */
  told: Expected | null;
  end: 'answered' | 'left' | 'waiting' | 'turned_away';
  endAt: number;
}

export interface Played {
  customers: Customer[];
  /** By hour of the day: seconds of slots that were there, and that were in use. */
  slots: { there: number; used: number }[];
  seconds: number;
}

interface Working {
  agent: PlannedAgent;
  ref: { id: string; name: string };
  running: { ends: number; since: number; customer: Customer }[];
  /** Being asked for this one, since when, and when he answers. */
  asked: { customer: Customer; chat: number; since: number; answers: number } | null;
  idleSince: number;
}

interface InLine {
  customer: Customer;
  leaves: number;
  /** How long his conversation takes. */
  chat: number;
}

/**
 * Plays a queue in simulated time: customers come as the plan says (Poisson by the hour, by thinning), Baton's own routing
 * hands them out, Baton's own estimate is told to each who has to wait, and learns from how it went.
 * @param tells false: nobody is told anything, which takes most of the time
 */
export function playPlan(plan: QueuePlan, { tells = true } = {}): Played {
  return new Play(plan, tells).run();
}

class Play {
  readonly #plan: QueuePlan;
  readonly #tells: boolean;
  /** Who comes, how long he stays and talks: the same whoever answers, so that two plans can be compared. */
  readonly #roll: () => number;
  readonly #rollOfAgents: () => number;
  readonly #estimator = new Estimator({ rings: true });
  readonly #agents: Working[];
  readonly #customers: Customer[] = [];
  readonly #slots = Array.from({ length: 24 }, () => ({ there: 0, used: 0 }));
  #line: InLine[] = [];
  #now = 0;

  constructor(plan: QueuePlan, tells: boolean) {
    this.#plan = plan;
    this.#tells = tells;
    this.#roll = randoms(plan.seed);
    this.#rollOfAgents = randoms(plan.seed + 1);
    this.#agents = plan.agents.map((agent, index) => ({
      agent,
      ref: { id: `agt_${index}`, name: agent.name },
      running: [],
      asked: null,
      idleSince: 0,
    }));
  }

  run(): Played {
    const end = this.#plan.days * DAY;
    let next = this.#nextArrival();
    while (this.#now < end) {
      const at = Math.min(end, next, this.#nextHour(), this.#nextTurn(), this.#nextOfWork(), this.#nextLeaver());
      this.#count(at);
      this.#now = at;
      this.#goOn();
      if (at === next) {
        this.#arrive();
        next = this.#nextArrival();
      }
      this.#handOut();
    }
    return { customers: this.#customers, slots: this.#slots, seconds: end };
  }

  get #hour(): number {
    return (this.#now % DAY) / HOUR;
  }

  #nextHour(): number {
    return (Math.floor(this.#now / HOUR + 1e-9) + 1) * HOUR;
  }

  #nextTurn(): number {
    return this.#now + Math.min(...this.#agents.map(({ agent }) => secondsToTurn(agent, this.#hour)));
  }

  #nextOfWork(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { running, asked } of this.#agents) {
      for (const { ends } of running) next = Math.min(next, ends);
      if (asked) next = Math.min(next, asked.answers);
    }
    return next;
  }

  #nextLeaver(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.#line.map(({ leaves }) => leaves));
  }

  /** As many as in the busiest hour, of which a part comes. */
  #nextArrival(): number {
    const most = Math.max(...this.#plan.arrivalsPerHour) / HOUR;
    if (most <= 0) return Number.POSITIVE_INFINITY;
    let at = this.#now;
    do at -= Math.log(1 - this.#roll()) / most;
    while (this.#roll() * most * HOUR > (this.#plan.arrivalsPerHour[Math.floor((at % DAY) / HOUR)] ?? 0));
    return at;
  }

  #count(until: number): void {
    const seconds = until - this.#now;
    const slots = this.#slots[Math.floor(this.#hour)];
    if (!slots) return;
    for (const working of this.#agents) {
      const used = working.running.length + (working.asked ? 1 : 0);
      // Who is gone still ends what he has: that is no room, but it is work.
      slots.there += seconds * (this.#isOn(working) ? working.agent.capacity : used);
      slots.used += seconds * used;
    }
  }

  #isOn({ agent }: Working): boolean {
    return isOn(agent, this.#hour);
  }

  /** What has become due by now. */
  #goOn(): void {
    for (const working of this.#agents) {
      const over = working.running.filter(({ ends }) => ends <= this.#now);
      for (const { since } of over) this.#estimator.ended(this.#now, 0, this.#now - since);
      if (over.length > 0) working.idleSince = this.#now;
      working.running = working.running.filter(({ ends }) => ends > this.#now);
      if (working.asked && working.asked.answers <= this.#now) this.#accept(working, working.asked);
    }
    for (const { customer, leaves } of this.#line) {
      if (leaves > this.#now) continue;
      this.#end(customer, 'left');
      this.#estimator.left(customer.id, this.#now, 0, this.#now - customer.at);
      const asked = this.#agents.find((one) => one.asked?.customer === customer);
      if (asked) asked.asked = null;
    }
    this.#line = this.#line.filter(({ customer }) => customer.end === 'waiting');
  }

  #accept(working: Working, { customer, chat, since }: NonNullable<Working['asked']>): void {
    this.#end(customer, 'answered');
    this.#line = this.#line.filter((one) => one.customer !== customer);
    this.#estimator.served(customer.id, this.#now, 0, this.#now - customer.at);
    this.#estimator.answered(this.#now - since);
    working.asked = null;
    working.running.push({ customer, since: this.#now, ends: this.#now + chat });
    working.idleSince = this.#now;
  }

  #end(customer: Customer, end: Customer['end']): void {
    customer.end = end;
    customer.endAt = this.#now;
  }

  #arrive(): void {
    const id: HandoffId = `hnd_${String(this.#customers.length).padStart(7, '0')}`;
    const end = this.#plan.days * DAY;
    const customer: Customer = { id, at: this.#now, told: null, end: 'waiting', endAt: end };
    this.#customers.push(customer);
    const { patience } = this.#plan;
    const chat = this.#draw(this.#plan.chat);
    const leaves = patience === null ? Number.POSITIVE_INFINITY : this.#now + this.#draw(patience);
    if (this.#line.length >= LONGEST_LINE) return this.#end(customer, 'turned_away');
    this.#line.push({ customer, leaves, chat });
    this.#estimator.arrived(this.#now);
    this.#handOut();
    if (this.#tells && !this.#agents.some(({ asked }) => asked?.customer === customer)) this.#tell(customer);
  }

  #handOut(): void {
    const asked = new Set(this.#agents.flatMap((working) => working.asked?.customer ?? []));
    const free = this.#line.filter(({ customer }) => !asked.has(customer));
    if (free.length === 0) return;
    const agents = this.#agents.map((working) => this.#slotsOf(working));
    for (const { handoff, agent } of assign(free.map(waitingOf), agents, this.#now * 1_000)) {
      const working = this.#agents.find(({ ref }) => ref.id === agent.id);
      const first = free.find((one) => one.customer.id === handoff);
      if (!working || !first) continue;
      const answer = Math.min(OFFER_SECONDS, -this.#plan.answerSeconds * Math.log(1 - this.#rollOfAgents()));
      const { customer, chat } = first;
      working.asked = { customer, chat, since: this.#now, answers: this.#now + answer };
    }
  }

  #slotsOf(working: Working): AgentSlots {
    const { agent, ref, running, asked, idleSince } = working;
    return {
      agent: ref,
      presence: this.#isOn(working) ? 'online' : 'offline',
      queues: null,
      skills: null,
      capacity: agent.capacity,
      load: running.length + (asked ? 1 : 0),
      ringing: asked !== null,
      idleSince: idleSince * 1_000,
    };
  }

  #tell(customer: Customer): void {
    const asked = new Set(this.#agents.flatMap((working) => working.asked?.customer ?? []));
    const waiting = this.#line.flatMap((one) => (asked.has(one.customer) ? [] : [one.customer]));
    if (waiting.length > MOST_TOLD) return;
    const line = waiting.map(({ at }) => ({ kind: 0, waited: this.#now - at, rank: this.#now - at }));
    const look = this.#estimator.look({ now: this.#now, servers: this.#serversNow(), waiting: line }, 1);
    const expected = look.waiting[waiting.indexOf(customer)];
    if (!expected) return;
    customer.told = expected;
    this.#estimator.expect(customer.id, this.#now, 0, expected);
  }

  #serversNow(): Server[] {
    return this.#agents.map((working) => {
      const { agent, running, asked } = working;
      const turn = secondsToTurn(agent, this.#hour);
      const on = this.#isOn(working);
      const busy = running.map(({ since }) => ({ kind: 0, age: this.#now - since }));
      return {
        kinds: null,
        capacity: agent.capacity,
        running: asked ? [...busy, { kind: 0, age: 0 }] : busy,
        idle: null,
        onIn: on ? 0 : turn,
        offIn: on ? turn : turn + ((agent.to - agent.from + 24) % 24 || 24) * HOUR,
      };
    });
  }

  /** Lognormal, with a normal number after Box and Muller. */
  #draw({ meanSeconds, variation }: Spread): number {
    const variance = Math.log(1 + variation * variation);
    const normal = Math.sqrt(-2 * Math.log(1 - this.#roll())) * Math.cos(2 * Math.PI * this.#roll());
    return Math.exp(Math.log(meanSeconds) - variance / 2 + Math.sqrt(variance) * normal);
  }
}

function waitingOf({ customer }: InLine): Waiting {
  return {
    handoff: customer.id,
    queue: QUEUE,
    priority: 0,
    front: false,
    waitingSince: customer.at * 1_000,
    skills: [],
    passedOver: [],
    passOverSeconds: 0,
  };
}
