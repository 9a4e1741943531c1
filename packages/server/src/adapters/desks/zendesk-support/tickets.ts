import type { HandoffId, Millis } from '@baton/core';
import { unless } from '#kit/vendor.ts';
import type { DeskEvent, OpenTicket, OutMessage } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { Files } from '#ports/files.ts';
import type { Audit, Ticket, Zendesk } from './client.ts';
import { auditEvents, peopleIn, type Reading } from './inbound.ts';
import {
  closingNote,
  commentBody,
  externalIdOf,
  JOINED,
  MARK,
  messagePieces,
  notePieces,
  type Piece,
  ticketBody,
  userBody,
} from './outbound.ts';
import type { People } from './people.ts';

/** Updates this much older than what is looked for are told again: one may become visible after a later one. */
const OVERLAP_MS: Millis = 60_000;
const REOPENS = ['pending', 'solved'];

export interface Room {
  api: Zendesk;
  files: Files;
  reading: Reading & { agent: string };
  people: People;
}

export interface Opened {
  id: string;
  /** The customer's number there. */
  requester: string;
}

/** The ticket of a handoff with all its notes. With `again` only what is missing is done. */
export async function openTicket(room: Room, ticket: OpenTicket, again: boolean): Promise<Opened> {
  const { api } = room;
  const known = again ? await findTicket(api, ticket.handoff) : null;
  const notes = notePieces(ticket);
  const [first, ...rest] = notes;
  if (!first) throw new AdapterFailure('rejected', 'There is nothing to be told of this handoff.');
  if (known) {
    const id = known.id;
    await write(room, { id, requester: known.requester_id }, notes, await written(api, id));
    return { id, requester: known.requester_id };
  }
  const requester = await requesterOf(api, ticket);
  const { id } = await api.addTicket(ticketBody(ticket, requester, first), ticket.handoff);
  await write(room, { id, requester }, rest, new Map());
  return { id, requester };
}

/** Who is known there is not changed. An address that belongs to somebody who may not ask goes without. */
async function requesterOf(api: Zendesk, { context: { customer } }: OpenTicket): Promise<string> {
  const there = await api.userOf(externalIdOf(customer));
  if (there) return there.id;
  const kept =
    (await unless([422], api.keepUser(userBody(customer, true)))) ?? (await api.keepUser(userBody(customer, false)));
  return kept.id;
}

export async function findTicket(api: Zendesk, handoff: HandoffId): Promise<Ticket | null> {
  return (await api.ticketsOf(handoff))[0] ?? null;
}

/** Gives the id of the first comment that it became. */
export async function sendMessage(room: Room, to: Opened, message: OutMessage, again: boolean): Promise<string> {
  const { api } = room;
  const there = again ? await written(api, to.id) : new Map<string, string>();
  const { first, status } = await write(room, to, messagePieces(message), there);
  if (message.author.role !== 'customer') return first;
  // A ticket that waits for the customer, or is solved, is looked at by nobody.
  const now = status ?? (await api.ticket(to.id)).status;
  if (REOPENS.includes(now))
    await unless([422], api.update(to.id, { status: 'open', metadata: { [MARK]: `${message.key} open` } }));
  return first;
}

/**
 * Solves it and says why in a note. What is solved, closed or gone needs no closing; the tag by which it was given back goes in any
 * case, so that it can be set once more.
 */
export async function closeTicket({ api, reading }: Room, id: string, why: string): Promise<void> {
  const ticket = await unless([404], api.ticket(id));
  if (!ticket || ticket.status === 'closed') return;
  const tags = ticket.tags ?? [];
  const others = tags.filter((tag) => tag !== reading.backTag);
  const untagged = others.length < tags.length ? { tags: others } : {};
  if (ticket.status === 'solved') {
    const change = { ...untagged, metadata: { [MARK]: `closed ${id}` } };
    if (others.length < tags.length) await unless([404, 422], api.update(id, change));
    return;
  }
  const note = closingNote(why);
  const said = commentBody(note, ticket.requester_id, []);
  const solved = {
    ...said,
    status: 'solved',
    // Nobody can solve what nobody has.
    ...(ticket.assignee_id ? {} : { assignee_id: Number(reading.agent) }),
    ...untagged,
  };
  const done = await unless([404, 422], api.update(id, solved));
  // Fields of the form must be filled in before it may be solved: then it stays with the agent, who reads why.
  if (!done && !(await written(api, id)).has(note.key)) await unless([404, 422], api.update(id, said));
}

/** What has happened since `cursor`, by the ticket's own history: whatever webhooks hint at is in it. */
export async function pollTicket(
  room: Room,
  { id, requester }: Opened,
  cursor: string | null,
): Promise<{ events: DeskEvent[]; cursor: string }> {
  const seen: { from: string | null; since: Millis } = cursor === null ? { from: null, since: 0 } : JSON.parse(cursor);
  const history = await unless([404], historyOf(room.api, id, seen.from));
  if (!history) return { events: [goneEvent(id)], cursor: JSON.stringify(seen) };
  const fresh = history.audits.filter((audit) => timeOf(audit) >= seen.since - OVERLAP_MS);
  const events = await tell(room, { id, requester }, fresh);
  const since = Math.max(seen.since, ...history.audits.map(timeOf));
  return { events, cursor: JSON.stringify({ from: history.last, since }) };
}

function goneEvent(ticket: string): DeskEvent {
  return { type: 'closed', ticket, key: `gone:${ticket}`, agent: null };
}

async function tell(
  { people, reading }: Room,
  { id, requester }: Opened,
  audits: readonly Audit[],
): Promise<DeskEvent[]> {
  const known = await people.of(audits.flatMap(peopleIn));
  let place = 0;
  return audits.flatMap((audit, index) => {
    place = audit.created_at === audits[index - 1]?.created_at ? place + 1 : 0;
    return auditEvents(id, audit, place, { ...reading, requester, people: known });
  });
}

/** `last` leads to the last page: from there on one call is enough the next time. */
async function historyOf(
  api: Zendesk,
  id: string,
  from: string | null,
): Promise<{ audits: Audit[]; last: string | null }> {
  const found: Audit[] = [];
  let last = from;
  for await (const { at, audits } of api.audits(id, from)) {
    found.push(...audits);
    last = at;
  }
  return { audits: found, last };
}

/** Writes what is not there yet, in order. `status` is how the ticket stood after it; null: nothing was written. */
async function write(
  { api, files }: Room,
  { id, requester }: Opened,
  pieces: readonly Piece[],
  there: ReadonlyMap<string, string>,
): Promise<{ first: string; status: string | null }> {
  let first: string | undefined;
  let status: string | null = null;
  for (const piece of pieces) {
    let comment = there.get(piece.key);
    if (comment === undefined) {
      const { text, uploads } = await uploaded(api, files, piece);
      const { ticket, audit } = await api.update(id, commentBody({ ...piece, text }, requester, uploads));
      comment = audit.events.find(({ type }) => type === 'Comment')?.id ?? audit.id;
      status = ticket.status;
    }
    first ??= comment;
  }
  return { first: first ?? id, status };
}

/** One that is gone here is named, with its address. */
async function uploaded(api: Zendesk, files: Files, piece: Piece): Promise<{ text: string; uploads: string[] }> {
  const uploads: string[] = [];
  const gone: string[] = [];
  for (const file of piece.files) {
    const bytes = await files.read(file);
    if (bytes) uploads.push(await api.upload(file.name, file.mime, new Uint8Array(bytes)));
    else gone.push(`${file.name}: ${file.url}`);
  }
  return { text: [piece.text, ...gone].join('\n'), uploads };
}

/** Which of our comments are there, by key. */
async function written(api: Zendesk, id: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { metadata, events } of (await historyOf(api, id, null)).audits) {
    const { [MARK]: key, [JOINED]: joined } = metadata?.custom ?? {};
    const comment = events.find(({ type }) => type === 'Comment');
    if (typeof key !== 'string' || !comment) continue;
    for (const one of [key, ...(typeof joined === 'string' ? joined.split(' ') : [])]) found.set(one, comment.id);
  }
  return found;
}

function timeOf({ created_at }: Audit): Millis {
  return Date.parse(created_at) || 0;
}
