import type { Millis } from '@baton/core';
import type { SeenFile, SeenTicket, TwinAgent, TwinAnswer, TwinRequest, TwinWork } from '#kit/desk-twin.ts';

/** The agent in whose name Baton writes notes. */
export const US: TwinAgent = { id: '0a6f1e52-us', name: 'Baton Notes' };
export const AGENTS = [
  { id: '7c1d9b04-dana', name: 'Dana Scully' },
  { id: '7c1d9b05-kim', name: 'Kim O’Neil' },
] as const;
export const CHANNEL = '5b2e77c0-channel';
export const GROUP = 'f1a8c3d2-billing';
export const BOT_GROUP = 'f1a8c3d3-bot';
export const APP = '9d83ebc5-app';

export interface User {
  id: string;
  reference_id: string | null;
  first_name: string;
  email: string | null;
}

export interface HeldMessage {
  id: string;
  parts: object[];
  type: 'normal' | 'private';
  /** `user`, `agent`, `system` or `bot`, and who. */
  by: string;
  who: string;
  at: Millis;
}

export interface Held {
  id: string;
  user: User;
  status: string;
  agent: string;
  group: string;
  properties: object;
  messages: HeldMessage[];
  updatedAt: Millis;
}

export interface Uploaded {
  file: SeenFile;
  url: string;
}

export function conversationJson(held: Held, home: string): object {
  return {
    conversation_id: held.id,
    app_id: APP,
    status: held.status,
    channel_id: CHANNEL,
    // Nobody is an empty text.
    assigned_agent_id: held.agent,
    assigned_group_id: held.group,
    user_id: held.user.id,
    properties: held.properties,
    updated_time: new Date(held.updatedAt).toISOString(),
    url: `${home}/a/inbox/${held.id}`,
  };
}

export function messageJson(held: Held, { id, parts, type, by, who, at }: HeldMessage): object {
  return {
    message_parts: parts,
    app_id: APP,
    actor_id: who,
    id,
    channel_id: CHANNEL,
    conversation_id: held.id,
    message_type: type,
    actor_type: by,
    created_time: new Date(at).toISOString(),
    user_id: held.user.id,
    message_source: 'web',
  };
}

export function agentJson({ id, name }: TwinAgent, there: boolean): object {
  const [first_name, ...rest] = name.split(' ');
  return {
    id,
    first_name,
    last_name: rest.join(' '),
    avatar: { url: `https://desk.example/${id}.png` },
    email: `${id}@desk.example`,
    availability_status: there ? 'AVAILABLE' : 'UNAVAILABLE',
    is_deactivated: false,
    groups: [GROUP],
    routing_type: 'INTELLIASSIGN',
  };
}

/** A conversation through an agent’s eyes. */
export function seen(held: Held, files: ReadonlyMap<string, Uploaded>): SeenTicket {
  return {
    id: held.id,
    open: held.status !== 'resolved',
    group: held.group || null,
    assignee: held.agent || null,
    customer: { name: held.user.first_name, email: held.user.email },
    entries: held.messages.map((message) => ({
      id: message.id,
      author: message.by === 'user' ? 'customer' : message.who === US.id ? 'us' : 'agent',
      internal: message.type === 'private',
      text: wordsOf(message.parts),
      files: filesOf(message.parts, files),
    })),
    facts: JSON.stringify(held.properties),
    typing: false,
    read: false,
  };
}

interface Part {
  text?: { content?: string };
  image?: { url: string };
  file?: { url: string };
}

function wordsOf(parts: readonly object[]): string {
  return parts.flatMap((part) => (part as Part).text?.content ?? []).join('\n');
}

function filesOf(parts: readonly object[], files: ReadonlyMap<string, Uploaded>): SeenFile[] {
  return parts.flatMap((part) => {
    const { image, file } = part as Part;
    const url = image?.url ?? file?.url;
    const found = url === undefined ? undefined : files.get(new URL(url).pathname);
    return found ? [found.file] : [];
  });
}

/** What faults aim at. */
export function work({ method, path, text }: TwinRequest): TwinWork {
  if (method !== 'POST') return 'other';
  if (path.endsWith('/conversations')) return 'ticket';
  return path.endsWith('/messages') && text.includes('"actor_type":"user"') ? 'message' : 'other';
}

/** An answer as Freshchat says no. */
export function refusal(code: number, status: string): TwinAnswer {
  return { status: code, json: { code, status, message: `It is wrong: ${status}` } };
}

const place = { conversation_id: 'c1', app_id: APP, status: 'new', channel_id: CHANNEL };

/** What Freshchat tells of other things, and what nobody has seen yet. */
export const ODD: readonly unknown[] = [
  'not json',
  [],
  'null',
  {},
  { action: 'message_create' },
  { action: 'message_create', action_time: '2026-11-22T12:00:00Z', data: { message: { id: 'm1' } } },
  { action: 'conversation_danced', action_time: '2026-11-22T12:00:00Z', data: {} },
  { action: 'conversation_assignment', action_time: '2026-11-22T12:00:00Z', data: { assignment: null } },
  {
    action: 'conversation_assignment',
    action_time: '2026-11-22T12:00:00Z',
    data: { assignment: { to_agent_id: '', to_group_id: GROUP, from_agent_id: '', conversation: place } },
  },
  {
    action: 'conversation_reopen',
    action_time: '2026-11-22T12:00:00Z',
    data: { reopen: { reopener: 'user', reopener_id: 'u1', conversation: place } },
  },
  {
    action: 'message_create',
    action_time: '2026-11-22T12:00:00Z',
    data: {
      message: {
        id: 'm1',
        conversation_id: 'c1',
        actor_type: 'bot',
        actor_id: 'b1',
        created_time: '2026-11-22T12:00:00Z',
        message_parts: [{ text: { content: 'Hi, I am a bot' } }],
      },
    },
  },
];
