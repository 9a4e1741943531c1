import type { Millis } from '@baton/core';
import type { SeenFile, SeenTicket, TwinAgent, TwinAnswer, TwinRequest, TwinWork } from '#kit/desk-twin.ts';

export const AGENTS = [
  { id: 'dana@desk.example', name: 'Dana Scully' },
  { id: 'kim@desk.example', name: 'Kim O’Neil' },
] as const;
export const GROUP = 7;

export interface HeldCustomer {
  id: string;
  name: string | null;
  email: string | null;
  session_fields: Record<string, string>[];
}

export interface HeldEvent {
  id: string;
  type: 'message' | 'file' | 'system_message';
  author_id: string | null;
  at: Millis;
  visibility: 'all' | 'agents';
  custom_id?: string;
  text?: string;
  file?: { file: SeenFile; url: string };
  system_message_type?: string;
}

export interface HeldThread {
  id: string;
  active: boolean;
  previous: string | null;
  tags: string[];
  events: HeldEvent[];
}

export interface Held {
  id: string;
  customer: HeldCustomer;
  properties: Record<string, Record<string, unknown>>;
  group: number;
  /** Agents and bots in it. */
  staff: { id: string; visibility: 'all' | 'agents'; present: boolean }[];
  /** Oldest first. */
  threads: HeldThread[];
  typing: boolean;
  seenAt: Millis;
}

/** As LiveChat refuses: with a type that says more than the status. */
export function refusal(status: number, type: string, message = type, data: object = {}): TwinAnswer {
  return { status, json: { error: { type, message, data } } };
}

export function work({ path }: TwinRequest): TwinWork {
  if (path.endsWith('/customer/action/start_chat')) return 'ticket';
  return path.endsWith('/customer/action/send_event') ? 'message' : 'other';
}

/** RFC 3339 with microseconds. */
export function timeOf(at: Millis): string {
  return new Date(at).toISOString().replace('Z', '000Z');
}

export function eventJson({ id, type, author_id, at, visibility, custom_id, text, file, ...more }: HeldEvent): object {
  return {
    id,
    type,
    created_at: timeOf(at),
    visibility,
    ...(author_id === null ? {} : { author_id }),
    ...(custom_id === undefined ? {} : { custom_id }),
    ...(text === undefined ? {} : { text }),
    ...(file
      ? { name: file.file.name, url: file.url, content_type: file.file.mime, size: file.file.bytes.byteLength }
      : {}),
    ...(more.system_message_type ? { system_message_type: more.system_message_type } : {}),
  };
}

export function threadJson(held: Held, thread: HeldThread, position: number | null): object {
  return {
    id: thread.id,
    active: thread.active,
    created_at: timeOf(thread.events[0]?.at ?? 0),
    user_ids: [held.customer.id, ...held.staff.map(({ id }) => id)],
    events: thread.events.map(eventJson),
    properties: {},
    access: { group_ids: [held.group] },
    ...(thread.tags.length === 0 ? {} : { tags: thread.tags }),
    ...(thread.previous === null ? {} : { previous_thread_id: thread.previous }),
    ...(position === null ? {} : { queue: { position, wait_time: position * 120, queued_at: timeOf(0) } }),
  };
}

/** As agents see it. */
export function usersJson(held: Held, agents: readonly TwinAgent[]): object[] {
  const { id, name, email } = held.customer;
  return [
    { id, type: 'customer', present: true, ...(name === null ? {} : { name }), ...(email === null ? {} : { email }) },
    ...held.staff.map((one) => userJson(one, agents)),
  ];
}

export function userJson(one: Held['staff'][number], agents: readonly TwinAgent[]): object {
  const name = agents.find(({ id }) => id === one.id)?.name ?? 'Baton';
  return { ...one, type: 'agent', name, email: one.id, avatar: 'cdn.livechat.example/avatars/1.png' };
}

export function lastThread({ threads }: Held): HeldThread {
  const last = threads.at(-1);
  if (!last) throw new Error('A chat without a thread');
  return last;
}

/** Who answers in it. */
export function answering({ staff }: Held): string | null {
  return staff.find(({ id, present, visibility }) => present && visibility === 'all' && id.includes('@'))?.id ?? null;
}

/** A chat through an agent's eyes: its threads stand one below the other. */
export function seenTicket(held: Held): SeenTicket {
  const { customer } = held;
  const events = held.threads.flatMap((thread) => thread.events);
  const lastSaid = events.findLast(({ author_id, visibility }) => author_id?.includes('@') && visibility === 'all');
  return {
    id: held.id,
    open: lastThread(held).active,
    group: String(held.group),
    assignee: answering(held),
    customer: { name: customer.name, email: customer.email },
    entries: events
      .filter(({ type }) => type !== 'system_message')
      .map(({ id, author_id: author, visibility, text, file }) => ({
        id,
        author: author === customer.id ? 'customer' : author?.includes('@') ? 'agent' : 'us',
        internal: visibility === 'agents',
        text: text ?? '',
        files: file ? [file.file] : [],
      })),
    facts: customer.session_fields
      .flatMap((field) => Object.entries(field).map(([name, value]) => `${name}: ${value}`))
      .join('\n'),
    typing: held.typing,
    read: held.seenAt >= (lastSaid?.at ?? 0),
  };
}

/** Of use to nobody here, in shapes as they are and as they are not. */
export const ODD: readonly [action: string, payload: unknown][] = [
  ['routing_status_set', { agent_id: 'dana@desk.example', status: 'accepting chats' }],
  ['thread_untagged', { chat_id: 'C1', thread_id: 'T1', tag: 'bug' }],
  ['event_updated', { chat_id: 'C1', thread_id: 'T1', event: {} }],
  ['incoming_event', { chat_id: 'C1', thread_id: 'T1', event: {} }],
  [
    'incoming_event',
    {
      chat_id: 'C1',
      thread_id: 'T1',
      event: { id: 'T1_9', type: 'system_message', created_at: '2026-11-22T12:00:00.000000Z', text: 'Hello' },
    },
  ],
  [
    'incoming_event',
    { chat_id: 'C1', event: { id: 'T1_8', type: 'hologram', author_id: 'dana@desk.example', created_at: 'now' } },
  ],
  ['events_marked_as_seen', { chat_id: 'C1', user_id: 'b7eff798', seen_up_to: 'x' }],
  ['chat_deactivated', { chat_id: 7 }],
  ['chat_beamed_up', { scotty: true }],
  ['incoming_chat', null],
];
