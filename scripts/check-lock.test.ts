import { expect, it } from 'vitest';
import { problemsOf } from './check-lock.mjs';

const sound = () => ({
  packages: {
    '': { dependencies: { a: '1.0.0' }, devDependencies: { b: '1.0.0' } },
    'node_modules/a': {
      integrity: 'sha512-a',
      optionalDependencies: { 'a-mac': '1.0.0' },
      dependencies: { c: '1.0.0' },
    },
    'node_modules/a/node_modules/c': { integrity: 'sha512-c' },
    'node_modules/a-mac': { integrity: 'sha512-m', os: ['darwin'], optional: true },
    'node_modules/b': { integrity: 'sha512-b' },
  } as Record<string, Record<string, unknown>>,
});

it('is content with a complete lock', () => {
  expect(problemsOf(sound())).toEqual([]);
});

it('misses the binary package of a platform', () => {
  const lock = sound();
  delete lock.packages['node_modules/a-mac'];
  expect(problemsOf(lock)).toEqual(['node_modules/a needs a-mac@1.0.0, which the lock does not hold']);
});

it('misses what the root needs for development', () => {
  const lock = sound();
  delete lock.packages['node_modules/b'];
  expect(problemsOf(lock)).toEqual(['the root needs b@1.0.0, which the lock does not hold']);
});

it('refuses a download address', () => {
  const lock = sound();
  lock.packages['node_modules/b'] = { integrity: 'sha512-b', resolved: 'https://packages.example/b.tgz' };
  expect(problemsOf(lock)).toEqual(['node_modules/b names a download address (packages.example); see .npmrc']);
});

it('refuses a package without a hash', () => {
  const lock = sound();
  lock.packages['node_modules/b'] = {};
  expect(problemsOf(lock)).toEqual(['node_modules/b has no integrity hash']);
});
