import { describe, expect, it } from 'vitest';
import { isOn, type QueuePlan, secondsToTurn, withOneMore } from './plan.ts';
import { planReport } from './plan-report.ts';
import { playPlan } from './play.ts';

const MINUTES = 60;
const plan = (more: Partial<QueuePlan> = {}): QueuePlan => ({
  arrivalsPerHour: Array(24).fill(12),
  chat: { meanSeconds: 8 * MINUTES, variation: 1 },
  patience: { meanSeconds: 15 * MINUTES, variation: 1 },
  answerSeconds: 8,
  agents: [
    { name: 'Dana', from: 0, to: 24, capacity: 1 },
    { name: 'Sam', from: 0, to: 24, capacity: 1 },
  ],
  days: 2,
  seed: 1,
  ...more,
});

describe('a plan', () => {
  it('[PL1] the same plan gives the same answer, another seed another one', () => {
    expect(planReport(plan())).toEqual(planReport(plan()));
    expect(planReport(plan({ seed: 2 })).meanWaitSeconds).not.toBe(planReport(plan()).meanWaitSeconds);
  });

  it('[PL2] everybody who comes is answered, leaves, waits at the end or is turned away; as many come as was planned', () => {
    const report = planReport(plan({ days: 6 }));
    expect(report.customers).toBeGreaterThan(1_728 * 0.9);
    expect(report.customers).toBeLessThan(1_728 * 1.1);
    expect(report.answered + report.left + report.turnedAway).toBeLessThanOrEqual(report.customers);
    expect(report.customers - report.answered - report.left).toBeLessThan(30);
  });

  it('[PL3] one line of known theory: M/M/2 at 80% load waits as Erlang C says', () => {
    const nearlyExponential = { meanSeconds: 480, variation: 1 };
    const { customers, slots } = playPlan(
      plan({ chat: nearlyExponential, patience: null, answerSeconds: 0.001, days: 30 }),
      { tells: false },
    );
    const waits = customers.filter(({ end }) => end === 'answered').map(({ at, endAt }) => endAt - at);
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    // C = 0.711, W = C x 480 / (2 (1 - 0.8)) = 853 s for exponential times; a lognormal law of the same variation is near.
    expect(mean).toBeGreaterThan(853 * 0.6);
    expect(mean).toBeLessThan(853 * 1.5);
    const used = slots.reduce((sum, slot) => sum + slot.used, 0) / slots.reduce((sum, slot) => sum + slot.there, 0);
    expect(used).toBeGreaterThan(0.76);
    expect(used).toBeLessThan(0.84);
  });

  it('[PL4] one more agent: nobody waits longer, fewer leave', () => {
    const now = planReport(plan({ arrivalsPerHour: Array(24).fill(16) }));
    const more = planReport(withOneMore(plan({ arrivalsPerHour: Array(24).fill(16) }), 'One more'));
    expect(more.meanWaitSeconds ?? 0).toBeLessThan(now.meanWaitSeconds ?? 0);
    expect(more.leftShare ?? 0).toBeLessThan(now.leftShare ?? 0);
    expect(withOneMore(plan({ agents: [{ name: 'Dana', from: 9, to: 12, capacity: 3 }] }), 'x').agents[1]).toEqual({
      name: 'x',
      from: 9,
      to: 12,
      capacity: 3,
    });
  });

  it('[PL5] nobody is answered while nobody is there; who comes at night leaves or waits for the morning', () => {
    const day = plan({ agents: [{ name: 'Dana', from: 9, to: 17, capacity: 4 }] });
    const report = planReport(day);
    expect(report.hours[3]).toMatchObject({ leftShare: 1, occupancy: null });
    expect(report.hours[12]?.leftShare ?? 1).toBeLessThan(0.5);
    const patient = planReport({ ...day, patience: null, arrivalsPerHour: Array(24).fill(2) });
    expect(patient.left).toBe(0);
    expect(patient.hours[3]?.meanWaitSeconds ?? 0).toBeGreaterThan(5 * 3_600);
  });

  it('[PL6] a line without end is said to be one, and takes no longer than others', () => {
    const report = planReport(plan({ arrivalsPerHour: Array(24).fill(200), patience: null, days: 1 }));
    expect(report.turnedAway).toBeGreaterThan(1_000);
  });

  it('[PL7] what would have been told is compared with what would have happened', () => {
    const { estimate } = planReport(plan({ arrivalsPerHour: Array(24).fill(14), days: 12 }));
    expect(estimate.told).toBeGreaterThan(500);
    expect(estimate.withinShare).toBeGreaterThan(0.6);
    expect(estimate.withinShare).toBeLessThan(0.95);
  });

  it('[PL8] shifts go over midnight', () => {
    const night = { from: 22, to: 6 };
    expect([21, 22, 23, 0, 5, 6].map((hour) => isOn(night, hour))).toEqual([false, true, true, true, true, false]);
    expect(secondsToTurn(night, 23)).toBe(7 * 3_600);
    expect(secondsToTurn(night, 6)).toBe(16 * 3_600);
    expect(secondsToTurn({ from: 0, to: 24 }, 5)).toBe(Number.POSITIVE_INFINITY);
    expect(isOn({ from: 0, to: 24 }, 0)).toBe(true);
  });

  it('[PL9] without customers there is nothing to say', () => {
    expect(planReport(plan({ arrivalsPerHour: Array(24).fill(0) }))).toMatchObject({
      customers: 0,
      meanWaitSeconds: null,
      leftShare: null,
      occupancy: 0,
    });
  });
});
