import type { Millis } from '@baton/core';
import type { SeenFile, SeenTicket, TwinAgent } from '#kit/desk-twin.ts';

export interface HeldContact {
  id: number;
  identifier: string | null;
  name: string;
  email: string | null;
  phone_number: string | null;
  custom_attributes: object;
}

export interface HeldMessage {
  id: number;
  content: string | null;
  message_type: 'incoming' | 'outgoing' | 'template';
  private: boolean;
  source_id: string | null;
  at: Millis;
  sender: 'customer' | 'us' | TwinAgent | null;
  files: { id: number; file: SeenFile; url: string }[];
}

export interface Held {
  id: number;
  source: string;
  contact: HeldContact;
  status: string;
  assignee: TwinAgent | null;
  team: number | null;
  custom_attributes: Record<string, unknown>;
  additional_attributes: object;
  priority: string | null;
  messages: HeldMessage[];
  typing: boolean;
  seenAt: Millis;
  updatedAt: Millis;
}

const TYPES = { incoming: 0, outgoing: 1, template: 3 } as const;

/** A conversation as API and webhooks show it. */
export function conversationJson(held: Held, there: boolean): Record<string, unknown> {
  const { contact } = held;
  const last = held.messages.findLast((message) => !message.private);
  return {
    id: held.id,
    status: held.status,
    inbox_id: 9,
    channel: 'Channel::Api',
    can_reply: true,
    contact_inbox: { id: held.id + 7_000, contact_id: contact.id, inbox_id: 9, source_id: held.source },
    custom_attributes: held.custom_attributes,
    additional_attributes: held.additional_attributes,
    priority: held.priority,
    labels: [],
    messages: last ? [{ ...messageJson(held, last, there), sender: senderJson(held, last, there) }] : [],
    meta: {
      sender: { ...contact, type: 'contact', thumbnail: '' },
      assignee: held.assignee && userJson(held.assignee, there),
      team: held.team === null ? null : { id: held.team, name: 'billing' },
    },
    updated_at: held.updatedAt / 1_000,
    timestamp: Math.floor(held.updatedAt / 1_000),
    contact_last_seen_at: Math.floor(held.seenAt / 1_000),
    account: { id: 1, name: 'Twin' },
  };
}

/** A message of the API: its type a number, its time seconds. */
export function messageJson(held: Held, message: HeldMessage, there: boolean): Record<string, unknown> {
  return {
    id: message.id,
    content: message.content,
    inbox_id: 9,
    conversation_id: held.id,
    message_type: TYPES[message.message_type],
    content_type: 'text',
    content_attributes: {},
    status: 'sent',
    created_at: Math.floor(message.at / 1_000),
    private: message.private,
    source_id: message.source_id,
    ...(message.sender === null ? {} : { sender: senderJson(held, message, there) }),
    ...(message.files.length === 0 ? {} : { attachments: attachmentsJson(message) }),
  };
}

/** The same as its webhook tells it: a word, ISO 8601, less of the sender, and the whole conversation. */
export function messageHook(held: Held, message: HeldMessage, there: boolean): object {
  const { sender } = message;
  const agent = sender === 'us' ? US : sender;
  const told =
    agent === null
      ? {}
      : agent === 'customer'
        ? { sender: { ...held.contact, avatar: '', thumbnail: '' } }
        : {
            sender: {
              id: Number(agent.id),
              name: `${agent.name} (full name)`,
              email: 'agent@desk.example',
              type: 'user',
            },
          };
  return {
    event: 'message_created',
    id: message.id,
    content: message.content,
    content_type: 'text',
    content_attributes: {},
    message_type: message.message_type,
    private: message.private,
    source_id: message.source_id,
    created_at: new Date(message.at).toISOString(),
    ...told,
    inbox: { id: 9, name: 'Baton' },
    account: { id: 1, name: 'Twin' },
    conversation: conversationJson(held, there),
    ...(message.files.length === 0 ? {} : { attachments: attachmentsJson(message) }),
  };
}

const US: TwinAgent = { id: '2', name: 'Baton' };

function senderJson(held: Held, { sender }: HeldMessage, there: boolean): object | null {
  if (sender === 'customer') return { ...held.contact, type: 'contact' };
  return sender && userJson(sender === 'us' ? US : sender, there);
}

/** `available_name` is the name for customers. */
export function userJson({ id, name }: TwinAgent, there: boolean): object {
  return {
    id: Number(id),
    name: `${name} (full name)`,
    available_name: name,
    avatar_url: '',
    thumbnail: '',
    type: 'user',
    availability_status: there ? 'online' : 'offline',
  };
}

function attachmentsJson({ id, files }: HeldMessage): object[] {
  return files.map(({ id: number, file, url }) => ({
    id: number,
    message_id: id,
    file_type: file.mime.startsWith('image/') ? 'image' : 'file',
    content_type: file.mime,
    data_url: url,
    thumb_url: '',
    file_size: file.bytes.byteLength,
  }));
}

/** A conversation through an agent's eyes. */
export function seenTicket(held: Held): SeenTicket {
  const { contact, messages } = held;
  const last = messages.findLast(({ sender }) => typeof sender === 'object' && sender !== null);
  return {
    id: String(held.id),
    open: held.status !== 'resolved',
    group: held.team === null ? null : String(held.team),
    assignee: held.assignee?.id ?? null,
    customer: { name: contact.name, email: contact.email },
    entries: messages.map((message) => ({
      id: String(message.id),
      author: message.sender === 'customer' || message.sender === 'us' ? message.sender : 'agent',
      internal: message.private,
      text: shown(message.content ?? ''),
      files: message.files.map(({ file }) => file),
    })),
    facts: [held.priority ?? '', ...lines(held.additional_attributes), ...lines(contact.custom_attributes)].join('\n'),
    typing: held.typing,
    read: held.seenAt >= (last?.at ?? 0),
  };
}

function lines(values: object): string[] {
  return Object.entries(values).map(([name, value]) => `${name}: ${value}`);
}

/** What staff writes is a Liquid template: what it calls for is put in, which for unknown names is nothing. */
export function executed(content: string): string {
  const code: string[] = [];
  const kept = content.replace(/`[\s\S]*?`/g, (whole) => `\ue000${code.push(whole) - 1}\ue000`);
  return kept
    .replace(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g, '')
    .replace(/\ue000(\d+)\ue000/g, (_, index) => code[Number(index)] ?? '');
}

/** Markdown as its screen shows it: pairs of marks are gone, escaped ones stay. */
function shown(content: string): string {
  const escaped: string[] = [];
  return content
    .replace(/\\([!-/:-@[-`{-~])/g, (_, sign) => `\ue000${escaped.push(sign) - 1}\ue000`)
    .replace(/(\*\*|[*`]|~~|(?<!\w)_)(?=\S)(.+?)(?<=\S)\1(?!\w)/g, '$2')
    .replace(/^(#{1,6}|>) /gm, '')
    .replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: '<', gt: '>', amp: '&' })[name as 'lt' | 'gt' | 'amp'])
    .replace(/\ue000(\d+)\ue000/g, (_, index) => escaped[Number(index)] ?? '');
}
