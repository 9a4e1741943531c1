import type { Millis, QueueId } from '#ids.ts';
import type { Estimate } from '#queue/estimate.ts';
import { mean, median } from './figures.ts';
import { type Calibration, calibrationOf, type Kept, type Promised, type Tally, tallyOf } from './promise.ts';

/** Somebody who came into a line: what he was told first, and what came of it. */
export interface WaitTold {
  at: Millis;
  queue: QueueId;
  /** Hour of the day where the owner is, 0 to 23. */
  hour: number;
  /** Null: he was told that it is not known. */
  range: Pick<Estimate, 'lowSeconds' | 'p50Seconds' | 'highSeconds'> | null;
  /** An agent accepted; he left the line; it ended in another way (limit, the bot solved it, no desk); he waits still. */
  end: 'answered' | 'left' | 'ended' | 'waiting';
  /** From being told until then, or until now. */
  seconds: number;
}

export interface WaitFigures extends Omit<Tally, 'count'> {
  /** Customers who were told where they stand. */
  told: number;
  /** The four of `kept` add up to it. */
  toldRange: number;
  answered: number;
  left: number;
  /** Of answered waits; null without any. */
  meanWaitSeconds: number | null;
  medianWaitSeconds: number | null;
}

/** Of those who had waited `from` seconds, how many left before `to`; null is without end. */
export interface Leaving {
  from: number;
  to: number | null;
  waiting: number;
  left: number;
}

export interface WaitReport {
  all: WaitFigures;
  queues: (WaitFigures & { queue: QueueId })[];
  /** Hours in which somebody was told something. */
  hours: (WaitFigures & { hour: number })[];
  calibration: Calibration[];
  leaving: Leaving[];
}

/** What was promised and what came of it: whole, by queue and by hour. */
export function waitReport(waits: readonly WaitTold[]): WaitReport {
  const queues = Map.groupBy(waits, (wait) => wait.queue);
  const hours = Map.groupBy(waits, (wait) => wait.hour);
  return {
    all: figuresOf(waits),
    queues: [...queues].map(([queue, some]) => ({ queue, ...figuresOf(some) })),
    hours: [...hours].sort(([a], [b]) => a - b).map(([hour, some]) => ({ hour, ...figuresOf(some) })),
    calibration: calibrationOf(promisesOf(waits)),
    leaving: leavingOf(waits),
  };
}

function figuresOf(waits: readonly WaitTold[]): WaitFigures {
  const { count: toldRange, ...tally } = tallyOf(promisesOf(waits));
  const answered = waits.filter(({ end }) => end === 'answered').map(({ seconds }) => seconds);
  return {
    told: waits.length,
    toldRange,
    answered: answered.length,
    left: waits.filter(({ end }) => end === 'left').length,
    meanWaitSeconds: mean(answered),
    medianWaitSeconds: median(answered),
    ...tally,
  };
}

function promisesOf(waits: readonly WaitTold[]): Promised[] {
  return waits.flatMap(({ range, end, seconds }) => (range ? [{ range, seconds, answered: end === 'answered' }] : []));
}

/** How ranges turned out that were shown one after the other while people waited. */
export function shownFigures(
  promises: readonly Promised[],
): Record<Kept, number> & { count: number; withinShare: number | null } {
  const { kept, count, withinShare } = tallyOf(promises);
  return { ...kept, count, withinShare };
}

const STRETCHES = [0, 30, 60, 120, 300, 600, 1_200];

function leavingOf(waits: readonly WaitTold[]): Leaving[] {
  return STRETCHES.map((from, index) => {
    const to = STRETCHES[index + 1] ?? null;
    const waiting = waits.filter(({ seconds }) => seconds >= from);
    const left = waiting.filter(({ end, seconds }) => end === 'left' && (to === null || seconds < to));
    return { from, to, waiting: waiting.length, left: left.length };
  });
}
