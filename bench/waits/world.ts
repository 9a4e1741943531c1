import { randoms } from '@baton/core';
import { type Crew, draw, type Scenario } from './scenarios.ts';

export interface Visitor {
  id: string;
  kind: number;
  at: number;
  /** When he gives up if nobody has come; Infinity: never. */
  gone: number;
  /** He left. His ghost keeps the place, takes nothing away, and shows how long he would have waited. */
  ghost: boolean;
}

export interface Chat {
  visitor: Visitor;
  began: number;
  /** Seconds of undivided attention that are left. */
  work: number;
}

export interface Agent {
  crew: Crew;
  /** His number in the crew: he works while it is below the plan. */
  number: number;
  chats: Chat[];
  /** Until when he is away. */
  back: number;
  /** Since when he has had room while somebody waited whom he takes; null: he has none, or nobody waits. */
  idle: number | null;
  /** When his chats went on last. */
  seen: number;
}

/** What an onlooker is told, in the order in which it happens. */
export interface Onlooker {
  /** He waits; he is in the line already. */
  joined(visitor: Visitor, world: World): void;
  /** @param waited null: somebody was free for him at once. @param pause of the agent, before */
  served(visitor: Visitor, waited: number | null, pause: number | null, world: World): void;
  left(visitor: Visitor, waited: number, world: World): void;
  /** Somebody who left would have been served now. */
  wouldHaveBeenServed(visitor: Visitor, waited: number): void;
  ended(chat: Chat, world: World): void;
}

/** What really happens: events one after the other, work divided among chats, people who leave, breaks. Seconds. */
export class World {
  now = 0;
  readonly scenario: Scenario;
  readonly agents: Agent[];
  /** Those who wait, and the ghosts of those who left. First come first. */
  line: Visitor[] = [];
  readonly #roll: () => number;
  readonly #next: number[];
  readonly #onlooker: Onlooker;
  #count = 0;

  constructor(scenario: Scenario, seed: number, onlooker: Onlooker) {
    this.scenario = scenario;
    this.#roll = randoms(seed);
    this.#onlooker = onlooker;
    this.agents = scenario.crews.flatMap((crew) =>
      Array.from({ length: Math.max(...crew.plan.map(({ agents }) => agents)) }, (_, number): Agent => {
        return { crew, number, chats: [], back: 0, idle: null, seen: 0 };
      }),
    );
    this.#next = scenario.arrivals.map((_, kind) => this.#nextArrival(kind, 0));
  }

  /** Plays until so many visitors have come. */
  run(visitors: number): void {
    while (this.#count < visitors) this.#step();
  }

  /** When this agent's presence changes next, and whether he is on now. */
  duty({ crew, number }: Agent, at = this.now): { on: boolean; changes: number } {
    const { day } = this.scenario;
    const second = at % day;
    const on = planned(crew, second) > number;
    const turns = [...crew.plan.map(({ from }) => from), ...crew.plan.map(({ from }) => from + day)];
    const change = turns.find((from) => from > second && planned(crew, from % day) > number !== on);
    return { on, changes: change === undefined ? Number.POSITIVE_INFINITY : at - second + change };
  }

  #step(): void {
    let at = Number.POSITIVE_INFINITY;
    let happen = () => {};
    const consider = (when: number, what: () => void) => {
      if (when < at) [at, happen] = [when, what];
    };
    for (const [kind, when] of this.#next.entries()) consider(when, () => this.#arrive(kind));
    for (const visitor of this.line) if (!visitor.ghost) consider(visitor.gone, () => this.#leave(visitor));
    for (const agent of this.agents) {
      const speed = this.#speed(agent);
      for (const chat of agent.chats) consider(agent.seen + chat.work / speed, () => this.#end(agent, chat));
      if (agent.back > this.now) consider(agent.back, () => {});
      const { changes } = this.duty(agent);
      if (changes < at) consider(changes, () => {});
    }
    this.now = at;
    happen();
    this.#match();
  }

  #arrive(kind: number): void {
    const { patience } = this.scenario;
    const gone = patience ? this.now + draw(patience, this.#roll) : Number.POSITIVE_INFINITY;
    const visitor: Visitor = { id: `v${++this.#count}`, kind, at: this.now, gone, ghost: false };
    this.#next[kind] = this.#nextArrival(kind, this.now);
    this.line.push(visitor);
    this.#match();
    if (this.line.includes(visitor)) this.#onlooker.joined(visitor, this);
  }

  #leave(visitor: Visitor): void {
    visitor.ghost = true;
    this.#onlooker.left(visitor, this.now - visitor.at, this);
  }

  #end(agent: Agent, chat: Chat): void {
    this.#goOn(agent);
    agent.chats.splice(agent.chats.indexOf(chat), 1);
    const { breaks } = this.scenario;
    if (breaks && this.#roll() < breaks.probability) {
      agent.back = this.now + draw({ law: 'exponential', mean: breaks.seconds, variation: 1 }, this.#roll);
    }
    this.#onlooker.ended(chat, this);
  }

  /** Whoever can takes whom he can, first come first; who is idle longest goes first. */
  #match(): void {
    for (let index = 0; index < this.line.length; ) {
      const visitor = this.line[index];
      if (!visitor) break;
      const free = this.agents.filter((agent) => this.#takes(agent, visitor.kind));
      const agent = free.reduce<Agent | null>(
        (best, one) => (!best || one.chats.length < best.chats.length ? one : best),
        null,
      );
      if (!agent) {
        index++;
        continue;
      }
      this.line.splice(index, 1);
      if (visitor.ghost) this.#onlooker.wouldHaveBeenServed(visitor, this.now - visitor.at);
      else this.#begin(agent, visitor);
    }
    for (const agent of this.agents) {
      const room = agent.chats.length < agent.crew.capacity && this.duty(agent).on;
      const wanted = room && this.line.some(({ ghost, kind }) => !ghost && serves(agent, kind));
      agent.idle = wanted ? (agent.idle ?? this.now) : null;
    }
  }

  #begin(agent: Agent, visitor: Visitor): void {
    this.#goOn(agent);
    agent.chats.push({ visitor, began: this.now, work: draw(this.scenario.handle, this.#roll) });
    const waited = visitor.at === this.now ? null : this.now - visitor.at;
    const pause = waited === null ? null : this.now - (agent.idle ?? this.now);
    agent.idle = null;
    this.#onlooker.served(visitor, waited, pause, this);
  }

  #takes(agent: Agent, kind: number): boolean {
    return (
      agent.chats.length < agent.crew.capacity && agent.back <= this.now && serves(agent, kind) && this.duty(agent).on
    );
  }

  #goOn(agent: Agent): void {
    const done = (this.now - agent.seen) * this.#speed(agent);
    for (const chat of agent.chats) chat.work = Math.max(0, chat.work - done);
    agent.seen = this.now;
  }

  #speed({ chats }: Agent): number {
    return 1 / (1 + this.scenario.slowdown * Math.max(0, chats.length - 1));
  }

  /** Thinning: as many as at the busiest moment, of which a part comes. */
  #nextArrival(kind: number, from: number): number {
    const { arrivals, day } = this.scenario;
    const at = arrivals[kind];
    if (!at) return Number.POSITIVE_INFINITY;
    const most = Math.max(...Array.from({ length: 96 }, (_, quarter) => at((quarter * day) / 96))) * 1.01;
    let moment = from;
    do moment -= Math.log(1 - this.#roll()) / most;
    while (this.#roll() * most > at(moment % day));
    return moment;
  }
}

export function serves({ crew }: Agent, kind: number): boolean {
  return crew.kinds === null || crew.kinds.includes(kind);
}

function planned({ plan }: Crew, second: number): number {
  return plan.findLast(({ from }) => from <= second)?.agents ?? 0;
}
