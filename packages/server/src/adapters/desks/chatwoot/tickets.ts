import type { HandoffId, Millis } from '@baton/core';
import { unless } from '#kit/vendor.ts';
import type { DeskEvent, OpenTicket, OutMessage } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { Files } from '#ports/files.ts';
import type { Chatwoot, Conversation, Message } from './client.ts';
import { agentOf, agentSaid, isCustomers } from './inbound.ts';
import {
  closingNote,
  contactBody,
  conversationBody,
  messagePieces,
  notePieces,
  type Piece,
  priorityOf,
  sourceOf,
} from './outbound.ts';

/** How many messages a page has: read forward, and read backward. */
const FORWARD = 100;
const BACKWARD = 20;
/** A time of theirs may be this much off ours before something is overlooked. */
const SKEW_MS: Millis = 3_600_000;
/** Messages this young are asked for again: one with a lower number may appear after them. */
const SETTLING_MS: Millis = 30_000;

export interface Room {
  api: Chatwoot;
  files: Files;
}

/** The conversation of a handoff with all its notes. With `again` only what is missing is done. */
export async function openConversation(room: Room, inbox: number, ticket: OpenTicket, again: boolean): Promise<string> {
  const { api } = room;
  const contact = await api.addContact(contactBody(ticket));
  const known = again ? ofHandoff(await api.conversationsOf(contact.id), ticket.handoff) : undefined;
  const opened = known ?? (await api.openConversation(conversationBody(ticket, inbox, contact.id)));
  const id = String(opened.id);
  if (opened.status === 'resolved' && !known)
    throw new AdapterFailure('rejected', 'Chatwoot has blocked this contact: his conversations are closed at once.');
  // A bot of Chatwoot's on the inbox makes new conversations pending, where no agent looks.
  if (opened.status === 'pending') await api.setStatus(id, 'open');
  const priority = priorityOf(ticket.context.priority);
  if (priority !== null) await api.setPriority(id, priority);
  await write(room, id, notePieces(ticket), known ? await written(api, id, 0) : new Map());
  return id;
}

/** By the handoff's place in the inbox; null where there is none, or no conversation yet. */
export async function findConversation(api: Chatwoot, handoff: HandoffId): Promise<string | null> {
  const contact = await unless([404], api.contact(sourceOf(handoff)));
  const found = contact && ofHandoff(await api.conversationsOf(contact.id), handoff);
  return found ? String(found.id) : null;
}

/** Gives the id of the first message that it became. */
export async function sendMessage(room: Room, id: string, message: OutMessage, again: boolean): Promise<string> {
  const there = again ? await written(room.api, id, message.at - SKEW_MS) : new Map<string, number>();
  return String(await write(room, id, messagePieces(message), there));
}

/** Resolves it and says why. What is gone needs no closing. */
export async function closeConversation(room: Room, id: string, why: string): Promise<void> {
  const { api } = room;
  const closing = async () => {
    await api.setStatus(id, 'resolved');
    const note = closingNote(id, why);
    const latest = await api.messages(id);
    if (!latest.some(({ source_id }) => source_id === note.source_id)) await write(room, id, [note], new Map());
  };
  await unless([404], closing());
}

/** Where the last poll ended. */
interface Cursor {
  after: number;
  status: string;
  assignee: number | null;
}

/** What has happened since `cursor`: words under the keys of webhooks, states where they differ from what was seen last. */
export async function pollConversation(
  api: Chatwoot,
  id: string,
  cursor: string | null,
  now: Millis,
): Promise<{ events: DeskEvent[]; cursor: string }> {
  const seen: Cursor = cursor === null ? { after: 0, status: 'open', assignee: null } : JSON.parse(cursor);
  // Its state first: what is said later than that is read with the next poll at the latest.
  const conversation = await unless([404], api.conversation(id));
  if (!conversation)
    return { events: [{ type: 'closed', ticket: id, key: `gone:${id}`, agent: null }], cursor: JSON.stringify(seen) };
  const messages: Message[] = [];
  for await (const message of forward(api, id, seen.after)) messages.push(message);
  const said = messages.map((message) => agentSaid(id, message)).filter(({ type }) => type === 'agent.said');
  const settled = messages.filter(({ created_at }) => Number(created_at) * 1_000 < now - SETTLING_MS);
  const next: Cursor = {
    after: settled.at(-1)?.id ?? seen.after,
    status: conversation.status,
    assignee: conversation.meta?.assignee?.id ?? null,
  };
  return { events: [...said, ...statesSince(seen, next, conversation, messages)], cursor: JSON.stringify(next) };
}

function statesSince(
  seen: Cursor,
  now: Cursor,
  { id, updated_at, meta }: Conversation,
  messages: readonly Message[],
): DeskEvent[] {
  const ticket = String(id);
  const at = updated_at ? { at: Math.floor(updated_at * 1_000) } : {};
  const moment = (what: string) => ({ ticket, key: `poll:${what}:${ticket}:${at.at ?? now.after}`, ...at });
  const events: DeskEvent[] = [];
  if (now.assignee !== seen.assignee) {
    const agent = meta?.assignee;
    events.push(
      agent
        ? { type: 'assigned', ...moment(`assignee:${agent.id}`), agent: agentOf(agent) }
        : { type: 'unassigned', ...moment('assignee') },
    );
  }
  if (now.status === seen.status) return events;
  if (now.status === 'resolved') events.push({ type: 'closed', ...moment('resolved'), agent: null });
  // A customer who writes into a resolved conversation makes it pending where a bot of Chatwoot's is at work: nobody gave it back.
  const last = messages.findLast(
    ({ private: hidden, message_type }) => !hidden && [0, 1].includes(Number(message_type)),
  );
  const wokeBot = seen.status === 'resolved' && isCustomers(last?.message_type);
  if (now.status === 'pending' && !wokeBot) events.push({ type: 'returned', ...moment('pending'), agent: null });
  if (now.status === 'open' && seen.status !== 'snoozed') events.push({ type: 'reopened', ...moment('open') });
  return events;
}

/** Writes what is not there yet, in order; gives the id of the first. */
async function write(
  { api, files }: Room,
  id: string,
  pieces: readonly Piece[],
  there: ReadonlyMap<string, number>,
): Promise<number> {
  let first: number | undefined;
  for (const piece of pieces) {
    const number = there.get(piece.source_id) ?? (await api.write(id, await bodyOf(files, piece))).id;
    first ??= number;
  }
  return first ?? 0;
}

/** JSON, or a form where there are files. A file that is gone here is named, with its address. */
async function bodyOf(files: Files, { files: refs, ...json }: Piece): Promise<{ json: object } | { body: FormData }> {
  if (refs.length === 0) return { json };
  const body = new FormData();
  const gone: string[] = [];
  for (const ref of refs) {
    const bytes = await files.read(ref);
    if (bytes) body.append('attachments[]', new Blob([new Uint8Array(bytes)], { type: ref.mime }), ref.name);
    else gone.push(`${ref.name}: ${ref.url}`);
  }
  body.set('content', [json.content, ...gone].filter((line) => line !== '').join('\n'));
  body.set('message_type', json.message_type);
  body.set('private', String(json.private));
  body.set('source_id', json.source_id);
  return { body };
}

/** Which of our messages are there, by `source_id`: newest first, back to `since`. */
async function written(api: Chatwoot, id: string, since: Millis): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (let before: number | undefined; ; ) {
    const page = await api.messages(id, before === undefined ? {} : { before });
    for (const { id: number, source_id } of page) if (source_id) found.set(source_id, number);
    const [oldest] = page;
    if (!oldest || page.length < BACKWARD || Number(oldest.created_at) * 1_000 < since) return found;
    before = oldest.id;
  }
}

async function* forward(api: Chatwoot, id: string, after: number): AsyncGenerator<Message> {
  for (let last = after; ; ) {
    const page = await api.messages(id, { after: last });
    yield* page;
    if (page.length < FORWARD) return;
    last = page.at(-1)?.id ?? last;
  }
}

function ofHandoff(conversations: readonly Conversation[], handoff: HandoffId): Conversation | undefined {
  return conversations.find(({ custom_attributes }) => custom_attributes?.baton_handoff === handoff);
}
