import { type Law, lawOf, lognormal } from './law.ts';
import { ENDLESS, type Patience, patienceOf, type Waited } from './patience.ts';
import type { Laws } from './situation.ts';

/** Times kept of each sort: enough to know a law, few enough to follow a changing one. */
const KEPT = 2_000;
const WAITS_KEPT = 2_000;
/** How fast agents answer changes within the hour. */
const ANSWERS_KEPT = 30;
/** From so many on a kind has a law of its own; before, what is missing is taken from all kinds together. */
const OWN_LAW = 50;
/** From so many on a handle time counts as measured. */
const KNOWN = 5;
/** Of waits, before anybody is counted on to leave. */
const WAITS_NEEDED = 20;
/** A chat before anything was measured: 8 minutes, spread as an exponential law (facts of many desks agree on no more). */
const PRIOR_HANDLE = lognormal(480, 1, 6);
const PRIOR_ANSWER = lognormal(10, 1, 3);
/** Shorter is none. */
const SHORTEST_PAUSE = 1;
/** From so many measured handle times on their mean is taken as known. */
const SURE = 150;

/** The measured times of a line, as the laws that the simulation draws from. */
export class Measures {
  readonly #handle = new Map<number, number[]>();
  readonly #handleAll: number[] = [];
  readonly #pauses: number[] = [];
  readonly #answers: number[] = [];
  readonly #waits = new Map<number, Waited[]>();
  readonly #waitsAll: Waited[] = [];
  #laws: { laws: Laws; doubt: number } | null = null;
  #changes = 0;
  readonly #rings: boolean;

  /** @param rings are agents asked, and take a moment to answer? Else whoever is free has the next one at once. */
  constructor(rings: boolean) {
    this.#rings = rings;
  }

  handled(kind: number, seconds: number): void {
    keep(of(this.#handle, kind), seconds, KEPT);
    keep(this.#handleAll, seconds, KEPT);
    this.#changed();
  }

  paused(seconds: number): void {
    keep(this.#pauses, seconds, KEPT);
    this.#changed();
  }

  answered(seconds: number): void {
    keep(this.#answers, seconds, ANSWERS_KEPT);
    this.#changed();
  }

  waited(kind: number, wait: Waited): void {
    keep(of(this.#waits, kind), wait, WAITS_KEPT);
    keep(this.#waitsAll, wait, WAITS_KEPT);
    this.#changed();
  }

  get knowsHandleTimes(): boolean {
    return this.#handleAll.length >= KNOWN;
  }

  /** Mean over all kinds, the prior included as long as it counts. */
  get handleMean(): number {
    return this.laws(1).mean;
  }

  get leavingPerSecond(): number {
    return this.laws(1).leaving;
  }

  patience(kind: number): Patience {
    return this.laws(kind + 1).laws.patience[kind] ?? ENDLESS;
  }

  laws(kinds: number): { laws: Laws; doubt: number; mean: number; leaving: number } {
    if (!this.#made || this.#made.laws.handle.length < kinds) this.#made = this.#make(kinds);
    return this.#made;
  }

  #made: { laws: Laws; doubt: number; mean: number; leaving: number } | null = null;

  #make(kinds: number) {
    this.#changes = 0;
    const pooled = lawOf(withPrior(this.#handleAll, PRIOR_HANDLE));
    const patience = this.#waitsAll.length >= WAITS_NEEDED ? patienceOf(this.#waitsAll) : ENDLESS;
    const each = Array.from({ length: kinds }, (_, kind) => kind);
    const laws: Laws = {
      handle: each.map((kind) => ownLaw(this.#handle.get(kind), pooled)),
      pause: this.#pauses.some((pause) => pause > SHORTEST_PAUSE) ? lawOf(this.#pauses) : null,
      answer: this.#rings ? lawOf(withPrior(this.#answers, PRIOR_ANSWER)) : null,
      patience: each.map((kind) => ownPatience(this.#waits.get(kind), patience)),
    };
    const seconds = this.#waitsAll.reduce((sum, wait) => sum + wait.seconds, 0);
    const left = this.#waitsAll.reduce((count, wait) => (wait.left ? count + 1 : count), 0);
    const measured = this.#handleAll.length;
    const doubt = measured >= SURE ? 0 : Math.min(0.8, 1 / Math.sqrt(measured + 2));
    return { laws, doubt, mean: pooled.mean, leaving: left / Math.max(1, seconds) };
  }

  /** A law is made again when it may have changed by a hundredth or so. */
  #changed(): void {
    if (++this.#changes > Math.min(40, this.#handleAll.length / 20)) this.#made = null;
  }
}

/** What is usual counts as long as next to nothing was measured; a fast desk and a slow one have little in common. */
function withPrior(times: readonly number[], prior: Law): Iterable<number> {
  return times.length >= KNOWN ? times : [...times, ...prior.sorted];
}

function ownLaw(times: readonly number[] | undefined, pooled: Law): Law {
  if (!times || times.length === 0) return pooled;
  return times.length >= OWN_LAW ? lawOf(times) : pooled;
}

function ownPatience(waits: readonly Waited[] | undefined, pooled: Patience): Patience {
  return waits && waits.length >= 5 * OWN_LAW ? patienceOf(waits) : pooled;
}

function of<T>(lists: Map<number, T[]>, kind: number): T[] {
  const list = lists.get(kind) ?? [];
  lists.set(kind, list);
  return list;
}

function keep<T>(list: T[], value: T, most: number): void {
  list.push(value);
  if (list.length > most) list.shift();
}
