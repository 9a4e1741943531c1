import { describe, expect, it } from 'vitest';
import { DEFAULT_ROUTING } from '#queue/routing.ts';
import {
  isOn,
  type PlannedAgent,
  type PlannedQueue,
  type PlannedRouting,
  type QueuePlan,
  secondsToTurn,
  withOneMore,
} from './plan.ts';
import { planReport } from './plan-report.ts';
import { playPlan } from './play.ts';

const MINUTES = 60;
const queue = (more: Partial<PlannedQueue> = {}): PlannedQueue => ({
  name: 'Support',
  arrivalsPerHour: Array(24).fill(12),
  chat: { meanSeconds: 8 * MINUTES, variation: 1 },
  patience: { meanSeconds: 15 * MINUTES, variation: 1 },
  needs: [],
  returning: 0,
  routing: ROUTING,
  ...more,
});
const { overflow: _, hook: __, ...usual } = DEFAULT_ROUTING;
const ROUTING: PlannedRouting = { ...usual, strategy: 'least_busy', overflow: null };
const ALL = { queues: null, skills: null, languages: null, wrapUpSeconds: null } as const;
const agent = (name: string, more: Partial<PlannedAgent> = {}): PlannedAgent => ({
  name,
  from: 0,
  to: 24,
  capacity: 1,
  ...ALL,
  ...more,
});
/** One queue; `more` is of it, too. */
const plan = (more: Partial<PlannedQueue & QueuePlan> = {}): QueuePlan => ({
  queues: [queue(more)],
  answerSeconds: 8,
  agents: [agent('Dana'), agent('Sam')],
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
    expect(
      withOneMore(plan({ agents: [agent('Dana', { from: 9, to: 12, capacity: 3, skills: ['x'] })] }), 'x').agents[1],
    ).toEqual({
      name: 'x',
      from: 9,
      to: 12,
      capacity: 3,
      ...ALL,
    });
  });

  it('[PL5] nobody is answered while nobody is there; who comes at night leaves or waits for the morning', () => {
    const day = plan({ agents: [agent('Dana', { from: 9, to: 17, capacity: 4 })] });
    const report = planReport(day);
    expect(report.hours[3]).toMatchObject({ leftShare: 1, occupancy: null });
    expect(report.hours[12]?.leftShare ?? 1).toBeLessThan(0.5);
    const patient = planReport(plan({ agents: day.agents, patience: null, arrivalsPerHour: Array(24).fill(2) }));
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

  it('[PL12] wrap-up keeps the slot: his own time, else that of the queue', () => {
    const waits = (routing: Partial<PlannedRouting>, own: number | null = null) =>
      planReport(
        plan({
          patience: null,
          days: 2,
          routing: { ...ROUTING, ...routing },
          agents: [agent('Dana', { wrapUpSeconds: own }), agent('Sam', { wrapUpSeconds: own })],
        }),
      );
    const [none, some, own] = [waits({}), waits({ wrapUpSeconds: 60 }), waits({ wrapUpSeconds: 60 }, 0)];
    expect(some.meanWaitSeconds ?? 0).toBeGreaterThan(1.2 * (none.meanWaitSeconds ?? 0));
    // 12 customers an hour and a minute each: a tenth of the time of two agents.
    expect((some.occupancy ?? 0) - (none.occupancy ?? 0)).toBeCloseTo(0.1, 1);
    expect(own).toEqual(none);
  });

  it('[PL13] needed skills are needed, preferred ones are waited for a while, and then anybody will do', () => {
    const skilled = [agent('Dana', { skills: ['billing'] }), agent('Sam', { skills: [] })];
    const need = { share: 0.5, skills: [], preferredSkills: [], language: null, priority: 0 };
    const few = { arrivalsPerHour: Array(24).fill(4), agents: skilled, patience: null, days: 4 };
    const wait = (some: PlannedQueue['needs'], preferSeconds = 60) =>
      planReport(plan({ ...few, needs: some, routing: { ...ROUTING, preferSeconds } })).meanWaitSeconds ?? 0;
    const anybody = wait([need]);
    expect(wait([{ ...need, skills: ['billing'] }])).toBeGreaterThan(1.5 * anybody);
    const [short, long] = [60, 900].map((seconds) => wait([{ ...need, preferredSkills: ['billing'] }], seconds));
    expect(short).toBeGreaterThan(anybody);
    expect(short).toBeLessThan(anybody + 60);
    expect(long).toBeGreaterThan(short ?? 0);
    // A skill that nobody has: they are never answered.
    const never = planReport(plan({ ...few, needs: [{ ...need, share: 1, skills: ['legal'] }] }));
    expect([never.answered, never.customers > 0]).toEqual([0, true]);
  });

  it('[PL14] who comes back waits for the same agent as long as the queue says, while he is there', () => {
    const back = { arrivalsPerHour: Array(24).fill(6), returning: 1, patience: null, days: 4 };
    const same = (stickySeconds: number | null) =>
      planReport(plan({ ...back, routing: { ...ROUTING, stickySeconds } })).queues[0] ?? { sameAgent: 0, customers: 1 };
    expect(same(600).sameAgent / same(600).customers).toBeGreaterThan(0.85);
    expect(same(null).sameAgent / same(null).customers).toBeLessThan(0.65);
    const gone = plan({
      ...back,
      routing: { ...ROUTING, stickySeconds: 36_000 },
      agents: [agent('Dana'), agent('Sam', { from: 3, to: 4 })],
    });
    expect(planReport(gone).medianWaitSeconds ?? 0).toBeLessThan(3_600);
  });

  it('[PL15] lines that agents share, and overflow with the age kept', () => {
    const busy = queue({
      name: 'Sales',
      patience: null,
      routing: { ...ROUTING, overflow: { queue: 'Support', afterSeconds: 120 } },
    });
    const quiet = queue({
      name: 'Support',
      patience: null,
      arrivalsPerHour: Array(24).fill(2),
      routing: { ...ROUTING, overflow: { queue: 'Sales', afterSeconds: 60 } },
    });
    const agents = [agent('Dana', { queues: ['Sales'] }), agent('Sam', { queues: ['Support'] })];
    const two = plan({ queues: [busy, quiet], agents, days: 3 });
    const alone = planReport({ ...two, queues: two.queues.map((one) => ({ ...one, routing: ROUTING })) });
    const helped = planReport(two);
    expect(helped.queues.map(({ name }) => name)).toEqual(['Sales', 'Support']);
    expect(helped.queues[0]?.overflowed).toBeGreaterThan(50);
    expect(helped.queues[0]?.meanWaitSeconds ?? 0).toBeLessThan(0.5 * (alone.queues[0]?.meanWaitSeconds ?? 0));
    expect(alone.queues.map(({ overflowed }) => overflowed)).toEqual([0, 0]);
    // Waits count from when he came, not from when he went on.
    expect(helped.queues[0]?.meanWaitSeconds ?? 0).toBeGreaterThan(120 * 0.3);
  });

  it('[PL16] what is not planned changes nothing: a second queue with its own agents leaves the first as it was', () => {
    const first = plan({ agents: [agent('Dana', { queues: ['Support'] })] });
    const other = queue({ name: 'Sales', arrivalsPerHour: Array(24).fill(3) });
    const both = {
      ...first,
      queues: [...first.queues, other],
      agents: [...first.agents, agent('Sam', { queues: ['Sales'] })],
    };
    const came = (one: QueuePlan) =>
      playPlan(one, { tells: false })
        .customers.filter(({ queue }) => queue === 0)
        .map(({ at }) => at);
    expect(came(both)).toEqual(came(first));
  });
});
