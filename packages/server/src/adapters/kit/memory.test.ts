import { expect, it } from 'vitest';
import { Memory } from './memory.ts';

const clock = { now: 1_000 };
const now = () => clock.now;

it('forgets the oldest where there are too many, and what was set again is the newest', () => {
  const memory = new Memory<number>(now, { most: 2 });
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
    ['c', 4],
  ] as const)
    memory.set(key, value);
  expect(['a', 'b', 'c'].map((key) => memory.get(key))).toEqual([3, undefined, 4]);
});

it('forgets what is too old, sooner where it is said of the one', () => {
  const memory = new Memory<string>(now, { keptMs: 100 });
  memory.set('long', 'x');
  memory.set('short', 'y', 10);
  clock.now += 10;
  expect([memory.get('long'), memory.get('short')]).toEqual(['x', undefined]);
  clock.now += 90;
  expect(memory.get('long')).toBeUndefined();
});

it('asks once for what it does not know, and knows nothing of what failed', async () => {
  const memory = new Memory<string | null, number>(now);
  let asked = 0;
  const ask = async () => (++asked === 1 ? Promise.reject(new Error('not now')) : null);
  await expect(memory.recall(7, ask)).rejects.toThrow('not now');
  expect(await memory.recall(7, ask)).toBeNull();
  expect(await memory.recall(7, ask)).toBeNull();
  expect(asked).toBe(2);
  memory.delete(7);
  await memory.recall(7, ask);
  expect(asked).toBe(3);
});
