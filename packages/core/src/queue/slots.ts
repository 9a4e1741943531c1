import { remaining } from './law.ts';
import type { Laws, Server } from './situation.ts';
import type { Streams } from './streams.ts';

export const NEVER = Number.POSITIVE_INFINITY;

/**
 * When each agent can be asked, path by path. Flat arrays of numbers and no objects: every estimate comes through here
 * some ten thousand times.
 */
export class Slots {
  readonly #count: number;
  /** The slots of agent `a` are those from `#from[a]` to before `#from[a + 1]`. */
  readonly #from: Int32Array;
  readonly #offIn: Float64Array;
  /** When each slot is free, path after path; of an agent the first one first. A path is played once, and so in here. */
  readonly #free: Float64Array;
  /** When each agent can be asked, in the path that is being played. */
  readonly #next: Float64Array;
  /** Agents, who can be asked first first; among equals who stood there first. */
  readonly #order: Int32Array;
  /** Does agent `a` serve kind `k`? At `a + k * agents`. */
  readonly #serves: Uint8Array;
  #base = 0;

  /** @param scale handle times, by path, are so many times as long as measured */
  constructor(servers: readonly Server[], laws: Laws, streams: Streams, scale: Float64Array) {
    const agents = servers.length;
    this.#from = new Int32Array(agents + 1);
    for (const [agent, { capacity }] of servers.entries())
      this.#from[agent + 1] = (this.#from[agent] ?? 0) + Math.max(0, Math.floor(capacity));
    this.#count = this.#from[agents] ?? 0;
    this.#offIn = Float64Array.from(servers, ({ offIn }) => offIn);
    this.#next = new Float64Array(agents);
    this.#order = new Int32Array(agents);
    this.#free = new Float64Array(this.#count * streams.paths);
    this.#serves = new Uint8Array(agents * laws.handle.length);
    for (const [agent, server] of servers.entries()) {
      this.#draw(server, agent, laws, streams, scale);
      for (let kind = 0; kind < laws.handle.length; kind++)
        this.#serves[agent + kind * agents] = server.kinds === null || server.kinds.has(kind) ? 1 : 0;
    }
  }

  /** From when on what he has now leaves him free, in each path. Whoever has more than he may take keeps it. */
  #draw({ onIn, idle, running }: Server, agent: number, laws: Laws, streams: Streams, scale: Float64Array): void {
    const first = this.#from[agent] as number;
    const to = this.#from[agent + 1] as number;
    const paused = idle !== null && laws.pause ? streams.draw(remaining(laws.pause, idle)) : null;
    const pause = laws.pause && remaining(laws.pause, 0);
    for (let slot = first; slot < to; slot++) {
      const one = running[slot - first];
      const law = one && laws.handle[one.kind];
      const left = one && law ? streams.draw(remaining(law, one.age)) : null;
      const pauses = left && pause ? streams.draw(pause) : null;
      for (let path = 0, base = 0; path < scale.length; path++, base += this.#count) {
        const free = left
          ? (left[path] as number) * (scale[path] as number) + (pauses ? (pauses[path] as number) : 0)
          : onIn;
        this.#sortIn(base + first, base + slot, paused ? Math.max(free, paused[path] as number) : free);
      }
    }
  }

  /** Puts a time among those before `at`, where the larger ones go up by one. */
  #sortIn(from: number, at: number, time: number): void {
    const free = this.#free;
    let slot = at;
    for (; slot > from && (free[slot - 1] as number) > time; slot--) free[slot] = free[slot - 1] as number;
    free[slot] = time;
  }

  /** From here on it is about this path. */
  play(path: number): void {
    this.#base = path * this.#count;
    const next = this.#next;
    const order = this.#order;
    for (let agent = 0; agent < next.length; agent++) {
      const at = this.#freeOf(agent, 0);
      let place = agent;
      for (; place > 0 && (next[order[place - 1] as number] as number) > at; place--)
        order[place] = order[place - 1] as number;
      order[place] = agent;
      next[agent] = at;
    }
  }

  /** Who can be asked first for this kind, as his place in the order; -1 where nobody ever can. */
  first(kind: number): number {
    const agents = this.#order.length;
    const offset = kind * agents;
    for (let place = 0; place < agents; place++)
      if (this.#serves[offset + (this.#order[place] as number)] === 1) return this.at(place) === NEVER ? -1 : place;
    return -1;
  }

  /** When who stands at this place can be asked. */
  at(place: number): number {
    return place < 0 ? NEVER : (this.#next[this.#order[place] as number] as number);
  }

  /**
   * He takes somebody as soon as he can be asked.
   * @param place of him, from `first`; not -1
   * @param answer until he has accepted. A person answers one ring at a time: he is good for nobody else before.
   * @param busy from then on, until the slot is free again
   */
  take(place: number, answer: number, busy: number): void {
    const order = this.#order;
    const next = this.#next;
    const agent = order[place] as number;
    const accepted = (next[agent] as number) + answer;
    this.#occupy(agent, accepted + busy);
    const at = this.#freeOf(agent, answer === 0 ? 0 : accepted);
    next[agent] = at;
    let to = place;
    for (; to + 1 < order.length && (next[order[to + 1] as number] as number) <= at; to++)
      order[to] = order[to + 1] as number;
    order[to] = agent;
  }

  /** His first slot is taken until then. */
  #occupy(agent: number, until: number): void {
    const free = this.#free;
    const last = this.#base + (this.#from[agent + 1] as number) - 1;
    let slot = this.#base + (this.#from[agent] as number);
    for (; slot < last && (free[slot + 1] as number) < until; slot++) free[slot] = free[slot + 1] as number;
    free[slot] = until;
  }

  #freeOf(agent: number, notBefore: number): number {
    const from = this.#from[agent] as number;
    if (from === this.#from[agent + 1]) return NEVER;
    const at = Math.max(notBefore, this.#free[this.#base + from] as number);
    return at >= (this.#offIn[agent] as number) ? NEVER : at;
  }
}
