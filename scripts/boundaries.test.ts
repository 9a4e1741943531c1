// The import rules of biome.json, tried with planted trespasses: a rule that has stopped working looks like no trespass.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
let planted: string;

/** Each with the rule that must catch it. */
const TRESPASSES: [path: string, source: string, rule: string][] = [
  ['core/src/a/climb.ts', "import type { A } from '../b.ts';", 'noRestrictedImports'],
  ['core/src/io.ts', "import { readFileSync } from 'node:fs';", 'noRestrictedImports'],
  ['core/src/wire.ts', "import type { A } from '@baton/protocol';", 'noRestrictedImports'],
  ['core/src/clock.ts', 'export const now = () => Date.now();', 'noRestrictedGlobals'],
  ['core/src/moment.ts', 'export const now = () => new Date();', 'noRestrictedGlobals'],
  ['core/src/dice.ts', 'export const roll = () => Math.random();', 'Core throws no dice'],
  ['core/src/cycle.ts', "import { b } from './cycle-b.ts'; export const a = () => b;", 'noImportCycles'],
  ['core/src/cycle-b.ts', "import { a } from './cycle.ts'; export const b = () => a;", 'noImportCycles'],
  ['protocol/src/rules.ts', "import type { A } from '@baton/core';", 'noRestrictedImports'],
  ['sdk/src/heavy.ts', "import { A } from '@baton/protocol/schemas';", 'noRestrictedImports'],
  ['sdk/src/node.ts', "import { A } from 'node:crypto';", 'noRestrictedImports'],
  ['widget/src/heavy.ts', "import { A } from '@baton/protocol/schemas';", 'noRestrictedImports'],
  ['widget/src/react.ts', "import { A } from 'react';", 'noRestrictedImports'],
  ['console/src/rules.ts', "import type { A } from '@baton/core';", 'noRestrictedImports'],
  ['server/src/ports/database.ts', "import type { A } from 'pg';", 'noRestrictedImports'],
  ['server/src/ports/hub.ts', "import type { A } from '#hub/a.ts';", 'noRestrictedImports'],
  ['server/src/adapters/desks/one/hub.ts', "import type { A } from '#hub/a.ts';", 'noRestrictedImports'],
  ['server/src/adapters/desks/one/store.ts', "import type { A } from '#store/a.ts';", 'noRestrictedImports'],
  [
    'server/src/adapters/desks/one/other.ts',
    "import type { A } from '#adapters/desks/two/a.ts';",
    'noRestrictedImports',
  ],
  ['server/src/adapters/desks/one/climb.ts', "import type { A } from '../two/a.ts';", 'noRestrictedImports'],
  ['server/src/adapters/desks/one/wire.ts', "import type { A } from '@baton/protocol';", 'noRestrictedImports'],
  ['server/src/adapters/kit/vendor.ts', "import type { A } from '#adapters/desks/one/a.ts';", 'noRestrictedImports'],
  ['server/src/store/hub.ts', "import type { A } from '#hub/a.ts';", 'noRestrictedImports'],
  ['server/src/store/wire.ts', "import type { A } from '@baton/protocol';", 'noRestrictedImports'],
  ['server/src/hub/vendor.ts', "import type { A } from '#adapters/registry.ts';", 'noRestrictedImports'],
  ['server/src/hub/http.ts', "import type { A } from '#http/a.ts';", 'noRestrictedImports'],
  ['server/src/realtime/vendor.ts', "import type { A } from '#adapters/registry.ts';", 'noRestrictedImports'],
  ['server/src/http/vendor.ts', "import type { A } from '#adapters/registry.ts';", 'noRestrictedImports'],
  ['server/src/http/settings.ts', 'export const port = process.env.PORT;', 'noProcessEnv'],
  ['server/src/package.ts', "import yaml from 'yaml'; export const a = yaml;", 'noUndeclaredDependencies'],
  ['server/src/floating.ts', 'async function a() {} export function b() { a(); }', 'noFloatingPromises'],
];

/** What each may do. */
const ALLOWED: [path: string, source: string][] = [
  ['core/src/fine.ts', "import { a } from './a.ts'; import { b } from '#b.ts'; export const c = Math.min(a, b);"],
  ['sdk/src/fine.ts', "import type { A } from '@baton/protocol'; export type B = A;"],
  ['widget/src/fine.ts', "import { useState } from 'preact/hooks'; export const a = useState;"],
  ['server/src/ports/fine.ts', "import type { A } from '@baton/core'; export type B = A;"],
  [
    'server/src/adapters/desks/one/fine.ts',
    "import type { A } from '@baton/core'; import { z } from 'zod'; import { b } from '#kit/b.ts'; import { c } from '#ports/c.ts'; import { d } from './d.ts'; export const e: A = [b, c, d, z];",
  ],
  [
    'server/src/hub/fine.ts',
    "import { a } from '#ports/a.ts'; import { b } from '#store/b.ts'; export const c = [a, b];",
  ],
  [
    'server/src/http/fine.ts',
    "import { a } from '@baton/protocol/schemas'; import { b } from '#hub/b.ts'; import { c } from '#store/c.ts'; export const d = [a, b, c];",
  ],
  [
    'server/src/app.ts',
    "import { a } from '#adapters/registry.ts'; import { b } from '#hub/b.ts'; export const c = [a, b];",
  ],
  ['server/src/hub/some.test.ts', "import { a } from '#adapters/registry.ts'; export const b = a;"],
];

beforeAll(() => {
  planted = mkdtempSync(join(tmpdir(), 'baton-boundaries-'));
  for (const file of ['biome.json', '.gitignore', 'package.json', 'scripts/biome']) {
    cpSync(join(root, file), join(planted, file), { recursive: true });
  }
  for (const name of ['core', 'protocol', 'server', 'sdk', 'widget', 'console']) {
    cpSync(join(root, 'packages', name, 'package.json'), join(planted, 'packages', name, 'package.json'));
  }
  for (const [path, source] of [...TRESPASSES, ...ALLOWED]) {
    const at = join(planted, 'packages', path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, `${source}\n`);
  }
});
afterAll(() => rmSync(planted, { recursive: true, force: true }));

it('catches each trespass with the rule that is meant for it, and nothing that is allowed', () => {
  const biome = join(root, 'node_modules', '.bin', 'biome');
  const run = spawnSync(biome, ['lint', '--max-diagnostics=none', '--reporter=github', 'packages'], {
    cwd: planted,
    encoding: 'utf8',
  });
  const found = run.stdout.split('\n').filter((line) => line.startsWith('::error'));
  const missed = TRESPASSES.filter(
    ([path, , rule]) => !found.some((line) => line.includes(`/packages/${path},`) && line.includes(rule)),
  );
  expect(missed.map(([path, , rule]) => `${path}: ${rule}`)).toEqual([]);
  const wronged = ALLOWED.filter(([path]) => found.some((line) => line.includes(`/packages/${path},`)));
  expect(wronged.map(([path]) => path)).toEqual([]);
});
