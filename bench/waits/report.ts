import type { DeskReport } from './desk.ts';
import type { Score } from './score.ts';
import type { RushReport } from './score-rush.ts';
import type { SpeedReport } from './speed.ts';

export interface ScenarioReport {
  scenario: string;
  what: string;
  wellSpecified: boolean;
  /** Of visitors who had to wait and are scored. */
  waits: number;
  meanWaitSeconds: number;
  /** Root mean square error by the mean wait. */
  rrmse: Record<string, number>;
  /** Ours by the oracle's. */
  toOracle: number;
  coverage: number;
  widthSeconds: number;
  biasSeconds: number;
}

export interface TraceReport {
  trace: string;
  learn: readonly string[];
  /** `served`: as it was for those who were served. `offered`: weighted for those who left before. */
  rules: { rule: string; served: Score; offered: Score }[];
}

export function printScenarios(reports: readonly ScenarioReport[]): void {
  const rules = Object.keys(reports[0]?.rrmse ?? {});
  const heads = rules.map((rule) => rule.padStart(8)).join('');
  console.log(`${'scenario'.padEnd(11)} waits  mean min${heads}  by oracle  coverage`);
  for (const { scenario, waits, meanWaitSeconds, rrmse, toOracle, coverage, wellSpecified } of reports) {
    const cells = rules.map((rule) => (rrmse[rule] ?? 0).toFixed(3).padStart(8)).join('');
    const ratio = wellSpecified ? toOracle.toFixed(3) : '-';
    const counts = `${String(waits).padStart(6)} ${(meanWaitSeconds / 60).toFixed(1).padStart(9)}`;
    console.log(`${scenario.padEnd(10)} ${counts}${cells} ${ratio.padStart(10)} ${percent(coverage).padStart(9)}`);
  }
  console.log('\nError of the mean (root mean square) by the mean wait. Coverage of the range that should hold 80%.');
}

export function printDesks(reports: readonly DeskReport[]): void {
  console.log('desk         waits  mean min  rule        error  coverage  width s');
  for (const { desk, waits, meanWaitSeconds, rules } of reports) {
    const counts = `${desk.padEnd(11)} ${String(waits).padStart(6)} ${(meanWaitSeconds / 60).toFixed(1).padStart(9)}`;
    for (const [rule, { rrmse, coverage, widthSeconds }] of Object.entries(rules)) {
      const cells = [rrmse.toFixed(3).padStart(7), percent(coverage).padStart(9), widthSeconds.toFixed(0).padStart(8)];
      console.log(`${counts}  ${rule.padEnd(9)} ${cells.join(' ')}`);
    }
  }
  console.log('\nError of the middle (root mean square) by the mean wait. Coverage of the range that should hold 80%.');
}

export function printRushes(reports: readonly RushReport[]): void {
  console.log(`${'rush'.padEnd(9)}  told  waited  width  within  early   late  first  later  each run`);
  for (const { rush, told, meanWaitSeconds, widthSeconds, each, ...shares } of reports) {
    const { within, early, late, withinFirst, withinLater } = shares;
    const cells = [within, early, late, withinFirst, withinLater].map((share) => percent(share).padStart(7)).join('');
    const times = `${meanWaitSeconds.toFixed(1).padStart(6)}s ${widthSeconds.toFixed(1).padStart(5)}s`;
    const runs = each.map((share) => (100 * share).toFixed(0)).join(' ');
    console.log(`${rush.padEnd(9)} ${String(told).padStart(5)} ${times} ${cells}  ${runs}`);
  }
  console.log('\nShare of waits within the told range after warm-up: all, the first 300 of each run, the others.');
}

export function printTrace({ trace, learn, rules }: TraceReport): void {
  console.log(`${trace}${learn.length > 0 ? `, learned from ${learn.join(', ')}` : ''}\n`);
  for (const scoring of ['served', 'offered'] as const) {
    const what =
      scoring === 'served'
        ? 'those who were served'
        : 'the same, weighted for those who left before (wait that was offered)';
    console.log(`${what}: ${rules[0]?.[scoring].count ?? 0} waits`);
    console.log(`${'rule'.padEnd(8)}  RMSE s   MAE s  bias s    late  coverage  width s`);
    for (const { rule, ...by } of rules) {
      const { rmse, mae, bias, late, coverage, width } = by[scoring];
      const cells = [rmse, mae, bias].map((value) => value.toFixed(1).padStart(8)).join('');
      const range =
        coverage === null || width === null ? '' : `${percent(coverage).padStart(10)} ${width.toFixed(0).padStart(8)}`;
      console.log(`${rule.padEnd(7)}${cells} ${percent(late).padStart(7)}${range}`);
    }
    console.log('');
  }
  console.log(
    'Late: more than 1.5 times what was announced and half a minute. Width: of the range that should hold 80%.',
  );
}

export function printSpeed(reports: readonly SpeedReport[]): void {
  console.log('waiting  slots  learned from   least ms   median ms   CPU ms');
  for (const { people, slots, learned, minMs, medianMs, cpuMs } of reports) {
    const line = `${String(people).padStart(7)} ${String(slots).padStart(6)} ${String(learned).padStart(13)}`;
    const times = [minMs, medianMs, cpuMs].map((ms) => ms.toFixed(3).padStart(10)).join(' ');
    console.log(`${line} ${times}`);
  }
  console.log(
    '\nOne look: everybody in the line and a newcomer. Least and median of single looks; CPU with everything around.',
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
