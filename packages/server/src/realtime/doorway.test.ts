import { expect, it } from 'vitest';
import { Doorway } from './doorway.ts';

it('[RT15] lets so many in at once, in their order, also where one fails', async () => {
  const doorway = new Doorway(2);
  const begun: number[] = [];
  const gates = Array.from({ length: 6 }, () => Promise.withResolvers<void>());
  const done = gates.map(({ promise }, index) =>
    doorway.through(async () => {
      begun.push(index);
      await promise;
      return index;
    }),
  );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual([0, 1]);
  gates[1]?.reject(new Error('the database is away'));
  await expect(done[1]).rejects.toThrow('away');
  await settle();
  expect(begun).toEqual([0, 1, 2]);
  for (const { resolve } of gates) resolve();
  expect(await Promise.all(done.filter((_, index) => index !== 1))).toEqual([0, 2, 3, 4, 5]);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
  await doorway.through(async () => begun.push(6));
  expect(begun.at(-1)).toBe(6);
});
