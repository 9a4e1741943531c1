import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planTable, playPlanFile, readPlanOptions } from './plan.ts';

const folder = mkdtempSync(join(tmpdir(), 'baton-plan-'));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const PLAN = { arrivalsPerHour: 10, chatMinutes: { mean: 8 }, agents: [{ name: 'Dana' }], days: 1 };

describe('simulate --queue', () => {
  it('[PL1] plays a plan from a file and says it as a table', () => {
    const path = file('plan.json', JSON.stringify(PLAN));
    expect(readPlanOptions(['--queue', path, '--json'])).toEqual({ file: path, json: true });
    expect(readPlanOptions(['--dialogues', 'x'])).toBeNull();
    const table = planTable(playPlanFile(path));
    expect(table).toContain('one more agent');
    expect(table).toMatch(/answered within 60 s +\d+%/);
  });

  it('[PL10] says what is wrong with a file', () => {
    expect(() => playPlanFile(join(folder, 'none.json'))).toThrow('cannot be read');
    expect(() => playPlanFile(file('no.json', '{'))).toThrow('cannot be read');
    expect(() => playPlanFile(file('empty.json', '{}'))).toThrow(/agents: .*\n?/);
    expect(() =>
      playPlanFile(file('wrong.json', JSON.stringify({ ...PLAN, agents: [{ name: 'Dana', from: '9' }] }))),
    ).toThrow('agents.0.from: A time of day like 09:00');
    expect(() => readPlanOptions(['--queue'])).toThrow();
    expect(() => readPlanOptions(['--queue', 'x', '--agents', '3'])).toThrow('--agents');
  });
});
