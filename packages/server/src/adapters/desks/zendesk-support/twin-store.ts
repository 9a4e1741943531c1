import type { Millis } from '@baton/core';
import type { SeenFile, SeenTicket, TwinAnswer, TwinRequest, TwinWork } from '#kit/desk-twin.ts';
import { htmlToText } from '#kit/html.ts';
import { type HeldUser, US } from './twin-people.ts';

export const GROUP = 8_447_320_466;

export interface HeldEvent {
  id: number;
  type: 'Comment' | 'Change' | 'Create' | 'Notification';
  author_id?: number;
  html_body?: string;
  public?: boolean;
  files?: { file: SeenFile; url: string }[];
  field_name?: string;
  value?: unknown;
  previous_value?: unknown;
  via?: { channel: string };
}

export interface HeldAudit {
  id: number;
  at: Millis;
  author_id: number;
  custom: Record<string, unknown>;
  channel: string;
  events: HeldEvent[];
}

export interface Held {
  id: number;
  external_id: string | null;
  subject: string;
  requester: HeldUser;
  status: string;
  assignee: number | null;
  group: number | null;
  priority: string | null;
  tags: string[];
  audits: HeldAudit[];
}

/** What one update changes. */
export interface Change {
  comment?: { html_body?: string; body?: string; public?: boolean; author_id?: number; uploads?: string[] };
  status?: string;
  assignee_id?: number | null;
  tags?: string[];
  metadata?: Record<string, unknown>;
  channel?: string;
}

export function ticketJson(held: Held): object {
  return {
    id: held.id,
    url: `https://twin.example/api/v2/tickets/${held.id}.json`,
    external_id: held.external_id,
    subject: held.subject,
    status: held.status,
    priority: held.priority,
    requester_id: held.requester.id,
    submitter_id: US,
    assignee_id: held.assignee,
    group_id: held.group,
    tags: held.tags,
    via: { channel: 'api' },
    is_public: comments(held).some((event) => event.public),
  };
}

export function auditJson(held: Held, { id, at, author_id, custom, channel, events }: HeldAudit): object {
  return {
    id,
    ticket_id: held.id,
    created_at: seconds(at),
    author_id,
    metadata: { system: {}, custom },
    via: { channel },
    events: events.map(({ files, ...event }) => ({
      ...event,
      ...(event.type !== 'Comment'
        ? {}
        : {
            audit_id: id,
            body: htmlToText(event.html_body ?? ''),
            plain_body: htmlToText(event.html_body ?? ''),
            attachments: (files ?? []).map(({ file, url }, index) => ({
              id: event.id * 10 + index,
              file_name: file.name,
              content_url: url,
              content_type: file.mime,
              size: file.bytes.byteLength,
            })),
          }),
    })),
  };
}

/** Zendesk tells no fractions of a second. */
export function seconds(at: Millis): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

export function comments({ audits }: Held): HeldEvent[] {
  return audits.flatMap(({ events }) => events.filter(({ type }) => type === 'Comment'));
}

/** A ticket through an agent's eyes. */
export function seen(held: Held): SeenTicket {
  const { requester, status, group, assignee, subject, priority, tags } = held;
  return {
    id: String(held.id),
    open: status !== 'solved' && status !== 'closed',
    group: group === null ? null : String(group),
    assignee: assignee === null ? null : String(assignee),
    customer: { name: requester.name, email: requester.email },
    entries: comments(held).map((event) => ({
      id: String(event.id),
      author: event.author_id === US ? 'us' : event.author_id === requester.id ? 'customer' : 'agent',
      internal: !event.public,
      text: htmlToText(event.html_body ?? ''),
      files: (event.files ?? []).map(({ file }) => file),
    })),
    facts: [subject, `priority: ${priority}`, ...tags].join('\n'),
    typing: false,
    read: false,
  };
}

const COMMENT_BYTES = 65_536;

/** What Zendesk makes of a comment: text is read as Markdown, and what is too long is cut without a word. */
export function htmlOf({ body, html_body }: { body?: string; html_body?: string }): string {
  const html =
    html_body ??
    `<p>${(body ?? '')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/([*_`])(.+?)\1/g, '<em>$2</em>')}</p>`;
  return Buffer.from(html).subarray(0, COMMENT_BYTES).toString('utf8');
}

/** What faults aim at. */
export function work({ method, path, text }: TwinRequest): TwinWork {
  if (method === 'POST' && path === '/api/v2/tickets') return 'ticket';
  return method === 'PUT' && text.includes('"public":true') ? 'message' : 'other';
}

export function refusal(status: number, error: string, description = error): TwinAnswer {
  return { status, json: { error, description } };
}

/** An event as it is sent: numbers as text, states in capitals, time to the nanosecond. */
export function hookJson(held: Held, id: string, actor: number, type: string, event: object, now: Millis): object {
  return {
    account_id: 22_129_848,
    id,
    type: `zen:event-type:ticket.${type}`,
    subject: `zen:ticket:${held.id}`,
    time: new Date(now).toISOString().replace('Z', '456789Z'),
    zendesk_event_version: '2022-11-06',
    detail: {
      id: String(held.id),
      actor_id: String(actor),
      requester_id: String(held.requester.id),
      assignee_id: held.assignee === null ? null : String(held.assignee),
      external_id: held.external_id,
      status: held.status.toUpperCase(),
      tags: held.tags,
      updated_at: seconds(now),
      via: { channel: 'web' },
    },
    event,
  };
}

const event = (type: string, of: object, detail: object = {}) => ({
  account_id: 1,
  id: 'd4f5c389-0000-4c2e-a1b9-000000000001',
  type: `zen:event-type:${type}`,
  subject: 'zen:ticket:1',
  time: '2026-11-22T12:00:00.123456789Z',
  zendesk_event_version: '2022-11-06',
  detail: { id: '1', actor_id: '5', requester_id: '7', status: 'OPEN', tags: [], ...detail },
  event: of,
});

/** What Zendesk tells of other things, and what nobody has seen yet. */
export const ODD: readonly unknown[] = [
  'not json',
  [],
  {},
  event('user.created', {}),
  event('ticket.priority_changed', { current: 'HIGH', previous: 'LOW' }),
  event('ticket.comment_added', {}),
  event('ticket.comment_added', { comment: { id: '1', is_public: false, author: { id: '5', is_staff: true } } }),
  event('ticket.comment_added', { comment: { id: '1', is_public: true, author: { id: '7', is_staff: false } } }),
  event('ticket.status_changed', { current: 'OPEN', previous: 'NEW' }),
  event('ticket.status_changed', { current: 'CLOSED', previous: 'SOLVED' }),
  event('ticket.status_changed', {}),
  event('ticket.tags_changed', { tags_added: ['vip'], tags_removed: [] }),
  event('ticket.danced', {}),
  { type: 'newMessage', ticketId: '1', comment: 'from a trigger' },
];
