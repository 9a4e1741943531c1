import type { AvailabilityReport } from './availability/availability.ts';
import type { HandoutReport } from './handout/handout.ts';
import type { IdleReport } from './idle/idle.ts';
import type { Figure } from './measure/figures.ts';
import type { PagesReport } from './pages/pages.ts';
import type { Measure, RelayReport } from './relay/report.ts';
import type { Report } from './run.ts';
import type { StormReport } from './storm/storm.ts';

/** Nothing was lost, doubled or out of order in any of it: all figures are figures. */
export function isSound({ relay, storm }: Report): boolean {
  if (relay && relay.spoilt.length > 0) return false;
  return !storm || storm.lost + storm.doubled + storm.outOfOrder === 0;
}

/** For people. */
export function tableOf(report: Report): string {
  const { machine, relay, idle, pages, availability, handout, storm } = report;
  const sections = [
    `Baton ${report.commit ?? ''} at ${report.at}: ${machine.cores} cores (${machine.cpu}), ${machine.memoryGigabytes} GB, Node ${machine.node}, load before it ${machine.load.toFixed(1)}; ${report.seconds.toFixed(0)} s`,
    ...(relay ? [relayTable(relay)] : []),
    ...(idle ? [idleTable(idle)] : []),
    ...(pages ? [pagesTable(pages)] : []),
    ...(availability ? [availabilityTable(availability)] : []),
    ...(handout ? [handoutTable(handout)] : []),
    ...(storm ? [stormTable(storm)] : []),
    isSound(report)
      ? 'Every message arrived once and in order.'
      : 'BROKEN: something was lost, doubled or out of order.',
  ];
  return sections.join('\n\n');
}

const COLUMNS: readonly { title: string; measure: Measure; digits: number }[] = [
  { title: 'msgs/s', measure: 'messagesPerSecond', digits: 0 },
  { title: 'CPU us', measure: 'cpuMicros', digits: 1 },
  { title: 'server us', measure: 'serverMicros', digits: 1 },
  { title: 'database us', measure: 'databaseMicros', digits: 1 },
  { title: 'ack p50 ms', measure: 'ackP50', digits: 1 },
  { title: 'ack p99', measure: 'ackP99', digits: 1 },
  { title: 'relay p50', measure: 'relayP50', digits: 1 },
  { title: 'relay p99', measure: 'relayP99', digits: 1 },
  { title: 'server MB', measure: 'serverMegabytes', digits: 0 },
];

function relayTable({ plan, half, figures, ratios, aims, spoilt }: RelayReport): string {
  const paces = { saturated: 'saturated', fixed: `${plan.rate}/s`, half: `half: ${half}/s` };
  const head = ['', ...COLUMNS.map(({ title }) => title)];
  const row = (name: string, of: Readonly<Record<Measure, Figure | null>>, digits?: number) => [
    name,
    ...COLUMNS.map((column) => spread(of[column.measure], digits ?? column.digits)),
  ];
  const rows = figures.map(({ contender, pace, figures: of }) => row(`${paces[pace]}, ${contender}`, of));
  const times = ratios.map(({ pace, to, times: of }) => row(`${paces[pace]}, baton / ${to}`, of, 2));
  const told = aims.map(({ what, most, got, holds }) => {
    const is = got === null ? 'not measured' : `${got.toFixed(2)} times`;
    return `  ${holds ? 'holds ' : 'MISSED'}  ${what}: ${is}, at most ${most.toFixed(2)}`;
  });
  return [
    `Relay, ${plan.conversations} conversations, ${plan.repeats} rounds of ${plan.seconds} s: median (lowest to highest)`,
    lines([head, ...rows, [], head, ...times]),
    'CPU: server and database together, microseconds a message. -: more than it can take.',
    ...told,
    ...spoilt.map(({ contender, pace }) => `  NO FIGURE: ${contender}, ${pace}: lost, doubled or out of order`),
  ].join('\n');
}

function idleTable({ sockets, bytesEach, heapBytesEach, serverMegabytes, seconds, aim }: IdleReport): string {
  return lines([
    ['Idle sockets', `${sockets}, opened in ${seconds.toFixed(0)} s`],
    ['  memory of each', `${(bytesEach / 1_024).toFixed(1)} KB (${(heapBytesEach / 1_024).toFixed(1)} KB of it heap)`],
    ['  server', `${serverMegabytes.before.toFixed(0)} MB without, ${serverMegabytes.after.toFixed(0)} MB with them`],
    ['  aim', `${aim.holds ? 'holds' : 'MISSED'}: at most ${aim.most / 1_024} KB`],
  ]);
}

function pagesTable({ messages, cases, times }: PagesReport): string {
  const head = ['First page, ms', 'HTTP first', 'p50', 'p99', 'socket first', 'p50', 'p99'];
  const rows = cases.map(({ database, conversation, http, socket }) => [
    `  ${messages[conversation]} messages of ${messages[database]}`,
    ...[http, socket].flatMap(({ first, p50, p99 }) => [ms(first), ms(p50), ms(p99)]),
  ]);
  return `${lines([head, ...rows])}\n  HTTP p50: large to small database ${ratio(times.largeToSmall)}, long to short conversation ${ratio(times.longToShort)}`;
}

function availabilityTable({ agents, waiting, cases }: AvailabilityReport): string {
  const head = [
    `Availability (${agents} agents, ${waiting} waiting)`,
    'requests/s',
    'p50 ms',
    'p99 ms',
    'server us',
    'database us',
  ];
  const rows = cases.map(({ atOnce, perSecond, p50, p99, serverMicros, databaseMicros }) => [
    `  ${atOnce} at once`,
    perSecond.toFixed(0),
    ms(p50),
    ms(p99),
    serverMicros.toFixed(0),
    databaseMicros.toFixed(0),
  ]);
  return lines([head, ...rows]);
}

function handoutTable({
  agents,
  waiting,
  p50,
  p90,
  p99,
  offersPerSecond,
  serverMs,
  databaseMs,
}: HandoutReport): string {
  return lines([
    ['Handing out', `${waiting} waiting, ${agents} agents who accept at once and have room`],
    ['  accepted until asked again', `p50 ${ms(p50)}, p90 ${ms(p90)}, p99 ${ms(p99)} ms`],
    ['  all together', `${offersPerSecond.toFixed(0)} offers a second`],
    ['  CPU of an offer', `server ${ms(serverMs)}, database ${ms(databaseMs)} ms`],
  ]);
}

function stormTable({
  sockets,
  startSeconds,
  backSeconds,
  backP50,
  backP99,
  meanwhile,
  lost,
  doubled,
  outOfOrder,
}: StormReport) {
  return lines([
    ['Storm', `${sockets} sockets, the server killed and started again`],
    ['  it answers after', `${startSeconds.toFixed(1)} s`],
    ['  all are back', `${backSeconds.toFixed(1)} s later (p50 ${ms(backP50)}, p99 ${ms(backP99)} ms)`],
    [
      '  requests meanwhile',
      `p50 ${ms(meanwhile.p50)}, p99 ${ms(meanwhile.p99)}, worst ${ms(meanwhile.worst)} ms; ${meanwhile.failed} failed`,
    ],
    ['  lost, doubled, out of order', `${lost}, ${doubled}, ${outOfOrder}`],
  ]);
}

function spread(figure: Figure | null, digits: number): string {
  if (!figure) return '-';
  const { median, low, high } = figure;
  const text = median.toFixed(digits);
  return low === high ? text : `${text} (${low.toFixed(digits)}-${high.toFixed(digits)})`;
}

function ms(value: number | null): string {
  return value === null ? '-' : value.toFixed(value < 10 ? 2 : 0);
}

function ratio(value: number | null): string {
  return value === null ? '-' : value.toFixed(2);
}

/** Columns as wide as they need to be; the first to the left, numbers to the right. */
function lines(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  const cells = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 || row.length === 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)));
  return rows.map((row) => cells(row).join('  ').trimEnd()).join('\n');
}
