import type { Millis } from '@baton/core';
import type { SeenFile, SeenTicket, TwinAgent, TwinAnswer, TwinRequest, TwinWork } from '#kit/desk-twin.ts';
import { htmlToText } from '#kit/html.ts';

/** The agent whose key Baton has. */
export const US: TwinAgent = { id: '8201', name: 'Baton' };
export const AGENTS = [
  { id: '8202', name: 'Dana Scully' },
  { id: '8203', name: 'Kim O’Neil' },
] as const;
export const GROUP = 77;

export interface Contact {
  id: number;
  unique_external_id: string | null;
  name: string;
  email: string | null;
}

export interface HeldEntry {
  id: number;
  body: string;
  incoming: boolean;
  private: boolean;
  source: number;
  user: number;
  at: Millis;
  files: { id: number; file: SeenFile; url: string }[];
}

export interface Held {
  id: number;
  subject: string;
  description: string;
  status: number;
  priority: number;
  source: number;
  requester: Contact;
  responder: TwinAgent | null;
  group: number | null;
  tags: string[];
  fields: Record<string, unknown>;
  entries: HeldEntry[];
  createdAt: Millis;
  updatedAt: Millis;
  statusAt: Millis;
}

/** `stats`: only for who asks for them. */
export function ticketJson(held: Held, stats = false): object {
  return {
    id: held.id,
    subject: held.subject,
    status: held.status,
    priority: held.priority,
    source: held.source,
    requester_id: held.requester.id,
    responder_id: held.responder && Number(held.responder.id),
    group_id: held.group,
    tags: held.tags,
    custom_fields: held.fields,
    spam: false,
    created_at: time(held.createdAt),
    updated_at: time(held.updatedAt),
    ...(stats ? { stats: { status_updated_at: time(held.statusAt) } } : {}),
  };
}

export function entryJson(held: Held, entry: HeldEntry): object {
  return {
    id: entry.id,
    body: entry.body,
    body_text: htmlToText(entry.body),
    incoming: entry.incoming,
    private: entry.private,
    user_id: entry.user,
    support_email: null,
    source: entry.source,
    ticket_id: held.id,
    created_at: time(entry.at),
    updated_at: time(entry.at),
    attachments: entry.files.map(({ id, file, url }) => ({
      id,
      name: file.name,
      content_type: file.mime,
      size: file.bytes.byteLength,
      attachment_url: url,
    })),
  };
}

/** Seconds, as Freshdesk tells them. */
function time(at: Millis): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

export function agentJson({ id, name }: TwinAgent): object {
  return {
    id: Number(id),
    available: true,
    group_ids: [GROUP],
    signature: id === '8203' ? '<p>Kim, your <b>shop</b></p>' : null,
    contact: { name, email: `${id}@desk.example`, active: true },
  };
}

export function presenceJson({ id, name }: TwinAgent, there: boolean): object {
  const queue = (channel: string, available: boolean) => ({
    channel,
    available,
    logged_in: available,
    assignment_limit: 10,
    current_assignment_load: 0,
    round_robin_enabled: true,
  });
  return {
    id: Number(id),
    contact: { name },
    availability: { channel_availability: [queue('Messaging queue', false), queue('freshdesk', there)] },
    deactivated: false,
  };
}

/** A ticket through an agent's eyes. */
export function seen(held: Held): SeenTicket {
  return {
    id: String(held.id),
    open: held.status !== 4 && held.status !== 5,
    group: held.group === null ? null : String(held.group),
    assignee: held.responder?.id ?? null,
    customer: { name: held.requester.name, email: held.requester.email },
    entries: held.entries.map((entry) => ({
      id: String(entry.id),
      author: entry.user === held.requester.id ? 'customer' : entry.user === Number(US.id) ? 'us' : 'agent',
      internal: entry.private,
      text: htmlToText(entry.body),
      files: entry.files.map(({ file }) => file),
    })),
    facts: [
      held.subject,
      htmlToText(held.description),
      `priority ${held.priority}`,
      ...held.tags,
      ...Object.entries(held.fields).map(([name, value]) => `${name}: ${value}`),
    ].join('\n'),
    typing: false,
    read: false,
  };
}

/** What faults aim at. */
export function work({ method, path, text }: TwinRequest): TwinWork {
  if (method !== 'POST') return 'other';
  if (path.endsWith('/tickets')) return 'ticket';
  return path.endsWith('/notes') && /"incoming":true|name="incoming"/.test(text) ? 'message' : 'other';
}

interface Note {
  body?: string;
  incoming?: boolean | string;
  private?: boolean | string;
  user_id?: number | string;
}

/** A note to be written: JSON, or a form with files. */
export async function noteIn({ headers, text, bytes }: TwinRequest): Promise<{ note: Note; sent: SeenFile[] }> {
  const type = headers['content-type'] ?? '';
  if (type.startsWith('application/json')) return { note: JSON.parse(text), sent: [] };
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const sent = await Promise.all(
    form.getAll('attachments[]').map(async (file) => {
      if (typeof file === 'string') throw new Error('A file was sent as words.');
      return { name: file.name, mime: file.type, bytes: new Uint8Array(await file.arrayBuffer()) };
    }),
  );
  return { note: Object.fromEntries([...form].filter(([, value]) => typeof value === 'string')) as Note, sent };
}

/** Whom a search for contacts means. */
export function fits(contact: Contact, query: URLSearchParams): boolean {
  return (['unique_external_id', 'email'] as const).some(
    (field) => query.has(field) && contact[field] === query.get(field),
  );
}

/** An answer as Freshdesk says no. */
export function refusal(status: number, field: string, code: string, more: object = {}): TwinAnswer {
  const errors = [{ field, message: `It is wrong: ${code}`, code, ...more }];
  return { status, json: { description: 'Validation failed', errors } };
}

/** What other rules send, and what nobody has seen yet. */
export const ODD: readonly unknown[] = [
  'not json',
  [],
  'null',
  {},
  7,
  { freshdesk_webhook: null },
  { freshdesk_webhook: { ticket_id: '{{ticket.id}}' } },
  { freshdesk_webhook: { ticket_id: -1 } },
  { freshdesk_webhook: { ticket_subject: 'Printer' } },
  { ticket_id: 7, body: 'A note, as the API answers' },
];
