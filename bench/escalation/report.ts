import type { Alarms, Score } from './measures.ts';

export interface Report {
  scores: (Score & { task: string; file: string; source: string })[];
  alarms: (Alarms & { file: string })[];
  /** Sentences judged wrongly and turns that raised something, for the eye. */
  wrong: string[];
}

const COLUMNS = ['asked', 'repeated', 'stuck', 'anger', 'topic', 'proposed', 'handed off'];

export function print({ scores, alarms, wrong }: Report, microsecondsPerTurn: number): void {
  console.log(
    `${'task'.padEnd(18)} ${'file'.padEnd(34)} ${'source'.padEnd(18)}   rows    pos  precision  recall     F1`,
  );
  for (const { task, file, source, count, positives, precision, recall, f1 } of scores) {
    const counts = `${String(count).padStart(6)} ${String(positives).padStart(6)}`;
    const rates = `${precision.toFixed(3).padStart(9)} ${recall.toFixed(3).padStart(7)} ${f1.toFixed(3).padStart(6)}`;
    console.log(`${task.padEnd(18)} ${file.padEnd(34)} ${source.padEnd(18)} ${counts}  ${rates}`);
  }
  const heads = COLUMNS.map((name) => name.padStart(11)).join('');
  console.log(`\n${'conversations per 1,000 with'.padEnd(30)} conv.${heads}   repeated turns`);
  for (const { file, conversations, per1000, proposedPer1000, handedOffPer1000, repeatedTurns } of alarms) {
    const { asked_for_human, repeated_question, repeated_fallback, anger, topic } = per1000;
    const rates = [
      asked_for_human,
      repeated_question,
      repeated_fallback,
      anger,
      topic,
      proposedPer1000,
      handedOffPer1000,
    ];
    const cells = rates.map((rate) => rate.toFixed(1).padStart(11)).join('');
    console.log(
      `${file.padEnd(30)} ${String(conversations).padStart(5)}${cells}   ${(100 * repeatedTurns).toFixed(2)}%`,
    );
  }
  console.log(`\n${microsecondsPerTurn.toFixed(1)} µs for a turn of 100 characters, six turns remembered`);
  if (wrong.length > 0) console.log(`\n${wrong.join('\n')}`);
}
