import { createHmac } from 'node:crypto';
import type { AgentRef } from '@baton/core';
import { z } from 'zod';
import type { Inspected } from '#kit/definition.ts';
import { sameSecret } from '#kit/desk-config.ts';
import { htmlToText } from '#kit/html.ts';
import { nameIn, pictures } from '#kit/remote-file.ts';
import { ignored, jsonIn } from '#kit/webhook-body.ts';
import type { DeskEvent, Received, RemoteFile } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { RawRequest } from '#ports/inbound.ts';
import { type Author, type Part, Parts } from './client.ts';

const Notification = z.object({
  topic: z.string(),
  data: z.object({ item: z.unknown() }),
});

const Item = z.object({
  type: z.literal('conversation'),
  id: z.union([z.string(), z.number()]).transform(String),
  conversation_parts: Parts,
});

/** Whose parts are ours, and which team is the bot's. */
export interface Reading {
  admin: string | null;
  botTeam: string | null;
  /** Names that a part leaves out; undefined: they are not at hand, and are asked for. */
  nameOf?(admin: string): string | undefined;
}

/** Verifies and understands a notification of Intercom's. Pure. */
export function readNotification(secret: string, reading: Reading, request: RawRequest): Received {
  if (request.method !== 'POST') return { events: [ignored('Intercom looks whether somebody is there.')] };
  if (!genuine(secret, request)) throw new AdapterFailure('auth', 'The signature does not hold.');
  return { events: readBody(request.body, reading) };
}

export function inspectNotification(request: RawRequest, secret: string | null): Inspected {
  const events = readBody(request.body, { admin: null, botTeam: null });
  if (secret === null) return { genuine: null, events };
  return genuine(secret, request)
    ? { genuine: true, events }
    : { genuine: false, why: 'the signature does not hold', events };
}

/** `sha1=` and hex of HMAC-SHA1 over the bytes as they came, with the app's client secret. */
function genuine(secret: string, { headers, body }: RawRequest): boolean {
  const expected = createHmac('sha1', secret).update(body).digest('hex');
  return sameSecret(headers['x-hub-signature'], `sha1=${expected}`);
}

function readBody(body: Uint8Array, reading: Reading): DeskEvent[] {
  const read = Notification.safeParse(jsonIn(body));
  if (!read.success) return [ignored('No notification that is understood.')];
  const { topic, data } = read.data;
  if (!topic.startsWith('conversation.admin.')) return [ignored(`"${topic}" is of no use here.`)];
  const item = Item.safeParse(data.item);
  if (!item.success) return [ignored(`"${topic}" without a conversation that is understood.`)];
  const { id, conversation_parts } = item.data;
  if (conversation_parts.length === 0) return [ignored(`"${topic}" without a part that is understood.`)];
  return conversation_parts.flatMap((part) => partEvents(id, part, reading));
}

/**
 * What a part means, from notification or API, under the same keys: its change of state, then its words. A reply into a closed
 * conversation is a part `open` with words.
 */
export function partEvents(ticket: string, part: Part, reading: Reading): DeskEvent[] {
  const { id, part_type: type, author } = part;
  if (reading.admin !== null && author.type === 'admin' && author.id === reading.admin)
    return [ignored('Our own part.')];
  if (type.startsWith('note')) return [ignored('A note.')];
  const events = [...stateOf(ticket, part, reading), ...wordsOf(ticket, part)];
  return events.length > 0 ? events : [ignored(`The part ${id} (${type}, by ${author.type}) changes nothing here.`)];
}

function stateOf(ticket: string, part: Part, reading: Reading): DeskEvent[] {
  const { part_type: type, author } = part;
  const by = author.type === 'admin' ? agentOf(author) : null;
  const moment = (what: string) => ({ ticket, key: `part:${part.id}:${what}`, ...timeOf(part) });
  const reopened: DeskEvent[] =
    type === 'open' || type === 'assign_and_reopen' ? [{ type: 'reopened', ...moment('reopened') }] : [];
  if (type === 'close') return [{ type: 'closed', ...moment('closed'), agent: by }];
  const to = part.assigned_to;
  if (!to || !/assign/.test(type)) return reopened;
  if (to.type === 'team' && to.id === reading.botTeam && reading.botTeam !== null) {
    const note = htmlToText(part.body ?? '');
    return [{ type: 'returned', ...moment('returned'), agent: by, ...(note === '' ? {} : { note }) }];
  }
  if (to.type !== 'admin' || !to.id) return [...reopened, { type: 'unassigned', ...moment('unassigned') }];
  const name = to.name || (to.id === author.id ? author.name : undefined) || reading.nameOf?.(to.id);
  if (name) return [...reopened, { type: 'assigned', ...moment('assigned'), agent: { id: to.id, name } }];
  return reading.nameOf
    ? [...reopened, { type: 'assigned', ...moment('assigned'), agent: agentOf(to) }]
    : [...reopened, { type: 'changed', ticket, key: `part:${part.id}:changed` }];
}

function wordsOf(ticket: string, part: Part): DeskEvent[] {
  const { id, author, body } = part;
  if (author.type !== 'admin' || part.redacted) return [];
  const html = body ?? '';
  const files = [...(part.attachments ?? []).flatMap(fileOf), ...pictures(html)];
  const text = htmlToText(html.replace(/<img\b[^>]*>/gi, ''));
  if (text === '' && files.length === 0) return [];
  return [
    {
      type: 'agent.said',
      ticket,
      key: `part:${id}`,
      ...timeOf(part),
      agent: agentOf(author),
      text,
      files,
      externalId: id,
    },
  ];
}

/** Intercom's clock counts in seconds. */
function timeOf({ created_at }: Part) {
  return { at: created_at * 1_000, tick: 1_000 };
}

function agentOf({ id, name }: Author): AgentRef {
  return { id: id ?? 'admin', name: name || 'Agent' };
}

function fileOf({ url, name, content_type: mime, filesize }: NonNullable<Part['attachments']>[number]): RemoteFile[] {
  if (!url || !URL.canParse(url)) return [];
  return [{ url, name: name || nameIn(url), ...(mime ? { mime } : {}), ...(filesize ? { size: filesize } : {}) }];
}
