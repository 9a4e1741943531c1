import { type Quantile, remaining } from './law.ts';
import { normalQuantile } from './normal.ts';
import { type Patience, staysFor } from './patience.ts';
import { randoms } from './random.ts';
import type { Outcomes, Overtaking, Situation } from './situation.ts';
import { NEVER, Slots } from './slots.ts';
import { streamsOf } from './streams.ts';

export const PATHS = 128;

/**
 * Plays what may happen from now on, `paths` times: running conversations end as their ages say, agents pause, come and
 * go, people ahead leave as their patience says, whoever is free takes the first in the line whom he can serve. One play
 * serves the whole line. (Conditional simulation; ages after Whitt 1999, leaving after Ibrahim and Whitt 2009.)
 *
 * In routing order "the earliest free slot that serves him" is the same as "who becomes free takes the first whom he
 * serves", so a path needs no calendar of events. The same seed gives the same answer.
 */
export function simulate(situation: Situation, seed: number, paths: number = PATHS): Outcomes {
  const run = new Run(situation, seed, paths);
  for (let path = 0; path < paths; path++) run.play(path);
  return run.outcomes();
}

/** Agents answer faster or slower than lately, all together: standard deviation of the logarithm. */
const ANSWER_DOUBT = 0.25;
/** Of one sort, in one path; where more come than that, nobody can tell a wait. */
const MOST_OVERTAKERS = 100;
const NONE = new Float64Array(0);

/** Somebody who waits, with what each path draws for him. */
interface Entry {
  kind: number;
  rank: number;
  starts: Float64Array;
  /** Somebody who comes now takes nothing away from anybody: he is only asked when his turn would be. */
  real: boolean;
  /** How long he stays. */
  stays: Float64Array;
  /** How long he then keeps a slot, and how long his agent takes to answer. */
  takes: Float64Array;
  answers: Float64Array;
}

interface Overtaker {
  at: number;
  rank: number;
  kind: number;
}

class Run {
  readonly #overtaking: readonly Overtaking[];
  readonly #slots: Slots;
  readonly #waiting: Entry[];
  readonly #newcomer: Entry[];
  /** Both, the first to be served first. */
  readonly #entries: Entry[];
  readonly #keeps: (kind: number, path: number) => number;
  readonly #random: () => number;

  constructor(situation: Situation, seed: number, paths: number) {
    const { laws, servers, waiting, overtaking = [], newcomers = [], doubt = 0 } = situation;
    const streams = streamsOf(seed, paths);
    this.#overtaking = overtaking.filter(({ perSecond, credit }) => perSecond > 0 && credit > 0);
    this.#random = randoms(~seed);
    const fresh = laws.handle.map((law) => remaining(law, 0));
    const pause = laws.pause && remaining(laws.pause, 0);
    const answer = laws.answer && remaining(laws.answer, 0);
    const scale = streams.draw(factor(doubt));
    const answerScale = streams.draw(factor(answer ? ANSWER_DOUBT : 0));
    this.#slots = new Slots(servers, laws, streams, scale);
    this.#keeps = (kind, path) =>
      (fresh[kind]?.(this.#random()) ?? 0) * (scale[path] as number) + (pause?.(this.#random()) ?? 0);
    const answers = () => (answer ? times(streams.draw(answer), answerScale) : NONE);
    this.#waiting = waiting.map(({ kind, waited, rank }) => {
      const stays = streams.draw(staying(laws.patience[kind], waited));
      const takes = times(streams.draw(fresh[kind] ?? (() => 0)), scale);
      if (pause) add(takes, streams.draw(pause));
      return { kind, rank, starts: new Float64Array(paths), real: true, stays, takes, answers: answers() };
    });
    this.#newcomer = newcomers.map((kind) => {
      const starts = new Float64Array(paths);
      return { kind, rank: 0, starts, real: false, stays: NONE, takes: NONE, answers: answers() };
    });
    this.#entries = [...this.#waiting, ...this.#newcomer].sort((a, b) => b.rank - a.rank);
  }

  outcomes(): Outcomes {
    const sorted = ({ starts }: Entry) => starts.sort();
    return { waiting: this.#waiting.map(sorted), newcomer: this.#newcomer.map(sorted) };
  }

  play(path: number): void {
    const slots = this.#slots;
    const overtakers = this.#overtaking.length > 0 ? this.#overtakers() : [];
    let next = 0;
    slots.play(path);
    for (let index = 0; index < this.#entries.length; index++) {
      const { kind, rank, starts, real, stays, takes, answers } = this.#entries[index] as Entry;
      const answer = answers.length > 0 ? (answers[path] as number) : 0;
      let agent = slots.first(kind);
      for (let other = overtakers[next]; other && other.rank > rank; other = overtakers[++next]) {
        // Who comes too late for what becomes free first overtakes nobody there.
        if (other.at > slots.at(agent)) break;
        const taking = slots.first(other.kind);
        if (taking !== -1) slots.take(taking, answer, this.#keeps(other.kind, path));
        agent = slots.first(kind);
      }
      const asked = slots.at(agent);
      starts[path] = asked + answer;
      if (!real || asked === NEVER) continue;
      if ((stays[path] as number) >= asked) slots.take(agent, answer, takes[path] as number);
    }
  }

  /** Those who will come and go before somebody who waits already, in the order in which they are served. */
  #overtakers(): Overtaker[] {
    const found: Overtaker[] = [];
    for (const { kind, perSecond, credit } of this.#overtaking) {
      const gap = () => -Math.log(1 - this.#random()) / perSecond;
      let left = MOST_OVERTAKERS;
      for (let at = gap(); at < credit && left > 0; at += gap(), left--) found.push({ at, rank: credit - at, kind });
    }
    return found.sort((a, b) => b.rank - a.rank);
  }
}

function staying(patience: Patience | undefined, waited: number): Quantile {
  if (!patience?.rates.some((rate) => rate > 0)) return () => NEVER;
  return (share) => staysFor(patience, waited, share);
}

function factor(doubt: number): Quantile {
  return doubt === 0 ? () => 1 : (share) => Math.exp(doubt * normalQuantile(share));
}

function times(list: Float64Array, scale: Float64Array): Float64Array {
  for (let path = 0; path < list.length; path++) list[path] = (list[path] as number) * (scale[path] as number);
  return list;
}

function add(list: Float64Array, more: Float64Array): void {
  for (let path = 0; path < list.length; path++) list[path] = (list[path] as number) + (more[path] as number);
}
