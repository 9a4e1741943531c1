import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { type AvailabilityReport, availability } from './availability/availability.ts';
import { type HandoutReport, handout } from './handout/handout.ts';
import { type IdleReport, idle } from './idle/idle.ts';
import { type Postgres, startPostgres } from './measure/postgres.ts';
import type { Options, Part } from './options.ts';
import { type PagesReport, pages } from './pages/pages.ts';
import type { RelayReport } from './relay/report.ts';
import { relay } from './relay/run.ts';
import { type StormReport, storm } from './storm/storm.ts';

/** Where and when. Load: processes that wanted to run in the last minute, ours not yet among them. */
interface Machine {
  cores: number;
  cpu: string;
  memoryGigabytes: number;
  node: string;
  load: number;
}

/** What was measured; a part that was not asked for is not there. */
export interface Report {
  at: string;
  commit: string | null;
  machine: Machine;
  seconds: number;
  relay?: RelayReport;
  idle?: IdleReport;
  pages?: PagesReport;
  availability?: AvailabilityReport;
  handout?: HandoutReport;
  storm?: StormReport;
}

type Tell = (what: string) => void;

/** How each part is measured, on a PostgreSQL of its own. */
const RUNS: {
  [part in Part]: (options: Options, postgres: Postgres, tell: Tell, signal: AbortSignal) => Promise<Report[part]>;
} = {
  relay: ({ warmSeconds: warm, ...options }, postgres, tell, signal) =>
    relay({ ...options, warm }, postgres, tell, signal),
  idle,
  pages,
  availability: (_options, postgres, tell) => availability(postgres, tell),
  handout: (_options, postgres, tell) => handout(postgres, tell),
  storm,
};

/** Measures what was asked for, one after the other. */
export async function bench(options: Options, signal: AbortSignal, tell: Tell): Promise<Report> {
  const began = performance.now();
  const report: Report = { at: new Date().toISOString(), commit: commit(), machine: machine(), seconds: 0 };
  for (const part of options.only) {
    signal.throwIfAborted();
    const postgres = await startPostgres();
    try {
      Object.assign(report, { [part]: await RUNS[part](options, postgres, tell, signal) });
    } finally {
      await postgres.stop();
    }
  }
  report.seconds = (performance.now() - began) / 1_000;
  return report;
}

function machine(): Machine {
  const [first] = cpus();
  return {
    cores: cpus().length,
    cpu: first?.model ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    load: loadavg()[0] ?? 0,
  };
}

/** Null outside of a repository. */
function commit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
