import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DESKS, OWN_SIDES } from './registry.ts';
import { capabilityTables, readmeWithDesks } from './table.ts';

it('[DK21] the tables of what each side can do are what the code declares', () => {
  const file = new URL('../../../../docs/reference/capabilities.md', import.meta.url);
  expect(readFileSync(file, 'utf8'), 'Run `npm run documents`.').toBe(capabilityTables());
});

it('[DK21] so is the table of the README, and each desk has a guide for the person who sets it up', () => {
  const root = new URL('../../../../', import.meta.url);
  const readme = readFileSync(new URL('README.md', root), 'utf8');
  expect(readme, 'Run `npm run documents`.').toBe(readmeWithDesks(readme));
  for (const [, path = ''] of readme.matchAll(/\]\((packages\/server\/src\/adapters\/desks\/[^)]+)\)/g))
    expect(existsSync(new URL(path, root)), path).toBe(true);
});

it('[DK21] each desk says what to click there, step by step, and when its webhooks are set up', () => {
  for (const { kind, setup } of DESKS) {
    expect(setup.filter(({ shows }) => shows === 'inboundUrl').length, kind).toBe(1);
    for (const { title, text } of setup) expect(title.length > 3 && text.length > 30, `${kind}: ${title}`).toBe(true);
  }
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
