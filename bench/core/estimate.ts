// What an estimate costs: CPU time of one look at a line, which says the wait of everybody in it and of newcomers.
// `node bench/core/estimate.ts [seconds]` prints milliseconds a look; the best of ROUNDS, because others use the machine.
import { Estimator, type Server } from '@baton/core';

const SECONDS = Number(process.argv[2] ?? 1);
const ROUNDS = 3;

/** An estimator that has seen `waits` waits, so that all its parts are at work. */
function taught(waits: number): Estimator {
  const estimator = new Estimator({ rings: true });
  for (let index = 0; index < 700; index++) estimator.ended(index, 0, 200 + ((index * 7919) % 800));
  for (let index = 0; index < 100; index++) estimator.answered(2 + (index % 20));
  for (let index = 0; index < waits; index++) {
    const at = 10_000 + index * 60;
    const expected = estimator.look({ ...line(5, 30), now: at }, 1).waiting[4];
    if (!expected) throw new Error('There is no estimate to learn from.');
    estimator.expect(`w${index}`, at, 0, expected);
    if (index % 9 === 0) estimator.left(`w${index}`, at + 40, 0, 40);
    else estimator.served(`w${index}`, at + 90 + ((index * 31) % 120), 0, 90 + ((index * 31) % 120));
  }
  return estimator;
}

function line(people: number, slots: number) {
  const servers = Array.from({ length: slots / 3 }, (_, agent): Server => {
    const running = [0, 1, 2].map((slot) => ({ kind: 0, age: (agent * 97 + slot * 211) % 900 }));
    return { kinds: null, capacity: 3, running, idle: null, onIn: 0, offIn: Number.POSITIVE_INFINITY };
  });
  const waiting = Array.from({ length: people }, (_, index) => {
    const waited = (people - index) * 12;
    return { kind: 0, waited, rank: waited };
  });
  return { now: 100_000, servers, waiting };
}

for (const [people, slots, waits] of [
  [1, 9, 0],
  [20, 30, 0],
  [20, 30, 700],
  [100, 90, 700],
] as const) {
  const estimator = taught(waits);
  const now = line(people, slots);
  const rounds = Array.from({ length: ROUNDS }, () => {
    let looks = 0;
    const until = performance.now() + SECONDS * 1_000;
    const start = process.cpuUsage();
    for (; performance.now() < until; looks++) estimator.look({ ...now, now: now.now + looks }, 1);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / looks / 1_000;
  });
  const what = `${people} waiting, ${slots} slots${waits > 0 ? `, after ${waits} waits` : ''}`;
  console.log(
    `${what.padEnd(40)} ${Math.min(...rounds)
      .toFixed(3)
      .padStart(8)} ms a look`,
  );
}
