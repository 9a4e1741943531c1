import type { Progress } from './run.ts';

/** On a terminal the line renews itself; in a log a new one comes every 5 s. */
const TERMINAL_MS = 200;
const LOG_MS = 5_000;

/** Shows on `out` how far a run is. Returns the way to end it. */
export function showProgress(progress: Progress, out: NodeJS.WriteStream): () => void {
  const began = performance.now();
  const terminal = out.isTTY === true;
  const show = () => {
    const line = lineOf(progress, (performance.now() - began) / 1_000);
    out.write(terminal ? `\r\x1b[K${line.slice(0, (out.columns ?? 80) - 1)}` : `${line}\n`);
  };
  const timer = setInterval(show, terminal ? TERMINAL_MS : LOG_MS);
  return () => {
    clearInterval(timer);
    if (terminal) out.write('\r\x1b[K');
  };
}

function lineOf(progress: Progress, seconds: number): string {
  const { total, tally } = progress;
  const { lost, doubled, outOfOrder, botOverHuman } = tally.faults;
  const rate = (tally.messagesSoFar / Math.max(1, seconds)).toFixed(0);
  return [
    `${tally.finished} of ${total} conversations`,
    `${progress.open} open`,
    `${tally.messagesSoFar} messages of people, ${rate}/s`,
    `lost ${lost}, doubled ${doubled}, out of order ${outOfOrder}, bot over human ${botOverHuman}`,
    `${seconds.toFixed(0)} s`,
  ].join(' · ');
}
