import { Estimator, type Look, type Server } from '@baton/core';

/** Each line is looked at for so long, in turn with the others. */
const ROUND_MS = 400;
const ROUNDS = 4;

/** What a look at a line costs: everybody in it and a newcomer are told. Milliseconds. */
export interface SpeedReport {
  people: number;
  slots: number;
  /** Waits that were learned from before, so that all parts are at work. */
  learned: number;
  /** On the clock, of single looks: the quickest is what the machine can do, the median what it did beside others. */
  minMs: number;
  medianMs: number;
  /** CPU of the process, garbage collection and all, in the best round. */
  cpuMs: number;
}

const LINES = [
  { people: 1, slots: 9, learned: 0 },
  { people: 20, slots: 30, learned: 0 },
  { people: 20, slots: 30, learned: 700 },
  { people: 100, slots: 90, learned: 700 },
] as const;

export function speedReports(): SpeedReport[] {
  const lines = LINES.map((line) => ({ line, estimator: taught(line.learned), times: [] as number[], cpu: Infinity }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of lines) {
      const { times, cpu } = looks(one.estimator, lineOf(one.line.people, one.line.slots));
      one.times.push(...times);
      one.cpu = Math.min(one.cpu, cpu);
    }
  }
  return lines.map(({ line, times, cpu }) => {
    const sorted = times.sort((a, b) => a - b);
    return { ...line, minMs: sorted[0] ?? 0, medianMs: sorted[sorted.length >>> 1] ?? 0, cpuMs: cpu };
  });
}

function looks(estimator: Estimator, line: Look): { times: number[]; cpu: number } {
  const times: number[] = [];
  const until = performance.now() + ROUND_MS;
  const start = process.cpuUsage();
  while (performance.now() < until) {
    const began = performance.now();
    estimator.look({ ...line, now: line.now + times.length }, 1);
    times.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(start);
  return { times, cpu: (user + system) / times.length / 1_000 };
}

function taught(waits: number): Estimator {
  const estimator = new Estimator({ rings: true });
  for (let index = 0; index < 700; index++) estimator.ended(index, 0, 200 + ((index * 7919) % 800));
  for (let index = 0; index < 100; index++) estimator.answered(2 + (index % 20));
  for (let index = 0; index < waits; index++) {
    const at = 10_000 + index * 60;
    const expected = estimator.look({ ...lineOf(5, 30), now: at }, 1).waiting[4];
    if (!expected) throw new Error('There is no estimate to learn from.');
    estimator.expect(`w${index}`, at, 0, expected);
    if (index % 9 === 0) estimator.left(`w${index}`, at + 40, 0, 40);
    else estimator.served(`w${index}`, at + 90 + ((index * 31) % 120), 0, 90 + ((index * 31) % 120));
  }
  return estimator;
}

/** Agents with three slots each, all in use. */
function lineOf(people: number, slots: number): Look {
  const servers = Array.from({ length: slots / 3 }, (_, agent): Server => {
    const running = [0, 1, 2].map((slot) => ({ kind: 0, age: (agent * 97 + slot * 211) % 900 }));
    return { kinds: null, capacity: 3, running, idle: null, onIn: 0, offIn: Number.POSITIVE_INFINITY };
  });
  const waiting = Array.from({ length: people }, (_, index) => {
    const waited = (people - index) * 12;
    return { kind: 0, waited, rank: waited };
  });
  return { now: 100_000, servers, waiting, newcomers: [0] };
}
