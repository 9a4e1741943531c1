import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type PlanReport, planReport, withOneMore } from '@baton/core';
import { PlanInput } from '@baton/protocol/schemas';
import { planOf } from '#server/http/present/plan.ts';
import { Complaint } from './complaint.ts';

export interface PlanOptions {
  file: string;
  json: boolean;
}

/** `--queue FILE`: null where the command line asks for something else. */
export function readPlanOptions(argv: readonly string[]): PlanOptions | null {
  if (!argv.some((word) => word === '--queue' || word.startsWith('--queue='))) return null;
  const options = { queue: { type: 'string' }, json: { type: 'boolean' } } as const;
  try {
    const { queue, json } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
    if (!queue) throw new Error('--queue: name a file with a plan.');
    return { file: queue, json: json ?? false };
  } catch (error) {
    throw new Complaint((error as Error).message);
  }
}

export interface PlanResult {
  plan: PlanReport;
  oneMore: PlanReport | null;
}

export function playPlanFile(file: string): PlanResult {
  const parsed = PlanInput.safeParse(read(file));
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || 'the plan'}: ${message}`);
    throw new Complaint(`${file} is no plan:\n${faults.join('\n')}`);
  }
  const plan = planOf(parsed.data);
  return {
    plan: planReport(plan),
    oneMore: parsed.data.oneMore ? planReport(withOneMore(plan, 'One more')) : null,
  };
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Complaint(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** For people: the plan beside the one with one more agent, then by hour. */
export function planTable({ plan, oneMore }: PlanResult): string {
  const columns = oneMore ? [plan, oneMore] : [plan];
  const row = (name: string, value: (report: PlanReport) => string) =>
    `${name.padEnd(26)}${columns.map((report) => value(report).padStart(16)).join('')}`;
  const lines = [
    row('', (report) => (report === plan ? 'as planned' : 'one more agent')),
    row('customers', ({ customers }) => String(customers)),
    row('answered', ({ answered }) => String(answered)),
    row('left', ({ left, leftShare }) => `${left} (${percent(leftShare)})`),
    ...(plan.turnedAway > 0 ? [row('line without end', ({ turnedAway }) => String(turnedAway))] : []),
    row('wait, mean', ({ meanWaitSeconds }) => time(meanWaitSeconds)),
    row('wait, median', ({ medianWaitSeconds }) => time(medianWaitSeconds)),
    row('wait, nine of ten', ({ longWaitSeconds }) => time(longWaitSeconds)),
    ...plan.answeredWithin.map(({ seconds }, index) =>
      row(`answered within ${time(seconds)}`, (report) => percent(report.answeredWithin[index]?.share ?? null)),
    ),
    row('agents in use', ({ occupancy }) => percent(occupancy)),
    row('told ranges that held', ({ estimate }) => percent(estimate.withinShare)),
    ...nobodyThere(plan),
    ...queuesOf(plan),
    '',
    'hour  customers  wait, mean    left  in use',
    ...plan.hours.map(
      ({ hour, customers, meanWaitSeconds, leftShare, occupancy }) =>
        `${String(hour).padStart(4)}${customers.toFixed(1).padStart(11)}${time(meanWaitSeconds).padStart(12)}${percent(leftShare).padStart(8)}${percent(occupancy).padStart(8)}`,
    ),
  ];
  return lines.join('\n');
}

/** Hours in which customers come and no agent is there: a gap in the plan, or a night. */
function nobodyThere({ hours }: PlanReport): string[] {
  const gaps = hours.filter(({ customers, occupancy }) => customers > 0 && occupancy === null);
  return gaps.length === 0
    ? []
    : [`${'nobody there at'.padEnd(26)}  ${gaps.map(({ hour }) => `${hour}:00`).join(', ')}`];
}

/** As planned, where there is more than one. */
function queuesOf({ queues }: PlanReport): string[] {
  if (queues.length < 2) return [];
  return [
    '',
    `${'queue'.padEnd(26)}customers  wait, mean    left  went on`,
    ...queues.map(
      ({ name, customers, meanWaitSeconds, leftShare, overflowed }) =>
        `${name.slice(0, 25).padEnd(26)}${String(customers).padStart(9)}${time(meanWaitSeconds).padStart(12)}${percent(leftShare).padStart(8)}${String(overflowed).padStart(9)}`,
    ),
  ];
}

function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)}%`;
}

function time(seconds: number | null): string {
  if (seconds === null) return '–';
  return seconds < 90 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`;
}
