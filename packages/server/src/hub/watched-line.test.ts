import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import type { Directory } from './directory.ts';
import { Openings } from './openings.ts';
import { LINE_TIMINGS, WatchedLine } from './watched-line.ts';

const DAY_SECONDS = 86_400;

test('[ET17] a node that could not read the past at its first look learns from it at the next', async () => {
  /** Since when outcomes were asked for, in seconds. */
  const asked: number[] = [];
  const pool = {
    async query({ name, values }: { name?: string; values: unknown[] }) {
      if (name !== 'read-outcomes') return { rows: [] };
      asked.push(Number(values[1]));
      if (asked.length === 1) throw new Error('Connection terminated');
      return { rows: [] };
    },
  } as unknown as Pool;
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const world = { now: () => 1_800_000_000_000, newId: () => 'evt_1' as never, fetch, log };
  const directory = { load: async () => undefined, rules: () => undefined, shifts: () => [] } as unknown as Directory;
  const timings = { ...LINE_TIMINGS, spacingMs: 0, measureMs: 0 };
  const openings = new Openings();
  const line = new WatchedLine('wsp_1', { pool, world, directory, openings, outside: undefined, timings, tell() {} });
  await expect(line.fresh()).rejects.toThrow('Connection');
  await line.fresh();
  await line.stop();
  expect(asked.map((since) => (1_800_000_000 - since) / DAY_SECONDS)).toEqual([30, 30]);
});
