import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimate, type Measured, type Standing } from './estimate.ts';
import type { Waiting } from './order.ts';
import { availability, outlook } from './outlook.ts';
import { places } from './position.ts';

const NOW = 1_000_000;
const NOTHING: Measured = { handleSeconds: [], answerSeconds: [], leavingPerSecond: 0 };
/** So many handle times that the mean is as good as known. */
const always = (seconds: number, count = 50) => new Array<number>(count).fill(seconds);

function told(standing: Partial<Standing>, measured: Partial<Measured>) {
  return estimate({ ahead: 0, slots: 1, free: 0, ...NOTHING, ...standing, ...measured, asOf: NOW });
}

const times = (least: number) =>
  fc.array(fc.double({ min: 0, max: 20_000, noNaN: true }), { minLength: least, maxLength: 50 });
const standings = fc.record({ ahead: fc.nat(200), slots: fc.integer({ min: 1, max: 60 }), free: fc.nat(10) });
const measurements = fc.record({
  handleSeconds: times(5),
  answerSeconds: times(3),
  leavingPerSecond: fc.double({ min: 0, max: 0.02, noNaN: true }),
});

describe('places', () => {
  it('[QU7] counts exactly, per queue, in routing order', () => {
    const one = (id: string, more: Partial<Waiting> = {}): Waiting => ({
      handoff: `hnd_${id}`,
      queue: 'que_a',
      priority: 0,
      front: false,
      waitingSince: 0,
      skills: [],
      passedOver: [],
      passOverSeconds: 60,
      ...more,
    });
    const found = places([
      one('late', { waitingSince: 3 }),
      one('early', { waitingSince: 1 }),
      one('vip', { priority: 5, waitingSince: 9 }),
      one('other', { queue: 'que_b', waitingSince: 8 }),
    ]);
    expect(Object.fromEntries(found)).toEqual({
      hnd_vip: { position: 1, ahead: 0 },
      hnd_early: { position: 2, ahead: 1 },
      hnd_late: { position: 3, ahead: 2 },
      hnd_other: { position: 1, ahead: 0 },
    });
  });
});

describe('estimate', () => {
  it('[QU8] says nothing before enough was measured', () => {
    expect(told({}, { handleSeconds: always(300, 4), answerSeconds: always(10) })).toBeNull();
    expect(told({}, { handleSeconds: always(300, 5) })).not.toBeNull();
    expect(
      told({ ahead: 2, slots: 3, free: 2 }, { handleSeconds: always(300, 4), answerSeconds: always(10) }),
    ).toBeNull();
    expect(told({ slots: 3, free: 1 }, { handleSeconds: always(300), answerSeconds: always(10, 2) })).toBeNull();
    expect(told({ slots: 3, free: 1 }, { answerSeconds: always(10, 3) })).not.toBeNull();
    expect(told({ slots: 0 }, { handleSeconds: always(300), answerSeconds: always(10) })).toBeNull();
  });

  it('[QU9] low <= p50 <= high, none of them negative or endless', () => {
    fc.assert(
      fc.property(standings, measurements, (standing, measured) => {
        const found = told(standing, measured);
        if (found === null) throw new Error('enough was measured');
        expect(found.lowSeconds).toBeGreaterThanOrEqual(0);
        expect(found.lowSeconds).toBeLessThanOrEqual(found.p50Seconds);
        expect(found.p50Seconds).toBeLessThanOrEqual(found.highSeconds);
        expect(Number.isFinite(found.highSeconds)).toBe(true);
        expect(found).toMatchObject({ coverage: 0.8, basis: 'measured', asOf: NOW });
      }),
    );
  });

  it('[QU9] never shrinks with one more ahead', () => {
    fc.assert(
      fc.property(standings, measurements, (standing, measured) => {
        const now = told(standing, measured);
        const more = told({ ...standing, ahead: standing.ahead + 1 }, measured);
        expect(more?.lowSeconds).toBeGreaterThanOrEqual(now?.lowSeconds ?? Number.NaN);
        expect(more?.p50Seconds).toBeGreaterThanOrEqual(now?.p50Seconds ?? Number.NaN);
        expect(more?.highSeconds).toBeGreaterThanOrEqual(now?.highSeconds ?? Number.NaN);
      }),
    );
  });

  it('[QU10] is the answer time alone for who finds a free slot', () => {
    expect(told({ slots: 3, free: 1 }, { handleSeconds: always(300), answerSeconds: always(12) })).toMatchObject({
      lowSeconds: 12,
      p50Seconds: 12,
      highSeconds: 12,
    });
  });

  it('[QU10] is an Erlang wait for everybody else: known quantiles', () => {
    // 10, 50 and 90 percent points of Erlang laws of rate 1: shape 1 (0.105, 0.693, 2.303), 3 (1.102, 2.674, 5.322), 10 (6.221, 9.669, 14.206).
    const within = (seconds: number | undefined, truth: number) =>
      expect(Math.abs((seconds ?? Number.NaN) - truth)).toBeLessThan(0.03 * truth + 15);
    for (const [ahead, low, middle, high] of [
      [0, 0.105, 0.693, 2.303],
      [2, 1.102, 2.674, 5.322],
      [9, 6.221, 9.669, 14.206],
    ] as const) {
      const found = told({ ahead, slots: 4 }, { handleSeconds: always(4_000) });
      within(found?.lowSeconds, low * 1_000);
      within(found?.p50Seconds, middle * 1_000);
      within(found?.highSeconds, high * 1_000);
    }
  });

  it('[QU10] more slots, and people who leave the line, shorten it; few and scattered handle times widen it', () => {
    const base = told({ ahead: 5, slots: 2 }, { handleSeconds: always(600) });
    expect(told({ ahead: 5, slots: 4 }, { handleSeconds: always(600) })?.p50Seconds).toBeLessThan(
      base?.p50Seconds ?? 0,
    );
    expect(
      told({ ahead: 5, slots: 2 }, { handleSeconds: always(600), leavingPerSecond: 0.001 })?.p50Seconds,
    ).toBeLessThan(base?.p50Seconds ?? 0);
    const scattered = told({ ahead: 5, slots: 2 }, { handleSeconds: [100, 200, 300, 600, 1_800] });
    expect((scattered?.highSeconds ?? 0) - (scattered?.lowSeconds ?? 0)).toBeGreaterThan(
      (base?.highSeconds ?? 0) - (base?.lowSeconds ?? 0),
    );
  });
});

describe('outlook', () => {
  it('[QU11] says available, busy, closed or unknown by who is there and who is ahead', () => {
    expect(availability({ online: 2, slots: 4, free: 1 }, 0)).toBe('available');
    expect(availability({ online: 2, slots: 4, free: 1 }, 1)).toBe('busy');
    expect(availability({ online: 2, slots: 4, free: 0 }, 0)).toBe('busy');
    expect(availability({ online: 0, slots: 0, free: 0 }, 0)).toBe('closed');
    expect(availability(null, 0)).toBe('unknown');
  });

  it('[QU11] tells the place always, and a wait only where somebody serves', () => {
    const place = { position: 3, ahead: 2 };
    const measured = { handleSeconds: always(300), answerSeconds: always(10), leavingPerSecond: 0 };
    expect(outlook({ place, competing: 2, staff: { online: 0, slots: 0, free: 0 }, measured, asOf: NOW })).toEqual({
      availability: 'closed',
      position: 3,
      ahead: 2,
      estimate: null,
    });
    expect(outlook({ place, competing: 2, staff: null, measured, asOf: NOW })).toEqual({
      availability: 'unknown',
      position: 3,
      ahead: 2,
      estimate: null,
    });
    expect(
      outlook({ place, competing: 2, staff: { online: 1, slots: 3, free: 0 }, measured, asOf: NOW }).estimate,
    ).not.toBeNull();
  });
});
