import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contrast, paletteOf, parse } from './colour.ts';

test('[WG16] whatever colour a site has, all text in it and on it has a contrast of 4.5 or more', () => {
  const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
  const ratio = (one: string, other: string) => contrast(parse(one)!, parse(other)!);
  fc.assert(
    fc.property(colour, (accent) => {
      const palette = paletteOf(accent);
      expect(palette.accent).toBe(accent);
      expect(ratio(palette.on, accent)).toBeGreaterThanOrEqual(4.5);
      expect(ratio(palette.readable, '#f1f3f6')).toBeGreaterThanOrEqual(4.5);
      expect(ratio(palette.readableDark, '#2a2f39')).toBeGreaterThanOrEqual(4.5);
    }),
  );
  expect(paletteOf('nonsense').accent).toBe('#2b5fd9');
});
