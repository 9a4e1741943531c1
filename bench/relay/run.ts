import { mkdirSync } from 'node:fs';
import type { Postgres } from '#bench/measure/postgres.ts';
import { memoryBytes } from '#bench/measure/processes.ts';
import { startBaton } from './baton.ts';
import type { Name, Standing, Start } from './contender.ts';
import { startLimit } from './limit.ts';
import { isSound, Load, type Pace } from './load.ts';
import type { PaceName, RelayPlan, Run } from './plan.ts';
import { type RelayReport, reportOf } from './report.ts';
import { startUsual } from './usual.ts';

const STARTS: Readonly<Record<Name, Start>> = { baton: startBaton, limit: startLimit, usual: startUsual };
/** The limit goes first in the first round: its rate is what `half` is half of. Then another one begins each time. */
const ORDER: readonly Name[] = ['limit', 'baton', 'usual'];
/** More than this share of what it takes saturated is not asked of anybody: the queue would only grow. */
const BEARABLE = 0.95;

/** All contenders in turn on one PostgreSQL, `repeats` times. */
export async function relay(
  plan: RelayPlan,
  postgres: Postgres,
  tell: (what: string) => void,
  signal?: AbortSignal,
): Promise<RelayReport> {
  const runs: Run[] = [];
  for (let round = 0; round < plan.repeats; round++) {
    for (let turn = 0; turn < ORDER.length; turn++) {
      const name = ORDER[(round + turn) % ORDER.length] as Name;
      for await (const run of play({ name, round, plan, postgres, half: halfOf(runs) })) {
        signal?.throwIfAborted();
        runs.push(run);
        tell(`relay ${round + 1}/${plan.repeats}: ${lineOf(run)}`);
      }
    }
  }
  return reportOf(plan, runs);
}

interface Turn {
  name: Name;
  round: number;
  plan: RelayPlan;
  postgres: Postgres;
  /** Null: the limit, which goes first, finds it out. */
  half: number | null;
}

/** One contender: it stands, is measured at each pace, and goes. */
async function* play({ name, round, plan, postgres, half }: Turn): AsyncGenerator<Run> {
  const load = new Load();
  const database = `${name}_${round}`;
  const standing = await STARTS[name]({
    database: await postgres.database(database),
    conversations: plan.conversations,
    ears: load,
    nodeArguments: profiling(plan.profiles, name),
  });
  try {
    const measure = (pace: PaceName, rate: number | null) =>
      runOf({ round, contender: name, pace, rate }, load, standing, postgres, plan);
    const saturated = await measure('saturated', null);
    yield saturated;
    const most = saturated.measured?.messagesPerSecond ?? 0;
    const rates = { fixed: plan.rate, half: half ?? Math.round(most / 2) };
    for (const pace of ['fixed', 'half'] as const) {
      const rate = rates[pace];
      if (rate <= most * BEARABLE) yield await measure(pace, rate);
      else yield { round, contender: name, pace, rate, measured: null, serverBytes: memoryBytes(standing.pid) };
    }
  } finally {
    await standing.stop();
    await postgres.drop(database);
  }
}

async function runOf(
  asked: Pick<Run, 'round' | 'contender' | 'pace' | 'rate'>,
  load: Load,
  standing: Standing,
  postgres: Postgres,
  { window, warm, seconds }: RelayPlan,
): Promise<Run> {
  const pace: Pace = asked.rate === null ? { window: asked.contender === 'usual' ? 1 : window } : { rate: asked.rate };
  // At the later paces the code is warm already: only the load has to settle.
  const measured = await load.measure(standing, postgres, pace, {
    warm: asked.rate === null ? warm : warm / 2,
    seconds,
  });
  return { ...asked, measured, serverBytes: memoryBytes(standing.pid) };
}

function halfOf(runs: readonly Run[]): number | null {
  const first = runs.find(({ contender, pace }) => contender === 'limit' && pace === 'half');
  return first?.rate ?? null;
}

function profiling(folder: string | null, name: Name): string[] {
  if (folder === null) return [];
  mkdirSync(folder, { recursive: true });
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}-\${pid}.cpuprofile`];
}

function lineOf({ contender, pace, rate, measured }: Run): string {
  const what = `${contender}, ${pace}${rate === null ? '' : ` (${rate}/s)`}`;
  if (!measured) return `${what}: more than it can take`;
  const { messagesPerSecond, serverMicros, databaseMicros, relayP50, relayP99, lost, doubled, outOfOrder } = measured;
  const figures = [
    `${messagesPerSecond.toFixed(0)}/s`,
    `CPU ${serverMicros.toFixed(1)} + ${databaseMicros.toFixed(1)} us`,
    `relay p50 ${relayP50?.toFixed(1)} p99 ${relayP99?.toFixed(1)} ms`,
  ].join(', ');
  const spoilt = isSound(measured) ? '' : `; NO FIGURE: lost ${lost}, doubled ${doubled}, out of order ${outOfOrder}`;
  return `${what}: ${figures}${spoilt}`;
}
