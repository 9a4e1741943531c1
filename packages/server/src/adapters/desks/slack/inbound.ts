import { createHmac } from 'node:crypto';
import type { AgentRef, Millis } from '@baton/core';
import { z } from 'zod';
import type { Inspected } from '#kit/definition.ts';
import { sameSecret } from '#kit/desk-config.ts';
import { TOLERANCE_MS } from '#kit/standard-webhooks.ts';
import { ignored, jsonIn, understood } from '#kit/webhook-body.ts';
import type { DeskEvent, Received, RemoteFile } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { RawRequest } from '#ports/inbound.ts';
import { BUTTON, EMOJI, type File, type Member, Message, ticketId } from './shapes.ts';
import { plainText } from './words.ts';

/** Slack tells who somebody is by id only. */
export interface Reading {
  agentOf(user: string): AgentRef | undefined;
}

/** What an agent does besides answering. */
const ACTS = ['take', 'release', 'return', 'close', 'reopen'] as const;
export type Act = (typeof ACTS)[number];

const Envelope = z.object({
  type: z.string(),
  challenge: z.string().nullish(),
  event: z.looseObject({ type: z.string() }).nullish().catch(null),
  /** Who we are there. */
  authorizations: z
    .array(z.object({ user_id: z.string().nullish() }))
    .nullish()
    .catch(null),
});

const MessageEvent = Message.extend({ channel: z.string() });
const ReactionEvent = z.object({
  user: z.string(),
  reaction: z.string(),
  item: z.object({ type: z.literal('message'), channel: z.string(), ts: z.string() }),
  event_ts: z.string(),
});
const Pressed = z.object({
  user: z.object({ id: z.string() }),
  container: z.object({ channel_id: z.string(), message_ts: z.string(), thread_ts: z.string().nullish() }),
  actions: z.array(z.object({ action_id: z.string(), action_ts: z.string().nullish() })).min(1),
});

/** Verifies and understands what Slack sends: events as JSON, pressed buttons as a form. Pure. */
export function readRequest(secret: string, reading: Reading, request: RawRequest): Received {
  const why = doubtOf(secret, request);
  if (why !== null) throw new AdapterFailure('auth', `The webhook is refused: ${why}.`);
  return received(parsed(request.body), reading);
}

/** For inspection: whoever speaks is called by his id. */
export function inspectRequest(request: RawRequest, secret: string | null): Inspected {
  const why = secret === null ? null : doubtOf(secret, request);
  const { events } = received(parsed(request.body), { agentOf: (id) => ({ id, name: id }) });
  return { genuine: secret === null ? null : why === null, ...(why === null ? {} : { why }), events };
}

/** Genuine is `v0=` and hex of HMAC-SHA256 over `v0`, the time and the bytes as they came, with colons between. */
function doubtOf(secret: string, { headers, body, at }: RawRequest): string | null {
  const time = headers['x-slack-request-timestamp'] ?? '';
  const expected = createHmac('sha256', secret).update(`v0:${time}:`).update(body).digest('hex');
  if (!sameSecret(headers['x-slack-signature'], `v0=${expected}`)) return 'the signature is missing or does not hold';
  const fresh = /^\d{1,12}$/.test(time) && Math.abs(at - Number(time) * 1_000) <= TOLERANCE_MS;
  return fresh ? null : 'it is more than five minutes old, or from the future';
}

function received(body: unknown, reading: Reading): Received {
  const { success, data } = Envelope.safeParse(body);
  if (!success) return { events: [ignored('It has no type.')] };
  const { type, challenge, event, authorizations } = data;
  const text = (said: string) => ({ status: 200, body: said, contentType: 'text/plain; charset=utf-8' });
  switch (type) {
    case 'url_verification':
      return { events: [ignored('Slack tries the address.')], reply: text(challenge ?? '') };
    case 'block_actions':
      return { events: [pressed(body, reading)], reply: text('') };
    case 'app_rate_limited':
      return { events: [ignored('Slack holds events back for this minute; they are found by asking.')] };
    case 'event_callback':
      return { events: [event ? eventOf(event, us(authorizations), reading) : ignored('There is no event in it.')] };
    default:
      return { events: [ignored(`"${type}" is of no use here.`)] };
  }
}

function us(authorizations: z.infer<typeof Envelope>['authorizations']): readonly string[] {
  return (authorizations ?? []).flatMap(({ user_id }) => (user_id ? [user_id] : []));
}

function eventOf(event: { type: string }, own: readonly string[], reading: Reading): DeskEvent {
  switch (event.type) {
    case 'message':
      return understood(MessageEvent, event, ({ channel, ...message }) => {
        const read = messageOf(channel, message, reading);
        if (read !== 'stranger') return read;
        const ticket = ticketId(channel, message.thread_ts ?? message.ts);
        return { type: 'changed', ticket, key: `changed:said:${message.ts}` };
      });
    case 'reaction_added':
    case 'reaction_removed':
      return understood(ReactionEvent, event, ({ user, reaction, item, event_ts }) => {
        if (own.includes(user)) return ignored('Our own reaction.');
        const act = actOf(reaction, event.type === 'reaction_added');
        return act === null
          ? ignored(`A reaction that means nothing here (${reaction}).`)
          : acted(act, ticketId(item.channel, item.ts), user, event_ts, reading);
      });
    default:
      return ignored(`"${event.type}" is of no use here.`);
  }
}

/** What an emoji on the first message of a thread means, put there or taken away. */
function actOf(reaction: string, added: boolean): Act | null {
  if (reaction === EMOJI.close) return added ? 'close' : 'reopen';
  if (!added) return null;
  return reaction === EMOJI.return ? 'return' : reaction === EMOJI.take ? 'take' : null;
}

function pressed(body: unknown, reading: Reading): DeskEvent {
  return understood(Pressed, body, ({ user, container, actions: [action] }) => {
    const act = ACTS.find((one) => action?.action_id === BUTTON + one);
    if (!act || !action) return ignored('A button of something else.');
    const ticket = ticketId(container.channel_id, container.thread_ts ?? container.message_ts);
    return acted(act, ticket, user.id, action.action_ts ?? '', reading);
  });
}

/** Done by somebody whose name is known, or to be asked for. */
function acted(act: Act, ticket: string, user: string, ts: string, reading: Reading): DeskEvent {
  const agent = reading.agentOf(user);
  return agent
    ? stateOf(act, ticket, agent, user, ts)
    : { type: 'changed', ticket, key: `changed:${act}:${user}:${ts}` };
}

/** What a `changed` of ours stands for. */
export function changeIn(key: string): { said: string } | { act: Act; user: string; ts: string } | null {
  const [, what = '', first = '', second = ''] = key.split(':');
  if (what === 'said') return { said: first };
  const act = ACTS.find((one) => one === what);
  return act ? { act, user: first, ts: second } : null;
}

export function stateOf(act: Act, ticket: string, agent: AgentRef, user: string, ts: string, note = ''): DeskEvent {
  const at = timeOf(ts);
  const moment = { ticket, key: `${act}:${ticket}:${user}:${ts}`, ...(at === undefined ? {} : { at }) };
  switch (act) {
    case 'take':
      return { type: 'assigned', ...moment, agent };
    case 'release':
      return { type: 'unassigned', ...moment };
    case 'return':
      return { type: 'returned', ...moment, agent, ...(note === '' ? {} : { note }) };
    case 'close':
      return { type: 'closed', ...moment, agent };
    case 'reopen':
      return { type: 'reopened', ...moment };
  }
}

/** Messages of people: plain, with files, sent to the channel as well, "/me". */
const PEOPLE: readonly (string | null | undefined)[] = [
  undefined,
  null,
  '',
  'file_share',
  'thread_broadcast',
  'me_message',
];

/** What an agent says in a thread; `stranger`: he says something, and nobody knows his name yet. */
export function messageOf(channel: string, message: Message, reading: Reading): DeskEvent | 'stranger' {
  const { ts, thread_ts, subtype, user, bot_id, text, blocks } = message;
  if (!PEOPLE.includes(subtype)) return ignored(`A message of the type "${subtype}".`);
  if (!thread_ts || thread_ts === ts) return ignored('Not said in a thread.');
  if (bot_id || !user || user === 'USLACK') return ignored('Said by an app or by Slack itself.');
  const words = plainText(text ?? '', blocks, (id) => reading.agentOf(id)?.name);
  if (words.startsWith('//')) return ignored('Said among colleagues.');
  const files = (message.files ?? []).flatMap(fileOf);
  if (words === '' && files.length === 0) return ignored('An empty message.');
  const agent = reading.agentOf(user);
  if (!agent) return 'stranger';
  const ticket = ticketId(channel, thread_ts);
  const order = orderIn(words);
  if (order) return stateOf(order.act, ticket, agent, user, ts, order.note);
  const at = timeOf(ts);
  return {
    type: 'agent.said',
    ticket,
    key: `message:${ticket}:${ts}`,
    ...(at === undefined ? {} : { at }),
    agent,
    text: words,
    files,
    externalId: ts,
  };
}

const ORDERS: Record<string, Act> = { take: 'take', release: 'release', close: 'close', open: 'reopen' };

/** `!bot` with a note behind it, or another word that stands alone. */
function orderIn(words: string): { act: Act; note: string } | null {
  const back = /^!bot(?:\s+([\s\S]*))?$/i.exec(words);
  if (back) return { act: 'return', note: (back[1] ?? '').trim() };
  const act = ORDERS[/^!(\w+)$/.exec(words)?.[1]?.toLowerCase() ?? ''];
  return act ? { act, note: '' } : null;
}

export function agentRefOf({ id, real_name, profile }: Member): AgentRef {
  const avatar = profile?.image_192;
  return {
    id,
    name: profile?.display_name || profile?.real_name || real_name || 'Agent',
    ...(avatar && URL.canParse(avatar) ? { avatarUrl: avatar } : {}),
  };
}

/** Files that are gone, or only links to somewhere else, have no address at Slack's. */
function fileOf({ name, mimetype, size, url_private_download: download, url_private }: File): RemoteFile[] {
  const url = download || url_private;
  if (!url || !URL.canParse(url)) return [];
  return [
    { url, name: name || 'file', authorized: true, ...(mimetype ? { mime: mimetype } : {}), ...(size ? { size } : {}) },
  ];
}

/** Undefined for what is no time. */
export function timeOf(ts: string): Millis | undefined {
  return /^\d{9,11}\.\d{1,6}$/.test(ts) ? Math.floor(Number(ts) * 1_000) : undefined;
}

/** A pressed button comes as a form with JSON in it. */
function parsed(body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body);
  return jsonIn(text.startsWith('payload=') ? (new URLSearchParams(text).get('payload') ?? '') : text);
}
