// `npm run simulate`: real dialogues against the real wire. See `--help`, and section SM of SPEC.md for what it promises.
import { Client, Refused } from '#bench/server/client.ts';
import { startOwnServer } from '#bench/server/own-server.ts';
import { Complaint } from './complaint.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { planTable, playPlanFile, readPlanOptions } from './plan.ts';
import { showProgress } from './progress.ts';
import type { Report } from './proof/tally.ts';
import { type Progress, simulate } from './run.ts';
import { type Dialogue, readDialogues } from './script/dialogues.ts';
import { tableOf } from './table.ts';

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
  const plan = readPlanOptions(argv);
  const options = plan ? null : readOptions(argv);
  if (plan) {
    const result = playPlanFile(plan.file);
    console.log(plan.json ? JSON.stringify(result) : planTable(result));
  } else if (!options) console.log(USAGE);
  else {
    const report = await run(options);
    console.log(options.json ? JSON.stringify(report) : tableOf(report));
    process.exitCode = stop.signal.aborted ? 130 : codeOf(report);
  }
} catch (error) {
  if (!(error instanceof Complaint || error instanceof Refused)) throw error;
  console.error(`simulate: ${error.message}`);
  process.exitCode = 2;
}

/** 1: Baton broke its word, or nothing came of it at all. */
function codeOf({ lost, doubled, outOfOrder, botOverHuman, conversations }: Report): 0 | 1 {
  return lost + doubled + outOfOrder + botOverHuman > 0 || conversations.finished === 0 ? 1 : 0;
}

async function run(options: Options): Promise<Report> {
  const dialogues = readDialogues(options.dialogues).slice(0, options.limit ?? undefined);
  if (options.server) return await playOn(options.server, options, dialogues);
  const { url, site, owner, stop: stopServer } = await startOwnServer();
  try {
    return await playOn({ url, site, ownerEmail: owner.email, ownerPassword: owner.password }, options, dialogues);
  } finally {
    await stopServer();
  }
}

async function playOn(
  { url, site, ownerEmail, ownerPassword }: NonNullable<Options['server']>,
  options: Options,
  dialogues: Dialogue[],
): Promise<Report> {
  const client = new Client(url);
  const admin = await client.login(ownerEmail, ownerPassword).catch((error: unknown) => {
    if (error instanceof Refused) throw error;
    throw new Complaint(`${url} does not answer. Is Baton running there?`);
  });
  let endProgress = () => {};
  const watch = (progress: Progress) => {
    endProgress = showProgress(progress, process.stderr);
  };
  try {
    return await simulate({ options, dialogues, client, site, admin, stopped: stop.signal, watch });
  } finally {
    endProgress();
  }
}
