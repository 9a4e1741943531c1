import type { FileRef, HandoffId } from '@baton/core';
import { handoffNotes, type NotePiece, REASONS } from '#kit/handoff-note.ts';
import { inBytes, splitText } from '#kit/split.ts';
import type { OpenTicket, OutMessage } from '#ports/desk.ts';

/** LiveChat takes 16 KiB of text in one event. */
const TEXT_LIMIT = 16_000;
/** And files of 10 MB. */
const FILE_LIMIT = 10_000_000;

/** The property of a chat that holds the handoff: by it a chat is found again. */
export const HANDOFF = 'baton_handoff';
export const PROPERTY = {
  name: HANDOFF,
  type: 'string',
  description: 'Which handoff of Baton this chat is.',
  access: { chat: { agent: ['read', 'write'], customer: ['read', 'write'] } },
};

/** In whose name notes are written. It reads along and is given no chats. */
export const BOT = { name: 'Baton', default_group_priority: 'supervisor' };

/**
 * Who it is. An address that is only claimed is not among it: LiveChat would send transcripts to it. `session_fields` stand
 * beside the chat.
 */
export function customerBody({ handoff, context, transcriptUrl }: OpenTicket): object {
  const { customer, reason, language, page, flags, conversation } = context;
  const fields: [name: string, value: string | null][] = [
    ['Reason', REASONS[reason]],
    ['Identity', customer.verified ? 'verified' : 'not verified'],
    ['Your id', customer.externalId],
    ['Flags', flags.map(({ name }) => name).join(', ')],
    ['Language', language],
    ['Page', page?.url ?? null],
    ...Object.entries(customer.attributes).map(([name, value]): [string, string] => [name, String(value)]),
    ['Whole conversation', transcriptUrl],
    ['Baton', `${handoff} ${conversation}`],
  ];
  return {
    ...(customer.name === null ? {} : { name: customer.name }),
    ...(customer.verified && customer.email !== null ? { email: customer.email } : {}),
    // LiveChat takes 100.
    session_fields: fields.flatMap(([name, value]) => (value ? [{ [name]: value }] : [])).slice(0, 100),
  };
}

/** `continuous`: begins also when nobody is there; otherwise LiveChat refuses it then. */
export function chatBody(handoff: HandoffId, group: string | null, clientId: string, continuous: boolean): object {
  return {
    active: true,
    continuous,
    chat: {
      properties: { [clientId]: { [HANDOFF]: handoff } },
      ...(group === null ? {} : { access: { group_ids: [Number(group)] } }),
    },
  };
}

export function notePieces(ticket: OpenTicket): NotePiece[] {
  return handoffNotes(ticket, TEXT_LIMIT, inBytes);
}

/** One event. `custom_id` is kept with it and found again; it does not prevent a second one. */
export type Piece = { custom_id: string } & ({ text: string } | { file: FileRef });

/** A customer's words and files, each an event of its own. */
export function messagePieces({ key, text, files }: OutMessage): Piece[] {
  const words = splitText(text, TEXT_LIMIT, inBytes).map((part) => ({ text: part }));
  const sent = files.map((file) =>
    file.size > FILE_LIMIT ? { text: `${file.name}: ${file.url}` } : { file: { ...file } },
  );
  return [...words, ...sent].map((piece, index) => ({ custom_id: customId(key, index), ...piece }));
}

/** What somebody else says is for agents only: as a message it would be the customer's. */
export function othersNotes({ key, author, text, files }: OutMessage): NotePiece[] {
  const whole = [`${author.name}: ${text}`, ...files.map(({ name, url }) => `${name}: ${url}`)].join('\n');
  return splitText(whole, TEXT_LIMIT, inBytes).map((part, index) => ({ mark: customId(key, index), text: part }));
}

function customId(key: string, index: number): string {
  return index === 0 ? `baton ${key}` : `baton ${key} ${index + 1}`;
}
