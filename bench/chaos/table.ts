import type { Report } from './run.ts';

/** 0: sound. 1: something broke. 3: nothing did, but the run did less than its plan. */
export function exitCodeOf(report: Report): number {
  return isSound(report) ? (report.owed.length > 0 ? 3 : 0) : 1;
}

/** Nothing lost, nothing doubled, nothing out of order, and everything else as promised. */
export function isSound({ lost, doubled, outOfOrder, wrong, crashes, acknowledged }: Report): boolean {
  return (
    lost + doubled + outOfOrder === 0 && Object.keys(wrong).length === 0 && crashes.length === 0 && acknowledged > 0
  );
}

/** For people. */
export function tableOf(report: Report): string {
  const { handoffs, faults, findings, crashes, blocked, owed } = report;
  const rows: [string, string | number][] = [
    ['servers', report.nodes > 1 ? `${report.nodes}, bus: ${report.bus}` : 1],
    ['seconds', report.seconds],
    ['acknowledged messages', `${report.acknowledged} (${report.perSecond} a second)`],
    ['conversations, events', `${report.conversations}, ${report.events}`],
    ['connections', report.connections],
    ['handoffs', `${handoffs.began} began, ${handoffs.ended} ended: ${listed(handoffs.outcomes)}`],
    ['done to it', listed(faults)],
    ['refused for now', listed(report.refusedForNow)],
    ['refused', listed(report.refused)],
    ['lost', report.lost],
    ['doubled', report.doubled],
    ['out of order', report.outOfOrder],
    ['otherwise wrong', listed(report.wrong)],
    ['servers that ended by themselves', crashes.length],
  ];
  if (blocked.length > 0) rows.push(['could not be done here', [...new Set(blocked)].join('; ')]);
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...rows.map(([name, what]) => `${name.padEnd(width)}  ${what}`),
    ...findings.map(({ kind, conversation, what }) => `  ${kind} ${conversation}: ${what}`),
    ...crashes.map((what) => `  ${what}`),
    isSound(report) ? (owed.length > 0 ? `NOT DONE: ${owed.join(', ')}.` : 'Sound.') : 'BROKEN.',
  ].join('\n');
}

function listed(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return parts.length > 0 ? parts.join(', ') : 'none';
}
