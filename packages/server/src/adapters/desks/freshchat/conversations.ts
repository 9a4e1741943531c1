import type { CustomerCard, FileRef, HandoffId, Millis } from '@baton/core';
import type { Memory } from '#kit/memory.ts';
import { unless } from '#kit/vendor.ts';
import type { OpenTicket, OutMessage } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { Files } from '#ports/files.ts';
import type { Conversation, Freshchat, Message } from './client.ts';
import { wordsOf } from './inbound.ts';
import {
  bodyOf,
  closingNote,
  conversationBody,
  markOf,
  messagePieces,
  notePieces,
  type Piece,
  referenceOf,
  textPart,
  userBody,
} from './outbound.ts';

/** A time of theirs may be this much off ours before something is overlooked. */
const SKEW_MS: Millis = 60_000;
/** Conversations of one person that are looked through. */
const LOOKED_THROUGH = 50;

export interface Room {
  api: Freshchat;
  files: Files;
  /** The agent in whose name Baton writes notes. */
  agent: string;
  channel: string;
  /** What is assigned to this group was given back; null: nothing can be. */
  botGroup: string | null;
  /** Ids of messages, and what of ours each is. */
  written: Memory<string>;
  /** Ids of conversations, and whose each is. */
  users: Memory<string>;
}

/** The conversation of a handoff with all its notes. With `again` only what is missing is done. */
export async function openConversation(room: Room, ticket: OpenTicket, again: boolean): Promise<Conversation> {
  const { api, channel } = room;
  const { customer } = ticket.context;
  const user = (await api.userOf(referenceOf(customer))) ?? (await api.addUser(userBody(customer))).id;
  const known = again ? await among(api, user, ticket.handoff) : null;
  const id = known ?? (await api.openConversation(conversationBody(ticket, channel, user))).conversation_id;
  // At once, before rules of the account assign it.
  if (ticket.group !== null) await api.update(id, { status: 'assigned', assigned_group_id: ticket.group });
  room.users.set(id, user);
  const there = known === null ? [] : await allMessages(api, id);
  await write(room, { id, user, key: ticket.handoff, since: 0 }, notePieces(ticket), there);
  return api.conversation(id);
}

/** Among the conversations of the person, by either name that he may have there; null: there is none. */
export async function findConversation(
  api: Freshchat,
  handoff: HandoffId,
  customer: CustomerCard,
): Promise<Conversation | null> {
  for (const reference of new Set([referenceOf(customer), customer.id])) {
    const user = await api.userOf(reference);
    const id = user === null ? null : await among(api, user, handoff);
    if (id !== null) return api.conversation(id);
  }
  return null;
}

/** Gives the id of the first message that it became. Who writes into a resolved conversation opens it again. */
export async function sendMessage(room: Room, id: string, message: OutMessage, again: boolean): Promise<string> {
  const { api } = room;
  const since = message.at - SKEW_MS;
  const there = again ? await messagesSince(api, id, since) : [];
  const user = message.author.role === 'customer' ? await userIn(room, id) : '';
  return (await write(room, { id, user, key: message.key, since }, messagePieces(message), there)) ?? id;
}

/**
 * Says why in a private note. What is resolved or gone needs no closing; out of the bot's group it goes in any case, so that it
 * can be assigned there once more.
 */
export async function closeConversation(room: Room, id: string, why: string): Promise<void> {
  const { api, botGroup } = room;
  const conversation = await unless([404], api.conversation(id));
  if (conversation === null) return;
  const [isOver, isReturned] = [
    conversation.status === 'resolved',
    botGroup !== null && conversation.assigned_group_id === botGroup,
  ];
  if (!isOver) {
    const place = { id, user: '', key: `close ${id}`, since: 0 };
    await write(room, place, [closingNote(why)], (await api.messages(id, 1)).messages);
    await unless([404], api.update(id, { status: 'resolved' }));
  }
  // An account that wants every conversation to have a group keeps it there.
  if (isReturned) await unless([400, 404], api.update(id, { status: 'resolved', assigned_group_id: '' }));
}

/** Newest first, back to `since`. */
export async function messagesSince(api: Freshchat, id: string, since: Millis): Promise<Message[]> {
  const found: Message[] = [];
  for (let page = 1; ; page++) {
    const { messages, full } = await api.messages(id, page);
    found.push(...messages);
    const oldest = messages.at(-1);
    if (!full || (oldest && Date.parse(oldest.created_time) < since)) return found;
  }
}

function allMessages(api: Freshchat, id: string): Promise<Message[]> {
  return messagesSince(api, id, 0);
}

async function among(api: Freshchat, user: string, handoff: HandoffId): Promise<string | null> {
  for (const id of (await api.conversationsOf(user)).slice(0, LOOKED_THROUGH)) {
    const messages = await allMessages(api, id);
    if (messages.some((message) => wordsOf(message).includes(markOf(handoff)))) return id;
  }
  return null;
}

/** Whose conversation it is: as Freshchat says, or else whoever wrote its first message. */
function userIn({ api, users }: Room, id: string): Promise<string> {
  return users.recall(id, async () => {
    const conversation = await api.conversation(id);
    const user =
      conversation.user_id ??
      conversation.users?.[0]?.id ??
      (await allMessages(api, id)).findLast(({ actor_type }) => actor_type === 'user')?.actor_id;
    if (!user) throw new AdapterFailure('rejected', 'There is no customer in that conversation.');
    return user;
  });
}

/** Where pieces go, what they are pieces of, and since when they may be there. */
interface Place {
  id: string;
  user: string;
  key: string;
  since: Millis;
}

/** Writes what is not there yet, in order; gives the id of the first. */
async function write(
  room: Room,
  place: Place,
  pieces: readonly Piece[],
  there: readonly Message[],
): Promise<string | undefined> {
  const { api, agent, written } = room;
  let first: string | undefined;
  for (const [index, piece] of pieces.entries()) {
    const key = `${place.key} ${index}`;
    const author = piece.by === 'customer' ? { user: place.user } : { agent };
    const known = there.find((message) => isIt(message, piece, place, key, written));
    const { id } = known ?? (await api.write(place.id, bodyOf(await partsOf(room, piece), author)));
    written.set(id, key);
    first ??= id;
  }
  return first;
}

/**
 * Freshchat keeps nothing of ours with a message: a note is known by its first line, everything else by who said it, its words and
 * its time, unless we know that it is another one.
 */
function isIt(
  message: Message,
  { mark, text, by, files }: Piece,
  { since }: Place,
  key: string,
  written: Room['written'],
): boolean {
  const words = wordsOf(message).trim();
  if (mark !== null) return message.message_type === 'private' && words.split('\n')[0]?.trim() === mark;
  const other = written.get(message.id);
  return (
    (other === undefined || other === key) &&
    message.actor_type === (by === 'customer' ? 'user' : 'agent') &&
    Date.parse(message.created_time) >= since &&
    squeezed(words) === squeezed(text) &&
    (text !== '' || (message.message_parts ?? []).length === files.length)
  );
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Words first, then files; one that is gone here, or that Freshchat does not keep, is named with its address. */
async function partsOf({ api, files }: Room, piece: Piece): Promise<object[]> {
  const sent: object[] = [];
  const links: string[] = [];
  for (const ref of piece.files) {
    const part = await uploaded(api, files, ref);
    if (part) sent.push(part);
    else links.push(`${ref.name}: ${ref.url}`);
  }
  const words = [piece.text, ...links].filter((line) => line !== '').join('\n');
  return words === '' ? sent : [textPart(words), ...sent];
}

async function uploaded(api: Freshchat, files: Files, { name, mime, size, ...ref }: FileRef): Promise<object | null> {
  const bytes = await files.read({ name, mime, size, ...ref });
  if (!bytes) return null;
  const blob = new Blob([new Uint8Array(bytes)], { type: mime });
  if (mime.startsWith('image/')) {
    const { url } = await api.addImage(blob, name);
    return url ? { image: { url } } : null;
  }
  const { url } = await api.addFile(blob, name);
  return url ? { file: { url, name, content_type: mime, file_size_in_bytes: size } } : null;
}
