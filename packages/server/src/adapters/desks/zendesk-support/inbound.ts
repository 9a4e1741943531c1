import { createHmac } from 'node:crypto';
import type { AgentRef, Millis } from '@baton/core';
import { z } from 'zod';
import type { Inspected } from '#kit/definition.ts';
import { sameSecret } from '#kit/desk-config.ts';
import { asHint } from '#kit/hint.ts';
import { htmlToText } from '#kit/html.ts';
import { TOLERANCE_MS } from '#kit/standard-webhooks.ts';
import { ignored, jsonIn } from '#kit/webhook-body.ts';
import type { DeskEvent, Received, RemoteFile } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { RawRequest } from '#ports/inbound.ts';
import { type Audit, type AuditEvent, Id, type User } from './client.ts';
import { MARK } from './outbound.ts';

/** An event that Zendesk sends of a ticket. */
const Hook = z.object({
  id: z.string(),
  type: z.string().startsWith('zen:event-type:ticket.'),
  time: z.string().nullish(),
  detail: z.object({
    id: Id,
    actor_id: Id.nullish(),
    requester_id: Id.nullish(),
    tags: z.array(z.string()).nullish().catch(null),
  }),
  event: z.looseObject({}),
});
type Hook = z.infer<typeof Hook>;

const CommentAdded = z.object({
  comment: z.object({
    id: Id,
    body: z.string().nullish(),
    is_public: z.boolean(),
    author: z.object({ id: Id, is_staff: z.boolean().nullish(), name: z.string().nullish() }),
  }),
});
const Changed = z.object({ current: z.unknown().optional(), previous: z.unknown().optional() });
const TagsChanged = z.object({ tags_added: z.array(z.string()) });

/** Whose comments are ours, and which tag gives back to the bot. */
export interface Reading {
  /** Null: not known (a webhook is only looked at). */
  agent: string | null;
  backTag: string;
}

export const BACK_TAG = 'back_to_bot';

/**
 * Verifies and understands a webhook. Pure. It tells neither files nor names, so that it only hints: the ticket's history tells in
 * full, under the same keys whichever way it is asked for.
 */
export function readWebhook(secret: string, reading: Reading, request: RawRequest): Received {
  const why = doubtOf(secret, request);
  if (why !== null) throw new AdapterFailure('auth', `The webhook is refused: ${why}.`);
  return { events: [asHint(readBody(request.body, reading))] };
}

/** What a webhook itself says. */
export function inspectWebhook(request: RawRequest, secret: string | null): Inspected {
  const events = [readBody(request.body, { agent: null, backTag: BACK_TAG })];
  if (secret === null) return { genuine: null, events };
  const why = doubtOf(secret, request);
  return why === null ? { genuine: true, events } : { genuine: false, why, events };
}

/** Genuine is base64 of HMAC-SHA256 over the time and, right behind it, the bytes as they came. Null: no doubt. */
function doubtOf(secret: string, { headers, body, at }: RawRequest): string | null {
  const time = headers['x-zendesk-webhook-signature-timestamp'];
  const signature = headers['x-zendesk-webhook-signature'];
  if (time === undefined || signature === undefined) return 'it is not signed';
  const expected = createHmac('sha256', secret).update(time).update(body).digest('base64');
  if (!sameSecret(signature, expected)) return 'the signature does not hold';
  const signed = Date.parse(time);
  const fresh = !Number.isNaN(signed) && Math.abs(at - signed) <= TOLERANCE_MS;
  return fresh ? null : 'it is more than five minutes old, or from the future';
}

function readBody(body: Uint8Array, reading: Reading): DeskEvent {
  const read = Hook.safeParse(jsonIn(body));
  if (!read.success) return ignored('No event of a ticket: the webhook must be subscribed to Zendesk events.');
  const hook = read.data;
  const type = hook.type.slice('zen:event-type:ticket.'.length);
  switch (type) {
    case 'comment_added':
      return commentAdded(hook, reading);
    case 'status_changed':
    case 'agent_assignment_changed':
    case 'tags_changed':
      return fieldChanged(type, hook, reading);
    case 'merged':
    case 'ticket_merged':
    case 'soft_deleted':
    case 'permanently_deleted':
      return { type: 'closed', ...momentOf(hook), agent: null };
    default:
      return ignored(`"${type}" is of no use here.`);
  }
}

function commentAdded(hook: Hook, { agent }: Reading): DeskEvent {
  const read = CommentAdded.safeParse(hook.event);
  if (!read.success) return ignored('A comment that is not understood.');
  const { id, body, is_public, author } = read.data.comment;
  if (author.id === agent) return ignored('Our own comment.');
  if (!is_public) return ignored('An internal note.');
  if (author.id === hook.detail.requester_id) return ignored('What the customer said.');
  if (author.is_staff === false) return ignored('Said by somebody in copy.');
  return {
    type: 'agent.said',
    ...momentOf(hook),
    key: `comment:${id}`,
    agent: { id: author.id, name: author.name || 'Agent' },
    text: (body ?? '').trim(),
    files: [],
    externalId: id,
  };
}

function fieldChanged(type: string, hook: Hook, { agent, backTag }: Reading): DeskEvent {
  const { actor_id: actor, tags } = hook.detail;
  if (actor && actor === agent) return ignored('Our own change.');
  const by = actor ? { id: actor, name: 'Agent' } : null;
  if (type === 'tags_changed') {
    const added = TagsChanged.safeParse(hook.event).data?.tags_added ?? tags ?? [];
    return added.includes(backTag) ? { type: 'returned', ...momentOf(hook), agent: by } : ignored('Other tags.');
  }
  const { current, previous } = Changed.parse(hook.event);
  if (type === 'status_changed') {
    if (isOver(current) === isOver(previous)) return ignored('Nothing ended or began.');
    return isOver(current) ? { type: 'closed', ...momentOf(hook), agent: by } : { type: 'reopened', ...momentOf(hook) };
  }
  const to = idIn(current);
  return to === null
    ? { type: 'unassigned', ...momentOf(hook) }
    : { type: 'assigned', ...momentOf(hook), agent: { id: to, name: 'Agent' } };
}

function momentOf({ id, time, detail }: Hook): { ticket: string; key: string; at?: Millis } {
  const at = Date.parse(time ?? '');
  return { ticket: detail.id, key: `event:${id}`, ...(Number.isNaN(at) ? {} : { at }) };
}

/** People that must be known by name before an audit can be told. */
export function peopleIn({ author_id, events }: Audit): string[] {
  return events.flatMap((event) => {
    if (event.type === 'Comment') return event.public ? [event.author_id ?? author_id ?? ''] : [];
    if (event.field_name === 'assignee_id') return [idIn(event.value) ?? ''];
    return event.field_name === 'status' || event.field_name === 'tags' ? [author_id ?? ''] : [];
  });
}

const RANKS = 4;
const MOST_PLACES = 24;
/** It was somewhere in its second: taken at its end, so that an agent who answers right after an end is not taken for one before it. */
const LATE_MS = 1_000;

export interface Known extends Reading {
  requester: string;
  people: ReadonlyMap<string, User>;
}

/**
 * What an update of a ticket means, in the order in which it must be taken: who has it, what was said, that it goes back, that it is
 * over. Zendesk's clock ticks in seconds, so the milliseconds say that order, after `place`: how many updates there were in the
 * same second before.
 */
export function auditEvents(ticket: string, audit: Audit, place: number, known: Known): DeskEvent[] {
  const second = Date.parse(audit.created_at);
  const at = (rank: number) =>
    Number.isNaN(second) ? {} : { at: second + LATE_MS + Math.min(place, MOST_PLACES) * RANKS + rank };
  const ours = audit.metadata?.custom?.[MARK] !== undefined || audit.author_id === known.agent;
  const by = agentOf(audit.author_id, known);
  const told: DeskEvent[][] = [[], [], [], []];
  for (const event of audit.events) {
    // What a trigger made of our update is not ours.
    if (ours && event.via?.channel !== 'rule') continue;
    const moment = { ticket, key: `audit:${event.id}` };
    if (event.type === 'Comment') told[1]?.push(...wordsOf(ticket, event, audit, known, at(1)));
    else if (event.type === 'Change') {
      const { rank, news } = changeOf(event, known);
      if (news === null) continue;
      if (news.type === 'assigned') told[rank]?.push({ ...news, ...moment, ...at(rank) });
      else if (news.type === 'returned')
        told[rank]?.push({ type: 'returned', ...moment, ...at(rank), agent: by, ...noteIn(audit) });
      else if (news.type === 'closed') told[rank]?.push({ type: 'closed', ...moment, ...at(rank), agent: by });
      else told[rank]?.push({ type: news.type, ...moment, ...at(rank) });
    }
  }
  return told.flat();
}

type News =
  | { type: 'assigned'; agent: AgentRef }
  | { type: 'unassigned' }
  | { type: 'reopened' }
  | { type: 'returned' }
  | { type: 'closed' };

function changeOf(
  { field_name: field, value, previous_value: before }: AuditEvent,
  known: Known,
): { rank: number; news: News | null } {
  if (field === 'assignee_id') {
    const to = idIn(value);
    if (to === null) return { rank: 2, news: { type: 'unassigned' } };
    const agent = to === known.agent ? null : agentOf(to, known);
    return { rank: 0, news: agent && { type: 'assigned', agent } };
  }
  if (field === 'status') {
    if (isOver(value) === isOver(before)) return { rank: 0, news: null };
    return isOver(value) ? { rank: 3, news: { type: 'closed' } } : { rank: 0, news: { type: 'reopened' } };
  }
  const back = field === 'tags' && tagsIn(value).includes(known.backTag) && !tagsIn(before).includes(known.backTag);
  return { rank: 2, news: back ? { type: 'returned' } : null };
}

function wordsOf(ticket: string, event: AuditEvent, audit: Audit, known: Known, at: { at?: Millis }): DeskEvent[] {
  const author = event.author_id ?? audit.author_id ?? '';
  if (!event.public || author === known.agent || author === known.requester || event.via?.channel === 'rule') return [];
  const agent = agentOf(author, known);
  if (agent === null) return [];
  const html = event.html_body ?? '';
  const files = filesOf(event, html);
  const text = html === '' ? (event.body ?? '').trim() : htmlToText(html.replace(/<img\b[^>]*>/gi, ''));
  if (text === '' && files.length === 0) return [];
  return [{ type: 'agent.said', ticket, key: `comment:${event.id}`, ...at, agent, text, files, externalId: event.id }];
}

/** What was noted for staff in the same step is for the bot. */
function noteIn({ events }: Audit): { note?: string } {
  const note = events.find(({ type, public: shown }) => type === 'Comment' && shown === false);
  const text = note ? htmlToText(note.html_body ?? '') || (note.body ?? '') : '';
  return text === '' ? {} : { note: text };
}

/** Null: no agent. Zendesk itself has a number below zero; who is not there any more is taken for one. */
function agentOf(id: string | null | undefined, { people }: Known): AgentRef | null {
  const person = id ? people.get(id) : undefined;
  if (!id || id.startsWith('-') || person?.role === 'end-user') return null;
  const picture = person?.photo?.content_url;
  return {
    id,
    name: person?.alias || person?.name || 'Agent',
    ...(picture && URL.canParse(picture) ? { avatarUrl: picture } : {}),
  };
}

/** Files beside the words, and pictures within them that are not among those. */
function filesOf({ attachments }: AuditEvent, html: string): RemoteFile[] {
  const files = (attachments ?? []).flatMap(
    ({ content_url: url, file_name, content_type: mime, size }): RemoteFile[] =>
      url && URL.canParse(url)
        ? [{ url, name: file_name || 'file', ...(mime ? { mime } : {}), ...(size ? { size } : {}) }]
        : [],
  );
  const pictures = [...html.matchAll(/<img\b[^>]*?\ssrc\s*=\s*["'](https?:[^"']+)["']/gi)].flatMap(([, src = '']) => {
    const url = src.replaceAll('&amp;', '&');
    if (!URL.canParse(url) || files.some((file) => file.url === url)) return [];
    const { searchParams, pathname } = new URL(url);
    return [{ url, name: searchParams.get('name') || pathname.split('/').at(-1) || 'picture' }];
  });
  return [...files, ...pictures];
}

function isOver(status: unknown): boolean {
  return /^(solved|closed)$/i.test(String(status));
}

function idIn(value: unknown): string | null {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : null;
}

/** A list, or words in a row. */
function tagsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? value.split(/\s+/) : [];
}
