import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawOf, lognormal, remaining } from './law.ts';
import { ENDLESS, patienceOf, staysBeyond, staysFor } from './patience.ts';
import { simulate } from './simulate.ts';
import type { Laws, Server, Situation, Waiter } from './situation.ts';

const FOREVER = Number.POSITIVE_INFINITY;
/** An exponential law of this mean, as its points. */
const exponential = (mean: number) =>
  lawOf(Array.from({ length: 4_000 }, (_, index) => -mean * Math.log(1 - (index + 0.5) / 4_000)));
const LAWS: Laws = { handle: [exponential(300)], pause: null, answer: null, patience: [ENDLESS] };

const busy = (age: number, more: Partial<Server> = {}): Server => ({
  kinds: null,
  capacity: 1,
  running: [{ kind: 0, age }],
  idle: null,
  onIn: 0,
  offIn: FOREVER,
  ...more,
});
const free = (more: Partial<Server> = {}) => busy(0, { running: [], ...more });
const line = (count: number): Waiter[] =>
  Array.from({ length: count }, (_, index) => ({ kind: 0, waited: 10 * (count - index), rank: 10 * (count - index) }));
const run = (situation: Partial<Situation>, seed = 1, paths = 400) =>
  simulate({ servers: [], waiting: [], laws: LAWS, ...situation }, seed, paths);
const mean = (list: Float64Array = new Float64Array(1)) => list.reduce((sum, one) => sum + one, 0) / list.length;
const at = (list: Float64Array | undefined, share: number) =>
  list?.[Math.round(share * (list.length - 1))] ?? Number.NaN;

describe('laws of times', () => {
  it('[ET1] what is left of an exponential time does not depend on its age, of a lognormal one it grows', () => {
    const left = (law: ReturnType<typeof lawOf>, age: number) => remaining(law, age)(0.5);
    for (const age of [0, 100, 600]) expect(left(exponential(300), age)).toBeCloseTo(300 * Math.LN2, -1.2);
    const long = lognormal(300, 1.5, 1_000);
    expect(left(long, 2_000)).toBeGreaterThan(2 * left(long, 100));
    // Far beyond everything that was measured it still has an end, and none that is over.
    for (const age of [1e4, 1e6, 1e9]) {
      expect(left(long, age)).toBeGreaterThan(0);
      expect(Number.isFinite(left(long, age))).toBe(true);
    }
  });

  it('[ET2] patience is the rate at which people leave; who was served stayed at least so long', () => {
    const waits = Array.from({ length: 3_000 }, (_, index) => {
      const stays = -200 * Math.log(1 - (index + 0.5) / 3_000);
      const served = 50 + ((index * 7_919) % 400);
      return { seconds: Math.min(stays, served), left: stays < served };
    });
    const patience = patienceOf(waits);
    expect(staysBeyond(patience, 200)).toBeCloseTo(Math.exp(-1), 1);
    expect(staysFor(patience, 0, 0.5)).toBeCloseTo(200 * Math.LN2, -1.5);
    expect(staysFor(patience, 300, 0.5)).toBeCloseTo(200 * Math.LN2, -1.7);
    expect(staysFor(ENDLESS, 0, 0.999)).toBe(FOREVER);
  });
});

describe('simulation', () => {
  it('[ET3] is an Erlang wait where times are exponential and nobody leaves', () => {
    // 10, 50 and 90 percent points of Erlang laws of rate 1: shape 1, 3 and 10.
    const servers = [0, 50, 100, 400].map((age) => busy(age));
    const { waiting } = run({ servers, waiting: line(10) }, 7, 3_000);
    for (const [place, low, middle, high] of [
      [0, 0.105, 0.693, 2.303],
      [2, 1.102, 2.674, 5.322],
      [9, 6.221, 9.669, 14.206],
    ] as const) {
      for (const [share, truth] of [
        [0.1, low],
        [0.5, middle],
        [0.9, high],
      ] as const)
        expect(Math.abs(at(waiting[place], share) - 75 * truth)).toBeLessThan(0.05 * 75 * truth + 3);
      expect(Math.abs(mean(waiting[place]) / (75 * (place + 1)) - 1)).toBeLessThan(0.04);
    }
  });

  it('[ET3] people ahead who leave shorten it as in M/M/s+M', () => {
    const rate = 1 / 200;
    const laws = { ...LAWS, patience: [{ spans: [0], rates: [rate] }] };
    const { waiting } = run({ servers: [busy(0), busy(0)], waiting: line(8), laws }, 7, 3_000);
    let truth = 0;
    for (let ahead = 0; ahead <= 7; ahead++) truth += 1 / (2 / 300 + ahead * rate);
    expect(Math.abs(mean(waiting[7]) / truth - 1)).toBeLessThan(0.04);
  });

  it('[ET4] the same seed says the same, and one more ahead is never less, path by path', () => {
    const servers = fc.array(fc.nat(900), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(servers, fc.integer({ min: 1, max: 8 }), fc.nat(50), (ages, count, seed) => {
        const laws = { ...LAWS, patience: [{ spans: [0], rates: [0.001] }] };
        const situation = { servers: ages.map((age) => busy(age)), waiting: line(count), laws };
        const { waiting } = run(situation, seed, 40);
        expect(run(situation, seed, 40).waiting).toEqual(waiting);
        for (let place = 1; place < waiting.length; place++)
          for (const [path, start] of (waiting[place] ?? []).entries())
            expect(start).toBeGreaterThanOrEqual(waiting[place - 1]?.[path] ?? Number.NaN);
      }),
      { numRuns: 40 },
    );
  });

  it('[ET5] agents go off and come on as planned; where nobody ever comes, never is the answer', () => {
    const never = run({ servers: [busy(0, { offIn: 0 })], waiting: line(1) }).waiting[0];
    expect(at(never, 0)).toBe(FOREVER);
    expect(at(run({ waiting: line(1) }).waiting[0], 0)).toBe(FOREVER);
    const comes = run({ servers: [busy(0, { offIn: 0 }), free({ onIn: 600 })], waiting: line(1) }).waiting[0];
    expect([at(comes, 0), at(comes, 1)]).toEqual([600, 600]);
    const second = run({ servers: [free({ onIn: 600, capacity: 2 })], waiting: line(2) }).waiting[1];
    expect(at(second, 0.5)).toBe(600);
  });

  it('[ET6] only who serves a kind counts for it', () => {
    const laws = { ...LAWS, handle: [exponential(300), exponential(300)], patience: [ENDLESS, ENDLESS] };
    const waiting = [
      { kind: 0, waited: 20, rank: 20 },
      { kind: 1, waited: 10, rank: 10 },
    ];
    const servers = [free({ kinds: new Set([1]) }), busy(0)];
    const { waiting: waits } = run({ servers, waiting, laws });
    expect(at(waits[1], 0.5)).toBe(0);
    expect(at(waits[0], 0.5)).toBeGreaterThan(100);
  });

  it('[ET7] who finds a free slot waits for the answer alone, and an agent answers one after the other', () => {
    const laws = { ...LAWS, answer: lawOf(new Array<number>(40).fill(12)) };
    const { waiting, newcomer } = run({ servers: [free({ capacity: 3 })], waiting: line(2), laws, newcomers: [0] });
    expect([waiting[0], waiting[1], newcomer[0]].map((list) => Math.round(at(list, 0.5)))).toEqual([12, 24, 36]);
  });

  it('[ET8] an agent who has room and takes nobody is in a pause that goes on as pauses do', () => {
    const laws = { ...LAWS, pause: lawOf([...new Array<number>(60).fill(1), ...new Array<number>(40).fill(600)]) };
    const away = run({ servers: [free({ idle: 100, capacity: 2 })], waiting: line(2), laws }).waiting;
    expect(Math.round(at(away[0], 0.5))).toBe(500);
    expect(Math.round(at(away[1], 0.5))).toBe(500);
  });

  it('[ET9] who comes later and goes before is counted, and only within his head start', () => {
    const servers = [busy(0)];
    const overtaking = [{ kind: 0, perSecond: 1 / 30, credit: 120 }];
    const plain = mean(run({ servers, waiting: line(1) }).waiting[0]);
    const overtaken = mean(run({ servers, waiting: line(1), overtaking }).waiting[0]);
    expect(overtaken).toBeGreaterThan(1.5 * plain);
    const old = [{ kind: 0, waited: 500, rank: 500 }];
    expect(mean(run({ servers, waiting: old, overtaking }).waiting[0])).toBeCloseTo(plain, 5);
  });
});
