import { parseArgs } from 'node:util';
import { type Call, readLog } from './waits/bank-log.ts';
import { DESKS, deskReport } from './waits/desk.ts';
import { playScenario } from './waits/play-scenario.ts';
import { replay } from './waits/replay.ts';
import {
  printDesks,
  printRushes,
  printScenarios,
  printSpeed,
  printTrace,
  type ScenarioReport,
  type TraceReport,
} from './waits/report.ts';
import { RUSHES } from './waits/rush.ts';
import { SCENARIOS } from './waits/scenarios.ts';
import { type Judged, scores } from './waits/score.ts';
import { rushReport } from './waits/score-rush.ts';
import { speedReports } from './waits/speed.ts';

const USAGE = `Scores the estimate of waits: the code that the product uses, and the usual formulas beside it.

  npm run eval:wait -- --scenarios [--only NAME] [--visitors N] [--seed N] [--json]
  npm run eval:wait -- --desks [--only NAME] [--visitors N] [--seed N] [--json]
  npm run eval:wait -- --rush [--only NAME] [--runs N] [--seed N] [--json]
  npm run eval:wait -- --trace FILE [--learn FILE[,FILE...]] [--json]
  npm run eval:wait -- --speed [--json]

--scenarios  six made-up teams, played event by event; who gives up shows how long he would have waited.
--desks      outside desks: their other customers, their shifts and breaks are hidden from us
--rush       worlds like that of \`npm run simulate -- --dialogues\` in simulated time, through the server's own code of waits
--only       one of them: ${[...SCENARIOS, ...DESKS, ...RUSHES].map(({ name }) => name).join(', ')}
--visitors   how many come to each after 1,500 (desks: 300) that are learned from and not scored; 6000 where nothing is said
--runs       of each rush; 6 where nothing is said
--seed       other people; the same seed plays the same
--trace      replays a call log in the format of the Anonymous Bank (columns by tabs, plain or .gz) and scores it
--learn      logs of the time before: replayed first and not scored
--speed      what one look at a line costs: everybody in it is told, and a newcomer
--json       prints one JSON value
`;

function scenarioReports(only: string | undefined, visitors: number, seed: number): ScenarioReport[] {
  return named(SCENARIOS, only).map((scenario, index) => {
    const { ours, oracle, rivals } = playScenario(scenario, seed * 1_000 + index, visitors);
    const meanWait = ours.reduce((sum, { waited }) => sum + waited, 0) / ours.length;
    const relative = (judged: readonly Judged[]) => scores(judged).served.rmse / meanWait;
    const { served } = scores(ours);
    return {
      scenario: scenario.name,
      what: scenario.what,
      wellSpecified: scenario.wellSpecified,
      waits: ours.length,
      meanWaitSeconds: meanWait,
      rrmse: {
        baton: relative(ours),
        oracle: relative(oracle),
        ...Object.fromEntries(Object.entries(rivals).map(([name, judged]) => [name, relative(judged)])),
      },
      toOracle: relative(ours) / relative(oracle),
      coverage: served.coverage ?? 0,
      widthSeconds: served.width ?? 0,
      biasSeconds: served.bias,
    };
  });
}

function named<T extends { name: string }>(all: readonly T[], only: string | undefined): readonly T[] {
  const found = all.filter(({ name }) => only === undefined || name === only);
  if (found.length === 0)
    throw new Error(`There is no "${only}". There are: ${all.map(({ name }) => name).join(', ')}.`);
  return found;
}

function traceReport(trace: string, learn: readonly string[]): TraceReport {
  const before = learn.flatMap((path) => readLog(path));
  const calls = readLog(trace);
  const last = Math.max(...before.map(beginOf));
  if (before.length > 0 && last > Math.max(...calls.map(beginOf))) {
    throw new Error(`--learn goes on after --trace has ended: nothing may be learned from what comes later.`);
  }
  const { ours, rivals } = replay(calls, before);
  return {
    trace,
    learn,
    rules: [['baton', ours] as const, ...Object.entries(rivals)].map(([rule, judged]) => ({ rule, ...scores(judged) })),
  };
}

function beginOf({ queued, service }: Call): number {
  return queued?.from ?? service?.from ?? 0;
}

function main(): number {
  const { values } = parseArgs({
    options: {
      scenarios: { type: 'boolean' },
      desks: { type: 'boolean' },
      rush: { type: 'boolean' },
      speed: { type: 'boolean' },
      runs: { type: 'string', default: '6' },
      only: { type: 'string' },
      visitors: { type: 'string', default: '6000' },
      seed: { type: 'string', default: '1' },
      trace: { type: 'string' },
      learn: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const seed = whole('--seed', values.seed, 0);
  const visitors = whole('--visitors', values.visitors, 100);
  if (values.trace !== undefined) {
    const report = traceReport(values.trace, values.learn?.split(',') ?? []);
    if (values.json) console.log(JSON.stringify(report, null, 2));
    else printTrace(report);
  }
  if (values.scenarios) {
    const reports = scenarioReports(values.only, visitors, seed);
    if (values.json) console.log(JSON.stringify({ seed, visitors, scenarios: reports }, null, 2));
    else printScenarios(reports);
  }
  if (values.desks) {
    const reports = named(DESKS, values.only).map((desk) => deskReport(desk, seed, visitors));
    if (values.json) console.log(JSON.stringify({ seed, visitors, desks: reports }, null, 2));
    else printDesks(reports);
  }
  if (values.rush) {
    const runs = whole('--runs', values.runs, 1);
    const rushes = named(RUSHES, values.only).map((rush) => rushReport(rush, seed, runs));
    if (values.json) console.log(JSON.stringify({ seed, rushes }, null, 2));
    else printRushes(rushes);
  }
  if (values.speed) {
    const looks = speedReports();
    if (values.json) console.log(JSON.stringify({ looks }, null, 2));
    else printSpeed(looks);
  }
  const { scenarios, desks, rush, speed, trace } = values;
  if (!scenarios && !desks && !rush && !speed && trace === undefined)
    throw new Error('Say --scenarios, --desks, --rush, --speed or --trace FILE.');
  return 0;
}

function whole(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new Error(`${option} takes a number from ${least} on, not "${text}".`);
  return value;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
