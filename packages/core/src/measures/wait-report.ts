import type { Millis, QueueId } from '#ids.ts';
import type { Estimate } from '#queue/estimate.ts';
import { type Calibration, calibrationOf, type Kept, keptOf, type Promised } from './promise.ts';

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

export interface WaitFigures {
  /** Customers who were told where they stand. */
  told: number;
  toldRange: number;
  answered: number;
  left: number;
  /** Of answered waits; null without any. */
  meanWaitSeconds: number | null;
  medianWaitSeconds: number | null;
  /** How the told ranges turned out. The four add up to `toldRange`. */
  kept: Record<Kept, number>;
  /** Share of ranges that held and of those that were passed, among those whose outcome is known; null without any. */
  withinShare: number | null;
  lateShare: number | null;
  /** Wait less the told middle, of answered ones: above zero too little is promised. */
  meanErrorSeconds: number | null;
  meanAbsoluteErrorSeconds: number | null;
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
    calibration: calibrationOf(
      waits.flatMap(({ range, end, seconds }) => (range ? [{ range, seconds, answered: end === 'answered' }] : [])),
    ),
    leaving: leavingOf(waits),
  };
}

function figuresOf(waits: readonly WaitTold[]): WaitFigures {
  const kept: WaitFigures['kept'] = { within: 0, early: 0, late: 0, unknown: 0 };
  const errors: number[] = [];
  for (const { range, end, seconds } of waits) {
    if (range === null) continue;
    const answered = end === 'answered';
    kept[keptOf({ range, seconds, answered })]++;
    if (answered) errors.push(seconds - range.p50Seconds);
  }
  const known = kept.within + kept.early + kept.late;
  const answered = waits.filter(({ end }) => end === 'answered').map(({ seconds }) => seconds);
  return {
    told: waits.length,
    toldRange: known + kept.unknown,
    answered: answered.length,
    left: waits.filter(({ end }) => end === 'left').length,
    meanWaitSeconds: mean(answered),
    medianWaitSeconds: median(answered),
    kept,
    withinShare: known === 0 ? null : kept.within / known,
    lateShare: known === 0 ? null : kept.late / known,
    meanErrorSeconds: mean(errors),
    meanAbsoluteErrorSeconds: mean(errors.map(Math.abs)),
  };
}

/** How ranges turned out that were shown one after the other while people waited. */
export function shownFigures(
  promises: readonly Promised[],
): Record<Kept, number> & { count: number; withinShare: number | null } {
  const kept: Record<Kept, number> = { within: 0, early: 0, late: 0, unknown: 0 };
  for (const one of promises) kept[keptOf(one)]++;
  const known = promises.length - kept.unknown;
  return { ...kept, count: promises.length, withinShare: known === 0 ? null : kept.within / known };
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

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
