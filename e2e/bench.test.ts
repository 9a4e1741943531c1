// A little of `npm run bench`: it measures what it says, and a figure is one only when nothing went wrong. How fast anything
// is, is not tested: that says the bench itself, on a machine that does nothing else.
import { expect, test } from 'vitest';
import { startPostgres } from '#bench/measure/postgres.ts';
import { NAMES } from '#bench/relay/contender.ts';
import { relay } from '#bench/relay/run.ts';
import { storm } from '#bench/storm/storm.ts';
import { isSound, tableOf } from '#bench/table.ts';

/** Some 10 s each on a machine that does nothing else. */
const LIMIT_MS = 240_000;
const PLAN = { conversations: 4, window: 1, rate: 40, repeats: 1, warm: 0.2, seconds: 1, profiles: null };

test('the bench plays every contender and finds each message once and in order', { timeout: LIMIT_MS }, async () => {
  const postgres = await startPostgres();
  try {
    const report = await relay(PLAN, postgres, () => undefined);
    // The usual way stores in whatever order its connections come free: on a busy machine 40 a second are enough for that.
    expect(report.spoilt.filter(({ contender }) => contender !== 'usual')).toEqual([]);
    for (const contender of NAMES) {
      const runs = report.runs.filter((run) => run.contender === contender && run.measured !== null);
      expect(runs.map(({ pace }) => pace)).toContain('saturated');
      for (const { measured } of runs) expect(measured).toMatchObject({ lost: 0, doubled: 0 });
      const saturated = report.figures.find((one) => one.contender === contender && one.pace === 'saturated');
      for (const figure of Object.values(saturated?.figures ?? {})) expect(figure?.median).toBeGreaterThan(0);
    }
    const ratio = report.ratios.find(({ pace, to }) => pace === 'saturated' && to === 'limit');
    expect(ratio?.times.cpuMicros?.median).toBeGreaterThan(0);
    expect(report.aims).toHaveLength(3);
    const whole = { at: '', commit: null, machine: MACHINE, seconds: 0, relay: report };
    expect(isSound(whole)).toBe(report.spoilt.length === 0);
    expect(tableOf(whole)).toContain('saturated, baton / limit');
  } finally {
    await postgres.stop();
  }
});

test('the storm brings everybody back, and what was said under the kill is there once', {
  timeout: LIMIT_MS,
}, async () => {
  const postgres = await startPostgres();
  try {
    const report = await storm({ returning: 12 }, postgres, () => undefined);
    expect(report).toMatchObject({ sockets: 12, lost: 0, doubled: 0, outOfOrder: 0 });
    expect(report.backSeconds).toBeGreaterThan(0);
  } finally {
    await postgres.stop();
  }
});

const MACHINE = { cores: 0, cpu: '', memoryGigabytes: 0, node: '', load: 0 };
