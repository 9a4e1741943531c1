import type { DeskReport, DesksReport } from './report.ts';

/** Every desk: nothing lost, doubled, out of order, or unknown. */
export function areSound({ desks, crashes }: DesksReport): boolean {
  return desks.length > 0 && crashes.length === 0 && desks.every(isSound);
}

function isSound({ conversations, lost, doubled, outOfOrder, unknown, leaked }: DeskReport): boolean {
  return conversations > 0 && lost + doubled + outOfOrder + unknown + leaked === 0;
}

const COLUMNS: readonly [string, (desk: DeskReport) => string | number][] = [
  ['desk', ({ kind }) => kind],
  ['conversations', ({ conversations }) => conversations],
  ['to the desk', ({ toDesk }) => toDesk],
  ['from the desk', ({ fromDesk }) => fromDesk],
  ['faults', ({ faults }) => Object.values(faults).reduce((sum, count) => sum + count, 0)],
  ['webhooks', ({ webhooks }) => webhooks],
  ['lost', ({ lost }) => lost],
  ['doubled', ({ doubled }) => doubled],
  ['out of order', ({ outOfOrder }) => outOfOrder],
  ['unknown', ({ unknown }) => unknown],
  ['leaked', ({ leaked }) => leaked],
];

/** For people. */
export function tableOfDesks(report: DesksReport): string {
  const rows = [
    COLUMNS.map(([name]) => name),
    ...report.desks.map((desk) => COLUMNS.map(([, of]) => String(of(desk)))),
  ];
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return [
    `${report.seconds} seconds, Baton killed ${report.kills} times`,
    ...rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')),
    ...report.desks.flatMap(({ findings }) =>
      findings.map(({ kind, story, conversation, what }) => `  ${kind} ${story} ${conversation ?? ''}: ${what}`),
    ),
    ...report.crashes.map((what) => `  the server ${what}`),
    ...(report.untried.length > 0 ? [`without a twin: ${report.untried.join(', ')}`] : []),
    areSound(report) ? 'Sound.' : 'BROKEN.',
  ].join('\n');
}
