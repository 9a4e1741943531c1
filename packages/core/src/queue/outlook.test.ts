import { describe, expect, it } from 'vitest';
import type { Estimate } from './estimate.ts';
import type { Waiting } from './order.ts';
import { availability, closedOutlook, outlook } from './outlook.ts';
import { places } from './position.ts';

const NOW = 1_000_000;
const ESTIMATE: Estimate = {
  p50Seconds: 120,
  lowSeconds: 60,
  highSeconds: 240,
  coverage: 0.8,
  basis: 'measured',
  asOf: NOW,
};

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

describe('outlook', () => {
  it('[QU11] says available, busy, closed or unknown by who is there and who is ahead', () => {
    expect(availability({ online: 2, slots: 4, free: 1 }, 0)).toBe('available');
    expect(availability({ online: 2, slots: 4, free: 1 }, 1)).toBe('busy');
    expect(availability({ online: 2, slots: 4, free: 0 }, 0)).toBe('busy');
    expect(availability({ online: 0, slots: 0, free: 0 }, 0)).toBe('closed');
    expect(availability(null, 0)).toBe('unknown');
  });

  it('[QU48] is closed by its hours, whoever serves it, and says when it opens', () => {
    const hours = { zone: 'UTC', week: { mon: [{ from: '09:00', to: '17:00' }] }, exceptions: [] };
    const sunday = Date.parse('2026-11-22T12:00:00Z');
    expect(closedOutlook(hours, sunday)).toEqual({
      availability: 'closed',
      opens: { at: Date.parse('2026-11-23T09:00:00Z'), zone: 'UTC', asOf: sunday },
      position: null,
      ahead: null,
      estimate: null,
    });
    expect(closedOutlook(hours, Date.parse('2026-11-23T09:00:00Z'))).toBeNull();
    expect(closedOutlook(null, sunday)).toBeNull();
    expect(closedOutlook({ ...hours, week: {} }, sunday)).toMatchObject({ availability: 'closed' });
    expect(availability({ online: 2, slots: 4, free: 4 }, 0, false)).toBe('closed');
  });

  it('[QU11] tells the place always, and a wait only where somebody serves', () => {
    const place = { position: 3, ahead: 2 };
    const all = { place, competing: 2, estimate: ESTIMATE };
    const nothing = { position: 3, ahead: 2, estimate: null };
    expect(outlook({ ...all, staff: { online: 0, slots: 0, free: 0 } })).toEqual({
      availability: 'closed',
      ...nothing,
    });
    expect(outlook({ ...all, staff: null })).toEqual({ availability: 'unknown', ...nothing });
    expect(outlook({ ...all, staff: { online: 1, slots: 3, free: 0 } }).estimate).toEqual(ESTIMATE);
  });

  it('[ET12] says that it takes longer where it does', () => {
    const staff = { online: 1, slots: 3, free: 0 };
    const all = { place: null, competing: 2, staff, estimate: ESTIMATE };
    expect(outlook({ ...all, longer: true })).toMatchObject({ longer: true });
    expect(outlook(all)).not.toHaveProperty('longer');
    expect(outlook({ ...all, estimate: null, longer: true })).not.toHaveProperty('longer');
  });
});
