import { expect, test } from 'vitest';
import { DESKS, deskReport } from './desk.ts';

// A made-up desk whose other customers, shifts and breaks nobody sees.
test('[ET27] what is told at an outside desk goes by its line: much less wrong than how long the last ones waited', () => {
  const desk = DESKS.find(({ name }) => name === 'small-desk');
  if (!desk) throw new Error('There is no such desk.');
  const { rules, waits } = deskReport(desk, 7, 900);
  expect(waits).toBeGreaterThan(200);
  expect(rules.baton.rrmse).toBeLessThan(0.75 * rules['last 100'].rrmse);
  expect(rules.baton.coverage).toBeGreaterThan(0.7);
});
