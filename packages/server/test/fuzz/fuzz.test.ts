import { expect, it } from 'vitest';
import { createLog } from '#log';
import { runBaton } from '#test/baton.ts';
import { testDatabase } from '#test/database.ts';
import { fuzz } from './fuzz.ts';

it('[SE11] no edge breaks, hangs or answers 5xx, whatever comes (short form of `npm run fuzz`)', async () => {
  const database = await testDatabase();
  const run = await runBaton(database.connectionString, {
    log: createLog('error', { write: (line) => console.error(line) }),
  });
  const report = await fuzz(run, { inputs: 2_000, seed: 42 });
  await run.stop();
  await database.drop();
  expect(report.faults).toEqual([]);
  expect(report.edges.map(({ name }) => name)).toContain('frames');
}, 180_000);
