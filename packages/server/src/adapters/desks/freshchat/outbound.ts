import type { CustomerCard, FileRef, HandoffId } from '@baton/core';
import { handoffNotes, nameFor } from '#kit/handoff-note.ts';
import { splitText } from '#kit/split.ts';
import type { OpenTicket, OutMessage } from '#ports/desk.ts';

/** Freshchat names no limit for a text; agents read shorter ones better. */
const NOTE_LIMIT = 10_000;
const WORDS_LIMIT = 5_000;
/** Parts of one message, its words among them. */
const FILES_LIMIT = 10;

/** One message to be written. */
export interface Piece {
  /** Of all its pieces the first line of a note; null: it is known by its words. */
  mark: string | null;
  text: string;
  files: FileRef[];
  /** `customer`: said by him; otherwise a private note. */
  by: 'customer' | 'us';
}

/** Whose record it is. What is only claimed must not lead to somebody else's: then Baton's own id. */
export function referenceOf({ verified, externalId, id }: CustomerCard): string {
  return verified && externalId !== null ? externalId : id;
}

export function userBody(customer: CustomerCard): object {
  const { verified, email, phone } = customer;
  return {
    reference_id: referenceOf(customer),
    first_name: nameFor(customer),
    ...(verified && email !== null ? { email } : {}),
    ...(verified && phone !== null ? { phone } : {}),
  };
}

/** With its end, so that no handoff is found in the place of one with a longer id. */
export function markOf(handoff: HandoffId): string {
  return `[Baton ${handoff}]`;
}

/** Its first message, in the customer's name, tells which handoff it is: nothing else of ours is kept with a conversation. */
export function conversationBody({ handoff, context }: OpenTicket, channel: string, user: string): object {
  const text = `Handed over from the chat. ${markOf(handoff)}`;
  return {
    status: 'new',
    channel_id: channel,
    users: [{ id: user }],
    messages: [{ ...bodyOf([textPart(text)], { user }), channel_id: channel }],
    properties: { priority: priorityOf(context.priority) },
  };
}

/** Ours: -1 is low, 0 usual, 1 high, 2 urgent. */
function priorityOf(priority: number): 'Low' | 'Medium' | 'High' | 'Urgent' {
  if (priority < 0) return 'Low';
  if (priority === 0) return 'Medium';
  return priority === 1 ? 'High' : 'Urgent';
}

/** Everything that an agent must know. */
export function notePieces(ticket: OpenTicket): Piece[] {
  return handoffNotes(ticket, NOTE_LIMIT).map(({ mark, text }) => ({ mark, text, files: [], by: 'us' }));
}

export function closingNote(why: string): Piece {
  return { mark: why, text: why, files: [], by: 'us' };
}

/**
 * A customer's words as his. What somebody else says is a private note: as a message it would be an answer to the customer. Long words
 * and many files are several messages.
 */
export function messagePieces({ author, text, files }: OutMessage): Piece[] {
  const by = author.role === 'customer' ? 'customer' : 'us';
  const texts =
    by === 'customer' ? splitText(text, WORDS_LIMIT) : splitText(`${author.name}: ${text}`.trim(), NOTE_LIMIT);
  const batches = Array.from({ length: Math.ceil(files.length / FILES_LIMIT) }, (_, index) =>
    files.slice(index * FILES_LIMIT, (index + 1) * FILES_LIMIT),
  );
  const [first = [], ...others] = batches;
  const last = texts.at(-1);
  return [
    ...texts.slice(0, -1).map((piece) => ({ text: piece, files: [] as FileRef[] })),
    ...(last === undefined && first.length === 0 ? [] : [{ text: last ?? '', files: first }]),
    ...others.map((batch) => ({ text: '', files: batch })),
  ].map((piece) => ({ mark: null, by, ...piece }));
}

export function textPart(content: string): object {
  return { text: { content } };
}

/** A message by the customer, or a private note by the agent in whose name Baton works. */
export function bodyOf(message_parts: object[], author: { user: string } | { agent: string }): object {
  return 'user' in author
    ? { message_parts, message_type: 'normal', actor_type: 'user', actor_id: author.user, user_id: author.user }
    : { message_parts, message_type: 'private', actor_type: 'agent', actor_id: author.agent };
}
