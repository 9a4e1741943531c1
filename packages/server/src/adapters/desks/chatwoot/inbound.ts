import { createHmac } from 'node:crypto';
import type { AgentRef, Millis } from '@baton/core';
import { z } from 'zod';
import type { Inspected } from '#kit/definition.ts';
import { sameSecret } from '#kit/desk-config.ts';
import { nameIn } from '#kit/remote-file.ts';
import { TOLERANCE_MS } from '#kit/standard-webhooks.ts';
import { ignored, jsonIn, understood } from '#kit/webhook-body.ts';
import type { DeskEvent, Received, RemoteFile } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { RawRequest } from '#ports/inbound.ts';
import { Conversation, Message, User } from './client.ts';

const Change = z.object({ previous_value: z.unknown(), current_value: z.unknown() });

/** A conversation's webhook: the conversation is the body itself, with the last words in it. */
const ConversationHook = Conversation.extend({
  messages: z
    .array(z.object({ message_type: z.union([z.string(), z.number()]) }))
    .nullish()
    .catch(null),
  changed_attributes: z.array(z.record(z.string(), Change)).nullish().catch(null),
});
type ConversationHook = z.infer<typeof ConversationHook>;

const MessageHook = Message.extend({
  /** With the last message in it, which says more of its sender than the message beside it does. */
  conversation: z.object({
    id: z.number(),
    messages: z
      .array(z.object({ id: z.number(), sender: User.nullish().catch(null) }))
      .nullish()
      .catch(null),
  }),
});

const TypingHook = z.object({
  conversation: z.object({ id: z.number() }),
  user: User.nullish(),
  is_private: z.boolean().nullish(),
});

/**
 * Verifies and understands a webhook of Chatwoot's. Pure. Servers before 4.12 sign nothing: then `secret` is not set, and the
 * address is all that proves it.
 */
export function readWebhook(secret: string | undefined, request: RawRequest): Received {
  const why = secret === undefined ? null : doubtOf(secret, request);
  if (why !== null) throw new AdapterFailure('auth', `The webhook is refused: ${why}.`);
  return { events: [readEvent(jsonIn(request.body))] };
}

export function inspectWebhook(request: RawRequest, secret: string | null): Inspected {
  const why = secret === null ? null : doubtOf(secret, request);
  const genuine = secret === null ? null : why === null;
  return { genuine, ...(why === null ? {} : { why }), events: [readEvent(jsonIn(request.body))] };
}

/** Genuine is `sha256=` and hex of HMAC-SHA256 over the time, a dot and the bytes as they came. Null: no doubt. */
function doubtOf(secret: string, { headers, body, at }: RawRequest): string | null {
  const time = headers['x-chatwoot-timestamp'];
  const signature = headers['x-chatwoot-signature'];
  if (time === undefined || signature === undefined)
    return 'it is not signed; where the server is older than 4.12, leave the webhook secret empty';
  const expected = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');
  if (!sameSecret(signature, `sha256=${expected}`)) return 'the signature does not hold';
  const fresh = /^\d{1,12}$/.test(time) && Math.abs(at - Number(time) * 1_000) <= TOLERANCE_MS;
  return fresh ? null : 'it is more than five minutes old, or from the future';
}

function readEvent(body: unknown): DeskEvent {
  const named = z.object({ event: z.string() }).safeParse(body);
  if (!named.success) return ignored('It names no event.');
  const { event } = named.data;
  switch (event) {
    case 'message_created':
      return understood(MessageHook, body, ({ conversation, ...message }) => {
        const shown = conversation.messages?.find(({ id }) => id === message.id)?.sender;
        const sender =
          message.sender && shown?.id === message.sender.id ? { ...message.sender, ...shown } : message.sender;
        return agentSaid(String(conversation.id), { ...message, sender });
      });
    case 'conversation_updated':
      return understood(ConversationHook, body, assignment);
    case 'conversation_status_changed':
      return understood(ConversationHook, body, statusChange);
    case 'conversation_typing_on':
    case 'conversation_typing_off':
      return understood(TypingHook, body, ({ conversation, user, is_private }) =>
        user?.type === 'user' && !is_private
          ? {
              type: 'agent.typing',
              ticket: String(conversation.id),
              agent: agentOf(user),
              on: event === 'conversation_typing_on',
            }
          : ignored('Somebody types, but no agent to the customer.'),
      );
    default:
      return ignored(`"${event}" is of no use here.`);
  }
}

/** What an agent says to the customer, from webhook or API; everything else that is a message is ignored, and says why. */
export function agentSaid(ticket: string, message: Message): DeskEvent {
  const { id, sender, content } = message;
  if (message.private) return ignored('A private note.');
  switch (message.message_type) {
    case 'incoming':
    case 0:
      return ignored('What the customer said.');
    case 'outgoing':
    case 1:
      break;
    default:
      return ignored(`An automatic message (${message.message_type}).`);
  }
  if (sender?.type !== 'user') return ignored('Said by a bot or a rule of Chatwoot’s, not by an agent.');
  if (message.content_attributes?.deleted) return ignored('A message that was deleted.');
  const files = (message.attachments ?? []).flatMap(fileOf);
  const text = (content ?? '').trim();
  if (text === '' && files.length === 0) return ignored('An empty message.');
  return {
    type: 'agent.said',
    ticket,
    key: `message:${id}`,
    ...timeOf(message.created_at),
    agent: agentOf(sender),
    text,
    files,
    externalId: String(id),
  };
}

/** Who has it now. A status that changed in the same step is told by a webhook of its own. */
function assignment(hook: ConversationHook): DeskEvent {
  const change = changesOf(hook).assignee_id;
  if (!change) return ignored('The conversation changed, but not who has it.');
  const { assignee } = hook.meta ?? {};
  const { current_value: now } = change;
  const moment = momentOf(hook, `assignee:${now}`);
  if (now === null || now === undefined) return { type: 'unassigned', ...moment };
  // The body tells how it is when it is sent, which may be later than the change.
  if (!assignee || assignee.id !== Number(now)) return ignored('Somebody else has it by now: another webhook tells.');
  return { type: 'assigned', ...moment, agent: agentOf(assignee) };
}

function statusChange(hook: ConversationHook): DeskEvent {
  const change = changesOf(hook).status;
  const before = change?.previous_value ?? null;
  const now = change?.current_value ?? hook.status;
  const moment = momentOf(hook, `status:${before}:${now}`);
  if (now === 'resolved') return { type: 'closed', ...moment, agent: null };
  // A customer who writes into a resolved conversation makes it pending where a bot of Chatwoot's is at work: nobody gave it back.
  if (now === 'pending' && !(before === 'resolved' && isCustomers(hook.messages?.at(-1)?.message_type)))
    return { type: 'returned', ...moment, agent: null };
  if (now === 'open' && before !== 'snoozed') return { type: 'reopened', ...moment };
  return ignored(`From ${before} to ${now}: nothing ended or began.`);
}

export function isCustomers(type: Message['message_type'] | undefined): boolean {
  return type === 'incoming' || type === 0;
}

/** Each change has a key of its own; it carries the time of the change where that is told. */
function momentOf(hook: ConversationHook, what: string): { ticket: string; key: string; at?: Millis } {
  const changed = changesOf(hook).updated_at?.current_value;
  const at = typeof changed === 'string' ? Date.parse(changed) : (hook.updated_at ?? Number.NaN) * 1_000;
  const ticket = String(hook.id);
  const known = Number.isNaN(at) ? {} : { at: Math.floor(at) };
  return { ticket, key: `${what}:${ticket}:${known.at ?? 'unknown'}`, ...known };
}

function changesOf({ changed_attributes: changes }: ConversationHook): Record<string, z.infer<typeof Change>> {
  return Object.assign({}, ...(changes ?? []));
}

export function agentOf({ id, name, available_name, avatar_url, thumbnail }: User): AgentRef {
  const avatar = avatar_url || thumbnail;
  return {
    id: String(id),
    name: available_name || name || 'Agent',
    ...(avatar && URL.canParse(avatar) ? { avatarUrl: avatar } : {}),
  };
}

/** Places, contacts and the like have no address to fetch from. The name of a file stands in its address only. */
function fileOf({
  data_url: url,
  content_type: mime,
  file_size: size,
}: NonNullable<Message['attachments']>[number]): RemoteFile[] {
  if (!url || !URL.canParse(url)) return [];
  return [{ url, name: nameIn(url), ...(mime ? { mime } : {}), ...(size ? { size } : {}) }];
}

/** Seconds from the API, ISO 8601 from webhooks. */
function timeOf(time: string | number): { at: Millis; tick?: Millis } {
  return typeof time === 'number' ? { at: time * 1_000, tick: 1_000 } : { at: Date.parse(time) };
}
