import { describe, expect, it } from 'vitest';
import type { AgentId } from '#ids.ts';
import { faultOfShift, nextShift, onShift, overlapIn, type Shift } from './roster.ts';
import { parseRoster } from './roster-csv.ts';

const at = (text: string): number => Date.parse(text);
const HOUR = 3_600_000;
const shift = (agent: string, from: string, hours: number): Shift => ({
  agent: `agt_${agent}`,
  startsAt: at(from),
  endsAt: at(from) + hours * HOUR,
});

const known: Record<string, AgentId> = { 'dana@example.com': 'agt_dana', 'bo@example.com': 'agt_bo' };
const parse = (text: string, zone: string | null = 'Europe/Berlin') =>
  parseRoster(text, (name) => known[name.toLowerCase()] ?? null, zone);
const faults = (text: string, zone: string | null = 'Europe/Berlin') => {
  const found = parse(text, zone);
  return 'faults' in found ? found.faults.map(({ line, fault }) => `${line}: ${fault}`) : [];
};

describe('roster', () => {
  it('[HR6] says who is on, and who comes next; gaps are fine', () => {
    const plan = [shift('a', '2026-11-23T08:00:00Z', 4), shift('a', '2026-11-23T13:00:00Z', 4)];
    expect([...onShift(plan, at('2026-11-23T08:00:00Z'))]).toEqual(['agt_a']);
    expect([...onShift(plan, at('2026-11-23T12:00:00Z'))]).toEqual([]);
    expect(nextShift(plan, at('2026-11-23T08:00:00Z'), () => true)).toBe(at('2026-11-23T13:00:00Z'));
    expect(nextShift(plan, at('2026-11-23T07:00:00Z'), (agent) => agent === 'agt_b')).toBeNull();
    expect(overlapIn(plan)).toBeNull();
  });

  it('[HR6] refuses what overlaps, ends before it begins, or is too long', () => {
    const early = shift('a', '2026-11-23T08:00:00Z', 4);
    const late = shift('a', '2026-11-23T11:59:00Z', 4);
    expect(overlapIn([late, shift('b', '2026-11-23T08:00:00Z', 9), early])).toEqual([early, late]);
    expect(overlapIn([early, shift('a', '2026-11-23T12:00:00Z', 4)])).toBeNull();
    expect(faultOfShift(shift('a', '2026-11-23T08:00:00Z', 24))).toBeNull();
    expect(faultOfShift(shift('a', '2026-11-23T08:00:00Z', 25))).toMatch(/24 hours/);
    expect(faultOfShift(shift('a', '2026-11-23T08:00:00Z', 0))).toMatch(/before it begins/);
  });

  it('[HR7] reads what people keep in sheets', () => {
    const expected = {
      shifts: [
        {
          agent: 'agt_dana',
          startsAt: at('2026-11-23T08:00:00Z'),
          endsAt: at('2026-11-23T16:00:00Z'),
          zone: 'Europe/Berlin',
          line: 2,
        },
        {
          agent: 'agt_bo',
          startsAt: at('2026-11-23T21:00:00Z'),
          endsAt: at('2026-11-24T05:00:00Z'),
          zone: 'Europe/Berlin',
          line: 3,
        },
      ],
    };
    expect(
      parse('agent,date,from,to\ndana@example.com,2026-11-23,09:00,17:00\nBO@example.com,2026-11-23,22:00,06:00\n'),
    ).toEqual(expected);
    expect(
      parse(
        '\u{FEFF}Date;Agent;From;To;Zone\r\n\r\n"2026-11-23";"dana@example.com";09:00;17:00;\r\n2026-11-23;bo@example.com;16:00;24:00;America/New_York\r\n',
      ),
    ).toEqual({
      shifts: [
        { ...expected.shifts[0], line: 3 },
        { ...expected.shifts[1], zone: 'America/New_York', line: 4 },
      ],
    });
  });

  it('[HR7] a night in which the clocks change is as long as it is', () => {
    const found = parse(
      'agent,date,from,to\ndana@example.com,2026-03-28,22:00,06:00\nbo@example.com,2026-10-24,22:00,06:00',
    );
    expect('shifts' in found && found.shifts.map(({ startsAt, endsAt }) => (endsAt - startsAt) / HOUR)).toEqual([7, 9]);
  });

  it('[HR7] names each line that is wrong', () => {
    expect(faults('')).toEqual([expect.stringMatching(/^1: .*empty.*agent,date,from,to,zone/)]);
    expect(faults('who,date\nx,2026-11-23')).toEqual([
      expect.stringMatching(/^1: Columns are missing: agent, from, to/),
    ]);
    const head = 'agent,date,from,to,zone\n';
    expect(
      faults(
        `${head}nobody@example.com,2026-11-23,09:00,17:00,\n` +
          'dana@example.com,2026-11-23,09:00,17:00,Europe/Berlino\n' +
          '\n' +
          'dana@example.com,23.11.2026,09:00,17:00,\n' +
          'dana@example.com,2026-11-23,9,17:00,\n' +
          'dana@example.com,2026-11-23,09:00,25:00,\n' +
          'dana@example.com,2026-11-23,09:00,09:00,\n' +
          'dana@example.com,2026-11-23\n',
      ),
    ).toEqual([
      expect.stringMatching(/^2: There is no agent "nobody@example.com"/),
      expect.stringMatching(/^3: There is no time zone "Europe\/Berlino"/),
      expect.stringMatching(/^5: "23.11.2026" is no date. Write it as 2026-12-24/),
      expect.stringMatching(/^6: "9" is no time/),
      expect.stringMatching(/^7: "25:00" is no time/),
      expect.stringMatching(/^8: It begins and ends/),
      expect.stringMatching(/^9: "" is no time/),
    ]);
    expect(faults(`${head}dana@example.com,2026-11-23,09:00,17:00,`, null)).toEqual([
      expect.stringMatching(/^2: It names no time zone/),
    ]);
  });

  it('[HR7] names both lines of an overlap, and takes nothing of such a file', () => {
    expect(
      faults(
        'agent,date,from,to\ndana@example.com,2026-11-24,08:00,12:00\nbo@example.com,2026-11-23,22:00,06:00\ndana@example.com,2026-11-23,22:00,08:30\n',
      ),
    ).toEqual(['2: This shift overlaps the one in line 4. An agent has one shift at a time.']);
  });
});
