import { assess, defaultPolicy, emptyMemory, remember } from '@baton/core';

const TURN = 'Hello, I ordered a blue lamp last Tuesday and the parcel has still not come, can you look where it is?';

/** Microseconds that `assess` takes for a turn of 100 characters with a full memory, warmed up. */
export function microsecondsPerTurn(rounds = 20_000): number {
  const policy = defaultPolicy();
  let memory = emptyMemory();
  for (let seq = 1; seq <= 6; seq++) {
    memory = remember(memory, { role: 'customer', seq, text: `${TURN} That is my question number ${seq}.` });
    memory = remember(memory, { role: 'bot', text: `Parcels take ${seq} days.`, fallback: false });
  }
  const run = (times: number) => {
    for (let round = 0; round < times; round++) assess(memory, { seq: 9, text: TURN }, policy);
  };
  run(2_000);
  const start = performance.now();
  run(rounds);
  return (1_000 * (performance.now() - start)) / rounds;
}
