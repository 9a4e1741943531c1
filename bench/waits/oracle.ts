import { type Law, type Look, lawOf, type Patience, randoms, simulate } from '@baton/core';
import { draw, type Scenario, type Times } from './scenarios.ts';

const POINTS = 20_000;
const PATHS = 400;

/**
 * Knows the true laws, and what everybody sees. Nobody can do better than its mean where these laws tell all; elsewhere
 * (breaks, slow agents) it is only one more opinion.
 */
export class Oracle {
  readonly #laws: { handle: Law[]; pause: null; answer: null; patience: Patience[] };
  #seed: number;

  constructor({ arrivals, handle, patience }: Scenario, seed: number) {
    this.#seed = seed;
    const law = lawOf(sample(handle, seed));
    const stays = patience ? hazards(patience, seed) : { spans: [0], rates: [0] };
    this.#laws = { handle: arrivals.map(() => law), pause: null, answer: null, patience: arrivals.map(() => stays) };
  }

  expect(look: Look, place: number): { mean: number; middle: number; low: number; high: number } {
    const starts = simulate({ ...look, laws: this.#laws }, ++this.#seed, PATHS).waiting[place] ?? new Float64Array(0);
    const at = (share: number) => starts[Math.round(share * (starts.length - 1))] ?? 0;
    const mean = starts.reduce((sum, start) => sum + start, 0) / starts.length;
    return { mean, middle: at(0.5), low: at(0.1), high: at(0.9) };
  }
}

function sample(times: Times, seed: number): number[] {
  const roll = randoms(seed);
  return Array.from({ length: POINTS }, () => draw(times, roll));
}

/** The rate of leaving in 200 short spans, counted in many draws. */
function hazards(times: Times, seed: number): Patience {
  if (times.law === 'exponential') return { spans: [0], rates: [1 / times.mean] };
  const drawn = sample(times, seed).sort((a, b) => a - b);
  const spans = Array.from({ length: 200 }, (_, index) => (index === 0 ? 0 : (drawn[index * (POINTS / 200)] ?? 0)));
  const rates = spans.map((from, index) => {
    const to = spans[index + 1] ?? 10 * from;
    const share = 1 / (200 - index);
    return share >= 1 ? 1 / from : -Math.log(1 - share) / Math.max(1e-9, to - from);
  });
  return { spans, rates };
}
