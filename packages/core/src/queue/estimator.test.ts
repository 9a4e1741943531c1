import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Drift } from './drift.ts';
import { estimateOf } from './estimate.ts';
import { Estimator, type Expected, type Look } from './estimator.ts';
import { forecastOf, scoreOf, waitAt } from './forecast.ts';
import { normalBelow, normalQuantile } from './normal.ts';
import { randoms } from './random.ts';
import { Recalibration } from './recalibrate.ts';
import type { Server } from './situation.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const team = (agents: number, running = 1): Server[] =>
  Array.from({ length: agents }, (_, index) => ({
    kinds: null,
    capacity: 1,
    running: index < running ? [{ kind: 0, age: 60 * index }] : [],
    idle: null,
    onIn: 0,
    offIn: FOREVER,
  }));
const line = (count: number, servers: Server[], now = 0): Look => ({
  now,
  servers,
  waiting: Array.from({ length: count }, (_, index) => ({
    kind: 0,
    waited: 9 * (count - index),
    rank: 9 * (count - index),
  })),
});

/** Handle times of a mean of 300 s and answers of 8 s were measured. */
function measured(count = 200): Estimator {
  const estimator = new Estimator({ rings: true });
  for (let index = 0; index < count; index++) {
    estimator.ended(index, 0, -300 * Math.log(1 - (index + 0.5) / count));
    estimator.answered(8);
  }
  return estimator;
}

/** Waits of 100 s that people were told; some leave. */
function taught(estimator: Estimator, waits: number, factor: (place: number) => number, leaves = 0): void {
  const random = randoms(3);
  for (let index = 0; index < waits; index++) {
    const at = 10_000 + 300 * index;
    const place = index % 5;
    const expected = estimator.look(line(place + 1, team(2, 2), at), 1).waiting[place];
    if (!expected) throw new Error('Nothing was expected.');
    estimator.arrived(at);
    estimator.expect(`w${index}`, at, 0, expected);
    const wait = factor(place) * (0.5 + random());
    const stays = leaves === 0 ? FOREVER : -leaves * Math.log(1 - random());
    if (stays < wait) estimator.left(`w${index}`, at + stays, 0, stays);
    else estimator.served(`w${index}`, at + wait, 0, wait);
  }
}

describe('estimator', () => {
  it('[ET13] knows what is usual before anything was measured, and says so', () => {
    const first = new Estimator({ rings: true }).look(line(1, team(1)), 1).waiting[0];
    expect(first?.basis).toBe('prior');
    expect(first?.high).toBeGreaterThan(5 * (first?.low ?? FOREVER));
    expect(measured(5).look(line(1, team(1)), 1).waiting[0]?.basis).toBe('measured');
    // A fast desk is not told the times of a slow one once it has shown its own.
    expect(measured(5).look(line(1, team(1)), 1).waiting[0]?.middle).toBeLessThan(400);
  });

  it('[ET14] few measured times make a wide range, many a narrow one', () => {
    const width = (count: number) => {
      const expected = measured(count).look(line(6, team(2, 2)), 1).waiting[5];
      return (expected?.high ?? 0) - (expected?.low ?? 0);
    };
    expect(width(5)).toBeGreaterThan(1.2 * width(400));
  });

  it('[ET5] expects nothing where nobody comes', () => {
    const gone = team(1).map((server) => ({ ...server, offIn: 0 }));
    expect(measured().look(line(1, []), 1).waiting).toEqual([null]);
    expect(measured().look({ ...line(0, gone), newcomers: [0] }, 1).newcomer).toEqual([null]);
  });

  it('[ET4] low <= middle <= high, nothing is negative or endless, and who stands behind is not told less', () => {
    const estimators = [measured(), measured(3)];
    const trained = measured();
    taught(trained, 600, (place) => 40 * (5 - place) + 30);
    fc.assert(
      fc.property(
        fc.nat(2),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 6 }),
        (which, people, agents) => {
          const estimator = [...estimators, trained][which] ?? trained;
          const { waiting } = estimator.look(line(people, team(agents, agents), 500_000), 1);
          let before: Expected | null = null;
          for (const expected of waiting) {
            const { lowSeconds, p50Seconds, highSeconds } = estimateOf(expected as Expected, 0);
            expect(0 <= lowSeconds && lowSeconds <= p50Seconds && p50Seconds <= highSeconds).toBe(true);
            expect(Number.isFinite(highSeconds)).toBe(true);
            for (const key of ['low', 'middle', 'high', 'mean'] as const)
              expect(expected?.[key]).toBeGreaterThanOrEqual(before?.[key] ?? 0);
            before = expected;
          }
          expect(estimator.look(line(people, team(agents, agents), 500_000), 1).waiting).toEqual(waiting);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('[ET15] learns after 500 waits how this line differs from the simulation', () => {
    const estimator = measured();
    const wait = (place: number) => 30 + 10 * place;
    taught(estimator, 450, wait);
    expect(estimator.look(line(5, team(2, 2), 200_000), 1).waiting[4]).toMatchObject({ basis: 'measured' });
    taught(estimator, 1_000, wait);
    const expected = estimator.look(line(5, team(2, 2), 400_000), 1).waiting[4];
    expect(expected?.basis).toBe('learned');
    // The simulation alone says 750 s.
    expect(expected?.mean).toBeGreaterThan(50);
    expect(expected?.mean).toBeLessThan(110);
  });

  it('[ET7] who is being offered waits for the rest of the answer', () => {
    expect(measured().asked(0)).toMatchObject({ low: 8, middle: 8, high: 8 });
    expect(measured().asked(3).middle).toBe(5);
  });
});

describe('recalibration', () => {
  const score = normalQuantile;
  const asked = (recalibration: Recalibration, share: number) => normalBelow(recalibration.score(share));

  it('[ET16] asks for other shares when waits fall elsewhere than forecast', () => {
    const short = new Recalibration();
    expect(asked(short, 0.5)).toBeCloseTo(0.5);
    // All waits fell into the lower half of what was forecast.
    for (let index = 0; index < 400; index++) {
      short.add({ score: score((((index * 7_919) % 1_000) + 0.5) / 2_000), left: false });
    }
    expect(asked(short, 0.5)).toBeGreaterThan(0.2);
    expect(asked(short, 0.5)).toBeLessThan(0.4);
    expect(asked(short, 0.07)).toBeLessThan(0.06);
  });

  it('[ET16] who left counts as somebody who would have waited longer', () => {
    const random = randoms(5);
    const counted = new Recalibration();
    const ignored = new Recalibration();
    // Forecasts are right; people leave at some point of their own.
    for (let index = 0; index < 400; index++) {
      const [share, leaves] = [random(), 1.2 * random()];
      counted.add({ score: score(Math.min(share, leaves)), left: leaves < share });
      if (share <= leaves) ignored.add({ score: score(share), left: false });
    }
    for (const share of [0.3, 0.5, 0.7]) expect(Math.abs(asked(counted, share) - share)).toBeLessThan(0.06);
    expect(asked(ignored, 0.5)).toBeLessThan(asked(counted, 0.5) - 0.03);
  });

  it('[ET16] reaches beyond everything that was forecast, where waits fell there', () => {
    const forecast = forecastOf(Float64Array.from({ length: 200 }, (_, index) => 100 + index / 100));
    expect(waitAt(forecast, scoreOf(forecast, 101.3))).toBeCloseTo(101.3, 6);
    for (const wait of [0, 20, 99, 103, 500, 3_000])
      expect(waitAt(forecast, scoreOf(forecast, wait))).toBeCloseTo(wait, 6);
    const recalibration = new Recalibration();
    for (let index = 0; index < 400; index++) recalibration.add({ score: scoreOf(forecast, 20 + index), left: false });
    expect(waitAt(forecast, recalibration.score(0.07))).toBeLessThan(80);
    expect(waitAt(forecast, recalibration.score(0.87))).toBeGreaterThan(320);
  });

  it('[ET16] waits that have lately been twice as long move the range at once, chance does not', () => {
    const drift = new Drift();
    const random = randoms(9);
    for (let index = 0; index < 60; index++) drift.add(100, 100 * Math.exp(random() - 0.5));
    expect(Math.abs(drift.factor - 1)).toBeLessThan(0.06);
    for (let index = 0; index < 60; index++) drift.add(100, 200 * Math.exp(random() - 0.5));
    expect(drift.factor).toBeGreaterThan(1.6);
    expect(drift.factor).toBeLessThan(2.2);
  });
});
