import { type Corrected, Corrector } from './corrector.ts';
import { between, type Forecast, forecastOf, scoreOf, waitAt } from './forecast.ts';
import { remaining } from './law.ts';
import { Measures } from './measured.ts';
import { normalQuantile } from './normal.ts';
import { staysBeyond } from './patience.ts';
import { Recalibration } from './recalibrate.ts';
import { Recent } from './recent.ts';
import { type LineNow, signsOf } from './signs.ts';
import { simulate } from './simulate.ts';
import type { Overtaking, Waiter } from './situation.ts';

/** Waits to have seen before anything but the simulation is believed. */
const LEARNED_AFTER = 500;
/** From so many on it is watched how well the corrector would do. */
const WATCHED_AFTER = 200;
/** Watched waits after which the past counts 1/e. */
const WATCHED = 2_000;
/**
 * A wait stands for those, too, who would have waited as long had they not left: by 1 over the share of people who stay
 * that long, bounded. Of that the regression takes the root: most of the bias goes, and little noise comes.
 */
const MOST_WEIGHT = 6;
/**
 * So much of it counts for whether ranges hold. Two things are asked of them, and no number meets both: that 80 of 100
 * hold for those who were answered (none of it), and for all who were told one, had they stayed (all of it). With half of it
 * a small team's hold for 78.7 of all who were told one; with all of it a call centre's hold for 81.6 of those it answered.
 */
const COUNTED = 0.75;
/** One seed for all runs: chance moves nobody's wait from one look to the next. */
const SEED = 20_261_122;
/** Where in more than this share of all paths nobody ever comes, nothing is told. */
const MOST_NEVER = 0.1;

/** The shares that low, middle and high of a range stay at. 80% between them, more of it where waits crowd: below. */
export const RANGE = { low: 0.07, middle: 0.5, high: 0.87 } as const;
/** The scores of these shares, if forecasts were right. */
const AS_FORECAST = {
  low: normalQuantile(RANGE.low),
  middle: normalQuantile(RANGE.middle),
  high: normalQuantile(RANGE.high),
};

export interface Look extends LineNow {
  overtaking?: readonly Overtaking[];
  /** Of somebody of these kinds who comes now it is told, too. */
  newcomers?: readonly number[];
}

/** A range of waits with its middle, in seconds from now. */
export interface Range {
  low: number;
  middle: number;
  high: number;
  /** What it rests on: too few times of this line, and what is usual; measured ones; what its own waits have taught. */
  basis: 'prior' | 'measured' | 'learned';
}

/** What is expected of one wait, with what is needed to learn from its end. */
export interface Expected extends Range {
  mean: number;
  /** For `expect`. */
  lesson: Lesson;
}

export interface Looked {
  /** Of those who wait, in their order. Null: nobody who could serve him ever comes, as far as is known. */
  waiting: (Expected | null)[];
  /** In the order of `newcomers`. */
  newcomer: (Expected | null)[];
}

interface Lesson {
  for: 'answer' | 'line';
  forecast: Forecast;
  simulated: Forecast;
  corrected: Corrected;
  signs: Float64Array;
}

interface Pending {
  lesson: Lesson;
  kind: number;
  at: number;
  low: number;
  high: number;
  /** Others who waited then. */
  beside: number;
}

/**
 * Says how long people wait, and learns from how long they did: simulation from now on, corrected by what this line has
 * taught, recalibrated so that a range for 80% holds 80%. Of one line: its kinds of conversation share agents.
 *
 * Its owner tells what happens in the order in which it happens; seconds, of any clock. It has no clock and no dice:
 * told the same, it says the same.
 */
export class Estimator {
  readonly #measures: Measures;
  readonly #recent = new Recent();
  /** Who finds somebody free waits for an answer; all others for somebody to become free: two kinds of error. */
  readonly #recalibrations = { answer: new Recalibration(RANGE), line: new Recalibration(RANGE) };
  readonly #pending = new Map<string, Pending>();
  #corrector: Corrector | null = null;
  /** Sums that tell how much of the correction to believe. */
  #agrees = 0;
  #corrects = 0;

  /** @param rings are agents asked, and take a moment to answer? Else whoever is free has the next one at once. */
  constructor({ rings }: { rings: boolean }) {
    this.#measures = new Measures(rings);
  }

  /** A conversation ended that an agent had for so long. */
  ended(at: number, kind: number, seconds: number): void {
    this.#recent.ended(at);
    this.#measures.handled(kind, seconds);
  }

  /** An agent was not ready for so long after a conversation, although somebody waited. */
  paused(seconds: number): void {
    this.#measures.paused(seconds);
  }

  /** What it took from an agent being ready for one more, while somebody waited, to his having accepted. */
  answered(seconds: number): void {
    this.#measures.answered(seconds);
  }

  arrived(at: number): void {
    this.#recent.arrived(at);
  }

  /** What was expected of a wait that has begun now; how it ends is compared with it. */
  expect(id: string, at: number, kind: number, { lesson, basis, low, high }: Expected): void {
    // That what is usual was wrong here says nothing of estimates that rest on what was measured.
    if (basis !== 'prior') this.#pending.set(id, { lesson, kind, at, low, high, beside: this.#pending.size });
  }

  /** @param waited seconds in the line altogether; null: he did not have to wait, which tells nothing about waits */
  served(id: string, at: number, kind: number, waited: number | null): void {
    this.#recent.served(at, waited);
    if (waited === null) return;
    this.#measures.waited(kind, { seconds: waited, left: false });
    const pending = this.#take(id);
    if (!pending) return;
    this.#recalibrate(pending, at - pending.at, false);
    this.#learn(pending, at - pending.at);
  }

  /** He gave up. */
  left(id: string, at: number, kind: number, waited: number): void {
    this.#recent.left(at);
    this.#measures.waited(kind, { seconds: waited, left: true });
    const pending = this.#take(id);
    if (pending) this.#recalibrate(pending, at - pending.at, true);
  }

  /** His wait ended in a way that tells nothing. */
  forget(id: string): void {
    this.#pending.delete(id);
  }

  /** What to expect of somebody for whom an agent has been asked for so long: the agent's answer, and no more. */
  asked(seconds: number): Range {
    const { answer } = this.#measures.laws(1).laws;
    const left = answer ? remaining(answer, seconds) : () => 0;
    const { low, middle, high } = RANGE;
    return { low: left(low), middle: left(middle), high: left(high), basis: this.#basis(0) };
  }

  /**
   * What to expect of everybody who waits.
   * @param kinds how many there are
   */
  look(line: Look, kinds: number): Looked {
    const { laws, doubt } = this.#measures.laws(kinds);
    const outcomes = simulate({ ...line, laws, doubt }, SEED);
    const atLeast = new Map<number, Expected>();
    const waiting = outcomes.waiting.map((starts, place) => {
      const waiter = line.waiting[place];
      if (!waiter) return null;
      const expected = this.#expected(line, place, waiter, starts);
      const before = atLeast.get(waiter.kind);
      // What was learned is no reason for somebody who stands behind to be told less.
      if (expected && before) Object.assign(expected, notLess(expected, before));
      if (expected) atLeast.set(waiter.kind, expected);
      return expected;
    });
    const newcomer = outcomes.newcomer.map((starts, index) => {
      const kind = line.newcomers?.[index] ?? 0;
      const place = line.waiting.filter(({ rank }) => rank >= 0).length;
      return this.#expected(line, place, { kind, waited: 0, rank: 0 }, starts);
    });
    return { waiting, newcomer };
  }

  get #learned(): number {
    return this.#corrector?.seen ?? 0;
  }

  #expected(line: Look, place: number, { kind, rank, waited }: Waiter, starts: Float64Array): Expected | null {
    const finite = starts.subarray(0, starts.findLastIndex((start) => start !== Number.POSITIVE_INFINITY) + 1);
    if (finite.length < starts.length * (1 - MOST_NEVER)) return null;
    const simulated = forecastOf(finite);
    const signs = signsOf({
      line,
      place,
      kind,
      credit: rank - waited,
      simulated,
      recent: this.#recent,
      handle: this.#measures.handleMean,
      leavingPerSecond: this.#measures.leavingPerSecond,
    });
    this.#corrector ??= new Corrector(signs.length);
    const corrected = this.#corrector.correct(signs, simulated);
    const weight = this.#learned < LEARNED_AFTER ? 0 : this.#believed();
    const what = this.#isAnswer(simulated) ? 'answer' : 'line';
    const forecast = between(simulated, corrected.forecast, weight);
    const basis = this.#basis(weight);
    // Where next to nothing was measured the doubt is in the simulation.
    const scores = basis === 'prior' ? AS_FORECAST : this.#recalibrations[what].scores();
    const low = waitAt(forecast, scores.low);
    const middle = Math.max(low, waitAt(forecast, scores.middle));
    const high = Math.max(middle, waitAt(forecast, scores.high));
    const lesson: Lesson = { for: what, forecast, simulated, corrected, signs };
    return { mean: forecast.mean, low, middle, high, basis, lesson };
  }

  #isAnswer(simulated: Forecast): boolean {
    const { answer } = this.#measures.laws(1).laws;
    return answer !== null && waitAt(simulated, 0) <= 2 * answer.mean;
  }

  #basis(learned: number): Range['basis'] {
    return learned > 0 ? 'learned' : this.#measures.knowsHandleTimes ? 'measured' : 'prior';
  }

  #take(id: string): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /** @param left he did, after so long */
  #recalibrate(pending: Pending, waited: number, left: boolean): void {
    const { lesson, low, high, beside } = pending;
    this.#recalibrations[lesson.for].add({
      score: scoreOf(lesson.forecast, waited),
      left,
      shorter: { low: waited < low, high: waited < high },
      standsFor: this.#standsFor(pending, waited) ** COUNTED,
      beside: Math.min(beside, this.#pending.size),
    });
  }

  #standsFor({ kind }: Pending, waited: number): number {
    const stays = staysBeyond(this.#measures.patience(kind), waited);
    return Math.min(MOST_WEIGHT, 1 / Math.max(1e-9, stays));
  }

  #learn(pending: Pending, waited: number): void {
    const { simulated, corrected, signs } = pending.lesson;
    const weight = Math.sqrt(this.#standsFor(pending, waited));
    this.#recent.erred(waited - simulated.mean);
    if (this.#learned >= WATCHED_AFTER) {
      const fade = 1 - 1 / WATCHED;
      const correction = corrected.forecast.mean - simulated.mean;
      this.#agrees = this.#agrees * fade + weight * correction * (waited - simulated.mean);
      this.#corrects = this.#corrects * fade + weight * correction * correction;
    }
    this.#corrector?.learn(signs, simulated, corrected, waited, weight);
  }

  /** How much of the correction would have been right lately: least squares, from 0 to 1. */
  #believed(): number {
    return this.#corrects <= 0 ? 0 : Math.min(1, Math.max(0, this.#agrees / this.#corrects));
  }
}

function notLess(expected: Expected, before: Expected): Pick<Expected, 'mean' | 'low' | 'middle' | 'high'> {
  return {
    mean: Math.max(expected.mean, before.mean),
    low: Math.max(expected.low, before.low),
    middle: Math.max(expected.middle, before.middle),
    high: Math.max(expected.high, before.high),
  };
}
