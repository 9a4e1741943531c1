import type { Report } from './proof/tally.ts';

/** The report for people: what went wrong first, then what happened. */
export function tableOf(report: Report): string {
  const { conversations, escalated, waits, messages, latency, cuts } = report;
  const { sent, received } = messages;
  const rows: [string, string][] = [
    ['lost', String(report.lost)],
    ['doubled', String(report.doubled)],
    ['out of order', String(report.outOfOrder)],
    ['bot over human', String(report.botOverHuman)],
    ['', ''],
    [
      'conversations',
      `${conversations.played}${conversations.unfinished > 0 ? `, ${conversations.unfinished} unfinished (${report.ended})` : ''}`,
    ],
    ['turns of customers', String(report.turns)],
    [
      'messages',
      `${sum(sent)}: customers ${sent.customers}, agents ${sent.agents}, bot ${sent.bots}, Baton ${sent.baton}`,
    ],
    ['received', `by customers ${received.customers}, by agents ${received.agents}`],
    ['escalated', `${escalated.conversations} conversations, ${escalated.handoffs} handoffs`],
    [
      '  by',
      `the dialogue's words ${escalated.causes.words}, a yes to the offer ${escalated.causes.yes}, our script ${escalated.causes.script}, other ${escalated.causes.other}`,
    ],
    ['  reasons', counts(escalated.reasons)],
    ['  outcomes', counts(escalated.outcomes)],
    [
      'waits told',
      `${waits.promised} as a range, ${waits.unknown} as unknown${waits.untold > 0 ? `, ${waits.untold} served before anything was told` : ''}`,
    ],
    [
      '  kept',
      `within ${waits.kept.within}, early ${waits.kept.early}, late ${waits.kept.late}, not served ${waits.kept.unserved}`,
    ],
    [
      '  after warm-up',
      `${percent(waits.warm.withinShare)} within; within ${waits.warm.kept.within}, early ${waits.warm.kept.early}, late ${waits.warm.kept.late}, not served ${waits.warm.kept.unserved}`,
    ],
    [
      '  waited',
      `p50 ${seconds(waits.p50Seconds)}, p90 ${seconds(waits.p90Seconds)} (real time; ${report.speed} times that for people)`,
    ],
    ['acknowledged', `p50 ${ms(latency.ackP50Ms)}, p99 ${ms(latency.ackP99Ms)}`],
    ['person to person', `p50 ${ms(latency.deliveryP50Ms)}, p99 ${ms(latency.deliveryP99Ms)}`],
    ['sockets cut', `customers ${cuts.customers}, agents ${cuts.agents}`],
    ['refusals', counts(report.refusals)],
    ['silence', `turns without an answer: bot ${report.silences.bot}, agent ${report.silences.agent}`],
    ['duration', `${report.seconds.toFixed(1)} s, ${messages.perSecond.toFixed(0)} messages/s`],
  ];
  const lines = rows.map(([label, text]) => (label === '' ? '' : `${label.padEnd(20)}${text}`));
  const told = report.faults.map(({ kind, conversation, what }) => `  ${kind} in ${conversation}: ${what}`);
  return [
    ...(report.ended === 'stopped' ? ['Stopped: only what was finished before is in here.', ''] : []),
    ...lines,
    ...(told.length > 0 ? ['', 'What went wrong (the first of it):', ...told] : []),
    ...(report.ended === 'time' && report.stuck.length > 0
      ? ['', 'What was not finished (the first of it):', ...report.stuck.map((where) => `  ${where}`)]
      : []),
  ].join('\n');
}

function counts(of: Readonly<Record<string, number>>): string {
  const entries = Object.entries(of).sort(([, a], [, b]) => b - a);
  return entries.length > 0 ? entries.map(([name, count]) => `${name} ${count}`).join(', ') : 'none';
}

function sum(of: Readonly<Record<string, number>>): number {
  return Object.values(of).reduce((total, count) => total + count, 0);
}

function percent(share: number | null): string {
  return share === null ? '-' : `${(100 * share).toFixed(1)}%`;
}

function seconds(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(1)} s`;
}

function ms(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(1)} ms`;
}
