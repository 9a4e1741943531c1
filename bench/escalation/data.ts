import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One labelled sentence: 1 when the signal in question should be found. */
export interface Labelled {
  source: string;
  text: string;
  label: 0 | 1;
}

export interface Dialogue {
  id: string;
  /** `votes`: 1 to 5 by several people, where the source has them. */
  turns: { customer: boolean; text: string; votes?: number[] }[];
}

interface RawDialogue {
  id: string;
  turns: { role: string; text?: string; scores?: number[] }[];
}

/** Names of the JSON lines files in a folder that match, sorted; none when there is no such folder. */
export function filesIn(folder: string, name: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /\.jsonl(\.gz)?$/.test(file) && name.test(file))
    .sort();
}

/** @throws an Error that names file and line when a line is no JSON */
function lines(path: string): unknown[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as unknown];
    } catch (cause) {
      throw new Error(`${path}:${index + 1} is no JSON`, { cause });
    }
  });
}

/** Labelled sentences of a file, by source. */
export function sentences(folder: string, file: string): [source: string, rows: Labelled[]][] {
  const bySource = new Map<string, Labelled[]>();
  for (const row of lines(join(folder, file)) as Labelled[]) {
    const rows = bySource.get(row.source) ?? [];
    bySource.set(row.source, rows);
    rows.push(row);
  }
  return [...bySource];
}

export function dialogues(folder: string, file: string): Dialogue[] {
  return (lines(join(folder, file)) as RawDialogue[]).map(({ id, turns }) => ({
    id,
    turns: turns.map(({ role, text, scores }) => ({
      customer: role === 'customer' || role === 'user',
      text: text ?? '',
      ...(scores ? { votes: scores } : {}),
    })),
  }));
}
