// What `npm test` runs: the checks, then the tests, one after another. Each check counts as one test.
//
//   npm test                          everything
//   npm test -- server                one project (unit, server, browser) or one check (types, style, ...)
//   npm test -- hub/ledger -t fence   files whose path holds "hub/ledger", tests whose name holds "fence"
//
// The last line is `N passed, N failed`; the exit code is not 0 when anything failed.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const node = process.execPath;

/** Name -> command. All must pass on a commit; `npm run format` puts most of what `style` finds right. */
const CHECKS: Record<string, [string, ...string[]]> = {
  lock: [node, 'scripts/check-lock.mjs'],
  types: [node, 'scripts/typecheck.ts'],
  style: [bin('biome'), 'check', '.'],
  'dead code': [bin('knip'), '--no-progress'],
  spec: [node, 'scripts/check-spec.ts'],
  bundles: [node, 'scripts/ensure.mjs', '--build'],
};
const PROJECTS = ['unit', 'server', 'browser'];

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const scratch = mkdtempSync(join(tmpdir(), 'baton-results-'));
const total: Count = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];
let current: ChildProcess | undefined;

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    current?.kill(name);
    rmSync(scratch, { recursive: true, force: true });
    process.exit(130);
  });
}

const wanted = process.argv.slice(2);
try {
  await runAll(wanted);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}`);
if (total.skipped > 0) console.log(`\n${total.skipped} skipped: they do not fit this machine or this user`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

async function runAll(filters: string[]): Promise<void> {
  const checks = filters.filter((name) => name in CHECKS);
  const projects = filters.filter((name) => PROJECTS.includes(name));
  const rest = filters.filter((name) => !(name in CHECKS || PROJECTS.includes(name)));
  const everything = filters.length === 0;
  for (const name of everything ? Object.keys(CHECKS) : checks) await runCheck(name);
  if (everything || projects.length > 0) {
    // Not at the same time: on two cores they would only make each other's timing worse.
    for (const name of everything ? PROJECTS : projects) await runTests(name, ['--project', name, ...rest]);
  } else if (rest.length > 0) {
    await runTests('tests', rest);
  }
}

async function runCheck(name: string): Promise<void> {
  process.stdout.write(`• ${name} ... `);
  const started = performance.now();
  const { code, output } = await run(CHECKS[name] as [string, ...string[]], 'pipe');
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(code === 0 ? `passed in ${seconds} s` : `FAILED in ${seconds} s\n${output}`);
  add(name, code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 });
}

async function runTests(name: string, args: string[]): Promise<void> {
  console.log(`\n• ${name}`);
  const file = join(scratch, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { code } = await run([bin('vitest'), 'run', ...reporters, ...args], 'inherit');
  add(name, readCount(file, code));
}

/** vitest's results. A file that could not be loaded and an error outside any test are one failed test each. */
function readCount(file: string, code: number | null): Count {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const results = JSON.parse(readFileSync(file, 'utf8')) as {
    testResults: { status: string; assertionResults: { status: string }[] }[];
  };
  const count: Count = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of results.testResults) {
    const failed = assertionResults.filter((test) => test.status === 'failed').length;
    const passed = assertionResults.filter((test) => test.status === 'passed').length;
    count.passed += passed;
    count.failed += failed === 0 && status === 'failed' ? 1 : failed;
    count.skipped += assertionResults.length - passed - failed;
  }
  if (code !== 0 && count.failed === 0) count.failed = 1;
  return count;
}

function add(name: string, count: Count): void {
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  if (count.failed > 0) failures.push(name);
}

function run([command, ...args]: [string, ...string[]], output: 'pipe' | 'inherit') {
  const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' };
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', output, output] });
  current = child;
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return new Promise<{ code: number | null; output: string }>((done) => {
    child.on('error', (error) => done({ code: null, output: error.message }));
    child.on('close', (code) => done({ code, output: text }));
  });
}
