import type { Author, Part } from '@baton/protocol';
import type { Pending } from '#visit/state.ts';
import type { Line, Notice } from './story.ts';

/** What stands below one another on the screen: days, notices, and messages in groups of one author. */
export type Row =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'notice'; key: string; notice: Notice }
  | { kind: 'group'; key: string; mine: boolean; author: Author; at: number; bubbles: Bubble[] };

export interface Bubble {
  /** Stays the same when the event replaces what was on its way: nothing flickers. */
  key: string;
  /** Null while it is on its way. */
  seq: number | null;
  parts: readonly Part[];
  picked: string | null;
  edited: boolean;
  redacted: boolean;
  fate: Pending['fate'] | null;
}

/** Messages of one author further apart than this are two groups, each with its time. */
const TOGETHER_MS = 5 * 60_000;
const ME: Author = { role: 'customer', id: 'me' };

interface Item {
  at: number;
  key: string;
  content: { author: Author; bubble: Bubble } | Notice;
}

export function layOut(lines: readonly Line[], pending: readonly Pending[]): Row[] {
  const rows: Row[] = [];
  let day = '';
  for (const item of [...lines.map(itemOf), ...pending.flatMap(pendingItem)]) {
    const { at, key, content } = item;
    const date = new Date(at).toDateString();
    if (date !== day) rows.push({ kind: 'day', key: `day ${date}`, at });
    day = date;
    if ('type' in content) {
      rows.push({ kind: 'notice', key, notice: content });
      continue;
    }
    const last = rows.at(-1);
    const { author, bubble } = content;
    if (last?.kind === 'group' && sameVoice(last.author, author) && at - last.at < TOGETHER_MS) {
      last.bubbles.push(bubble);
      last.at = at;
    } else
      rows.push({ kind: 'group', key: `by ${key}`, mine: author.role === 'customer', author, at, bubbles: [bubble] });
  }
  return rows;
}

function itemOf(line: Line): Item {
  if (line.kind === 'notice') return { at: Date.parse(line.at), key: `at ${line.seq}`, content: line.notice };
  const { message } = line;
  // What was said before Baton knew the conversation has its own time.
  const at = Date.parse(message.saidAt ?? line.at);
  const key = message.clientId ?? message.id;
  const bubble: Bubble = {
    key,
    seq: line.seq,
    parts: message.parts,
    picked: line.picked ?? null,
    edited: message.edited ?? false,
    redacted: message.redacted ?? false,
    fate: null,
  };
  return { at, key, content: { author: message.author, bubble } };
}

function pendingItem({ key, at, wish, fate }: Pending): Item[] {
  if (wish.what !== 'say') return [];
  const bubble: Bubble = { key, seq: null, parts: wish.parts, picked: null, edited: false, redacted: false, fate };
  return [{ at, key, content: { author: ME, bubble } }];
}

function sameVoice(one: Author, other: Author): boolean {
  return one.role === other.role && (one.role === 'customer' || one.id === other.id);
}
