// A little of `npm run chaos`: the real program in processes of its own, killed, paused and cut off under load.

import { expect, test } from 'vitest';
import { deskChaos } from '#bench/chaos/desks/run.ts';
import { areSound, tableOfDesks } from '#bench/chaos/desks/table.ts';
import { readDeskOptions, readOptions } from '#bench/chaos/options.ts';
import { chaos } from '#bench/chaos/run.ts';
import { isSound, tableOf } from '#bench/chaos/table.ts';

const LIMIT_MS = 240_000;

test.each([['one server'], ['two servers', '--nodes', '2']])(
  '[CR7] nothing that was acknowledged is lost, doubled or out of order, whatever breaks: %s',
  { timeout: LIMIT_MS },
  async (_name, ...nodes) => {
    const options = readOptions(['--short', ...nodes.filter((one) => one !== undefined)]);
    if (!options) throw new Error('no options');
    const said: string[] = [];
    const report = await chaos(options, AbortSignal.timeout(LIMIT_MS - 10_000), (what) => said.push(what));
    expect(isSound(report), `${said.join('\n')}\n${tableOf(report)}`).toBe(true);
    expect(report.acknowledged).toBeGreaterThanOrEqual(options.messages);
  },
);

test('[DS19] at every desk, whatever its vendor and Baton go through: nothing lost, doubled, out of order or unknown', {
  timeout: LIMIT_MS,
}, async () => {
  const options = readDeskOptions(['--desks', '--short']);
  if (!options) throw new Error('no options');
  const said: string[] = [];
  const report = await deskChaos(options, AbortSignal.timeout(LIMIT_MS - 10_000), (what) => said.push(what));
  expect(areSound(report), `${said.join('\n')}\n${tableOfDesks(report)}`).toBe(true);
  expect(report.untried).toEqual([]);
});
