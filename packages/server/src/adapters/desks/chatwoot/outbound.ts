import { createHash } from 'node:crypto';
import type { FileRef, HandoffId } from '@baton/core';
import { handoffNotes, nameFor } from '#kit/handoff-note.ts';
import { splitText } from '#kit/split.ts';
import type { OpenTicket, OutMessage } from '#ports/desk.ts';

/** Chatwoot takes 150,000 characters. A note doubles at most when its marks are escaped, and shorter ones are read better. */
const NOTE_LIMIT = 50_000;
const WORDS_LIMIT = 140_000;
/** Chatwoot takes 15 files with one message. */
const FILES_LIMIT = 15;

/** One message to be written there. `source_id` is kept there and found again; it does not prevent a second one. */
export interface Piece {
  source_id: string;
  content: string;
  message_type: 'incoming' | 'outgoing';
  private: boolean;
  files: FileRef[];
}

/** Where the customer stands in the inbox, one place for each handoff: by it a handoff is found again. */
export function sourceOf(handoff: HandoffId): string {
  return `baton-${handoff}`;
}

/**
 * Who it is. Chatwoot knows people by identifier, then e-mail, then phone number, so what is only claimed must not be among
 * them: it would lead to somebody else's record. Without a name Chatwoot would invent one.
 */
export function contactBody({ handoff, context: { customer } }: OpenTicket): object {
  const { id, verified, externalId, email, phone, attributes } = customer;
  const proven = verified
    ? {
        ...(email === null ? {} : { email }),
        ...(phone && /^\+[1-9]\d{1,14}$/.test(phone) ? { phone_number: phone } : {}),
      }
    : {};
  return {
    source_id: sourceOf(handoff),
    identifier: verified && externalId !== null ? externalId : id,
    name: nameFor(customer),
    ...proven,
    custom_attributes: attributes,
  };
}

export function conversationBody({ handoff, context, group }: OpenTicket, inbox: number, contact: number): object {
  const { conversation, language, page } = context;
  return {
    source_id: sourceOf(handoff),
    inbox_id: inbox,
    contact_id: contact,
    status: 'open',
    ...(group === null ? {} : { team_id: Number(group) }),
    additional_attributes: {
      ...(page === null ? {} : { referer: page.url }),
      ...(language === null ? {} : { browser_language: language }),
    },
    custom_attributes: { baton_handoff: handoff, baton_conversation: conversation },
  };
}

/** Of Baton's: -1 is low, 0 usual, 1 high, 2 urgent. Null: nothing to be said. */
export function priorityOf(priority: number): 'low' | 'high' | 'urgent' | null {
  if (priority === 0) return null;
  if (priority < 0) return 'low';
  return priority === 1 ? 'high' : 'urgent';
}

/** Everything that an agent must know, as private notes. */
export function notePieces(ticket: OpenTicket): Piece[] {
  return handoffNotes(ticket, NOTE_LIMIT).map(({ mark, text }) => note(mark, text));
}

export function closingNote(ticket: string, why: string): Piece {
  const mark = createHash('sha256').update(why).digest('hex').slice(0, 16);
  return note(`Baton closed ${ticket}: ${mark}`, why);
}

/**
 * A customer's words as his, as they are. What somebody else says in the conversation is a note: as a message it would be an
 * answer to the customer. Long words and many files are several messages, each with a `source_id` of its own.
 */
export function messagePieces({ key, author, text, files }: OutMessage): Piece[] {
  const own = author.role === 'customer';
  const texts = own ? splitText(text, WORDS_LIMIT) : splitText(`${author.name}: ${text}`, NOTE_LIMIT).map(asMarkdown);
  const batches = Array.from({ length: Math.ceil(files.length / FILES_LIMIT) }, (_, index) =>
    files.slice(index * FILES_LIMIT, (index + 1) * FILES_LIMIT),
  );
  // The first files go with the last words.
  const last = { content: texts.at(-1) ?? '', files: batches[0] ?? [] };
  const pieces = [
    ...texts.slice(0, -1).map((content) => ({ content, files: [] as FileRef[] })),
    ...(last.content === '' && last.files.length === 0 ? [] : [last]),
    ...batches.slice(1).map((batch) => ({ content: '', files: batch })),
  ];
  return pieces.map((piece, index) => ({
    source_id: index === 0 ? `baton ${key}` : `baton ${key} ${index + 1}`,
    message_type: own ? 'incoming' : 'outgoing',
    private: !own,
    ...piece,
  }));
}

function note(source_id: string, text: string): Piece {
  return { source_id, content: asMarkdown(text), message_type: 'outgoing', private: true, files: [] };
}

/** Signs that mean something in Markdown, at any place or at the start of a line. */
const MARKS = /[\\`*~[\]<>|&{]|(?<=\{)%|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|^(?:[#=+]|-(?!\s))/gmu;

/**
 * Plain text so that Chatwoot shows it as it is: notes are rendered as Markdown, and `{{ }}` and `{% %}` of what staff writes are
 * executed as Liquid before they are kept, which would swallow them. Addresses stay whole, so that they can be clicked.
 */
export function asMarkdown(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>`]+)/)
    .map((part, index) => (index % 2 === 1 ? part.replaceAll('{', '%7B') : part.replace(MARKS, (sign) => `\\${sign}`)))
    .join('');
}
