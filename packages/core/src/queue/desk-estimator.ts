import { rangeOfWaits } from './desk-waits.ts';
import { Estimator, type Looked, type Range } from './estimator.ts';
import type { Waited } from './patience.ts';
import type { Server, Waiter } from './situation.ts';

/** Who was not seen for so long, and has nobody of ours, counts as gone: a desk seldom says who is there. Seconds. */
const THERE = 1_800;
/** Waits of which people are told where nobody was seen lately. */
const WAITS_KEPT = 100;
/** A pause that is longer was none: he was not there, or others had him. */
const LONGEST_PAUSE = 1_800;

interface Agent {
  /** Of ours. */
  running: number;
  /** The most that he had at once: that many he takes. */
  most: number;
  kinds: Set<number>;
  /** When he took or ended something last. */
  seenAt: number;
}

interface Waiting {
  kind: number;
  since: number;
}

/** What to expect of everybody who waits, and of somebody who comes now. Null: nobody can tell. */
export interface DeskLook {
  waiting: Map<string, Range | null>;
  newcomers: Map<number, Range | null>;
}

/**
 * How long people wait at an outside desk, of which we see our own share: who waits, who took whom, how long it took. The
 * same simulation, learned and recalibrated in the same way; only that nobody tells us who is there and how many
 * conversations he takes, besides ours, which are hidden. So whoever was seen lately counts as there, with room for as many
 * as he had at once, and a time that he lets somebody wait although he has room is a pause. What the desk says of the
 * number who are there goes before that.
 *
 * Of one desk. Its owner tells what happens in the order in which it happens; seconds, of any clock.
 */
export class DeskEstimator {
  readonly #estimator = new Estimator({ rings: false });
  readonly #agents = new Map<string, Agent>();
  /** In the order of waiting. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #running = new Map<string, { kind: number; since: number; agent: string }>();
  readonly #waits = new Map<number, Waited[]>();
  readonly #kinds = new Set<number>();
  #online: number | null = null;

  /**
   * How many agents are there, by the desk's own word; null: it does not say.
   * @returns whether that is new
   */
  online(agents: number | null): boolean {
    const isNew = this.#online !== agents;
    this.#online = agents;
    return isNew;
  }

  /** What is known of somebody: that he waits, or that somebody has him. */
  has(id: string): 'waits' | 'runs' | null {
    return this.#waiting.has(id) ? 'waits' : this.#running.has(id) ? 'runs' : null;
  }

  /** @param since when he began to wait, where that was before he came here */
  joined(id: string, at: number, kind: number, since: number = at): void {
    this.#release(id);
    this.#kinds.add(kind);
    this.#waiting.set(id, { kind, since });
    this.#estimator.arrived(at);
    const place = this.#order().findIndex((one) => one.id === id);
    const expected = this.#look(at).waiting[place];
    if (expected) this.#estimator.expect(id, at, kind, expected);
  }

  /** @param agent null: nobody knows who */
  served(id: string, at: number, agent: string | null): void {
    const one = this.#waiting.get(id);
    if (!one) return;
    this.#waiting.delete(id);
    this.#estimator.served(id, at, one.kind, at - one.since);
    this.#remember(one.kind, { seconds: at - one.since, left: false });
    if (agent === null) return;
    const pause = this.#pause(agent, at, one.since);
    if (pause !== null) this.#estimator.paused(pause);
    const known = this.#agents.get(agent) ?? { running: 0, most: 1, kinds: new Set(), seenAt: at };
    this.#agents.set(agent, known);
    known.running++;
    known.most = Math.max(known.most, known.running);
    known.kinds.add(one.kind);
    known.seenAt = at;
    this.#running.set(id, { kind: one.kind, since: at, agent });
  }

  /** The conversation ended, or went on without this desk. */
  ended(id: string, at: number): void {
    const one = this.#running.get(id);
    if (!one) return;
    this.#estimator.ended(at, one.kind, at - one.since);
    this.#release(id, at);
  }

  /** He gave up. */
  left(id: string, at: number): void {
    const one = this.#waiting.get(id);
    if (!one) return;
    this.#waiting.delete(id);
    this.#estimator.left(id, at, one.kind, at - one.since);
    this.#remember(one.kind, { seconds: at - one.since, left: true });
  }

  /** His wait here ended in a way that tells nothing. */
  forget(id: string): void {
    this.#waiting.delete(id);
    this.#release(id);
    this.#estimator.forget(id);
  }

  look(now: number): DeskLook {
    const kinds = [...this.#kinds];
    const looked = this.#look(now, kinds);
    const told = (expected: Range | null | undefined, kind: number, waited: number) =>
      !expected || expected.basis === 'prior' ? this.#asOthers(kind, waited) : expected;
    return {
      waiting: new Map(
        this.#order().map(({ id, kind, since }, place) => [id, told(looked.waiting[place], kind, now - since)]),
      ),
      newcomers: new Map(kinds.map((kind, index) => [kind, told(looked.newcomer[index], kind, 0)])),
    };
  }

  /** @param at when he was done with it; left out: he may have been gone for long */
  #release(id: string, at?: number): void {
    const agent = this.#agents.get(this.#running.get(id)?.agent ?? '');
    this.#running.delete(id);
    if (!agent) return;
    agent.running = Math.max(0, agent.running - 1);
    if (at !== undefined) agent.seenAt = at;
  }

  /** As long as others waited lately who had waited as long as he has. */
  #asOthers(kind: number, waited: number): Range | null {
    const longer = (this.#waits.get(kind) ?? []).filter(({ seconds }) => seconds > waited);
    return rangeOfWaits(longer.map(({ seconds, left }) => ({ seconds: seconds - waited, left })));
  }

  #look(now: number, newcomers: readonly number[] = []): Looked {
    const waiting = this.#order().map(({ kind, since }): Waiter => ({ kind, waited: now - since, rank: now - since }));
    return this.#estimator.look({ now, servers: this.#servers(now), waiting, newcomers }, this.#count);
  }

  get #count(): number {
    return Math.max(0, ...this.#kinds) + 1;
  }

  #order(): (Waiting & { id: string })[] {
    return [...this.#waiting].map(([id, one]) => ({ id, ...one })).sort((a, b) => a.since - b.since);
  }

  #servers(now: number): Server[] {
    const seen = [...this.#agents].filter(([, { running, seenAt }]) => running > 0 || now - seenAt <= THERE);
    seen.sort(([, a], [, b]) => b.running - a.running || b.seenAt - a.seenAt);
    const busy = seen.filter(([, { running }]) => running > 0).length;
    const there = this.#online === null ? seen : seen.slice(0, Math.max(busy, this.#online));
    const first = Math.min(now, ...[...this.#waiting.values()].map(({ since }) => since));
    const servers = there.map(([agent, { running, most, kinds, seenAt }]): Server => {
      const idle = running < most ? now - Math.max(first, seenAt) : null;
      return { kinds, capacity: most, running: this.#chatsOf(agent, now), idle, onIn: 0, offIn: Infinity };
    });
    // Of whom the desk says that they are there, and whom we have not seen.
    const unseen = Math.max(0, (this.#online ?? 0) - there.length);
    const room = Math.max(1, Math.round(meanOf(there.map(([, { most }]) => most))));
    for (let one = 0; one < unseen; one++)
      servers.push({ kinds: null, capacity: room, running: [], idle: now - first, onIn: 0, offIn: Infinity });
    return servers;
  }

  #chatsOf(agent: string, now: number): Server['running'] {
    const own = [...this.#running.values()].filter((one) => one.agent === agent);
    return own.map(({ kind, since }) => ({ kind, age: now - since }));
  }

  /**
   * How long he alone would have let somebody wait. He was the first of those who had room: of `count` whose pauses end at
   * random, the first one ends after a `count`th of the time.
   */
  #pause(agent: string, at: number, since: number): number | null {
    const known = this.#agents.get(agent);
    const ready = Math.max(since, known?.seenAt ?? since);
    if (at - ready > LONGEST_PAUSE) return null;
    const roomy = [...this.#agents.values()].filter(
      ({ running, most, seenAt }) => running < most && at - seenAt <= THERE,
    );
    return (at - ready) * Math.max(1, roomy.length);
  }

  #remember(kind: number, wait: Waited): void {
    const waits = this.#waits.get(kind) ?? [];
    this.#waits.set(kind, waits);
    waits.push(wait);
    if (waits.length > WAITS_KEPT) waits.shift();
  }
}

function meanOf(list: readonly number[]): number {
  return list.length === 0 ? 1 : list.reduce((sum, one) => sum + one, 0) / list.length;
}
