import type { EventItem, HandoffReason, Message, Part } from '@baton/protocol';
import type { Marks, Outgoing } from '#data/state.ts';
import { startOfDay } from '#ui/duration.ts';
import { type Line, lineOf, type Names, withFlag } from './lines.ts';

/** Messages of one author within this time stand together under one name. */
const GROUP_MS = 4 * 60_000;

/** A message as it stands now: edits applied, what was removed gone. */
export interface Bubble extends Place {
  kind: 'message';
  seq: number;
  at: number;
  message: Message;
  /** First and last of its group: name above the first, time below the last. */
  first: boolean;
  last: boolean;
  /** How far it came; only where it says something new. */
  receipt?: 'sent' | 'seen' | undefined;
  /** It did not reach a side. */
  failed?: string | undefined;
}

/** What stands above an entry. It belongs to the entry, so that reading further back leaves every other entry in place. */
interface Place {
  key: string;
  /** First of its day: the day is named above it. */
  day?: number;
  /** The first one that the agent had not seen. */
  unread?: true;
}

export type Entry =
  | Bubble
  | (Place & {
      kind: 'note';
      seq: number;
      at: number;
      author: Message['author'];
      text: string;
      whisper: boolean;
      warning: boolean;
    })
  | (Place & { kind: 'line'; seq: number; at: number; line: Line })
  | (Place & { kind: 'outgoing'; outgoing: Outgoing });

export interface EntriesInput {
  events: readonly EventItem[];
  outgoing: readonly Outgoing[];
  names: Omit<Names, 'reason'>;
  marks: Marks | undefined;
  /** First seq that the agent had not seen when he opened it; null when there is none. */
  unreadFrom: number | null;
}

/** The log as the timeline shows it. Pure; some 3 ms for ten thousand events. */
export function entriesOf({ events, outgoing, names, marks, unreadFrom }: EntriesInput): Entry[] {
  const later = changesOf(events);
  const reasons = new Map<string, HandoffReason>();
  const withReasons: Names = { ...names, reason: (handoff) => reasons.get(handoff) };
  const entries: Entry[] = [];
  let day = 0;
  let unread = unreadFrom;

  for (const item of events) {
    const { event } = item;
    if (event.type === 'handoff.requested' && event.reason) reasons.set(event.handoff, event.reason);
    const entry = entryOf(item, withReasons, later);
    if (!entry || joinedFlag(entries.at(-1), item)) continue;
    const today = startOfDay(entry.at);
    if (today !== day) entry.day = today;
    day = today;
    if (unread !== null && item.seq >= unread) {
      entry.unread = true;
      unread = null;
    }
    entries.push(entry);
  }
  group(entries);
  addReceipts(entries, marks?.customer ?? 0);
  for (const one of outgoing) entries.push({ kind: 'outgoing', key: one.clientId, outgoing: one });
  return entries;
}

/** Flags that are raised together stand in one line. */
function joinedFlag(before: Entry | undefined, { event }: EventItem): boolean {
  if (event.type !== 'flag.added' || before?.kind !== 'line' || before.line.flags === undefined) return false;
  before.line = withFlag(before.line, event.flag.name);
  return true;
}

interface Changes {
  parts: Map<string, Part[]>;
  redacted: Set<string>;
  failed: Map<number, string>;
  /** seq of every message here: what failed of these is said at them. */
  said: Set<number>;
}

/** What later events did to earlier messages. */
function changesOf(events: readonly EventItem[]): Changes {
  const changes: Changes = { parts: new Map(), redacted: new Set(), failed: new Map(), said: new Set() };
  for (const { seq, event } of events) {
    if (event.type === 'message') changes.said.add(seq);
    else if (event.type === 'message.edited') changes.parts.set(event.message, event.parts);
    else if (event.type === 'message.redacted') changes.redacted.add(event.message);
    else if (event.type === 'delivery.failed') changes.failed.set(event.seq, event.detail);
  }
  return changes;
}

type Placed = Exclude<Entry, { kind: 'outgoing' }>;

function entryOf({ seq, at: when, event }: EventItem, names: Names, later: Changes): Placed | null {
  const at = Date.parse(when);
  const key = `e${seq}`;
  if (event.type === 'message') {
    const { message } = event;
    const parts = later.parts.get(message.id);
    const now: Message = {
      ...message,
      ...(parts && { parts, edited: true }),
      ...(later.redacted.has(message.id) && { redacted: true, parts: [] }),
    };
    // Under the id that it was written with, so that it stays the same entry when the log has it.
    const own = message.author.role === 'agent' ? (message.clientId ?? key) : key;
    return {
      kind: 'message',
      key: own,
      seq,
      at: message.saidAt ? Date.parse(message.saidAt) : at,
      message: now,
      first: true,
      last: true,
      failed: later.failed.get(seq),
    };
  }
  if (event.type === 'note') {
    const { author, text, whisper } = event.note;
    return {
      kind: 'note',
      key,
      seq,
      at,
      author,
      text,
      whisper: whisper === true,
      warning: event.warning !== undefined,
    };
  }
  if (event.type === 'delivery.failed' && later.said.has(event.seq)) return null;
  const line = lineOf(event, names);
  return line && { kind: 'line', key, seq, at, line };
}

function group(entries: Entry[]): void {
  for (let at = 1; at < entries.length; at++) {
    const before = entries[at - 1];
    const entry = entries[at];
    if (before?.kind !== 'message' || entry?.kind !== 'message' || entry.day !== undefined || entry.unread) continue;
    const a = before.message;
    const b = entry.message;
    const same =
      a.author.id === b.author.id &&
      a.author.role === b.author.role &&
      a.barge === b.barge &&
      a.imported === b.imported;
    if (!same || entry.at - before.at > GROUP_MS) continue;
    before.last = false;
    entry.first = false;
  }
}

/** "Seen" below the last message that the customer has read, "sent" below the last one that he has not. */
function addReceipts(entries: Entry[], readTo: number): void {
  let sent = false;
  for (let at = entries.length - 1; at >= 0; at--) {
    const entry = entries[at];
    if (entry?.kind !== 'message' || entry.failed) continue;
    // He has answered: of course he has seen what stands before.
    if (entry.message.author.role === 'customer') return;
    if (entry.message.author.role !== 'agent') continue;
    if (entry.seq <= readTo) {
      entry.receipt = 'seen';
      return;
    }
    if (!sent) entry.receipt = 'sent';
    sent = true;
  }
}
