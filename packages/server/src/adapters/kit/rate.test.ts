import { expect, it } from 'vitest';
import type { Rate } from '#ports/rate.ts';
import { rateOf, watchRate } from './rate.ts';

const NOW = 1_763_800_000_000;
const read = (headers: Record<string, string>) => rateOf(new Headers(headers), NOW);

it.each([
  [{ 'x-ratelimit-remaining': '98', 'x-ratelimit-limit': '100', 'x-ratelimit-reset': '1763800010' }, 98, 100, 10],
  [{ 'x-rate-limit': '700', 'x-rate-limit-remaining': '699' }, 699, 700, null],
  [{ 'x-ratelimit-total': '400', 'x-ratelimit-remaining': '12' }, 12, 400, null],
  [{ 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '50', 'ratelimit-reset': '30' }, 50, 100, 30],
  [{ ratelimit: '"default";r=50;t=30' }, 50, null, 30],
])('[DS14] what is left of a rate limit is read in every spelling: %j', (headers, left, limit, seconds) => {
  const resetsAt = seconds === null ? null : NOW + seconds * 1_000;
  expect(read(headers as unknown as Record<string, string>)).toEqual({ left, limit, resetsAt, at: NOW });
});

it('[DS14] who says nothing of a limit, or nonsense, has none', () => {
  expect(read({})).toBeNull();
  expect(read({ 'x-ratelimit-remaining': 'plenty', ratelimit: 'r=many' })).toBeNull();
});

it('[DS14] every answer of a desk is looked at', async () => {
  const told: Rate[] = [];
  const answer = new Response('{}', { headers: { 'x-ratelimit-remaining': '7' } });
  const world = watchRate({ fetch: async () => answer, now: () => NOW } as never, (rate) => told.push(rate));
  expect(await world.fetch('https://desk.example')).toBe(answer);
  expect(told).toEqual([{ left: 7, limit: null, resetsAt: null, at: NOW }]);
});
