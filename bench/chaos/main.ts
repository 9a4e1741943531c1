// `npm run chaos`: everything that can break breaks, and nothing may be lost. See `--help`, and section CR of SPEC.md.
import { Complaint } from '#bench/simulate/complaint.ts';
import { deskChaos } from './desks/run.ts';
import { areSound, tableOfDesks } from './desks/table.ts';
import { readDeskOptions, readOptions, USAGE } from './options.ts';
import { chaos } from './run.ts';
import { exitCodeOf, tableOf } from './table.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A second one means it: what we started ends with us.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
}

try {
  const argv = process.argv.slice(2);
  const say = (what: string) => process.stderr.write(`${what}\n`);
  const desks = readDeskOptions(argv);
  const options = readOptions(argv);
  if (desks) {
    const report = await deskChaos(desks, stop.signal, say);
    console.log(desks.json ? JSON.stringify(report) : tableOfDesks(report));
    process.exitCode = stop.signal.aborted ? 130 : areSound(report) ? 0 : 1;
  } else if (!options) console.log(USAGE);
  else {
    const report = await chaos(options, stop.signal, say);
    console.log(options.json ? JSON.stringify(report) : tableOf(report));
    process.exitCode = stop.signal.aborted ? 130 : exitCodeOf(report);
  }
} catch (error) {
  if (stop.signal.aborted) process.exitCode = 130;
  else if (error instanceof Complaint) {
    console.error(`chaos: ${error.message}`);
    process.exitCode = 2;
  } else throw error;
}
