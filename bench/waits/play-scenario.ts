import { Estimator, type Expected, type Look, type Server } from '@baton/core';
import { Oracle } from './oracle.ts';
import { RIVALS, type RivalName, type View } from './rivals.ts';
import type { Scenario } from './scenarios.ts';
import type { Judged } from './score.ts';
import { type Agent, type Chat, type Onlooker, serves, type Visitor, World } from './world.ts';

/** Visitors whose waits are learned from and not scored. */
const WARM_UP = 1_500;

export interface Played {
  ours: Judged[];
  oracle: Judged[];
  rivals: Record<RivalName, Judged[]>;
}

interface Said {
  ours: Expected;
  oracle: Omit<Judged, 'waited' | 'left'>;
  rivals: [RivalName, number][];
}

/**
 * Plays a scenario; of everybody who had to wait, what was said when he came is kept with how long he waited, or would have.
 * @param warmUp visitors who come first and are not scored
 */
export function playScenario(scenario: Scenario, seed: number, visitors: number, warmUp = WARM_UP): Played {
  const play = new Play(scenario, seed, warmUp);
  new World(scenario, seed, play).run(warmUp + visitors);
  return play.played;
}

class Play implements Onlooker {
  readonly played: Played = {
    ours: [],
    oracle: [],
    rivals: Object.fromEntries(Object.keys(RIVALS).map((name) => [name, []])) as unknown as Record<RivalName, Judged[]>,
  };
  readonly #estimator = new Estimator({ rings: false });
  readonly #oracle: Oracle;
  readonly #kinds: number;
  readonly #warmUp: number;
  readonly #said = new Map<string, Said>();
  readonly #handles: { at: number; seconds: number }[] = [];
  readonly #served: { at: number; waited: number }[] = [];
  #left = 0;
  #waited = 0;

  constructor(scenario: Scenario, seed: number, warmUp: number) {
    this.#warmUp = warmUp;
    this.#kinds = scenario.arrivals.length;
    this.#oracle = new Oracle(scenario, seed + 1);
  }

  joined(visitor: Visitor, world: World): void {
    this.#estimator.arrived(world.now);
    const look = lookOf(world);
    const place = look.waiting.length - 1;
    const ours = this.#estimator.look(look, this.#kinds).waiting[place];
    if (!ours) throw new Error(`${world.scenario.name}: nobody is known who could serve ${visitor.id}.`);
    this.#estimator.expect(visitor.id, world.now, visitor.kind, ours);
    if (this.#count(visitor) <= this.#warmUp) return;
    const view = this.#view(world, place, visitor.kind);
    const rivals = Object.entries(RIVALS).map(([name, rule]): [RivalName, number] => [name as RivalName, rule(view)]);
    this.#said.set(visitor.id, { ours, oracle: this.#oracle.expect(look, place), rivals });
  }

  served(visitor: Visitor, waited: number | null, pause: number | null, { now }: World): void {
    if (waited === null) this.#estimator.arrived(now);
    this.#estimator.served(visitor.id, now, visitor.kind, waited);
    if (waited === null) return;
    this.#estimator.paused(pause ?? 0);
    this.#waited += waited;
    this.#served.push({ at: now, waited });
    this.#judge(visitor, waited);
  }

  left(visitor: Visitor, waited: number, { now }: World): void {
    this.#left++;
    this.#waited += waited;
    this.#estimator.left(visitor.id, now, visitor.kind, waited);
  }

  wouldHaveBeenServed(visitor: Visitor, waited: number): void {
    this.#judge(visitor, waited);
  }

  ended({ visitor, began }: Chat, { now }: World): void {
    this.#estimator.ended(now, visitor.kind, now - began);
    this.#handles.push({ at: now, seconds: now - began });
  }

  #count({ id }: Visitor): number {
    return Number(id.slice(1));
  }

  #judge({ id }: Visitor, waited: number): void {
    const said = this.#said.get(id);
    if (!said) return;
    this.#said.delete(id);
    const { mean, middle, low, high } = said.ours;
    this.played.ours.push({ waited, left: false, mean, middle, low, high });
    this.played.oracle.push({ waited, left: false, ...said.oracle });
    for (const [name, seconds] of said.rivals) {
      this.played.rivals[name].push({ waited, left: false, mean: seconds, middle: seconds });
    }
  }

  #view(world: World, ahead: number, kind: number): View {
    const { now } = world;
    const serving = world.agents.filter((agent) => serves(agent, kind));
    const slotsAt = (at: number) =>
      serving.reduce((sum, one) => sum + (world.duty(one, at).on ? one.crew.capacity : 0), 0);
    const handle = mean(this.#handles.slice(-600)) ?? 480;
    return {
      now,
      ahead,
      agents: serving.filter((agent) => world.duty(agent).on).length,
      slots: slotsAt(now),
      ready: 0,
      handleHour: mean(this.#handles.slice(this.#handles.findLastIndex(({ at }) => at <= now - 3_600) + 1)) ?? handle,
      handle,
      leavingPerSecond: this.#left / Math.max(1, this.#waited),
      plan: [...new Set(serving.map((agent) => world.duty(agent).changes))]
        .filter(Number.isFinite)
        .sort((a, b) => a - b)
        .map((at) => ({ after: at - now, slots: slotsAt(at) })),
      head: ahead === 0 ? null : now - (world.line.find(({ ghost }) => !ghost)?.at ?? now),
      served: this.#served.slice(-20),
    };
  }
}

function lookOf(world: World): Look {
  const { now, agents, line } = world;
  const waiting = line
    .filter(({ ghost }) => !ghost)
    .map(({ kind, at }) => ({ kind, waited: now - at, rank: now - at }));
  return { now, waiting, servers: agents.map((agent) => serverOf(agent, world)) };
}

function serverOf(agent: Agent, world: World): Server {
  const { now } = world;
  const { crew, chats, idle } = agent;
  const { on, changes } = world.duty(agent);
  return {
    kinds: crew.kinds && new Set(crew.kinds),
    capacity: crew.capacity,
    running: chats.map(({ visitor, began }) => ({ kind: visitor.kind, age: now - began })),
    idle: on && idle !== null ? now - idle : null,
    onIn: on ? 0 : changes - now,
    offIn: on ? changes - now : Number.POSITIVE_INFINITY,
  };
}

function mean(list: readonly { seconds: number }[]): number | null {
  return list.length === 0 ? null : list.reduce((sum, { seconds }) => sum + seconds, 0) / list.length;
}
