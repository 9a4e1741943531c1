import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Signal } from '@baton/core';
import { dialogues, filesIn, type Labelled, sentences } from './escalation/data.ts';
import { alarmLines, alarms, scoreAnger, scoreSentences, wrong } from './escalation/measures.ts';
import { print, type Report } from './escalation/report.ts';
import { microsecondsPerTurn } from './escalation/speed.ts';

const USAGE = `Scores the rules of escalation, as a new workspace has them, against labelled data.

  npm run eval:escalation -- --data DIR [--json] [--wrong N]

JSON lines, plain or .gz; what is not there is left out:
  DIR/escalation/t1_*    {source, text, label}: label 1 when the text asks for a person
  DIR/escalation/t4_*    {source, text, label}: label 1 when it disputes a charge or reports fraud
  DIR/escalation/t2_uss_*_dev, DIR/escalation/multidogo_*_dev, DIR/dialogues/*
                         {id, turns: [{role: "customer" | "agent" | "bot", text, scores?}]}: false alarms;
                         scores are people's votes on a turn, 1 to 5
--wrong N  also prints up to N sentences and turns of each file to look at
--json     prints one JSON value
`;

const asked = ({ kind }: Signal) => kind === 'asked_for_human';
const dispute = ({ topic }: Signal) => topic === 'billing' || topic === 'fraud';
const SENTENCES = [
  { task: 'asked_for_human', name: /^t1_/, wanted: asked },
  { task: 'topic (dispute)', name: /^t4_/, wanted: dispute },
];

function scoreAll(folder: string, looks: number): Pick<Report, 'scores' | 'wrong'> {
  const report: Pick<Report, 'scores' | 'wrong'> = { scores: [], wrong: [] };
  for (const { task, name, wanted } of SENTENCES) {
    for (const file of filesIn(folder, name)) {
      const sources = sentences(folder, file);
      const all: [string, Labelled[]] = ['all', sources.flatMap(([, rows]) => rows)];
      for (const [source, rows] of sources.length > 1 ? [...sources, all] : sources) {
        report.scores.push({ task, file, source, ...scoreSentences(rows, wanted) });
        if (source !== 'all') report.wrong.push(...wrong(rows, wanted).slice(0, looks));
      }
    }
  }
  return report;
}

function playAll(folder: string, name: RegExp, looks: number): Report {
  const report: Report = { scores: [], alarms: [], wrong: [] };
  for (const file of filesIn(folder, name)) {
    const all = dialogues(folder, file);
    report.alarms.push({ file, ...alarms(all) });
    report.wrong.push(...alarmLines(all).slice(0, looks));
    const voted = all.some(({ turns }) => turns.some(({ votes }) => votes !== undefined));
    if (voted) report.scores.push({ task: 'anger or repeated', file, source: 'votes', ...scoreAnger(all) });
  }
  return report;
}

function main(): number {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      json: { type: 'boolean' },
      wrong: { type: 'string', default: '0' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.data === undefined) throw new Error('--data is missing.');
  const looks = Number(values.wrong);
  if (!Number.isInteger(looks) || looks < 0) throw new Error(`--wrong takes a number, not "${values.wrong}".`);
  const labelled = join(values.data, 'escalation');
  const scored = scoreAll(labelled, looks);
  const played = playAll(labelled, /^(t2_uss_.*_dev|multidogo_.*_dev)\./, looks);
  const spoken = playAll(join(values.data, 'dialogues'), /./, looks);
  const report: Report = {
    scores: [...scored.scores, ...played.scores],
    alarms: [...played.alarms, ...spoken.alarms],
    wrong: [...scored.wrong, ...played.wrong, ...spoken.wrong],
  };
  if (report.scores.length + report.alarms.length === 0) {
    throw new Error(`There is no data in ${values.data}: no escalation/t1_*.jsonl, no dialogues/*.jsonl.`);
  }
  const microseconds = microsecondsPerTurn();
  if (values.json) console.log(JSON.stringify({ ...report, microsecondsPerTurn: microseconds }, null, 2));
  else print(report, microseconds);
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
