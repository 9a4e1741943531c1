import type { Millis } from '@baton/core';
import type { SeenFile, SeenTicket, TwinAnswer, TwinRequest, TwinWork } from '#kit/desk-twin.ts';
import { htmlToText } from '#kit/html.ts';

/** The teammate in whose name the integration writes. */
export const ADMIN = '814859';

export interface Contact {
  id: string;
  external_id: string;
  role: string;
  name: string | null;
  email: string | null;
}

export interface Author {
  type: string;
  id: string;
  name: string | null;
}

export interface HeldPart {
  id: string;
  part_type: string;
  body: string | null;
  created_at: number;
  author: Author;
  assigned_to: { type: string; id: string | null } | null;
  files: { file: SeenFile; url: string }[];
}

export interface Held {
  id: string;
  contact: Contact;
  first: string;
  created: Millis;
  updated: number;
  open: boolean;
  team: string | null;
  assignee: string | null;
  parts: HeldPart[];
}

/** A conversation through an agent’s eyes. */
export function seen(held: Held): SeenTicket {
  return {
    id: held.id,
    open: held.open,
    group: held.team,
    assignee: held.assignee,
    customer: { name: held.contact.name, email: held.contact.email },
    entries: held.parts
      .filter(({ body, files }) => body !== null || files.length > 0)
      .map((part) => ({
        id: part.id,
        author: part.author.type !== 'admin' ? 'customer' : part.author.id === ADMIN ? 'us' : 'agent',
        internal: part.part_type === 'note',
        text: htmlToText(part.body ?? ''),
        files: part.files.map(({ file }) => file),
      })),
    facts: held.first,
    typing: false,
    read: false,
  };
}

/** What faults aim at. */
export function work({ method, path, text }: TwinRequest): TwinWork {
  if (method !== 'POST') return 'other';
  if (path === '/conversations') return 'ticket';
  return path.endsWith('/reply') && text.includes('"comment"') ? 'message' : 'other';
}

/** An answer as Intercom says no. */
export function refusal(status: number, code: string, message = code): TwinAnswer {
  return { status, json: { type: 'error.list', request_id: 'r1', errors: [{ code, message }] } };
}

/** What Intercom tells of other things, and what nobody has seen yet. */
export const ODD: readonly unknown[] = [
  'not json',
  [],
  {},
  { type: 'notification_event', topic: 'ping', data: { item: { type: 'ping' } } },
  { type: 'notification_event', topic: 'admin.away_mode_updated', data: { item: { type: 'admin', id: '1' } } },
  { type: 'notification_event', topic: 'conversation.user.replied', data: { item: { type: 'conversation', id: '1' } } },
  { type: 'notification_event', topic: 'conversation.admin.replied', data: {} },
  {
    type: 'notification_event',
    topic: 'conversation.admin.replied',
    data: { item: { type: 'conversation', id: '1' } },
  },
  {
    type: 'notification_event',
    topic: 'conversation.admin.replied',
    data: { item: { type: 'conversation', id: '1', conversation_parts: { conversation_parts: [{ id: 1 }, 7, null] } } },
  },
  {
    type: 'notification_event',
    topic: 'conversation.admin.snoozed',
    data: {
      item: {
        type: 'conversation',
        id: '1',
        conversation_parts: {
          conversation_parts: [
            { id: '9', part_type: 'snoozed', created_at: 1, author: { type: 'admin', id: '814860', name: 'D' } },
          ],
        },
      },
    },
  },
];
