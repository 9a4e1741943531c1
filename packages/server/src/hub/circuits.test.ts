import { expect, it } from 'vitest';
import { AdapterFailure, type FailureKind } from '#ports/failure.ts';
import { Circuits, Paused } from './circuits.ts';

const fail = (kind: FailureKind, retryAfterMs?: number) => async () => {
  throw new AdapterFailure(kind, 'no', retryAfterMs === undefined ? {} : { retryAfterMs });
};

function side() {
  const clock = { now: 1_000_000 };
  const circuits = new Circuits(() => clock.now);
  const call = (work: () => Promise<unknown>) =>
    circuits.call('int_1', 'call', work).then(
      () => 'done' as const,
      (error: AdapterFailure) => error,
    );
  const down = async (times = 5) => {
    for (let time = 0; time < times; time++) await call(fail('retry'));
  };
  return { clock, circuits, call, down };
}

it('[DS9] what one call learns of a limit all others keep to', async () => {
  const { clock, circuits, call } = side();
  await call(fail('retry', 7_000));
  expect(await call(async () => 1)).toMatchObject({ kind: 'retry', retryAfterMs: 7_000 });
  clock.now += 7_000;
  expect(await call(async () => 1)).toBe('done');
  expect(circuits.health('int_1').state).toBe('closed');
});

const full = (limit: string, retryAfterMs: number) => async () => {
  throw new AdapterFailure('retry', 'no', { retryAfterMs, limit });
};

it('[DS9] what one ticket or one method may take in a while keeps no other waiting', async () => {
  const { clock, circuits, call } = side();
  for (const ticket of [1, 2, 3, 4, 5, 6])
    expect(await call(full(`ticket ${ticket}`, 600_000))).toMatchObject({ retryAfterMs: 600_000 });
  expect(circuits.waitMs('int_1')).toBe(0);
  expect(circuits.health('int_1')).toMatchObject({ state: 'closed', failures: 0 });
  expect(await call(async () => 1)).toBe('done');
  expect(circuits.health('int_1').limits.get('ticket 1')).toBe(clock.now + 600_000);
  clock.now += 600_000;
  await call(full('reading', 1_000));
  expect([...circuits.health('int_1').limits]).toEqual([['reading', clock.now + 1_000]]);
});

it('[DS12] calls that were never made, as their limit was met before, are not among the last calls', async () => {
  const { clock, circuits, call } = side();
  await call(full('reading', 5_000));
  clock.now += 1_000;
  for (let time = 0; time < 5; time++) expect(await call(full('reading', 4_000))).toBeInstanceOf(Paused);
  expect(circuits.health('int_1').calls).toHaveLength(1);
  expect(circuits.health('int_1').limits.get('reading')).toBe(clock.now + 4_000);
});

it('[DS9] a desk that is down is not back because a call was not made', async () => {
  const { clock, circuits, call, down } = side();
  await call(full('reading', 60_000));
  await down();
  clock.now += 2_000;
  await call(full('reading', 58_000));
  expect(circuits.health('int_1').state).toBe('open');
  expect(await call(async () => 1)).toBe('done');
});

it('[DS9] a desk that is down is left alone, then tried by one call at a time, ever more rarely', async () => {
  const { clock, circuits, call, down } = side();
  await down();
  expect(circuits.health('int_1').state).toBe('open');
  expect(await call(async () => 1)).toMatchObject({ kind: 'retry', retryAfterMs: 2_000 });
  clock.now += 2_000;
  const probe = Promise.withResolvers<void>();
  const probing = call(() => probe.promise.then(fail('uncertain')));
  expect(await call(async () => 1)).toMatchObject({ kind: 'retry', message: expect.stringContaining('one call') });
  probe.resolve();
  await probing;
  expect(circuits.waitMs('int_1')).toBe(4_000);
  clock.now += 4_000;
  expect(await call(async () => 1)).toBe('done');
  expect(circuits.health('int_1')).toMatchObject({ state: 'closed', failures: 0 });
});

it('[DS9] calls that were under way together count once, and a message that is refused says that the desk is there', async () => {
  const { clock, circuits, call, down } = side();
  await Promise.all(Array.from({ length: 60 }, () => call(fail('uncertain'))));
  expect(circuits.waitMs('int_1')).toBe(2_000);
  clock.now += 2_000;
  await call(fail('rejected'));
  expect(circuits.health('int_1').state).toBe('closed');
  await down(4);
  expect(await call(async () => 1)).toBe('done');
});

it('[DS9] a bug of ours closes nothing and keeps nobody out', async () => {
  const { clock, call, down } = side();
  await down();
  clock.now += 2_000;
  await call(async () => {
    throw new TypeError('ours');
  });
  expect(await call(async () => 1)).toBe('done');
});

it('[DS38] what a vendor says of its limit holds until that is full again, or for a minute', () => {
  const { clock, circuits } = side();
  expect(circuits.callsLeft('int_1')).toBeNull();
  circuits.noteRate('int_1', { left: 3, limit: 50, resetsAt: clock.now + 10_000, at: clock.now });
  expect(circuits.callsLeft('int_1')).toBe(3);
  clock.now += 10_000;
  expect(circuits.callsLeft('int_1')).toBeNull();
  circuits.noteRate('int_1', { left: 2, limit: null, resetsAt: null, at: clock.now });
  clock.now += 59_000;
  expect(circuits.callsLeft('int_1')).toBe(2);
  clock.now += 1_000;
  expect(circuits.callsLeft('int_1')).toBeNull();
});
