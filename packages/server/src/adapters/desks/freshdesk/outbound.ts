import type { CustomerCard, FileRef, HandoffId } from '@baton/core';
import { handoffNotes, nameFor } from '#kit/handoff-note.ts';
import { textToHtml } from '#kit/html.ts';
import { inBytes, splitText } from '#kit/split.ts';
import type { OpenTicket, OutMessage } from '#ports/desk.ts';
import { OPEN } from './client.ts';

/** Freshdesk names no limit for a note; its text columns hold 64 KiB. Counted as the HTML that it becomes. */
const NOTE_LIMIT = 60_000;
/** Freshdesk takes 20 MB of files with one note. */
const FILES_BYTES = 20 * 1_000_000;
/** A tag has at most 32 characters. */
const TAG_LENGTH = 32;

/** Tickets of Baton's have this tag, by which rules of automation know them. */
export const TAG = 'baton';

/** What the person who set it up has chosen. */
export interface Forms {
  source: number;
  returnTag: string;
  /** Of ticket fields that his forms ask for. */
  fields: Record<string, string | number | boolean>;
}

/** One note to be written. By `mark`, a class of its HTML, it is known again. */
export interface Piece {
  mark: string;
  text: string;
  files: FileRef[];
  /** `customer`: said by him, for everybody to see; otherwise for staff only. */
  by: 'customer' | 'us';
}

/** Whose record it is. What is only claimed must not lead to somebody else's: then Baton's own id. */
export function externalIdOf({ verified, externalId, id }: CustomerCard): string {
  return verified && externalId !== null ? externalId : id;
}

export function contactBody(customer: CustomerCard): { unique_external_id: string; name: string } {
  const { verified, email, phone } = customer;
  return {
    unique_external_id: externalIdOf(customer),
    name: nameFor(customer),
    ...(verified && email !== null ? { email } : {}),
    ...(verified && phone !== null ? { phone } : {}),
  };
}

/** With its end, so that no handoff is found in the place of one with a longer id. */
export function markOf(handoff: HandoffId): string {
  return `[Baton ${handoff}]`;
}

/** What customers may see too, in the portal and in mails: so nothing of ours but the mark. */
export function ticketBody({ handoff, context, group }: OpenTicket, requester: number, forms: Forms): object {
  const { customer, priority, flags } = context;
  const flagged = flags.map(({ name }) => name.slice(0, TAG_LENGTH)).filter((name) => name !== forms.returnTag);
  const own = Object.entries(forms.fields);
  const custom = own.filter(([name]) => name.startsWith('cf_'));
  return {
    ...Object.fromEntries(own.filter(([name]) => !name.startsWith('cf_'))),
    ...(custom.length === 0 ? {} : { custom_fields: Object.fromEntries(custom) }),
    subject: `Chat with ${nameFor(customer).slice(0, 150)} ${markOf(handoff)}`,
    description: textToHtml('Handed over from the chat. What was said is in the notes.'),
    requester_id: requester,
    status: OPEN,
    priority: priorityOf(priority),
    source: forms.source,
    tags: [...new Set([TAG, ...flagged])],
    ...(group === null ? {} : { group_id: Number(group) }),
  };
}

/** Ours: -1 is low, 0 usual, 1 high, 2 urgent. Theirs: 1 to 4. */
function priorityOf(priority: number): 1 | 2 | 3 | 4 {
  if (priority < 0) return 1;
  if (priority === 0) return 2;
  return priority === 1 ? 3 : 4;
}

/** Everything that an agent must know. */
export function notePieces(ticket: OpenTicket): Piece[] {
  return handoffNotes(ticket, NOTE_LIMIT, asHtml).map(({ mark, text }) => note(mark, text));
}

export function closingNote(ticket: string, why: string): Piece {
  return note(`closed ${ticket} ${why}`, why);
}

/**
 * A customer's words as his. What somebody else says is a private note: a public one would be an answer to the customer. Long
 * words and many files are several notes.
 */
export function messagePieces({ key, author, text, files }: OutMessage): Piece[] {
  const by = author.role === 'customer' ? 'customer' : 'us';
  const large = files.filter(({ size }) => size > FILES_BYTES);
  const whole = [by === 'customer' ? text : `${author.name}: ${text}`, ...large.map(linkTo)].join('\n').trim();
  const texts = splitText(whole, NOTE_LIMIT, asHtml);
  const [first = [], ...others] = batches(files.filter((file) => !large.includes(file)));
  const last = texts.at(-1);
  return [
    ...texts.slice(0, -1).map((piece) => ({ text: piece, files: [] as FileRef[] })),
    ...(last === undefined && first.length === 0 ? [] : [{ text: last ?? named(first), files: first }]),
    ...others.map((batch) => ({ text: named(batch), files: batch })),
  ].map((piece, index) => ({ mark: classOf(index === 0 ? key : `${key} ${index + 1}`), by, ...piece }));
}

/** Is this the HTML of a note of ours? */
export function isMarked(html: string): boolean {
  return html.includes('class="baton-');
}

/** The HTML of a note. Its class is kept, and shown to nobody. */
export function bodyOf({ mark, text }: Pick<Piece, 'mark' | 'text'>): string {
  return `<div class="${mark}">${textToHtml(text)}</div>`;
}

/** A file that cannot go there as a file. */
export function linkTo({ name, url }: FileRef): string {
  return `${name}: ${url}`;
}

function note(mark: string, text: string): Piece {
  return { mark: classOf(mark), text, files: [], by: 'us' };
}

function classOf(mark: string): string {
  return `baton-${mark.replace(/[^\w]+/g, '-')}`;
}

function asHtml(text: string): number {
  return inBytes(bodyOf({ mark: '', text }));
}

/** A note needs words: files alone are named. */
function named(files: readonly FileRef[]): string {
  return files.map(({ name }) => name).join(', ');
}

function batches(files: readonly FileRef[]): FileRef[][] {
  const all: FileRef[][] = [];
  let room = 0;
  for (const file of files) {
    if (file.size > room) {
      all.push([]);
      room = FILES_BYTES;
    }
    all.at(-1)?.push(file);
    room -= file.size;
  }
  return all;
}
