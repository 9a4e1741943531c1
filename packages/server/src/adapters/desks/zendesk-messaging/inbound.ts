import type { AgentRef, Millis } from '@baton/core';
import { z } from 'zod';
import type { Inspected } from '#kit/definition.ts';
import { sameSecret } from '#kit/desk-config.ts';
import { asHint } from '#kit/hint.ts';
import { htmlToText } from '#kit/html.ts';
import { ignored, jsonIn, understood } from '#kit/webhook-body.ts';
import type { DeskEvent, Received, RemoteFile } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { RawRequest } from '#ports/inbound.ts';
import { Conversation, Message, type Party } from './client.ts';
import { BACK_TO_BOT, MARK } from './outbound.ts';

/** Who is who at the switchboard. */
export interface Reading {
  /** Our own party, by name or id. */
  ours: string;
  /** The agents', by name, id or type. */
  agents: string;
}

/** The names that Zendesk and our guide give them. */
export const USUAL: Reading = { ours: 'baton', agents: 'zd:agentWorkspace' };

const Hook = z.object({ events: z.array(z.unknown()) });
const Event = z.object({
  id: z.string(),
  type: z.string(),
  createdAt: z.string().nullish(),
  payload: z.looseObject({ conversation: Conversation }),
});
type Event = z.infer<typeof Event>;

const MessagePayload = z.object({ message: Message });
const ActivityPayload = z.object({
  activity: z.object({
    type: z.string(),
    author: z.object({ type: z.string(), displayName: z.string().nullish(), avatarUrl: z.string().nullish() }),
  }),
});
const ControlPayload = z.object({
  metadata: z.record(z.string(), z.unknown()).nullish().catch(null),
  /** `ticketClosed` or `transferToEmail`. */
  reason: z.string().nullish(),
});

/** Verifies and understands a webhook. Pure. A fixed key is all that proves it, so that it only hints. */
export function readWebhook(key: string, reading: Reading, request: RawRequest): Received {
  if (!sameSecret(request.headers['x-api-key'], key))
    throw new AdapterFailure('auth', 'The webhook is refused: its X-API-Key is not the one of the settings.');
  return { events: readBody(request.body, reading).map(asHint) };
}

/** What a webhook itself says. */
export function inspectWebhook(request: RawRequest, secret: string | null): Inspected {
  const events = readBody(request.body, USUAL);
  if (secret === null) return { genuine: null, events };
  return sameSecret(request.headers['x-api-key'], secret)
    ? { genuine: true, events }
    : { genuine: false, why: 'its X-API-Key is another', events };
}

/** Zendesk sends a few at once. What is beyond that is found by asking. */
const MOST_EVENTS = 1_000;

/** One webhook may tell of several conversations. */
function readBody(body: Uint8Array, reading: Reading): DeskEvent[] {
  const read = Hook.safeParse(jsonIn(body));
  if (!read.success) return [ignored('No webhook of Sunshine Conversations.')];
  const { events } = read.data;
  if (events.length === 0) return [ignored('A webhook without events.')];
  const beyond = events.length - MOST_EVENTS;
  return [
    ...events.slice(0, MOST_EVENTS).map((one) => readEvent(one, reading)),
    ...(beyond > 0 ? [ignored(`${beyond} events more than the ${MOST_EVENTS} that are read of one webhook.`)] : []),
  ];
}

function readEvent(one: unknown, reading: Reading): DeskEvent {
  const read = Event.safeParse(one);
  const type = z.object({ type: z.string() }).safeParse(one).data?.type ?? 'something';
  if (!read.success) return ignored(`"${type}" without a conversation that is understood.`);
  const event = read.data;
  switch (event.type) {
    case 'conversation:message':
      return understood(MessagePayload, event.payload, ({ message }) =>
        messageEvent(event.payload.conversation.id, message),
      );
    case 'conversation:typing':
    case 'conversation:read':
      return understood(ActivityPayload, event.payload, ({ activity }) => passing(event, activity));
    case 'switchboard:passControl':
    case 'switchboard:passControl:failure':
    case 'switchboard:releaseControl':
    case 'conversation:remove':
      return understood(ControlPayload, event.payload, (payload) => controlEvent(event, payload, reading));
    default:
      return ignored(`"${event.type}" is of no use here.`);
  }
}

function controlEvent(event: Event, { metadata, reason }: z.infer<typeof ControlPayload>, to: Reading): DeskEvent {
  const { id, type, createdAt, payload } = event;
  const { id: ticket, activeSwitchboardIntegration: active } = payload.conversation;
  const at = timeOf(createdAt);
  const moment = { ticket, key: `control:${id}`, ...(at === undefined ? {} : { at }) };
  // Nobody took it: it never left the bot.
  if (type === 'switchboard:passControl:failure') return { type: 'returned', ...moment, agent: null };
  if (metadata && MARK in metadata) return ignored('Control that we gave away ourselves.');
  if (type !== 'switchboard:passControl') return { type: 'closed', ...moment, agent: null };
  if (isParty(active, to.agents)) return { type: 'reopened', ...moment };
  const returned = isParty(active, to.ours) && !reason;
  return { type: returned ? 'returned' : 'closed', ...moment, agent: null };
}

function passing(
  event: Event,
  { type, author }: z.infer<typeof ActivityPayload>['activity'],
): Exclude<DeskEvent, { key: string }> {
  const ticket = event.payload.conversation.id;
  if (author.type !== 'business') return ignored('What the customer does.');
  if (type === 'conversation:read') return { type: 'read', ticket };
  const on = type === 'typing:start';
  if (!on && type !== 'typing:stop') return ignored(`"${type}" is of no use here.`);
  // Zendesk does not tell who types.
  return { type: 'agent.typing', ticket, agent: { id: 'agent', name: author.displayName || 'Agent' }, on };
}

/** Why a message is no agent's; null: it is. */
function notAnAgents({ author, metadata, activity, deleted }: Message): string | null {
  if (author.type !== 'business') return 'What the customer said.';
  if (metadata && MARK in metadata) return 'Our own words.';
  if (activity) return `A notice of Zendesk’s (${activity.type}).`;
  if (deleted) return 'A message that was deleted.';
  const agent = agentIdOf(metadata) !== null || author.subtypes?.includes('agent');
  return agent ? null : 'Said by a bot or a rule of Zendesk’s, not by an agent.';
}

/** What a message of the API means: an agent's words, or his wish to give the customer back to the bot. */
export function messageEvent(ticket: string, message: Message): DeskEvent {
  const why = notAnAgents(message);
  if (why !== null) return ignored(why);
  const { id, content, received } = message;
  const text = wordsOf(content);
  const files = fileOf(content);
  const agent = agentOf(message);
  const at = timeOf(received);
  const moment = { ticket, ...(at === undefined ? {} : { at }) };
  const note = noteToBot(text);
  if (note !== null)
    return { type: 'returned', ...moment, key: `message:${id}:returned`, agent, ...(note === '' ? {} : { note }) };
  if (text === '' && files.length === 0) return ignored(`A message of the kind "${content.type}" that says nothing.`);
  return { type: 'agent.said', ...moment, key: `message:${id}`, agent, text, files, externalId: id };
}

function noteToBot(text: string): string | null {
  if (!text.startsWith(BACK_TO_BOT)) return null;
  const rest = text.slice(BACK_TO_BOT.length);
  return rest === '' || /^\s/.test(rest) ? rest.trim() : null;
}

/** Is this party the one of that name, id or type? */
export function isParty(party: Party | null | undefined, name: string): boolean {
  return party != null && [party.name, party.id, party.integrationType].includes(name);
}

function agentIdOf(metadata: Message['metadata']): string | null {
  const id = metadata?.['__zendesk_msg.agent.id'];
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
}

function agentOf({ author: { displayName, avatarUrl }, metadata }: Message): AgentRef {
  const name = displayName || 'Agent';
  return {
    id: agentIdOf(metadata) ?? `name:${name}`,
    name,
    ...(avatarUrl && URL.canParse(avatarUrl) ? { avatarUrl } : {}),
  };
}

/** What content says in words; what only widgets can show is listed. */
function wordsOf(content: Message['content']): string {
  const { text, htmlText, markdownText, actions, items, coordinates, mediaUrl, altText } = content;
  const words = text || (htmlText ? htmlToText(htmlText) : '') || markdownText || '';
  const lines = [
    // Where there is a file, Zendesk may repeat its name as text.
    mediaUrl && words === altText ? '' : words.trim(),
    ...(items ?? []).map(({ title, description }) => [title, description].filter(Boolean).join(': ')),
    ...(actions ?? []).map(({ text: label, uri }) => [label, uri].filter(Boolean).join(': ')),
    coordinates ? `${coordinates.lat}, ${coordinates.long}` : '',
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function fileOf({ mediaUrl: url, mediaType: mime, mediaSize: size, altText }: Message['content']): RemoteFile[] {
  if (!url || !URL.canParse(url)) return [];
  return [{ url, name: nameIn(url) || altText || 'file', ...(mime ? { mime } : {}), ...(size ? { size } : {}) }];
}

function nameIn(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

export function timeOf(time: string | null | undefined): Millis | undefined {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? undefined : at;
}
