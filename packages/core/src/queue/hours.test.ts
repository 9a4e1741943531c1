import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOf, textOfDay } from '#calendar.ts';
import { faultOfHours, type Hours, type OpenTime, openingAt, WEEKDAYS } from './hours.ts';
import { faultOfZone, firstAt, lastAt, wallAt } from './zone.ts';

const at = (text: string): number => Date.parse(text);
const iso = (millis: number | null): string | null => (millis === null ? null : new Date(millis).toISOString());

const nine: OpenTime = { from: '09:00', to: '17:00' };
const office: Hours = {
  zone: 'Europe/Berlin',
  week: { mon: [nine], tue: [nine], wed: [nine], thu: [nine], fri: [nine] },
  exceptions: [],
};

const opens = (hours: Hours, now: string): string | null => {
  const opening = openingAt(hours, at(now));
  return opening.open ? 'open' : iso(opening.opensAt);
};

describe('hours', () => {
  it('[HR1] opens and closes by the clocks of its zone', () => {
    expect(openingAt(office, at('2026-11-23T07:59:59Z'))).toEqual({
      open: false,
      closedAt: at('2026-11-20T16:00:00Z'),
      opensAt: at('2026-11-23T08:00:00Z'),
    });
    expect(openingAt(office, at('2026-11-23T08:00:00Z'))).toEqual({ open: true, closesAt: at('2026-11-23T16:00:00Z') });
    expect(openingAt(office, at('2026-11-23T16:00:00Z'))).toEqual({
      open: false,
      closedAt: at('2026-11-23T16:00:00Z'),
      opensAt: at('2026-11-24T08:00:00Z'),
    });
    // Summer: an hour earlier in UTC.
    expect(opens(office, '2026-07-06T06:59:00Z')).toBe('2026-07-06T07:00:00.000Z');
    expect(openingAt(null, at('2026-11-22T03:00:00Z'))).toEqual({ open: true, closesAt: null });
  });

  it('[HR1] goes on past midnight', () => {
    const night: Hours = { ...office, week: { fri: [{ from: '22:00', to: '06:00' }] } };
    expect(openingAt(night, at('2026-11-28T04:59:00Z'))).toEqual({ open: true, closesAt: at('2026-11-28T05:00:00Z') });
    expect(opens(night, '2026-11-28T05:00:00Z')).toBe('2026-12-04T21:00:00.000Z');
  });

  it('[HR1] times that meet, also at midnight, are one', () => {
    const always: Hours = {
      zone: 'UTC',
      week: Object.fromEntries(WEEKDAYS.map((day) => [day, [{ from: '00:00', to: '24:00' }]])),
      exceptions: [],
    };
    expect(openingAt(always, at('2026-11-23T08:00:00Z'))).toEqual({ open: true, closesAt: null });
    const weekend = { ...always, week: { ...always.week, mon: [] } };
    expect(openingAt(weekend, at('2026-11-21T08:00:00Z'))).toEqual({
      open: true,
      closesAt: at('2026-11-23T00:00:00Z'),
    });
    const lunch = {
      ...office,
      week: {
        mon: [
          { from: '13:00', to: '17:00' },
          { from: '09:00', to: '13:00' },
        ],
      },
    };
    expect(openingAt(lunch, at('2026-11-23T09:00:00Z'))).toEqual({ open: true, closesAt: at('2026-11-23T16:00:00Z') });
  });

  it('[HR2] a time that summer time skips is the moment of skipping', () => {
    // Berlin, 29 March 2026: 02:00 becomes 03:00 at 01:00Z.
    const early: Hours = { ...office, week: { sun: [{ from: '02:30', to: '10:00' }] } };
    expect(opens(early, '2026-03-29T00:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    const late: Hours = { ...office, week: { sat: [{ from: '22:00', to: '02:30' }] } };
    expect(openingAt(late, at('2026-03-29T00:30:00Z'))).toEqual({ open: true, closesAt: at('2026-03-29T01:00:00Z') });
    const gone: Hours = { ...office, week: { sun: [{ from: '02:10', to: '02:40' }] } };
    expect(opens(gone, '2026-03-28T12:00:00Z')).toBe('2026-04-05T00:10:00.000Z');
  });

  it('[HR2] of an hour that comes twice both belong to it', () => {
    // Berlin, 25 October 2026: 03:00 becomes 02:00 at 01:00Z.
    const night: Hours = { ...office, week: { sat: [{ from: '22:00', to: '02:30' }] } };
    expect(openingAt(night, at('2026-10-24T23:00:00Z'))).toEqual({ open: true, closesAt: at('2026-10-25T01:30:00Z') });
    const early: Hours = { ...office, week: { sun: [{ from: '02:30', to: '10:00' }] } };
    expect(opens(early, '2026-10-24T23:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
  });

  it('[HR2] is never closed while the clock on the wall says open', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 1_439 }),
        fc.integer({ min: 1, max: 1_440 }),
        fc.integer({ min: at('2011-01-01T00:00:00Z') / 60_000, max: at('2030-01-01T00:00:00Z') / 60_000 }),
        (zone, from, length, minute) => {
          const text = (minutes: number) =>
            `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
          const to = (from + length) % 1_440;
          const open = [{ from: text(from), to: text(to === from ? (from + 1) % 1_440 : to) }];
          const hours = { zone, week: Object.fromEntries(WEEKDAYS.map((day) => [day, open])), exceptions: [] };
          const now = minute * 60_000;
          const clock = (wallAt(zone, now) / 60_000) % 1_440;
          const ends = to === from ? (from + 1) % 1_440 : to;
          const saysOpen = from < ends ? clock >= from && clock < ends : clock >= from || clock < ends;
          const opening = openingAt(hours, now);
          if (saysOpen) expect(opening.open).toBe(true);
          if (opening.open) expect(opening.closesAt ?? Number.POSITIVE_INFINITY).toBeGreaterThan(now);
          else expect(opening.opensAt).toBeGreaterThan(now);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('[HR2] every time of every day is shown by the clocks, or skipped', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'Europe/Berlin',
          'America/St_Johns',
          'Australia/Lord_Howe',
          'Pacific/Apia',
          'Africa/Casablanca',
        ),
        fc.integer({ min: at('2010-01-01T00:00:00Z') / 60_000, max: at('2030-01-01T00:00:00Z') / 60_000 }),
        (zone, minute) => {
          const wall = minute * 60_000;
          const first = firstAt(zone, wall);
          const last = lastAt(zone, wall);
          expect(first).toBeLessThanOrEqual(last);
          expect(wallAt(zone, first)).toBeGreaterThanOrEqual(wall);
          // Before the first the clocks show less, unless it was skipped to.
          expect(wallAt(zone, first - 1)).toBeLessThan(wall);
          if (wallAt(zone, first) === wall) expect(wallAt(zone, last)).toBe(wall);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('[HR3] a holiday is closed, another day has its own times', () => {
    const hours: Hours = {
      ...office,
      exceptions: [
        { date: '12-25', open: [], name: 'Christmas' },
        { date: '2026-12-24', open: [{ from: '09:00', to: '12:00' }] },
        { date: '2027-12-25', open: [nine] },
        { date: '2026-11-29', open: [{ from: '10:00', to: '11:00' }], name: 'A Sunday that is open' },
      ],
    };
    expect(openingAt(hours, at('2026-12-24T10:00:00Z'))).toEqual({ open: true, closesAt: at('2026-12-24T11:00:00Z') });
    expect(opens(hours, '2026-12-24T12:00:00Z')).toBe('2026-12-28T08:00:00.000Z');
    expect(opens(hours, '2027-12-25T10:00:00Z')).toBe('open');
    expect(opens(hours, '2026-11-28T10:00:00Z')).toBe('2026-11-29T09:00:00.000Z');
  });

  it('[HR3] a night that began the day before goes on to its end', () => {
    const hours: Hours = {
      ...office,
      week: { thu: [{ from: '22:00', to: '06:00' }], fri: [{ from: '22:00', to: '06:00' }] },
      exceptions: [{ date: '2026-12-25', open: [] }],
    };
    expect(opens(hours, '2026-12-25T04:00:00Z')).toBe('open');
    expect(opens(hours, '2026-12-25T22:00:00Z')).toBe('2026-12-31T21:00:00.000Z');
  });

  it('[HR4] looks a year ahead, and says null where it never opens', () => {
    const yearly: Hours = { zone: 'UTC', week: {}, exceptions: [{ date: '11-20', open: [nine] }] };
    expect(opens(yearly, '2026-11-22T00:00:00Z')).toBe('2027-11-20T09:00:00.000Z');
    expect(opens({ zone: 'UTC', week: {}, exceptions: [] }, '2026-11-22T00:00:00Z')).toBeNull();
  });

  it('[HR5] says what is wrong and what to write', () => {
    const fault = (change: Partial<Hours>) => faultOfHours({ ...office, ...change });
    expect(fault({})).toBeNull();
    expect(fault({ zone: 'Europe/Bärlin' })).toMatch(/no time zone "Europe\/Bärlin".*Europe\/Berlin/);
    expect(fault({ zone: '+02:00' })).toMatch(/no time zone/);
    expect(fault({ zone: '' })).toMatch(/no time zone/);
    expect(fault({ week: { mon: [{ from: '9:00', to: '17:00' }] } })).toMatch(/mon: "9:00" is no time.*09:00/);
    expect(fault({ week: { tue: [{ from: '09:00', to: '24:30' }] } })).toMatch(/tue: "24:30" is no time/);
    expect(fault({ week: { tue: [{ from: '24:00', to: '06:00' }] } })).toMatch(/tue: "24:00" is no time to begin/);
    expect(fault({ week: { wed: [{ from: '09:00', to: '09:00' }] } })).toMatch(/no time at all.*00:00 to 24:00/);
    expect(fault({ week: { thu: [nine, { from: '16:00', to: '18:00' }] } })).toMatch(/thu: .*overlap/);
    expect(fault({ week: { thu: [nine, { from: '17:00', to: '18:00' }] } })).toBeNull();
    expect(fault({ exceptions: [{ date: '2026-02-30', open: [] }] })).toMatch(/"2026-02-30" is no day/);
    expect(fault({ exceptions: [{ date: '02-29', open: [] }] })).toBeNull();
    expect(
      fault({
        exceptions: [
          { date: '12-25', open: [] },
          { date: '12-25', open: [nine] },
        ],
      }),
    ).toMatch(/12-25 stands there twice/);
    expect(fault({ exceptions: [{ date: '12-25', open: [{ from: '25:00', to: '26:00' }] }] })).toMatch(
      /12-25: "25:00"/,
    );
  });
});

describe('days', () => {
  it('[HR1] counts as calendars do', () => {
    expect(dayOf('1970-01-01')).toBe(0);
    expect(dayOf('2000-02-29')).toBe(11_016);
    expect(dayOf('2100-02-29')).toBeNull();
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_000_000 }), (day) => {
        expect(textOfDay(day)).toBe(new Date(day * 86_400_000).toISOString().slice(0, 10));
        expect(dayOf(textOfDay(day))).toBe(day);
      }),
    );
  });

  it('[HR5] knows zones by their IANA names only', () => {
    expect(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'].map(faultOfZone)).toEqual([null, null, null]);
    for (const name of ['Mars/Olympus', '', '+01:00', '1', 'Berlin', '__proto__'])
      expect(faultOfZone(name)).toMatch(/There is no time zone/);
  });
});
