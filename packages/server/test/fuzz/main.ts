// Throws generated inputs at every edge of a server of its own: HTTP, frames, webhooks, bots' answers, the environment.
//   npm run fuzz -- [--inputs 100000] [--seed 1] [--json]
import { parseArgs } from 'node:util';
import { createLog } from '#log';
import { runBaton } from '#test/baton.ts';
import { type FuzzReport, fuzz } from './fuzz.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
  },
});
const inputs = Number(values.inputs);
const seed = Number(values.seed);
if (!Number.isInteger(inputs) || inputs < 1 || !Number.isInteger(seed)) {
  console.error('--inputs and --seed are whole numbers.');
  process.exit(2);
}

// What fails inside is told on standard error, beside the report.
const run = await runBaton(null, { log: createLog('error', process.stderr) });
try {
  const report = await fuzz(run, {
    inputs,
    seed,
    progress: (sent) => process.stderr.isTTY && process.stderr.write(`\r${sent} of ${inputs}`),
  });
  console.log(values.json ? JSON.stringify(report, null, 2) : tableOf(report));
  process.exitCode = report.faults.length === 0 ? 0 : 1;
} catch (error) {
  // The run itself could not go on. What hangs on twins and sockets is left to the end of the process.
  console.error(error);
  process.exit(2);
}
await run.stop();

function tableOf(report: FuzzReport): string {
  const edges = report.edges.map(({ name, inputs: sent, answers }) => {
    const told = Object.entries(answers)
      .sort(([, a], [, b]) => b - a)
      .slice(0, 8)
      .map(([answer, count]) => `${answer} ×${count}`);
    return `${name.padEnd(12)} ${String(sent).padStart(8)}  ${told.join(', ')}`;
  });
  const faults = report.faults.map(({ edge, what, input, count }) => `\n${edge}, ${count} times: ${what}\n  ${input}`);
  return [
    ...edges,
    `\n${report.inputs} inputs in ${report.seconds} s, seed ${report.seed}, longest stall ${report.longestStallMs} ms, ${report.faults.length} faults`,
    ...faults,
  ].join('\n');
}
