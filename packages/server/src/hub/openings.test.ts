import type { Hours } from '@baton/core';
import { describe, expect, test } from 'vitest';
import { Openings } from './openings.ts';

const hours: Hours = { zone: 'UTC', week: { mon: [{ from: '09:00', to: '17:00' }] }, exceptions: [] };
const at = (time: string): number => Date.parse(`2026-11-23T${time}Z`);

describe('openings', () => {
  test('[QU48] what was worked out holds until it opens or closes, to the moment', () => {
    const openings = new Openings();
    expect(openings.at(hours, at('08:00:00'))).toMatchObject({ open: false, opensAt: at('09:00:00') });
    expect(openings.at(hours, at('08:59:59.999'))).toMatchObject({ open: false });
    expect(openings.at(hours, at('09:00:00'))).toEqual({ open: true, closesAt: at('17:00:00') });
    expect(openings.at(hours, at('17:00:00'))).toMatchObject({ open: false });
    expect(openings.at(null, at('03:00:00'))).toEqual({ open: true, closesAt: null });
  });

  test('[QU45] a clock that is set back, or far ahead, is right at once', () => {
    const openings = new Openings();
    expect(openings.at(hours, at('16:00:00')).open).toBe(true);
    expect(openings.at(hours, at('08:00:00')).open).toBe(false);
    expect(openings.at(hours, at('16:00:00') + 7 * 86_400_000).open).toBe(true);
    expect(openings.at(hours, at('16:00:00') + 86_400_000).open).toBe(false);
  });
});
