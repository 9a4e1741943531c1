import type { FileRef, HandoffContext, HandoffId } from '@baton/core';
import { handoffNotes, type NotePiece } from '#kit/handoff-note.ts';
import { textToHtml } from '#kit/html.ts';
import { splitText } from '#kit/split.ts';
import type { OpenTicket, OutMessage } from '#ports/desk.ts';

/** Intercom names no limits; agents read shorter ones better. Notes are counted as the HTML that they become. */
const NOTE_LIMIT = 25_000;
const WORDS_LIMIT = 10_000;
/** Intercom takes 10 files with one reply. */
const FILES_LIMIT = 10;

/** The first message, in the customer's name. By it a conversation is found again: nothing else of ours is kept with it. */
export function firstWords(handoff: HandoffId): string {
  return `Handed over from the chat. ${markOf(handoff)}`;
}

/** With its end, so that no handoff is found in the place of one with a longer id. */
export function markOf(handoff: HandoffId): string {
  return `[Baton ${handoff}]`;
}

/** Whose record it is. What is only claimed must not lead to somebody else's: then Baton's own id, and a lead. */
export function externalIdOf({ verified, externalId, id }: HandoffContext['customer']): string {
  return verified && externalId !== null ? externalId : id;
}

export function contactBody(customer: HandoffContext['customer']): object {
  const { verified, name, email, phone } = customer;
  return {
    role: verified ? 'user' : 'lead',
    external_id: externalIdOf(customer),
    ...(name === null ? {} : { name }),
    ...(verified && email !== null ? { email } : {}),
    ...(verified && phone !== null && /^\+[1-9]\d{6,14}$/.test(phone) ? { phone } : {}),
  };
}

export function notePieces(ticket: OpenTicket): NotePiece[] {
  return handoffNotes(ticket, NOTE_LIMIT, (text) => textToHtml(text).length);
}

/** A customer's words are plain text; `at` in seconds is what tells the same words, said twice, apart. */
export interface WordPiece {
  text: string;
  files: FileRef[];
}

export function wordPieces({ text, files }: OutMessage): WordPiece[] {
  const texts = splitText(text, WORDS_LIMIT);
  const batches = Array.from({ length: Math.ceil(files.length / FILES_LIMIT) }, (_, index) =>
    files.slice(index * FILES_LIMIT, (index + 1) * FILES_LIMIT),
  );
  // A reply needs words: files alone are named.
  const named = (batch: FileRef[]) => ({ text: batch.map(({ name }) => name).join(', '), files: batch });
  const [first = [], ...others] = batches;
  const last = texts.at(-1);
  return [
    ...texts.slice(0, -1).map((piece) => ({ text: piece, files: [] })),
    ...(last === undefined ? (first.length === 0 ? [] : [named(first)]) : [{ text: last, files: first }]),
    ...others.map(named),
  ];
}

/** What somebody else says is a note: as a comment it would go to the customer. */
export function othersNotes({ author, text, files, key }: OutMessage): NotePiece[] {
  const whole = [`${author.name}: ${text}`, ...files.map(({ name, url }) => `${name}: ${url}`)].join('\n');
  const pieces = splitText(whole, NOTE_LIMIT - 200, (piece) => textToHtml(piece).length);
  return pieces.map((piece, index) => {
    const mark = `Baton ${key}${pieces.length === 1 ? '' : ` ${index + 1} of ${pieces.length}`}`;
    return { mark, text: `${mark}\n${piece}` };
  });
}
