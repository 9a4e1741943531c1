import { expect, test } from 'vitest';
import { nothingYet, owedOf } from './faults.ts';
import { readOptions } from './options.ts';
import { exitCodeOf } from './table.ts';

const optionsOf = (...argv: string[]) => {
  const options = readOptions(argv);
  if (!options) throw new Error('no options');
  return options;
};

test('[CR10] the long form kills a server 20 times and PostgreSQL 5 times at least, and outlasts every heartbeat', () => {
  const { messages, plan } = optionsOf('--nodes', '2', '--bus', 'redis');
  expect(messages).toBeGreaterThanOrEqual(100_000);
  expect(plan.killServer).toBeGreaterThanOrEqual(20);
  expect(plan.killDatabase).toBeGreaterThanOrEqual(5);
  expect(plan.pauseSeconds.low).toBeGreaterThan(45);
  for (const name of ['killBackend', 'cutSockets', 'pause', 'fillDisk', 'cutBus', 'killBus'] as const)
    expect(plan[name], name).toBeGreaterThan(0);
});

test('[CR10] a run that did less than its plan says what it owes, and is not done', () => {
  const options = optionsOf();
  const all = { ...nothingYet(), ...options.plan };
  expect(owedOf(options, all, 100_000)).toEqual([]);
  const owed = owedOf(options, { ...all, killDatabase: 4, fillDisk: 0 }, 99_999);
  expect(owed).toEqual(['killDatabase: 4 of 6', 'fillDisk: 0 of 2', 'messages: 99999 of 100000']);
  const report = { lost: 0, doubled: 0, outOfOrder: 0, wrong: {}, crashes: [], acknowledged: 1 };
  expect(exitCodeOf({ ...report, owed } as never)).toBe(3);
  expect(exitCodeOf({ ...report, owed: [] } as never)).toBe(0);
  expect(exitCodeOf({ ...report, owed, lost: 1 } as never)).toBe(1);
});
