import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateOf } from './estimate.ts';
import { Estimator, type Expected, type Look, RANGE } from './estimator.ts';
import { forecastOf, scoreOf, waitAt } from './forecast.ts';
import { normalBelow, normalQuantile } from './normal.ts';
import { randoms } from './random.ts';
import { type Fallen, Recalibration } from './recalibrate.ts';
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

  it('[ET25] a wait of seconds is told as a range of seconds', () => {
    const range = { low: 1.63, middle: 2.04, high: 2.91, basis: 'measured' } as const;
    expect(estimateOf(range, 0)).toMatchObject({ lowSeconds: 1.6, p50Seconds: 2, highSeconds: 2.9 });
  });

  it('[ET7] answers of a tenth of a second are no longer than that', () => {
    const estimator = new Estimator({ rings: true });
    for (let index = 0; index < 40; index++) {
      estimator.ended(index, 0, 300);
      estimator.answered(0.1);
    }
    expect(estimator.look(line(1, team(1, 0)), 1).waiting[0]?.high).toBeLessThan(0.3);
  });

  it('[ET7] who is being offered waits for the rest of the answer', () => {
    expect(measured().asked(0)).toMatchObject({ low: 8, middle: 8, high: 8 });
    expect(measured().asked(3).middle).toBe(5);
  });
});

describe('recalibration', () => {
  const score = normalQuantile;
  const asked = (recalibration: Recalibration, share: number) => normalBelow(recalibration.score(share));
  const fallen = (at: number, left = false): Fallen => ({
    score: at,
    left,
    shorter: { low: at < score(RANGE.low), high: at < score(RANGE.high) },
    standsFor: 1,
    beside: 0,
  });

  it('[ET16] asks for other shares when waits fall elsewhere than forecast', () => {
    const short = new Recalibration(RANGE);
    expect(asked(short, 0.5)).toBeCloseTo(0.5);
    // All waits fell into the lower half of what was forecast.
    for (let index = 0; index < 400; index++) short.add(fallen(score((((index * 7_919) % 1_000) + 0.5) / 2_000)));
    expect(asked(short, 0.5)).toBeGreaterThan(0.2);
    expect(asked(short, 0.5)).toBeLessThan(0.4);
    expect(asked(short, 0.07)).toBeLessThan(0.06);
  });

  it('[ET16] who left counts as somebody who would have waited longer', () => {
    const random = randoms(5);
    const counted = new Recalibration(RANGE);
    const ignored = new Recalibration(RANGE);
    // Forecasts are right; people leave at some point of their own.
    for (let index = 0; index < 400; index++) {
      const [share, leaves] = [random(), 1.2 * random()];
      counted.add(fallen(score(Math.min(share, leaves)), leaves < share));
      if (share <= leaves) ignored.add(fallen(score(share)));
    }
    for (const share of [0.3, 0.5, 0.7]) expect(Math.abs(asked(counted, share) - share)).toBeLessThan(0.06);
    expect(asked(ignored, 0.5)).toBeLessThan(asked(counted, 0.5) - 0.03);
  });

  it('[ET16] reaches beyond everything that was forecast, where waits fell there', () => {
    const forecast = forecastOf(Float64Array.from({ length: 200 }, (_, index) => 100 + index / 100));
    expect(waitAt(forecast, scoreOf(forecast, 101.3))).toBeCloseTo(101.3, 6);
    for (const wait of [0, 20, 99, 103, 500, 3_000])
      expect(waitAt(forecast, scoreOf(forecast, wait))).toBeCloseTo(wait, 6);
    const recalibration = new Recalibration(RANGE);
    for (let index = 0; index < 400; index++) recalibration.add(fallen(scoreOf(forecast, 20 + index)));
    expect(waitAt(forecast, recalibration.score(0.07))).toBeLessThan(80);
    expect(waitAt(forecast, recalibration.score(0.87))).toBeGreaterThan(320);
  });

  it('[ET22] forecasts that were not tried yet get a wider range, and those that came true a narrower one', () => {
    const recalibration = new Recalibration(RANGE);
    const width = () => recalibration.scores().high - recalibration.scores().low;
    const asForecast = score(RANGE.high) - score(RANGE.low);
    expect(width()).toBeCloseTo(1.5 * asForecast);
    for (let index = 0; index < 400; index++)
      recalibration.add(fallen(score(((index * 7_919) % 1_000) / 1_000 + 5e-4)));
    expect(width()).toBeGreaterThan(0.85 * asForecast);
    expect(width()).toBeLessThan(1.15 * asForecast);
  });

  it('[ET23] many who waited beside each other teach less than as many who did not', () => {
    const together = new Recalibration(RANGE);
    const apart = new Recalibration(RANGE);
    for (let index = 0; index < 60; index++) {
      together.add({ ...fallen(1), beside: 60 });
      apart.add(fallen(1));
    }
    expect(asked(together, 0.5)).toBeLessThan(asked(apart, 0.5) - 0.1);
  });

  it('[ET24] ends that do not hold move away, until as many hold as should', () => {
    const random = randoms(7);
    const recalibration = new Recalibration(RANGE);
    const normal = () => score(0.5e-9 + (1 - 1e-9) * random());
    const told = (spread: number, count: number) => {
      let held = 0;
      for (let index = 0; index < count; index++) {
        const { low, high } = recalibration.scores();
        const at = spread * normal();
        recalibration.add({ ...fallen(at), shorter: { low: at < low, high: at < high }, beside: 40 });
        if (at >= low && at < high) held++;
      }
      return held / count;
    };
    told(1, 2_000);
    // The line is twice as uncertain from now on.
    told(2, 200);
    expect(Math.abs(told(2, 3_000) - 0.8)).toBeLessThan(0.02);
    expect(Math.abs(told(1, 4_000) - 0.8)).toBeLessThan(0.02);
  });
});
