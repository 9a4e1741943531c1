// `npm run check:vendors -- --specs DIR`: runs the contracts of the desks, writes down every request that the adapters send, and holds
// each against the vendor's own description of its API (OpenAPI files in DIR; which one, the desk's definition says).
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Complaint } from '#bench/simulate/complaint.ts';
import { DESKS } from '#server/adapters/registry.ts';
import { remaining } from './check-vendors/known-faults.ts';
import { type SentCall, Spec } from './check-vendors/spec.ts';
import { command } from './command.ts';

const USAGE = 'npm run check:vendors -- --specs DIR [--desk KIND] [--json]';
const ROOT = fileURLToPath(new URL('../', import.meta.url));

interface Report {
  vendor: string;
  spec: string | null;
  /** The contract passed. */
  contract: boolean;
  calls: number;
  valid: number;
  /** Valid but for a known fault of the description: the reasons. */
  excused: Record<string, number>;
  /** Operations that were called, and how often. */
  operations: Record<string, number>;
  invalid: { operation: string; fault: string; times: number; example: string }[];
  /** Why nothing was checked. */
  skipped?: string;
}

function main(): void {
  const { values } = parseArgs({
    options: { specs: { type: 'string' }, desk: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  if (values.specs === undefined || !existsSync(values.specs))
    throw new Complaint('--specs: name the folder with the descriptions of the vendors.');
  if (values.desk !== undefined && !DESKS.some(({ kind }) => kind === values.desk))
    throw new Complaint(`--desk: one of ${DESKS.map(({ kind }) => kind).join(', ')}; not "${values.desk}".`);
  const specs = resolve(values.specs);
  const reports = DESKS.filter(({ kind }) => values.desk === undefined || kind === values.desk).map((desk) =>
    check(desk.kind, desk.spec, specs),
  );
  console.log(values.json ? JSON.stringify({ vendors: reports }, null, 2) : reports.map(readable).join('\n'));
  if (reports.some(({ contract, invalid }) => !contract || invalid.length > 0)) process.exitCode = 1;
}

function check(vendor: string, spec: string | null, specs: string): Report {
  const report: Report = { vendor, spec, contract: true, calls: 0, valid: 0, excused: {}, operations: {}, invalid: [] };
  if (spec === null) return { ...report, skipped: 'The vendor publishes no description of its API.' };
  // In the folder itself, or in one in it: descriptions of desks and of other things may lie side by side.
  const [found] = globSync([spec, `*/${spec}`], { cwd: specs });
  if (found === undefined)
    return { ...report, contract: false, skipped: `There is no ${spec} in ${specs}, or in a folder in it.` };
  const file = join(specs, found);
  const folder = mkdtempSync(join(tmpdir(), 'baton-calls-'));
  try {
    report.contract = runContract(vendor, folder);
    const calls = readCalls(join(folder, `${vendor}.jsonl`));
    judge(report, new Spec(file), calls);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return report;
}

function runContract(vendor: string, folder: string): boolean {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const filter = `packages/server/src/adapters/desks/${vendor}/`;
  const { status, stdout } = spawnSync(process.execPath, [vitest, 'run', '--project', 'server', filter], {
    cwd: ROOT,
    env: { ...process.env, BATON_RECORD_CALLS: folder },
    encoding: 'utf8',
  });
  if (status !== 0) console.error(stdout);
  return status === 0;
}

function readCalls(file: string): SentCall[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as SentCall);
}

function judge(report: Report, spec: Spec, calls: readonly SentCall[]): void {
  const faulty = new Map<string, Report['invalid'][number]>();
  for (const call of calls) {
    const verdict = spec.judge(call);
    const operation = verdict.operation ?? `${call.method} ${call.path}`;
    const { faults, excused } = remaining(report.vendor, call, verdict);
    report.calls++;
    report.operations[operation] = (report.operations[operation] ?? 0) + 1;
    for (const why of new Set(excused)) report.excused[why] = (report.excused[why] ?? 0) + 1;
    if (faults.length === 0) report.valid++;
    for (const fault of faults) {
      const known = faulty.get(`${operation} ${fault}`);
      if (known) known.times++;
      else faulty.set(`${operation} ${fault}`, { operation, fault, times: 1, example: call.body.slice(0, 300) });
    }
  }
  report.invalid = [...faulty.values()].sort((a, b) => b.times - a.times);
}

function readable({ vendor, calls, valid, invalid, excused, operations, contract, skipped }: Report): string {
  if (skipped !== undefined) return `${vendor}: not checked. ${skipped}`;
  const lines = [
    `${vendor}: ${calls} calls of ${Object.keys(operations).length} operations, ${valid} valid, ${calls - valid} invalid`,
  ];
  if (!contract) lines.push('  the contract did not pass');
  for (const { operation, fault, times } of invalid) lines.push(`  ${operation}: ${fault} (${times} times)`);
  for (const [why, times] of Object.entries(excused))
    lines.push(`  known fault of the description (${times} times): ${why}`);
  return lines.join('\n');
}

await command('check:vendors', USAGE, main);
