import { Rings } from '@baton/core';
import { describe, expect, it } from 'vitest';
import type { TeamRow } from '#store/line.ts';
import type { OutcomeRow } from '#store/outcomes.ts';
import { pastLine } from './past-line.ts';
import { type LineState, Waits } from './waits.ts';
import { turnsOf } from './waits-time.ts';

const START = 1_000_000_000;
const MINUTE = 60_000;

const dana: TeamRow = {
  agent: { id: 'agt_dana', name: 'Dana' },
  presence: 'online',
  queues: null,
  skills: null,
  capacity: 1,
  load: 0,
  active: 0,
  wrapping: 0,
  running: [],
  ringing: false,
  idleSince: 0,
};

/** One after the other, 5 minutes each; people come a little faster than that, and wait longer and longer until noon. */
function past(count: number): OutcomeRow[] {
  return Array.from({ length: count }, (_, index) => {
    const acceptedAt = START + index * 5 * MINUTE;
    const waitingSince = acceptedAt - MINUTE - (index % 20) * 20_000;
    const ids = { handoff: `hnd_${index}` as const, queue: 'que_a' as const, skills: [], agent: 'agt_dana' };
    const endedAt = acceptedAt + 5 * MINUTE - 5_000;
    return { ...ids, waitingSince, offeredAt: acceptedAt - 5_000, acceptedAt, endedAt, outcome: 'resolved' };
  });
}

const newcomer = (waits: Waits, at: number) => {
  const running = [{ queue: 'que_a' as const, skills: [], since: at - MINUTE }];
  const team = [{ ...dana, load: 1, active: 1, running }];
  return waits.newcomer({ asOf: at, waiting: [], team, shifts: [] }, 'que_a');
};

/** One customer has just come, and Dana has another one. */
function lineOf(at: number, handoff: `hnd_${string}`, priority: number): LineState {
  const came = { handoff, waitingSince: at, acceptedAt: null, endedAt: at + MINUTE };
  const { waiting } = pastLine(
    past(1).map((row) => ({ ...row, ...came })),
    [],
    at,
  );
  const running = [{ queue: 'que_a' as const, skills: [], since: at - MINUTE }];
  const team = [{ ...dana, load: 1, active: 1, running }];
  return { asOf: at, waiting: waiting.map((row) => ({ ...row, priority })), team, shifts: [] };
}

describe('waits', () => {
  it('[ET17] a node that has just started learns from what is stored, as if it had been there', async () => {
    const rows = past(60);
    const end = START + 60 * 5 * MINUTE;
    const times = new Waits();
    times.take(rows, [dana]);
    const learned = new Waits();
    let breaths = 0;
    await learned.learn(rows, [dana], async () => void breaths++);
    const again = new Waits();
    await again.learn(rows.toReversed(), [dana], async () => undefined);
    expect(breaths).toBeGreaterThan(2);
    expect(newcomer(times, end)).toMatchObject({ basis: 'measured' });
    expect(newcomer(learned, end)).toEqual(newcomer(again, end));
    expect(newcomer(learned, end)).not.toEqual(newcomer(times, end));
    // What was learned is not learned twice.
    const before = newcomer(learned, end);
    learned.take(rows, [dana]);
    expect(newcomer(learned, end)).toEqual(before);
  });

  it('[ET17] knows of a moment who waited then, and who had what', () => {
    const rows = past(3);
    const line = pastLine(rows, [dana], START + 5 * MINUTE - 10_000);
    expect(line.waiting.map(({ handoff }) => handoff)).toEqual(['hnd_1']);
    expect(line.team).toMatchObject([{ presence: 'online', active: 1, running: [{ since: START }] }]);
    expect(pastLine(rows, [dana], START + 300 * MINUTE).team).toMatchObject([{ presence: 'offline', active: 0 }]);
  });

  it('[ET7] an answer takes from when the agent could have been asked', () => {
    const rings = new Rings();
    rings.capacity('agt_dana', 2);
    const accepts = (waitingSince: number, offeredAt: number, acceptedAt: number) =>
      rings.accepted('agt_dana', { waitingSince, offeredAt, acceptedAt });
    expect(accepts(0, 1_000, 4_000)).toBe(4);
    // He was being asked for the one before.
    expect(accepts(0, 5_000, 7_000)).toBe(3);
    rings.ended('agt_dana', 60_000);
    // He was full until then.
    expect(accepts(10_000, 61_000, 63_000)).toBe(3);
    // Nobody knows where he was all the time: only the answer counts.
    expect(accepts(63_000, 400_000, 402_000)).toBe(2);
  });

  it('[ET9] who waits is told longer where others come again and again and go before him', () => {
    const told = (priority: number) => {
      const waits = new Waits();
      waits.take(past(20), [dana]);
      const from = START + 20 * 5 * MINUTE;
      for (let one = 0; one < 6; one++)
        waits.of(lineOf(from + one * 4 * MINUTE, `hnd_before${one}`, priority), 'hnd_none');
      const at = from + 6 * 4 * MINUTE;
      return waits.of(lineOf(at, 'hnd_now', 0), 'hnd_now')?.p50Seconds ?? 0;
    };
    expect(told(0)).toBeGreaterThan(0);
    expect(told(4)).toBeGreaterThan(1.3 * told(0));
    // Nobody is overtaken by who goes after him.
    expect(told(-4)).toBeCloseTo(told(0), 0);
  });

  it('[ET5] comes on and goes off by shifts that follow each other, breaks and presence', () => {
    const shift = (startsAt: number, endsAt: number) => ({ agent: 'agt_dana' as const, startsAt, endsAt });
    const shifts = [shift(0, 100_000), shift(100_000, 200_000), shift(300_000, 400_000)];
    const turns = (more: Partial<TeamRow>, at = 50_000) =>
      turnsOf({ ...dana, ...more }, shifts, new Set(at < 200_000 ? ['agt_dana'] : []), at);
    expect(turns({})).toEqual({ onIn: 0, offIn: 150 });
    expect(turns({}, 250_000)).toEqual({ onIn: 0, offIn: Number.POSITIVE_INFINITY });
    expect(turns({ presence: 'offline' }, 250_000)).toEqual({ onIn: 50, offIn: 150 });
    expect(turns({ presence: 'break', backAt: 90_000 })).toEqual({ onIn: 40, offIn: 150 });
    expect(turns({ presence: 'away' }, 500_000).onIn).toBe(Number.POSITIVE_INFINITY);
  });
});
