import { describe, expect, it } from 'vitest';
import { CAPACITY, playRush, RUSHES } from './rush.ts';

describe('a rush', () => {
  it('[ET20] the same seed plays the same; an agent answers one after the other and has no more than he takes', () => {
    for (const rush of RUSHES) {
      const all = playRush(rush, 4);
      expect(playRush(rush, 4)).toEqual(all);
      expect(all.length).toBeGreaterThan(400);
      const accepted = all.filter(({ acceptedAt }) => acceptedAt !== null);
      expect(accepted.length).toBeGreaterThan(0.9 * all.length);
      for (const { agent, acceptedAt, offers } of accepted) {
        const at = acceptedAt ?? 0;
        expect(offers.at(-1)?.agent).toBe(agent);
        const own = accepted.filter((one) => one.agent === agent && (one.acceptedAt ?? 0) <= at);
        expect(own.filter(({ endedAt }) => (endedAt ?? 0) > at).length).toBeLessThanOrEqual(CAPACITY);
      }
    }
  });
});
