import { createHash } from 'node:crypto';
import type { CustomerCard, FileRef } from '@baton/core';
import { handoffNotes, nameFor } from '#kit/handoff-note.ts';
import { textToHtml } from '#kit/html.ts';
import { inBytes, splitText } from '#kit/split.ts';
import type { OpenTicket, OutMessage } from '#ports/desk.ts';

/** Zendesk cuts comments above 64 KiB without a word. Counted as the HTML that they become. */
const COMMENT_LIMIT = 60_000;
const SUBJECT_LIMIT = 150;

/** Under this name our own key stands in the metadata of every update. */
export const MARK = 'baton';

/** And under this one the keys of other messages that are in it. */
export const JOINED = 'baton_joined';

/** One comment to be written. It is found again by its key, or one of those that are in it. */
export interface Piece {
  key: string;
  joined?: readonly string[];
  text: string;
  files: FileRef[];
  /** As the customer's own words; else a note for staff, ours. */
  own: boolean;
}

/**
 * Who it is. An e-mail address never is, and goes along only where it is verified: it would lead to somebody else's record, and to
 * somebody else's inbox.
 */
export function externalIdOf({ id, verified, externalId }: CustomerCard): string {
  return verified && externalId !== null ? externalId : id;
}

/** Without a name Zendesk takes nobody. */
export function userBody(customer: CustomerCard, withEmail: boolean): object {
  const { email, verified } = customer;
  return {
    external_id: externalIdOf(customer),
    name: nameFor(customer),
    role: 'end-user',
    skip_verify_email: true,
    ...(withEmail && verified && email !== null ? { email } : {}),
  };
}

/** The ticket with the first of its notes: for staff only, so that nobody is sent an e-mail that he has written. */
export function ticketBody({ handoff, context, group }: OpenTicket, requester: string, first: Piece): object {
  const { flags, priority, summary } = context;
  return {
    subject: `Chat: ${summary === '' ? nameFor(context.customer) : summary}`.slice(0, SUBJECT_LIMIT),
    external_id: handoff,
    requester_id: Number(requester),
    tags: tagsOf(flags.map(({ name }) => name)),
    ...(priority === 0 ? {} : { priority: priorityOf(priority) }),
    ...(group === null ? {} : { group_id: Number(group) }),
    ...commentBody(first, requester, []),
  };
}

/** An update that says something. */
export function commentBody({ key, joined, text, own }: Piece, requester: string, uploads: readonly string[]): object {
  return {
    comment: {
      // As HTML: what is only text is read as Markdown, and loses its stars.
      html_body: htmlOf(text),
      public: own,
      ...(own ? { author_id: Number(requester) } : {}),
      ...(uploads.length === 0 ? {} : { uploads }),
    },
    metadata: { [MARK]: key, ...(joined ? { [JOINED]: joined.join(' ') } : {}) },
  };
}

export function notePieces(ticket: OpenTicket): Piece[] {
  return handoffNotes(ticket, COMMENT_LIMIT, measure).map(({ mark, text }) => note(mark, text));
}

/** A customer's words as his. What somebody else says is a note: as a public comment Zendesk would send it by e-mail. */
export function messagePieces({ key, joined, author, text, files }: OutMessage): Piece[] {
  const own = author.role === 'customer';
  const links = own ? [] : files.map(({ name, url }) => `${name}: ${url}`);
  const texts = splitText(own ? text : [`${author.name}: ${text}`, ...links].join('\n'), COMMENT_LIMIT, measure);
  // A comment needs words: files alone are named.
  if (texts.length === 0) texts.push(files.map(({ name }) => name).join(', '));
  return texts.map((piece, index) => ({
    key: index === 0 ? key : `${key} ${index + 1}`,
    ...(joined && index === 0 ? { joined } : {}),
    text: piece,
    // All files go with the last words.
    files: own && index === texts.length - 1 ? files : [],
    own,
  }));
}

export function closingNote(why: string): Piece {
  return note(`closed ${createHash('sha256').update(why).digest('hex').slice(0, 16)}`, why);
}

function note(key: string, text: string): Piece {
  return { key, text, files: [], own: false };
}

function htmlOf(text: string): string {
  return `<p>${textToHtml(text)}</p>`;
}

function measure(text: string): number {
  return inBytes(htmlOf(text));
}

/** Of Baton's: below 0 is low, 1 high, more urgent. */
function priorityOf(priority: number): 'low' | 'high' | 'urgent' {
  if (priority < 0) return 'low';
  return priority === 1 ? 'high' : 'urgent';
}

/** Zendesk's tags have no spaces. */
function tagsOf(flags: readonly string[]): string[] {
  const own = flags.map((flag) => `baton_${flag.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_')}`);
  return ['baton', ...new Set(own)];
}
