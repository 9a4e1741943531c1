import type { CustomerCard, HandoffId, Millis } from '@baton/core';
import { unless } from '#kit/vendor.ts';
import type { DeskEvent, OpenTicket, OutMessage } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { Files } from '#ports/files.ts';
import type { Conversation, Message, Sunshine } from './client.ts';
import { isParty, messageEvent, type Reading, timeOf } from './inbound.ts';
import {
  CLOSING,
  closingPiece,
  conversationBody,
  externalIdsOf,
  MARK,
  messageBody,
  messagePieces,
  openingPieces,
  type Piece,
  passMark,
  passMetadata,
  userBody,
} from './outbound.ts';

/** A time of theirs may be this much off ours before something is overlooked. */
const SKEW_MS: Millis = 3_600_000;
/** Messages this young are asked for again: one may become visible after a later one. */
const SETTLING_MS: Millis = 60_000;

export interface Room {
  api: Sunshine;
  files: Files;
  reading: Reading;
}

export interface Opened {
  id: string;
  /** The customer's external id there. */
  customer: string;
}

/** Who has control: the agents, the bot (our own party), or nobody, or somebody else. */
type Control = 'agents' | 'ours' | 'none';

function controlOf({ activeSwitchboardIntegration: active }: Conversation, { agents, ours }: Reading): Control {
  if (isParty(active, agents)) return 'agents';
  return isParty(active, ours) ? 'ours' : 'none';
}

/**
 * The conversation of a handoff with everything in it, under the agents' control. With `again` only what is missing is done.
 * We take control first: else the first words would make a ticket without our fields, or wake Zendesk's own bot.
 */
export async function openConversation(room: Room, ticket: OpenTicket, again: boolean): Promise<Opened> {
  const { api, reading } = room;
  const { handoff, context } = ticket;
  const known = again ? await findConversation(api, handoff, context.customer) : null;
  if (!known) await api.addUser(userBody(ticket));
  const conversation = known ?? (await api.addConversation(conversationBody(ticket)));
  const { id } = conversation;
  const customer = customerOf(conversation);
  const before = controlOf(conversation, reading);
  if (before === 'none') await api.pass(id, reading.ours, passMark(handoff));
  const there = known ? await written(api, id, 0) : new Map<string, string>();
  const first = await write(room, id, customer, openingPieces(ticket), there);
  if (before !== 'agents') await api.pass(id, reading.agents, passMetadata(ticket, first));
  // From here on webhooks reach us although the agents have control.
  await api.offer(id, reading.ours, passMark(handoff));
  return { id, customer };
}

/** In whose name the customer's words are written there: as it was when the conversation was opened. */
export function customerOf({ metadata }: Conversation): string {
  const customer = metadata?.baton_customer;
  if (typeof customer === 'string') return customer;
  throw new AdapterFailure('rejected', 'That conversation at Zendesk was not opened by Baton.');
}

export async function findConversation(
  api: Sunshine,
  handoff: HandoffId,
  customer: CustomerCard,
): Promise<Conversation | null> {
  for (const externalId of externalIdsOf(customer))
    for await (const conversation of api.conversationsOf(externalId))
      if (conversation.metadata?.baton_handoff === handoff) return conversation;
  return null;
}

/**
 * The agents have control, so that they see what is written. They have not where the handoff had ended before one of them
 * answered once more.
 */
export async function seatAgents({ api, reading }: Room, conversation: Conversation): Promise<void> {
  if (controlOf(conversation, reading) === 'agents') return;
  await api.pass(conversation.id, reading.agents, passMark('again'));
  await api.offer(conversation.id, reading.ours, passMark('again'));
}

/** Gives the id of the first message that it became. */
export async function sendMessage(
  room: Room,
  id: string,
  customer: string,
  message: OutMessage,
  again: boolean,
): Promise<string> {
  const there = again ? await written(room.api, id, message.at - SKEW_MS) : new Map<string, string>();
  return write(room, id, customer, messagePieces(message), there);
}

/**
 * Says why, ends the agents' session and takes control, so that no bot of Zendesk's answers what is still written there. Who has
 * ended it himself, or whose conversation is gone, needs no closing.
 */
export async function closeConversation(room: Room, id: string, why: string): Promise<void> {
  const { api, reading } = room;
  const closing = async () => {
    const control = controlOf(await api.conversation(id), reading);
    if (control === 'ours') return;
    await write(room, id, '', [closingPiece(why)], await written(api, id, Number.POSITIVE_INFINITY));
    if (control === 'agents') await api.release(id, passMark('closed'));
    await api.pass(id, reading.ours, passMark('closed'));
  };
  await unless([404], closing());
}

/** Where the last poll ended. */
interface Cursor {
  since: Millis;
  control: Control;
  /** How often control has changed: no two changes are taken for one. */
  turn: number;
  /** The newest message. */
  last: string | null;
}

/** What has happened since `cursor`, whatever webhooks claim: words by their message, control where it has changed. */
export async function pollConversation(
  room: Room,
  id: string,
  cursor: string | null,
  now: Millis,
): Promise<{ events: DeskEvent[]; cursor: string }> {
  const { api, reading } = room;
  const seen: Cursor = cursor === null ? { since: 0, control: 'agents', turn: 0, last: null } : JSON.parse(cursor);
  // Control first: what is said later than that is read with the next poll at the latest.
  const conversation = await unless([404], api.conversation(id));
  if (!conversation)
    return { events: [{ type: 'closed', ticket: id, key: `gone:${id}`, agent: null }], cursor: JSON.stringify(seen) };
  const messages = await messagesSince(api, id, seen.since);
  const said = messages.map((message) => messageEvent(id, message)).filter(({ type }) => type !== 'ignored');
  const settled = messages.map(({ received }) => timeOf(received) ?? 0).filter((at) => at < now - SETTLING_MS);
  const control = controlOf(conversation, reading);
  // What the customer said since has given it to the agents, whoever had it before.
  const fresh = messages.slice(messages.findIndex((message) => message.id === seen.last) + 1);
  const before = fresh.some(({ author }) => author.type === 'user') ? 'agents' : seen.control;
  const turn = seen.turn + (before === seen.control ? 0 : 1) + (control === before ? 0 : 1);
  const last = messages.at(-1)?.id ?? seen.last;
  const next: Cursor = { since: Math.max(seen.since, ...settled), control, turn, last };
  if (control === 'agents') await listen(room, conversation);
  return { events: [...said, ...controlEvents(id, before, next, messages)], cursor: JSON.stringify(next) };
}

function controlEvents(ticket: string, before: Control, now: Cursor, messages: readonly Message[]): DeskEvent[] {
  if (before === now.control) return [];
  const moment = { ticket, key: `control:${ticket}:${now.turn}` };
  if (now.control === 'agents') return [{ type: 'reopened', ...moment }];
  if (before !== 'agents' || weClosed(messages)) return [];
  // Zendesk says in a message that a ticket was closed, moved to e-mail, or ended by the customer.
  const returned = now.control === 'ours' && !messages.some(({ activity }) => activity);
  return [{ type: returned ? 'returned' : 'closed', ...moment, agent: null }];
}

/** We ended it, and the customer has said nothing there since: his words would have given it to the agents again. */
function weClosed(messages: readonly Message[]): boolean {
  const closing = messages.findLastIndex(({ metadata }) => String(metadata?.[MARK] ?? '').startsWith(CLOSING));
  return closing !== -1 && !messages.slice(closing).some(({ author }) => author.type === 'user');
}

/** Whoever passes control on takes back what was offered to us. */
async function listen(
  { api, reading }: Room,
  { id, pendingSwitchboardIntegration: pending }: Conversation,
): Promise<void> {
  if (!isParty(pending, reading.ours)) await api.offer(id, reading.ours, passMark('closed'));
}

/** Writes what is not there yet, in order; gives the id of the first. */
async function write(
  { api, files }: Room,
  id: string,
  customer: string,
  pieces: readonly Piece[],
  there: ReadonlyMap<string, string>,
): Promise<string> {
  let first: string | undefined;
  for (const piece of pieces) {
    const wrote =
      there.get(piece.key) ?? (await api.say(id, messageBody(piece, customer, await contentOf(api, files, id, piece))));
    first ??= wrote;
  }
  return first ?? id;
}

/** A file is put there first. One that is gone here is named, with its address. */
async function contentOf(api: Sunshine, files: Files, id: string, { content }: Piece): Promise<object> {
  if ('text' in content) return { type: 'text', text: content.text };
  const { file } = content;
  const bytes = await files.read(file);
  if (!bytes) return { type: 'text', text: `${file.name}: ${file.url}` };
  const form = new FormData();
  form.append('source', new Blob([new Uint8Array(bytes)], { type: file.mime }), file.name);
  const mediaUrl = await api.upload(id, form);
  return { type: file.mime.startsWith('image/') ? 'image' : 'file', mediaUrl, altText: file.name.slice(0, 128) };
}

/** Which of our messages are there, by key; read backward until `since` (the newest page in any case). */
async function written(api: Sunshine, id: string, since: Millis): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const page of api.pages(id)) {
    for (const { id: message, metadata } of page)
      if (typeof metadata?.baton === 'string') found.set(metadata.baton, message);
    if ((timeOf(page[0]?.received) ?? 0) < since) break;
  }
  return found;
}

/** Oldest first. */
async function messagesSince(api: Sunshine, id: string, since: Millis): Promise<Message[]> {
  const found: Message[] = [];
  for await (const page of api.pages(id)) {
    found.unshift(...page.filter(({ received }) => (timeOf(received) ?? since) >= since));
    if ((timeOf(page[0]?.received) ?? 0) < since) break;
  }
  return found;
}
