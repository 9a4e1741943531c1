import type { Conversation } from '@baton/core';
import { expect, it } from 'vitest';
import type { Desk } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { Circuits } from './circuits.ts';
import { type At, type DeskSideDeps, nextTry } from './desk-step.ts';

/** An event that was tried so often, as far as its next try depends on it. */
const after = (attempts: number): At => ({
  attempts,
  deps: {} as DeskSideDeps,
  state: {} as Conversation,
  desk: {} as Desk,
  id: 'int_desk',
});

it('[DS35] while a desk is down nothing is tried: what waits does not count as failed, however long that takes', async () => {
  let now = 0;
  const circuits = new Circuits(() => now);
  const down = async () => {
    throw new AdapterFailure('retry', 'It is down.');
  };
  const call = (work: () => Promise<void>) => circuits.call('int_desk', 'send message', work).catch((error) => error);
  for (let time = 0; time < 5; time++) await call(down);
  const paused = await call(async () => {});
  expect(nextTry(after(19), paused)).toMatchObject({ again: paused.retryAfterMs, untried: true });
  now += paused.retryAfterMs;
  let back = () => {};
  const probe = call(() => new Promise((resolve) => (back = resolve)));
  expect(nextTry(after(19), await call(async () => {}))).toMatchObject({ untried: true });
  back();
  await probe;
  // What was called and failed is a try, and the last one is the last one.
  const failure = await call(down);
  expect(nextTry(after(18), failure)).not.toHaveProperty('untried');
  expect(nextTry(after(19), failure)).toBeNull();
});
