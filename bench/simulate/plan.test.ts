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

  it('[PL15] plays several queues with overflow, skills and wrap-up from one file, and says in which hours nobody is there', () => {
    const path = file(
      'two.json',
      JSON.stringify({
        ...PLAN,
        name: 'Sales',
        needs: [{ share: 0.3, preferredSkills: ['billing'] }],
        returningShare: 0.2,
        routing: { wrapUpSeconds: 60, stickySeconds: 90, overflow: { queue: 'Support', afterSeconds: 120 } },
        otherQueues: [{ name: 'Support', arrivalsPerHour: 4, chatMinutes: { mean: 5 } }],
        agents: [
          { name: 'Dana', queues: ['Sales'], skills: [] },
          { name: 'Sam', from: '06:00', to: '22:00', queues: ['Support'], skills: ['billing'] },
        ],
        oneMore: false,
      }),
    );
    const table = planTable(playPlanFile(path));
    expect(table).toMatch(/^Sales +\d+ .* [1-9]\d*$/m);
    expect(table).toMatch(/^Support +\d+ /m);
    const nights = { ...PLAN, agents: [{ name: 'Dana', from: '08:00', to: '20:00' }], oneMore: false };
    expect(planTable(playPlanFile(file('nights.json', JSON.stringify(nights))))).toMatch(/nobody there at +0:00, 1:00/);
  });

  it('[PL10] says of a file with several faults each of them, and what is wrong between fields', () => {
    const wrong = {
      ...PLAN,
      zone: 'UTC',
      arrivalsPerHour: -1,
      routing: { overflow: { queue: 'Nowhere', afterSeconds: 60 } },
    };
    const read = () => playPlanFile(file('faults.json', JSON.stringify(wrong)));
    expect(read).toThrow(/arrivalsPerHour: /);
    expect(read).toThrow(/zone/);
    const between = { ...PLAN, routing: { overflow: { queue: 'Nowhere', afterSeconds: 60 } } };
    expect(() => playPlanFile(file('between.json', JSON.stringify(between)))).toThrow(
      'routing.overflow.queue: There is no queue "Nowhere" in the plan',
    );
  });
});
