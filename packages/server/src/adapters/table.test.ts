import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DESKS, OWN_SIDES } from './registry.ts';
import { capabilityTables } from './table.ts';

it('[DK21] the tables of what each side can do are what the code declares', () => {
  const file = new URL('../../../../docs/reference/capabilities.md', import.meta.url);
  expect(readFileSync(file, 'utf8'), 'Run `npm run documents`.').toBe(capabilityTables());
});

it('[DK21] our own console and widget are direct, and no outside desk is', () => {
  for (const { can } of [...OWN_SIDES.desks, ...OWN_SIDES.channels]) expect(can.direct).toBe(true);
  for (const { can } of DESKS) expect(can.direct).toBe(false);
});

it('[DK21] each desk has a kind and a title of its own, and its secrets are fields of its configuration', () => {
  expect(new Set(DESKS.map(({ kind }) => kind)).size).toBe(DESKS.length);
  expect(new Set(DESKS.map(({ title }) => title)).size).toBe(DESKS.length);
  for (const { kind, config, secrets, made } of DESKS)
    for (const field of [...secrets, ...Object.keys(made)]) expect(Object.keys(config.shape), kind).toContain(field);
});
