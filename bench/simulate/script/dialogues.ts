// Dialogues to play: JSON lines `{id, turns: [{role, text}]}`.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { Complaint } from '#bench/simulate/complaint.ts';

const Line = z.object({
  id: z.string().min(1),
  turns: z
    .array(z.object({ role: z.enum(['customer', 'agent', 'bot']), text: z.string() }))
    .min(1, 'A dialogue needs a turn.'),
});

export interface Turn {
  /** Whose words these are: the customer's are played, an agent's are what our agents answer, a bot's are not used. */
  role: 'customer' | 'agent' | 'bot';
  text: string;
}

export interface Dialogue {
  id: string;
  /** The file that it is from. */
  file: string;
  turns: Turn[];
}

/**
 * Reads files, and every `*.jsonl` of folders, in the order of names. Turns without words are left out, and dialogues in
 * which the customer says nothing. Throws a `Complaint` that names file and line.
 */
export function readDialogues(paths: readonly string[]): Dialogue[] {
  const dialogues = paths.flatMap(filesIn).flatMap(readFile);
  if (dialogues.length === 0) throw new Complaint(`There is no dialogue in ${paths.join(', ')}.`);
  return dialogues;
}

function filesIn(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new Complaint(`--dialogues: there is no ${path}.`);
  if (!stats.isDirectory()) return [path];
  const files = readdirSync(path)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
  if (files.length === 0) throw new Complaint(`--dialogues: ${path} has no *.jsonl file.`);
  return files.map((name) => join(path, name));
}

function readFile(path: string): Dialogue[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const dialogue = parseDialogue(line, `${path}:${index + 1}`);
    const turns = dialogue.turns.filter((turn) => turn.text.trim() !== '');
    if (!turns.some((turn) => turn.role === 'customer')) return [];
    return [{ id: dialogue.id, file: basename(path), turns }];
  });
}

function parseDialogue(line: string, where: string): z.output<typeof Line> {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    throw new Complaint(`${where}: not JSON. Each line is {"id", "turns": [{"role": "customer", "text": "..."}]}.`);
  }
  const parsed = Line.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Complaint(`${where}: ${issue?.path.join('.') || 'the line'}: ${issue?.message}`);
}
