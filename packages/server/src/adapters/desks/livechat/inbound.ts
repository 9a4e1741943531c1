import type { AgentRef, Millis } from '@baton/core';
import { z } from 'zod';
import type { Inspected } from '#kit/definition.ts';
import { sameSecret } from '#kit/desk-config.ts';
import { ignored, jsonIn, understood } from '#kit/webhook-body.ts';
import type { DeskEvent, Received, RemoteFile } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { RawRequest } from '#ports/inbound.ts';
import { type Chat, Event, type Thread, type User } from './client.ts';

/** What must be known to read an event: webhooks tell who somebody is by id only. */
export interface Reading {
  agentOf(id: string): AgentRef | undefined;
  /** Agents give a chat back by this tag. */
  returnTag: string;
}

const Hook = z.object({
  action: z.string(),
  secret_key: z.string().nullish().catch(null),
  organization_id: z.string().nullish().catch(null),
  payload: z.looseObject({}).nullish().catch(null),
});

const Place = z.object({ chat_id: z.string() });
const IncomingEvent = Place.extend({ event: Event });
const IncomingChat = z.object({ chat: z.object({ id: z.string() }) });
const Joined = Place.extend({ user: z.object({ id: z.string() }) });
const Seen = z.object({ chat_id: z.string(), user_id: z.string() });

/** Verifies and understands a webhook. Pure. LiveChat signs nothing: a secret that was agreed on stands in the body. */
export function readWebhook(
  expected: { secret: string; organization: string },
  reading: Reading,
  request: RawRequest,
): Received {
  const body = jsonIn(request.body);
  const why = doubtOf(body, expected.secret, expected.organization);
  if (why !== null) throw new AdapterFailure('auth', `The webhook is refused: ${why}.`);
  return { events: [eventOf(body, reading, request.at)] };
}

/** For inspection: whoever speaks is called by his address. */
export function inspectWebhook(request: RawRequest, secret: string | null): Inspected {
  const body = jsonIn(request.body);
  const why = secret === null ? null : doubtOf(body, secret, null);
  const reading: Reading = { agentOf: (id) => ({ id, name: id }), returnTag: '' };
  return {
    genuine: secret === null ? null : why === null,
    ...(why === null ? {} : { why }),
    events: [eventOf(body, reading, request.at)],
  };
}

function doubtOf(body: unknown, secret: string, organization: string | null): string | null {
  const { data } = Hook.safeParse(body);
  if (!sameSecret(data?.secret_key ?? undefined, secret)) return 'the secret in it is missing or wrong';
  return organization === null || data?.organization_id === organization ? null : 'it is of another organisation';
}

/**
 * Most webhooks about the state of a chat carry neither time nor id, and none tells a name: they say only that something
 * changed, and the chat is asked. What an agent says is read at once where he is known.
 */
function eventOf(body: unknown, reading: Reading, at: Millis): DeskEvent {
  const { success, data } = Hook.safeParse(body);
  if (!success) return ignored('It names no action.');
  const { action, payload } = data;
  switch (action) {
    case 'incoming_event':
      return understood(IncomingEvent, payload, ({ chat_id, event }) => {
        const read = wordsOf(chat_id, event, reading);
        return read === 'stranger' ? changed(chat_id, event.id) : read;
      });
    case 'incoming_chat':
      return understood(IncomingChat, payload, ({ chat }) => changed(chat.id, `${action}:${at}`));
    case 'user_added_to_chat':
      return understood(Joined, payload, ({ chat_id, user }) =>
        isAgent(user.id) ? changed(chat_id, `${action}:${at}`) : ignored('A bot or the customer joined.'),
      );
    case 'chat_deactivated':
    case 'chat_transferred':
    case 'user_removed_from_chat':
    case 'thread_tagged':
      return understood(Place, payload, ({ chat_id }) => changed(chat_id, `${action}:${at}`));
    case 'events_marked_as_seen':
      return understood(Seen, payload, ({ chat_id, user_id }) =>
        isAgent(user_id) ? { type: 'read', ticket: chat_id } : ignored('The customer has read it.'),
      );
    default:
      return ignored(`"${action}" is of no use here.`);
  }
}

function changed(ticket: string, what: string): DeskEvent {
  return { type: 'changed', ticket, key: `changed:${ticket}:${what}` };
}

/** Agents are called by their e-mail addresses; customers and bots have other ids. */
function isAgent(id: string): boolean {
  return id.includes('@');
}

/** What an agent says to the customer; `stranger`: he says something, and nobody knows his name yet. */
function wordsOf(ticket: string, event: Event, reading: Reading): DeskEvent | 'stranger' {
  const { id, type, author_id: author } = event;
  if (type === 'system_message') return ignored('LiveChat says what happened: another webhook tells the same.');
  if (!author || !isAgent(author)) return ignored('Said by the customer or by a bot.');
  if (event.visibility === 'agents') return ignored('For agents only.');
  if (event.deleted) return ignored('A message that was deleted.');
  const files = type === 'file' ? fileOf(event) : [];
  const text = type === 'message' ? (event.text ?? '').trim() : type === 'rich_message' ? cardsOf(event) : '';
  if (text === '' && files.length === 0) return ignored(`An event of the type "${type}" without words or a file.`);
  const agent = reading.agentOf(author);
  if (!agent) return 'stranger';
  const at = Date.parse(event.created_at);
  return {
    type: 'agent.said',
    ticket,
    key: `event:${id}`,
    ...(Number.isNaN(at) ? {} : { at }),
    agent,
    text,
    files,
    externalId: id,
  };
}

/** What agents say in a thread, in its order. */
export function wordsIn(ticket: string, { events }: Thread, reading: Reading): DeskEvent[] {
  const known: Reading = { ...reading, agentOf: (id) => reading.agentOf(id) ?? { id, name: 'Agent' } };
  return events
    .map((event) => wordsOf(ticket, event, known))
    .filter((read): read is DeskEvent => read !== 'stranger' && read.type === 'agent.said');
}

/**
 * How it stands with a chat. LiveChat says of no change when it was, so each is known by the system message before it: "put
 * back", and taken by the same agent again, is another one.
 */
export function stateOf({ id: ticket, thread, users }: Chat, { agentOf, returnTag }: Reading): DeskEvent[] {
  if (!thread) return [];
  const { id, active, previous_thread_id, tags, events } = thread;
  const mark = events.findLast(({ type }) => type === 'system_message')?.id ?? null;
  const [present] = users.filter(answers);
  const agent = present ? (agentOf(present.id) ?? refOf(present)) : null;
  const states: DeskEvent[] = [];
  if (previous_thread_id) states.push({ type: 'reopened', ticket, key: `reopened:${id}` });
  // Before the end: who gives a chat back may archive it at once.
  if (tags?.includes(returnTag)) {
    const note = lastNote(thread);
    states.push({ type: 'returned', ticket, key: `returned:${id}`, agent, ...(note === null ? {} : { note }) });
  }
  if (active === false) states.push({ type: 'closed', ticket, key: `closed:${id}`, agent: null });
  else if (agent) states.push({ type: 'assigned', ticket, key: `assigned:${id}:${agent.id}:${mark}`, agent });
  // At the start nobody has it yet, which is no news.
  else if (mark !== null) states.push({ type: 'unassigned', ticket, key: `unassigned:${id}:${mark}` });
  return states;
}

/** An agent who answers in this chat, not one who only reads along. */
function answers({ id, present, visibility }: User): boolean {
  return isAgent(id) && present !== false && visibility !== 'agents';
}

/** What an agent wrote for the one who takes over: a note, if it is the last thing that was written. */
function lastNote({ events }: Thread): string | null {
  const last = events.findLast(({ type }) => type !== 'system_message');
  const note = last?.visibility === 'agents' && last.author_id && isAgent(last.author_id) ? (last.text ?? '') : '';
  return note.trim() || null;
}

export function refOf({ id, name, avatar }: User): AgentRef {
  const url = avatar && !avatar.includes('://') ? `https://${avatar}` : avatar;
  return { id, name: name || 'Agent', ...(url && URL.canParse(url) ? { avatarUrl: url } : {}) };
}

function fileOf({ url, name, content_type: mime, size }: Event): RemoteFile[] {
  if (!url || !URL.canParse(url)) return [];
  return [{ url, name: name || 'file', ...(mime ? { mime } : {}), ...(size ? { size } : {}) }];
}

/** Cards as lines: title, words, and what the buttons say. */
function cardsOf({ elements }: Event): string {
  const cards = (elements ?? []).map(({ title, subtitle, buttons }) =>
    [title, subtitle, ...(buttons ?? []).map(({ text }) => text && `- ${text}`)].filter(Boolean).join('\n'),
  );
  return cards.filter((card) => card !== '').join('\n\n');
}
