import type { KeyObject } from 'node:crypto';
import type { AgentRef, Millis } from '@baton/core';
import { z } from 'zod';
import type { Inspected } from '#kit/definition.ts';
import { nameIn } from '#kit/remote-file.ts';
import { ignored, jsonIn, understood } from '#kit/webhook-body.ts';
import type { DeskEvent, Received, RemoteFile } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { RawRequest } from '#ports/inbound.ts';
import { type Agent, Message, type MessagePart } from './client.ts';
import { isSigned, publicKeyOf } from './signature.ts';

const Hook = z.object({ action: z.string(), action_time: z.string(), data: z.unknown() });
const Place = z.object({ conversation_id: z.string() });
const Created = z.object({ message: Message.extend({ conversation_id: z.string() }) });
const Assigned = z.object({
  assignment: z.object({
    to_agent_id: z.string().nullish(),
    to_group_id: z.string().nullish(),
    from_agent_id: z.string().nullish(),
    from_group_id: z.string().nullish(),
    conversation: Place,
  }),
});
const Resolved = z.object({
  resolve: z.object({ resolver: z.string().nullish(), resolver_id: z.string().nullish(), conversation: Place }),
});
const Reopened = z.object({ reopen: z.object({ reopener: z.string().nullish(), conversation: Place }) });

/** Which agent writes for Baton, and which group is the bot's. */
export interface Reading {
  agent: string | null;
  botGroup: string | null;
  /** Webhooks tell an agent's id only. Undefined: he is not at hand, and is asked for. */
  agentOf(id: string): AgentRef | undefined;
}

/** Verifies and understands a webhook of Freshchat's. Pure. */
export function readWebhook(key: KeyObject, reading: Reading, request: RawRequest): Received {
  if (!isSigned(key, request.body, request.headers['x-freshchat-signature']))
    throw new AdapterFailure('auth', 'The webhook is refused: its signature does not hold.');
  return { events: [readEvent(request.body, reading)] };
}

/** `secret` is the public key. */
export function inspectWebhook(request: RawRequest, secret: string | null): Inspected {
  const anybody = { agent: null, botGroup: null, agentOf: (id: string) => agentRef(id, null) };
  const events = [readEvent(request.body, anybody)];
  if (secret === null) return { genuine: null, events };
  const key = publicKeyOf(secret);
  if (key === null) return { genuine: false, why: 'what was given is no RSA public key', events };
  return isSigned(key, request.body, request.headers['x-freshchat-signature'])
    ? { genuine: true, events }
    : { genuine: false, why: 'the signature does not hold', events };
}

function readEvent(body: Uint8Array, reading: Reading): DeskEvent {
  const hook = Hook.safeParse(jsonIn(body));
  if (!hook.success) return ignored('No webhook that names an action and its time.');
  const { action, action_time, data } = hook.data;
  /** Each change has a key of its own: Freshchat sends it again under the same time. */
  const moment = (ticket: string, what: string) => ({
    ticket,
    key: `${what}:${ticket}:${action_time}`,
    ...atOf(action_time),
  });
  switch (action) {
    case 'message_create':
      return understood(Created, data, ({ message }) => said(message, message.conversation_id, reading));
    case 'conversation_assignment':
      return understood(Assigned, data, ({ assignment }) => {
        const { to_agent_id: to, to_group_id: group, from_agent_id: from, from_group_id, conversation } = assignment;
        const ticket = conversation.conversation_id;
        const changed: DeskEvent = { type: 'changed', ticket, key: `assignment:${ticket}:${action_time}` };
        // What the bot is to know stands in a note; what leaves its group can be given back once more.
        if (reading.botGroup !== null && [group, from_group_id].includes(reading.botGroup)) return changed;
        if (to && to !== reading.agent) {
          const agent = reading.agentOf(to);
          return agent ? { type: 'assigned', ...moment(ticket, `assigned:${to}`), agent } : changed;
        }
        return from && from !== reading.agent
          ? { type: 'unassigned', ...moment(ticket, 'unassigned') }
          : ignored('Assigned to a group: nobody has it yet.');
      });
    case 'conversation_resolution':
      return understood(Resolved, data, ({ resolve: { resolver, resolver_id: by, conversation } }) => ({
        type: 'closed',
        ...moment(conversation.conversation_id, 'closed'),
        agent: (resolver === 'agent' && by && by !== reading.agent && reading.agentOf(by)) || null,
      }));
    case 'conversation_reopen':
      return understood(Reopened, data, ({ reopen: { reopener, conversation } }) =>
        reopener === 'user'
          ? ignored('Open again, because the customer wrote.')
          : { type: 'reopened', ...moment(conversation.conversation_id, 'reopened') },
      );
    default:
      return ignored(`"${action}" is of no use here.`);
  }
}

/** What an agent says to the customer, from webhook or API, or why a message is ignored. */
export function said(message: Message, ticket: string, { agent: us, agentOf }: Reading): DeskEvent {
  const { id, actor_type: by, actor_id: who, created_time, message_type: type } = message;
  if (type === 'private') return ignored('A private note.');
  if (by !== 'agent') return ignored(by === 'user' ? 'What the customer said.' : `Said by the ${by}, not by an agent.`);
  if (who === null) return ignored('Said by an agent who is not named.');
  if (who === us) return ignored('Our own message.');
  const parts = flat(message.message_parts ?? []);
  const text = parts.flatMap(textOf).join('\n').trim();
  const files = parts.flatMap(filesOf);
  if (text === '' && files.length === 0) return ignored('An empty message.');
  const agent = agentOf(who);
  if (!agent) return { type: 'changed', ticket, key: `unnamed:${id}` };
  return {
    type: 'agent.said',
    ticket,
    key: `message:${id}`,
    ...atOf(created_time),
    agent,
    text,
    files,
    externalId: id,
  };
}

/** What an agent wants the bot to know: a private note that begins with "bot:". Null: the message is no such note. */
export function noteForBot(message: Message, us: string): string | null {
  if (message.message_type !== 'private' || message.actor_id === us) return null;
  const [, words] = /^\s*bot:\s*([\s\S]*)$/i.exec(wordsOf(message)) ?? [];
  return words?.trim() || null;
}

/** All words of a message. */
export function wordsOf(message: Message): string {
  return flat(message.message_parts ?? [])
    .flatMap(textOf)
    .join('\n');
}

export function agentRef(id: string, agent: Agent | null): AgentRef {
  const name = [agent?.first_name, agent?.last_name].filter(Boolean).join(' ');
  const avatar = agent?.avatar?.url;
  return { id, name: name || 'Agent', ...(avatar && URL.canParse(avatar) ? { avatarUrl: avatar } : {}) };
}

/** Cards hold parts in parts. */
function flat(parts: readonly MessagePart[]): MessagePart[] {
  return parts.flatMap((part) => [part, ...flat(part.collection?.sub_parts ?? [])]);
}

function textOf({ text, url_button: button }: MessagePart): string[] {
  if (text?.content) return [text.content];
  return button?.url ? [[button.label, button.url].filter(Boolean).join(': ')] : [];
}

function filesOf({ image, video, file }: MessagePart): RemoteFile[] {
  return [image && { url: image.url }, video, file].flatMap((one) => {
    const { url, name, content_type: mime, file_size_in_bytes: size }: NonNullable<typeof file> = one ?? {};
    if (!url || !URL.canParse(url)) return [];
    return [{ url, name: name || nameIn(url), ...(mime ? { mime } : {}), ...(size ? { size } : {}) }];
  });
}

function atOf(time: string): { at?: Millis } {
  const at = Date.parse(time);
  return Number.isNaN(at) ? {} : { at };
}
