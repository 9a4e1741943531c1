import { textOfDay } from '#calendar.ts';
import type { Logged } from '#conversation/events.ts';
import type { Millis } from '#ids.ts';
import { type Message, type Part, textOf } from './message.ts';

/** A message as it stands now, with its place in the log. */
export interface Said {
  seq: number;
  at: Millis;
  message: Message;
}

/** One line of what was said, as agents, desks and bots get it. */
export interface TranscriptLine {
  /** Left out for what was said before Baton knew the conversation. */
  seq?: number;
  role: 'customer' | 'bot' | 'agent' | 'system';
  name?: string;
  text: string;
  /** Only where there is more than text. */
  parts?: Part[];
  at: Millis;
}

/** All messages of a log, oldest first: edits applied; what was redacted keeps its place and loses its parts. */
export function messagesOf(events: readonly Logged[]): Said[] {
  const edited = new Map<string, Part[]>();
  const redacted = new Set<string>();
  for (const { event } of events) {
    if (event.type === 'message.edited') edited.set(event.message, event.parts);
    else if (event.type === 'message.redacted') redacted.add(event.message);
  }
  const found: Said[] = [];
  for (const { seq, at, event } of events) {
    if (event.type !== 'message') continue;
    const { message } = event;
    const parts = edited.get(message.id);
    if (redacted.has(message.id)) found.push({ seq, at, message: { ...message, parts: [], redacted: true } });
    else found.push({ seq, at, message: parts ? { ...message, parts, edited: true } : message });
  }
  return found;
}

/** What stands where a redacted message was. */
export const REDACTED = '(removed)';

/**
 * Everything that was said, oldest first, Baton's own sentences included; notes and whispers are not said. What was
 * said before Baton knew the conversation has no `seq`, and the moment at which it was said where that is known.
 */
export function transcript(events: readonly Logged[]): TranscriptLine[] {
  return messagesOf(events).map(lineOf);
}

function lineOf({ seq, at, message }: Said): TranscriptLine {
  const { author, parts } = message;
  return {
    ...(message.imported ? {} : { seq }),
    role: author.role,
    ...(author.name === undefined ? {} : { name: author.name }),
    text: message.redacted ? REDACTED : textOf(parts),
    // A tapped answer is more than its text: it is not the customer's own words.
    ...(parts.some((part) => part.type !== 'text' || part.choice !== undefined) ? { parts } : {}),
    at: message.saidAt ?? at,
  };
}

/** A zone as a fixed distance from UTC: core has no calendar of summer times, the caller has. */
export interface Zone {
  name: string;
  /** East is positive. */
  offsetMinutes: number;
}

const UTC: Zone = { name: 'UTC', offsetMinutes: 0 };

/**
 * The transcript for people to read, and for desks that take plain text: a heading a day, then a line a message.
 *
 *     2026-11-22 (UTC)
 *     10:31 Ada (customer): I was charged twice
 *     10:31 Shop Bot (bot): Which order is it?
 *           [Order 1001] [Order 1002]
 *     10:34 · Dana joined
 */
export function transcriptText(lines: readonly TranscriptLine[], { zone = UTC }: { zone?: Zone } = {}): string {
  const written: string[] = [];
  let day = '';
  for (const line of lines) {
    const { date, time } = civil(line.at + zone.offsetMinutes * 60_000);
    if (date !== day) {
      if (day !== '') written.push('');
      written.push(`${date} (${zone.name})`);
      day = date;
    }
    written.push(`${time} ${speaker(line)}${bodyOf(line).join('\n      ')}`);
  }
  return written.join('\n');
}

function speaker({ role, name }: TranscriptLine): string {
  if (role === 'system') return '· ';
  return name === undefined ? `${role}: ` : `${name} (${role}): `;
}

/** One message alone, for desks that hold each as its author's: its words, choices and forms in brackets, addresses of files. */
export function lineText(line: TranscriptLine): string {
  return bodyOf(line).join('\n');
}

/** The lines of a message: its words, then what is to be picked or filled in, in brackets. */
function bodyOf({ text, parts }: TranscriptLine): string[] {
  const lines = text === '' ? [] : text.split(/\r\n|\r|\n/);
  for (const part of parts ?? []) {
    if (part.type === 'choices') lines.push(part.choices.map(({ label }) => `[${label}]`).join(' '));
    else if (part.type === 'form') lines.push(`[form: ${part.fields.map(({ label }) => label).join(', ')}]`);
    else if (part.type === 'file') lines.push(part.file.url);
    else if (part.type === 'card' && part.url !== undefined) lines.push(part.url);
  }
  return lines.length === 0 ? [''] : lines;
}

/** The date and the time of day of a moment in UTC. */
function civil(at: Millis): { date: string; time: string } {
  const minutes = Math.floor(at / 60_000);
  const day = Math.floor(minutes / 1_440);
  const minute = minutes - day * 1_440;
  return { date: textOfDay(day), time: `${two(Math.floor(minute / 60))}:${two(minute % 60)}` };
}

const two = (value: number) => String(value).padStart(2, '0');
