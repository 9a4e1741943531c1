import { expect, test } from 'vitest';
import { playScenario } from './play-scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { scores } from './score.ts';

test('[ET20] the same seed plays the same, another one other people', () => {
  const [scenario] = SCENARIOS.filter(({ name }) => name === 'multiskill');
  if (!scenario) throw new Error('There is no such scenario.');
  const play = (seed: number) => playScenario(scenario, seed, 60, 100);
  expect(play(1)).toEqual(play(1));
  expect(play(2)).not.toEqual(play(1));
});

test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  '[ET20] %s: everybody who waited is judged by the wait that he was offered',
  (_, scenario) => {
    const { ours, oracle, rivals } = playScenario(scenario, 5, 120, 150);
    expect(ours.length).toBeGreaterThan(10);
    expect(oracle.length).toBe(ours.length);
    for (const judged of Object.values(rivals))
      expect(judged.map(({ waited }) => waited)).toEqual(ours.map(({ waited }) => waited));
    expect(
      ours.every(({ waited, mean, low = 0, high = 0 }) => waited > 0 && low <= high && Number.isFinite(mean)),
    ).toBe(true);
    expect(scores(ours).served.coverage).toBeGreaterThan(0.4);
  },
);
