import type { Millis } from '@baton/core';
import type { SeenFile, SeenTicket, TwinAgent, TwinAnswer, TwinRequest, TwinWork } from '#kit/desk-twin.ts';

/** The switchboard: our own party, the agents', and a bot of Zendesk's that is asked first. */
export const PARTIES = {
  ours: { id: '5eecde2dcdbffb08f5c3ed37', name: 'baton', integrationId: '5f11a650e4e9', integrationType: 'custom' },
  agents: {
    id: '5eece1cacdbffb08f5c3ed43',
    name: 'zd-agentWorkspace',
    integrationId: '5f11a65ae4e9',
    integrationType: 'zd:agentWorkspace',
  },
  bot: {
    id: '5eece2cbcdbffb08f5c3ed44',
    name: 'zd-answerBot',
    integrationId: '5f11a66',
    integrationType: 'zd:answerBot',
  },
} as const;
export type PartyName = keyof typeof PARTIES;

export interface HeldUser {
  id: string;
  externalId: string;
  profile: { givenName?: string; email?: string; locale?: string };
}

export interface HeldMessage {
  id: string;
  at: Millis;
  author: 'customer' | 'us' | 'rule' | TwinAgent;
  /** As it shows for what is not the customer's. */
  displayName: string;
  content: Record<string, unknown>;
  activity: string | null;
  metadata: Record<string, unknown> | null;
  file: SeenFile | null;
}

/** What Zendesk itself says, as a bot or to tell of something. */
export function ruleMessage(
  displayName: string,
  text: string,
  activity: string | null,
): Omit<HeldMessage, 'id' | 'at'> {
  return { author: 'rule', displayName, content: { type: 'text', text }, activity, metadata: null, file: null };
}

export interface Held {
  id: string;
  user: HeldUser;
  metadata: Record<string, unknown>;
  active: PartyName | null;
  pending: PartyName | null;
  /** Made when agents get control: its fields are what came with it. */
  ticket: Record<string, unknown> | null;
  /** Control was offered to us while the agents had it. */
  offered: boolean;
  open: boolean;
  assignee: string | null;
  messages: HeldMessage[];
  read: boolean;
}

export function conversationJson({ id, metadata, active, pending }: Held): object {
  return {
    id,
    type: 'personal',
    metadata,
    ...(active === null ? {} : { activeSwitchboardIntegration: PARTIES[active] }),
    ...(pending === null ? {} : { pendingSwitchboardIntegration: PARTIES[pending] }),
  };
}

export function messageJson(held: Held, message: HeldMessage): object {
  const { id, at, author, displayName, content, activity, metadata } = message;
  const business = {
    type: 'business',
    displayName,
    ...(typeof author === 'object' ? { subtypes: ['agent'], avatarUrl: 'https://twin.example/dana.png' } : {}),
    ...(activity === null ? {} : { subtypes: ['activity'] }),
  };
  return {
    id,
    received: new Date(at).toISOString(),
    author: author === 'customer' ? { type: 'user', userId: held.user.id, displayName } : business,
    content,
    ...(activity === null ? {} : { activity: { type: activity } }),
    source: { type: author === 'customer' ? 'api:conversations' : 'zd:agentWorkspace' },
    ...(metadata === null ? {} : { metadata }),
  };
}

const PAGE = 100;

/** Oldest first; after a conversation, where one is named. */
export function conversationPage(own: readonly Held[], query: URLSearchParams): TwinAnswer {
  const from = own.findIndex(({ id }) => id === query.get('page[after]')) + 1;
  const some = own.slice(from, from + Number(query.get('page[size]') ?? 25));
  const hasMore = from + some.length < own.length;
  const meta = { hasMore, ...(hasMore ? { afterCursor: some.at(-1)?.id } : {}) };
  return { json: { conversations: some.map(conversationJson), meta } };
}

/** The latest, or those before one that is named. */
export function messagePage(held: Held, query: URLSearchParams): TwinAnswer {
  const before = held.messages.findIndex(({ id }) => id === query.get('page[before]'));
  const end = before === -1 ? held.messages.length : before;
  const some = held.messages.slice(Math.max(0, end - PAGE), end);
  const hasMore = end > PAGE;
  const meta = { hasMore, ...(hasMore ? { beforeCursor: some[0]?.id } : {}) };
  return { json: { messages: some.map((message) => messageJson(held, message)), meta } };
}

/** A conversation through an agent's eyes. */
export function seen(held: Held): SeenTicket {
  const fields = held.ticket ?? {};
  const group = fields['dataCapture.systemField.group_id'];
  const { givenName, email } = held.user.profile;
  return {
    id: held.id,
    open: held.active === 'agents' && held.open,
    group: typeof group === 'string' ? group : null,
    assignee: held.assignee,
    customer: { name: givenName ?? null, email: email ?? null },
    entries: visible(held).map((message) => ({
      id: message.id,
      author: message.author === 'customer' ? 'customer' : typeof message.author === 'object' ? 'agent' : 'us',
      internal: false,
      text: String(message.content.text ?? ''),
      files: message.file ? [message.file] : [],
    })),
    facts: Object.entries({ ...held.metadata, ...fields })
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
    typing: false,
    read: held.read,
  };
}

/** Agents get the last ten messages, or those from the one on that they are told; then whatever comes. */
function visible({ ticket, messages }: Held): HeldMessage[] {
  const first = messages.findIndex(({ id }) => id === ticket?.first_message_id);
  return ticket && first === -1 ? messages.slice(-10) : messages.slice(Math.max(0, first));
}

/** What faults aim at. */
export function work({ method, path, text }: TwinRequest): TwinWork {
  if (method !== 'POST') return 'other';
  if (path.endsWith('/conversations')) return 'ticket';
  return path.endsWith('/messages') && text.includes('"type":"user"') ? 'message' : 'other';
}

/** The file of an upload; null: there is none in it. */
export async function sourceOf({ headers, bytes }: TwinRequest): Promise<SeenFile | null> {
  const type = headers['content-type'] ?? '';
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const source = form.get('source');
  if (source === null || typeof source === 'string') return null;
  return { name: source.name, mime: source.type, bytes: new Uint8Array(await source.arrayBuffer()) };
}

export function refusal(status: number, code: string, title = code): TwinAnswer {
  return { status, json: { errors: [{ code, title }] } };
}

const told = (type: string, payload: object) => ({
  app: { id: 'app1' },
  webhook: { id: 'w1', version: 'v2' },
  events: [{ id: 'e1', createdAt: '2026-11-22T12:00:00.000Z', type, payload }],
});

/** What Sunshine tells of other things, and what nobody has seen yet. */
export const ODD: readonly unknown[] = [
  'not json',
  [],
  {},
  { events: [] },
  { events: [7, null, { type: 'conversation:message' }] },
  told('user:merge', { mergedUsers: {} }),
  told('conversation:create', { conversation: { id: 'c1', type: 'personal' } }),
  told('conversation:message:delivery:failure', { conversation: { id: 'c1' }, error: { code: 'x' } }),
  told('conversation:message', { conversation: { id: 'c1' } }),
  told('conversation:message', { conversation: { id: 'c1' }, message: { id: 'm', author: { type: 'business' } } }),
  told('conversation:typing', {
    conversation: { id: 'c1' },
    activity: { type: 'typing:start', author: { type: 'user' } },
  }),
  told('conversation:read', {
    conversation: { id: 'c1' },
    activity: { type: 'dancing', author: { type: 'business' } },
  }),
  told('switchboard:offerControl', { conversation: { id: 'c1' } }),
  told('switchboard:danced', { conversation: { id: 'c1' } }),
];
