import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { readLog } from './bank-log.ts';
import { replay } from './replay.ts';
import { scores } from './score.ts';

const folder = mkdtempSync(join(tmpdir(), 'baton-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HEAD =
  'vru+line call_id customer_id priority type date vru_entry vru_exit vru_time q_start q_exit q_time outcome ser_start ser_exit ser_time server';
const line = (cells: string) => cells.split(' ').join('\t');
const QUEUED = 'AA01 1 7 2 PS 990131 23:59:00 23:59:10 10 23:59:10 0:01:10 120 AGENT 0:01:10 0:03:00 110 DANA';
const THROUGH = 'AA01 2 0 0 NW 990131 9:00:00 9:00:05 5 0:00:00 0:00:00 0 AGENT 9:00:06 9:02:00 114 NO_SERVER';
const GONE = 'AA01 3 0 1 PS 990131 9:00:00 9:00:05 5 9:00:05 9:00:35 30 HANG 0:00:00 0:00:00 0 NO_SERVER';
const PHANTOM = 'AA01 4 0 1 PS 990131 9:00:00 9:00:05 5 9:00:05 9:00:35 30 PHANTOM 0:00:00 0:00:00 0 NO_SERVER';

function written(lines: string[], name = 'log.txt'): string {
  const path = join(folder, name);
  const text = `${[HEAD, ...lines].map(line).join('\r\n')}\r\n`;
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

test('[ET18] reads calls, plain or gzipped, and goes on after midnight', () => {
  const midnight = Date.UTC(1999, 1, 1) / 1_000;
  for (const name of ['log.txt', 'log.gz']) {
    const [queued, through, gone, ...more] = readLog(written([QUEUED, THROUGH, GONE, PHANTOM], name));
    expect(more).toEqual([]);
    expect(queued).toEqual({
      id: '1',
      type: 'PS',
      priority: 2,
      queued: { from: midnight - 50, to: midnight + 70 },
      service: { from: midnight + 70, to: midnight + 180, server: 'DANA' },
    });
    expect(through).toMatchObject({ queued: null, service: { server: null } });
    expect(gone).toMatchObject({ service: null });
  }
});

test('[ET18] names file, line and what is wrong in it', () => {
  const wrong = (cells: string) => () => readLog(written([QUEUED, cells]));
  expect(wrong(QUEUED.replace('AGENT', 'LUNCH'))).toThrow(/log\.txt:3: outcome is "LUNCH", not AGENT, HANG or PHANTOM/);
  expect(wrong(QUEUED.replace('990131', '990231'))).toThrow(/log\.txt:3: date is "990231"/);
  expect(wrong(QUEUED.replace('23:59:10 10', '23:59:10 ten').replace(' 120 ', ' long '))).toThrow(/q_time is "long"/);
  expect(wrong(QUEUED.replace('0:03:00', '3 minutes'))).toThrow(/log\.txt:3/);
  expect(wrong('AA01 1 7')).toThrow(/log\.txt:3 has 3 columns, not 17/);
  writeFileSync(join(folder, 'other.csv'), 'a,b\n1,2\n');
  expect(() => readLog(join(folder, 'other.csv'))).toThrow(/other\.csv:1 is no head .*outcome/);
  expect(() => readLog(written([]))).toThrow(/has no calls/);
});

/** A day of calls for two agents; every fifth caller hangs up. */
function day(): string[] {
  const clock = (seconds: number) =>
    [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
      .map((part, index) => (index === 0 ? `${part}` : `${part}`.padStart(2, '0')))
      .join(':');
  return Array.from({ length: 300 }, (_, index) => {
    const at = 32_400 + 70 * index;
    const waited = 20 + ((index * 37) % 90);
    const hangs = index % 5 === 4;
    const served = at + waited;
    const end = hangs
      ? '0:00:00 0:00:00 0 NO_SERVER'
      : `${clock(served)} ${clock(served + 100)} 100 ${index % 2 ? 'DANA' : 'OMAR'}`;
    const kind = `AA01 ${index} 0 ${index % 3} PS 990104 ${clock(at - 5)} ${clock(at)} 5`;
    return `${kind} ${clock(at)} ${clock(served)} ${waited} ${hangs ? 'HANG' : 'AGENT'} ${end}`;
  });
}

test('[ET19] what is said at a moment rests on what had happened by then', () => {
  const lines = day();
  const all = readLog(written(lines));
  const some = all.slice(0, 150);
  const [whole, half] = [replay(all, []), replay(some, [])];
  // Calls that end after the cut are told the same, whatever comes after them.
  const early = half.ours.slice(0, 100);
  expect(whole.ours.slice(0, 100)).toEqual(early);
  expect(early.every(({ low = 0, middle, high = 0 }) => 0 <= low && low <= middle && middle <= high)).toBe(true);
  const learned = replay(all.slice(150), some);
  expect(learned.ours).toEqual(whole.ours.slice(-learned.ours.length));
});

test('[ET19] scores who was served, plainly and as they stand for those who left', () => {
  const said = { mean: 100, middle: 100, low: 50, high: 150 };
  const { served, offered } = scores([
    { waited: 90, left: false, ...said },
    { waited: 100, left: true, ...said },
    { waited: 200, left: false, ...said },
  ]);
  expect(served).toMatchObject({ count: 2, mae: 55, bias: -45, late: 0.5, coverage: 0.5, width: 100 });
  // Half of those who waited 100 s left: the one who waited 200 s stands for two.
  expect(offered.coverage).toBeCloseTo(1 / 3);
  expect(offered.mae).toBeCloseTo(70);
});
