// `npm run bench`: how fast Baton is, against the limit and against the usual way. See `--help` and docs/performance.md.
import { Complaint } from '#bench/simulate/complaint.ts';
import { document } from './document.ts';
import { readOptions, USAGE } from './options.ts';
import { bench } from './run.ts';
import { isSound, tableOf } from './table.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A second one means it: what we started ends with us.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
}

try {
  const options = readOptions(process.argv.slice(2));
  if (!options) console.log(USAGE);
  else {
    const report = await bench(options, stop.signal, (what) => process.stderr.write(`${what}\n`));
    console.log(options.json ? JSON.stringify(report) : tableOf(report));
    if (options.document) document(tableOf(report));
    process.exitCode = isSound(report) ? 0 : 1;
  }
} catch (error) {
  if (stop.signal.aborted) process.exitCode = 130;
  else if (error instanceof Complaint) {
    console.error(`bench: ${error.message}`);
    process.exitCode = 2;
  } else throw error;
}
