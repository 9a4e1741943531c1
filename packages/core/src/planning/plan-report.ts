import { mean, share, sum } from '#measures/figures.ts';
import { type Promised, tallyOf } from '#measures/promise.ts';
import type { Customer } from './customer.ts';
import type { QueuePlan } from './plan.ts';
import { type Played, playPlan } from './play.ts';

/** What would happen. Shares from 0 to 1; null where nobody tells. */
export interface PlanReport {
  customers: number;
  answered: number;
  left: number;
  /** The line had no end: they came when 300 people stood in it. */
  turnedAway: number;
  /** Of those whose wait is over. */
  leftShare: number | null;
  meanWaitSeconds: number | null;
  medianWaitSeconds: number | null;
  /** Nine of ten wait at most so long. */
  longWaitSeconds: number | null;
  /** Share of answered customers who waited at most so many seconds. */
  answeredWithin: { seconds: number; share: number | null }[];
  /** Share of the agents' room that is in use while they are there. */
  occupancy: number | null;
  /** What Baton would have told those who had to wait, and how true it would have been. */
  estimate: {
    told: number;
    withinShare: number | null;
    lateShare: number | null;
    meanAbsoluteErrorSeconds: number | null;
  };
  hours: PlanHour[];
  /** In the order of the plan. */
  queues: PlanQueue[];
}

/** By the queue to which they came. */
export interface PlanQueue {
  name: string;
  customers: number;
  answered: number;
  left: number;
  leftShare: number | null;
  meanWaitSeconds: number | null;
  /** They went on in another queue, whatever became of them there. */
  overflowed: number;
  /** Answered by the agent who had them before. */
  sameAgent: number;
}

export interface PlanHour {
  hour: number;
  /** A day, on average. */
  customers: number;
  meanWaitSeconds: number | null;
  leftShare: number | null;
  occupancy: number | null;
}

const WITHIN = [20, 60, 180, 300];

/** Plays a plan and says what came of it. A day of a few hundred customers takes a fraction of a second. */
export function planReport(plan: QueuePlan): PlanReport {
  const played = playPlan(plan);
  const { customers, slots } = played;
  const waits = waitsOf(customers);
  return {
    customers: customers.length,
    answered: waits.length,
    left: customers.filter(({ end }) => end === 'left').length,
    turnedAway: customers.filter(({ end }) => end === 'turned_away').length,
    leftShare: leftShare(customers),
    meanWaitSeconds: mean(waits),
    medianWaitSeconds: at(waits, 0.5),
    longWaitSeconds: at(waits, 0.9),
    answeredWithin: WITHIN.map((seconds) => ({
      seconds,
      share: share(waits.filter((wait) => wait <= seconds).length, waits.length),
    })),
    occupancy: share(sum(slots.map(({ used }) => used)), sum(slots.map(({ there }) => there))),
    estimate: estimateOf(customers),
    hours: hoursOf(played, plan.days),
    queues: plan.queues.map(({ name }, index) =>
      queueOf(
        name,
        customers.filter(({ queue }) => queue === index),
      ),
    ),
  };
}

function queueOf(name: string, customers: readonly Customer[]): PlanQueue {
  const waits = waitsOf(customers);
  return {
    name,
    customers: customers.length,
    answered: waits.length,
    left: customers.filter(({ end }) => end === 'left').length,
    leftShare: leftShare(customers),
    meanWaitSeconds: mean(waits),
    overflowed: customers.filter(({ overflowed }) => overflowed).length,
    sameAgent: customers.filter(({ sameAgent }) => sameAgent).length,
  };
}

function hoursOf({ customers, slots }: Played, days: number): PlanHour[] {
  const byHour = Map.groupBy(customers, (customer) => Math.floor((customer.at % 86_400) / 3_600));
  return slots.map(({ there, used }, hour) => {
    const some = byHour.get(hour) ?? [];
    return {
      hour,
      customers: some.length / days,
      meanWaitSeconds: mean(waitsOf(some)),
      leftShare: leftShare(some),
      occupancy: share(used, there),
    };
  });
}

function estimateOf(customers: readonly Customer[]): PlanReport['estimate'] {
  const promises = customers.flatMap(({ told, end, at: from, endAt }): Promised[] => {
    if (told === null) return [];
    const range = { lowSeconds: told.low, p50Seconds: told.middle, highSeconds: told.high };
    return [{ range, seconds: endAt - from, answered: end === 'answered' }];
  });
  const { count: told, withinShare, lateShare, meanAbsoluteErrorSeconds } = tallyOf(promises);
  return { told, withinShare, lateShare, meanAbsoluteErrorSeconds };
}

/** Ascending. */
function waitsOf(customers: readonly Customer[]): number[] {
  const answered = customers.filter(({ end }) => end === 'answered');
  return answered.map((customer) => customer.endAt - customer.at).sort((a, b) => a - b);
}

function leftShare(customers: readonly Customer[]): number | null {
  const over = customers.filter(({ end }) => end === 'answered' || end === 'left');
  return share(over.filter(({ end }) => end === 'left').length, over.length);
}

function at(sorted: readonly number[], portion: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * portion))] ?? null;
}
