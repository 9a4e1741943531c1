import type { CustomerCard, HandoffId, Millis } from '@baton/core';
import { htmlToText } from '#kit/html.ts';
import { AnswerFailure } from '#kit/http-failure.ts';
import { unless } from '#kit/vendor.ts';
import type { OpenTicket, OutMessage } from '#ports/desk.ts';
import type { Files } from '#ports/files.ts';
import { CLOSED, type Entry, type Freshdesk, OPEN, RESOLVED, type Ticket } from './client.ts';
import {
  bodyOf,
  closingNote,
  contactBody,
  externalIdOf,
  type Forms,
  isMarked,
  linkTo,
  markOf,
  messagePieces,
  notePieces,
  type Piece,
  ticketBody,
} from './outbound.ts';

/** A time of theirs may be this much off ours before something is overlooked. */
const SKEW_MS: Millis = 60_000;
/** Of words that are looked for without their mark, so many characters are compared. */
const COMPARED = 300;

export interface Room {
  api: Freshdesk;
  files: Files;
}

/** The ticket of a handoff with all its notes. With `again` only what is missing is done. */
export async function openTicket(room: Room, forms: Forms, ticket: OpenTicket, again: boolean): Promise<string> {
  const { api } = room;
  const requester = await requesterOf(api, ticket.context.customer);
  const known = again ? ofHandoff(await api.ticketsOf(requester), ticket.handoff) : undefined;
  const id = String((known ?? (await api.openTicket(ticketBody(ticket, requester, forms)))).id);
  await write(room, { id, requester }, notePieces(ticket), known ? await allEntries(api, id) : []);
  return id;
}

/** Freshdesk is particular about addresses and numbers: who has one that it refuses goes there without it. */
async function requesterOf(api: Freshdesk, customer: CustomerCard): Promise<number> {
  try {
    return await api.addContact(contactBody(customer));
  } catch (error) {
    const refused = error instanceof AnswerFailure && error.status === 400 && /"(?:email|phone)"/.test(error.text);
    if (!refused || (customer.email === null && customer.phone === null)) throw error;
    return api.addContact(contactBody({ ...customer, email: null, phone: null }));
  }
}

/** Among the tickets of the person; null: there is none, or no such person. */
export async function findTicket(api: Freshdesk, handoff: HandoffId, customer: CustomerCard): Promise<string | null> {
  const { verified, email, id } = customer;
  const names = [...new Set([externalIdOf(customer), id])];
  const searches = [
    ...names.map((unique_external_id) => ({ unique_external_id })),
    ...(verified && email !== null ? [{ email }] : []),
  ];
  for (const search of searches)
    for (const contact of await api.contacts(search)) {
      const found = ofHandoff(await api.ticketsOf(contact.id), handoff);
      if (found) return String(found.id);
    }
  return null;
}

/**
 * Gives the id of the first note that it became. A ticket that waits, or is solved, is open again when the customer writes: before his
 * words are there, as an agent who has read them may solve it while we are still asking whether they arrived.
 */
export async function sendMessage(room: Room, id: string, message: OutMessage, again: boolean): Promise<string> {
  const { api } = room;
  const ticket = await api.ticket(id);
  const there = again ? await allEntries(api, id) : [];
  const pieces = messagePieces(message);
  const since = message.at - SKEW_MS;
  const isThere = pieces.every((piece) => found(there, piece, since));
  if (message.author.role === 'customer' && ticket.status !== OPEN && !isThere) await api.update(id, { status: OPEN });
  return String((await write(room, { id, requester: ticket.requester_id }, pieces, there, since)) ?? id);
}

/**
 * Says why in a private note. What is solved or gone needs no closing; the tag by which it was given back goes in any case, so
 * that it can be set once more.
 */
export async function closeTicket(room: Room, returnTag: string, id: string, why: string): Promise<void> {
  const { api } = room;
  const ticket = await unless([404], api.ticket(id));
  if (ticket === null) return;
  const tags = ticket.tags ?? [];
  const others = tags.filter((tag) => tag.toLowerCase() !== returnTag);
  if (others.length < tags.length) await unless([404, 405], api.update(id, { tags: others }));
  if (isOver(ticket)) return;
  await write(room, { id, requester: ticket.requester_id }, [closingNote(id, why)], await allEntries(api, id));
  await unless([404, 405], api.update(id, { status: RESOLVED }));
}

export function isOver({ status, deleted, spam }: Ticket): boolean {
  return status === RESOLVED || status === CLOSED || deleted === true || spam === true;
}

async function allEntries(api: Freshdesk, id: string): Promise<Entry[]> {
  const all: Entry[] = [];
  for (let page = 1; ; page++) {
    const { entries, full } = await api.entries(id, page);
    all.push(...entries);
    if (!full) return all;
  }
}

/** Where notes go: a ticket, and whose it is. */
interface Place {
  id: string;
  requester: number;
}

/** Writes what is not there yet, in order; gives the id of the first. */
async function write(
  room: Room,
  place: Place,
  pieces: readonly Piece[],
  there: readonly Entry[],
  since: Millis = 0,
): Promise<number | undefined> {
  let first: number | undefined;
  for (const piece of pieces) {
    const { id } = found(there, piece, since) ?? (await writeNote(room, place, piece));
    first ??= id;
  }
  return first;
}

/** An account may take fewer files than the 20 MB: then they are links. */
async function writeNote({ api, files }: Room, { id, requester }: Place, piece: Piece): Promise<{ id: number }> {
  try {
    return await api.write(id, await noteOf(files, piece, requester));
  } catch (error) {
    if (piece.files.length === 0 || !isTooLarge(error)) throw error;
    const text = [piece.text, ...piece.files.map(linkTo)].join('\n');
    return api.write(id, await noteOf(files, { ...piece, text, files: [] }, requester));
  }
}

/** What this piece became, where it is there already. */
function found(there: readonly Entry[], piece: Piece, since: Millis): Entry | undefined {
  return there.find((entry) => has(entry, piece)) ?? there.find((entry) => isLike(entry, piece, since));
}

function has({ body }: Entry, { mark }: Piece): boolean {
  return body?.includes(`"${mark}"`) ?? false;
}

/** Where the class was taken away: the same words, on the same side, since then, without another's mark. */
function isLike(entry: Entry, { text, by }: Piece, since: Millis): boolean {
  const body = entry.body ?? '';
  return (
    !isMarked(body) &&
    entry.incoming === (by === 'customer') &&
    Date.parse(entry.created_at) >= since &&
    squeezed(htmlToText(body)) === squeezed(text)
  );
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, COMPARED);
}

/** JSON, or a form where there are files. A file that is gone here is named, with its address. */
async function noteOf(files: Files, piece: Piece, requester: number): Promise<{ json: object } | { body: FormData }> {
  const author = piece.by === 'customer' ? { incoming: true, private: false, user_id: requester } : { private: true };
  const body = new FormData();
  const gone: string[] = [];
  for (const ref of piece.files) {
    const bytes = await files.read(ref);
    if (bytes) body.append('attachments[]', new Blob([new Uint8Array(bytes)], { type: ref.mime }), ref.name);
    else gone.push(linkTo(ref));
  }
  const html = bodyOf({ mark: piece.mark, text: [piece.text, ...gone].join('\n') });
  if (gone.length === piece.files.length) return { json: { body: html, ...author } };
  for (const [name, value] of Object.entries({ body: html, ...author })) body.append(name, String(value));
  return { body };
}

function isTooLarge(error: unknown): boolean {
  return (
    error instanceof AnswerFailure && (error.status === 413 || (error.status === 400 && /attachment/i.test(error.text)))
  );
}

function ofHandoff(tickets: readonly Ticket[], handoff: HandoffId): Ticket | undefined {
  return tickets.find(({ subject }) => subject?.includes(markOf(handoff)));
}
