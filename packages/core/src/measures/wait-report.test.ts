import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WaitTold, waitReport } from './wait-report.ts';

const range = { lowSeconds: 60, p50Seconds: 120, highSeconds: 240 };
const wait = (seconds: number, more: Partial<WaitTold> = {}): WaitTold => ({
  at: 0,
  queue: 'que_1',
  hour: 9,
  range,
  end: 'answered',
  seconds,
  ...more,
});

describe('the record of waits', () => {
  it('[RP1] a range held, was longer than the wait, or was passed; who left before its long end says nothing', () => {
    const { all } = waitReport([
      wait(100),
      wait(240),
      wait(20),
      wait(300),
      wait(250, { end: 'left' }),
      wait(90, { end: 'left' }),
      wait(90, { end: 'ended' }),
      wait(30, { end: 'waiting' }),
      wait(500, { range: null }),
    ]);
    expect(all.kept).toEqual({ within: 2, early: 1, late: 2, unknown: 3 });
    expect(all).toMatchObject({ told: 9, toldRange: 8, answered: 5, left: 2, withinShare: 0.4, lateShare: 0.4 });
  });

  it('[RP2] the error is of answered waits against the middle that was told', () => {
    const { all } = waitReport([wait(100), wait(200), wait(999, { end: 'left' }), wait(10, { range: null })]);
    expect(all).toMatchObject({ meanErrorSeconds: 30, meanAbsoluteErrorSeconds: 50, medianWaitSeconds: 100 });
  });

  it('[RP3] without anybody nothing is claimed', () => {
    const { all, queues, hours, calibration } = waitReport([]);
    expect(all).toMatchObject({
      told: 0,
      withinShare: null,
      lateShare: null,
      meanWaitSeconds: null,
      medianWaitSeconds: null,
    });
    expect([queues, hours]).toEqual([[], []]);
    expect(calibration.map(({ seen }) => seen)).toEqual([null, null, null]);
  });

  it('[RP4] figures of queues and hours are those of their waits, and add up to the whole', () => {
    const report = waitReport([wait(100), wait(300, { queue: 'que_2', hour: 14 }), wait(20, { hour: 14 })]);
    expect(report.queues.map(({ queue, told }) => [queue, told])).toEqual([
      ['que_1', 2],
      ['que_2', 1],
    ]);
    expect(report.hours.map(({ hour, kept }) => [hour, kept.late])).toEqual([
      [9, 0],
      [14, 1],
    ]);
    expect(report.hours.reduce((sum, { told }) => sum + told, 0)).toBe(report.all.told);
  });

  it('[RP5] calibration counts who left as waiting at least so long', () => {
    // 10 % by the short end, 50 % by the middle, 90 % by the long end.
    const exact = [...Array(10).fill(30), ...Array(40).fill(100), ...Array(40).fill(200), ...Array(10).fill(400)];
    const seen = (waits: WaitTold[]) => waitReport(waits).calibration.map((one) => one.seen ?? Number.NaN);
    const plain = seen(exact.map((seconds) => wait(seconds)));
    expect(plain).toEqual([expect.closeTo(0.1, 5), expect.closeTo(0.5, 5), expect.closeTo(0.9, 5)]);
    // Impatient people leave before the middle: the answered ones alone would seem to be answered early.
    const impatient = [...exact.map((seconds) => wait(seconds)), ...Array(60).fill(wait(90, { end: 'left' }))];
    const [, middle = 0, high = 0] = seen(impatient);
    expect(middle).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(middle);
  });

  it('[RP5] never goes back, and stays a share', () => {
    const waits = fc.array(
      fc.record({
        seconds: fc.integer({ min: 0, max: 500 }),
        end: fc.constantFrom('answered', 'left', 'ended', 'waiting'),
      }),
      { minLength: 20, maxLength: 60 },
    );
    fc.assert(
      fc.property(waits, (some) => {
        const seen = waitReport(some.map(({ seconds, end }) => wait(seconds, { end }))).calibration.map(
          (one) => one.seen ?? -1,
        );
        expect(seen).toEqual(seen.toSorted((a, b) => a - b));
        for (const share of seen) expect(share >= 0 && share <= 1).toBe(true);
      }),
    );
  });

  it('[RP6] who leaves is counted against those who had waited that long', () => {
    const { leaving } = waitReport([wait(10, { end: 'left' }), wait(45, { end: 'left' }), wait(70), wait(2_000)]);
    expect(leaving.slice(0, 3)).toEqual([
      { from: 0, to: 30, waiting: 4, left: 1 },
      { from: 30, to: 60, waiting: 3, left: 1 },
      { from: 60, to: 120, waiting: 2, left: 0 },
    ]);
    expect(leaving.at(-1)).toEqual({ from: 1_200, to: null, waiting: 1, left: 0 });
  });
});
