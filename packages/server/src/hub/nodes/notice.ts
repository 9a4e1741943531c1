import type { ConversationEvent, ConversationId, Logged, WorkspaceId } from '@baton/core';
import type { Signal } from '#hub/signals.ts';
import type { Telling } from './telling.ts';

/** What one node says to the others. */
export type Notice =
  | Head
  | { type: 'told'; workspace: WorkspaceId; conversation: ConversationId; seq: number; tellings: Telling[] }
  /** The waiting line or the team of a workspace changed. */
  | { type: 'line'; workspace: WorkspaceId }
  /** Something was configured. */
  | { type: 'configured'; workspace: WorkspaceId }
  /** Somebody types or has read: never stored. */
  | { type: 'signal'; signal: Signal }
  /** A node has come, or is heard again. */
  | { type: 'here' };

/** A log has reached `seq`. */
export interface Head {
  type: 'head';
  conversation: ConversationId;
  seq: number;
  /** Its workspace, where lists of conversations show the change. */
  lists: WorkspaceId | null;
  /** What was written, where it is short: who reads the conversation is spared a look at the log. */
  events: Written[];
}

/** An event as it lies in the log. `json` is parsed by whoever wants it (`loggedOf`): most nodes do not. */
export interface Written {
  seq: number;
  at: number;
  key: string | undefined;
  json: string;
}

export function loggedOf({ seq, at, key, json }: Written): Logged {
  const event = JSON.parse(json) as ConversationEvent;
  return key === undefined ? { seq, at, event } : { seq, at, event, key };
}

/** Events longer than this are read from the log. */
const MOST_BYTES = 3_000;
const NONE = '-';

/**
 * Texts of at most `limit` bytes that hold all of these in order. One line for the node, then one for each notice, or
 * for an event of the head that follows. Lines and tabs separate: JSON has neither, keys that have one are not sent.
 * A notice that alone is larger than the limit is left out, and so are the events of a head.
 */
export function pack(node: string, notices: readonly Notice[], limit: number): string[] {
  const texts: string[] = [];
  let text = node;
  let bytes = node.length;
  const add = (lines: string): boolean => {
    const size = Buffer.byteLength(lines);
    if (node.length + size > limit) return false;
    if (bytes + size > limit) {
      texts.push(text);
      text = node;
      bytes = node.length;
    }
    text += lines;
    bytes += size;
    return true;
  };
  for (const notice of notices) {
    if (notice.type !== 'head') add(`\nJ${JSON.stringify(notice)}`);
    else if (!add(eventLines(notice) + headLine(notice))) add(headLine(notice));
  }
  if (text !== node) texts.push(text);
  return texts;
}

function headLine({ conversation, seq, lists }: Head): string {
  return `\nH${conversation}\t${seq}\t${lists ?? NONE}`;
}

function eventLines({ events }: Head): string {
  let lines = '';
  for (const { seq, at, key = NONE, json } of events) {
    if (lines.length + json.length > MOST_BYTES || /[\n\t]/.test(key)) return '';
    lines += `\nE${seq}\t${at}\t${key}\t${json}`;
  }
  return lines;
}

/** The notices of another node's text; null when this node sent it itself. What only a newer node knows is passed over. Throws when a line is damaged. */
export function unpack(node: string, text: string): Notice[] | null {
  if (text.startsWith(node)) return null;
  const notices: Notice[] = [];
  let events: Written[] = [];
  for (const line of text.split('\n').slice(1)) {
    if (line[0] === 'E') events.push(writtenOf(line));
    else if (line[0] === 'H') {
      notices.push(headOf(line, events));
      events = [];
    } else if (line[0] === 'J') {
      const notice = JSON.parse(line.slice(1)) as Notice;
      if (TYPES.has(notice.type)) notices.push(notice);
    }
  }
  return notices;
}

function headOf(line: string, events: Written[]): Head {
  const [conversation = '', seq = '', lists = NONE] = line.slice(1).split('\t');
  return {
    type: 'head',
    conversation: conversation as ConversationId,
    seq: Number(seq),
    lists: lists === NONE ? null : (lists as WorkspaceId),
    events,
  };
}

function writtenOf(line: string): Written {
  const afterSeq = line.indexOf('\t');
  const afterAt = line.indexOf('\t', afterSeq + 1);
  const afterKey = line.indexOf('\t', afterAt + 1);
  const key = line.slice(afterAt + 1, afterKey);
  return {
    seq: Number(line.slice(1, afterSeq)),
    at: Number(line.slice(afterSeq + 1, afterAt)),
    key: key === NONE ? undefined : key,
    json: line.slice(afterKey + 1),
  };
}

const TYPES: ReadonlySet<unknown> = new Set<Notice['type']>(['told', 'line', 'configured', 'signal', 'here']);
