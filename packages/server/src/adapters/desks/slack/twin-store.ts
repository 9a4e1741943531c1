import type { SeenFile, SeenTicket, TwinAgent, TwinAnswer, TwinRequest, TwinWork } from '#kit/desk-twin.ts';

export const AGENTS = [
  { id: 'U0DANA', name: 'Dana Scully' },
  { id: 'U0KIM', name: 'Kim O’Neil' },
] as const;
/** Our app. */
export const BOT = { user_id: 'U0BATON', bot_id: 'B0BATON' };
export const CHANNELS: Record<string, string> = { C0SUPPORT: 'support', C0BILLING: 'billing' };

export interface HeldFile {
  id: string;
  file: SeenFile;
  url: string;
}

export interface HeldMessage {
  ts: string;
  thread_ts: string | null;
  /** A member; null: our app. */
  user: string | null;
  username: string | null;
  /** As Slack keeps it: `&`, `<`, `>` as entities. */
  text: string;
  blocks: unknown;
  metadata: unknown;
  files: HeldFile[];
  reactions: { name: string; users: string[] }[];
}

export interface HeldChannel {
  id: string;
  messages: HeldMessage[];
}

export function refusal(error: string): TwinAnswer {
  return { json: { ok: false, error } };
}

export function work({ path, text }: TwinRequest): TwinWork {
  if (path.endsWith('/files.completeUploadExternal')) return 'message';
  if (!path.endsWith('/chat.postMessage')) return 'other';
  const { thread_ts, username } = JSON.parse(text) as Record<string, string | undefined>;
  return thread_ts === undefined ? 'ticket' : username === undefined ? 'other' : 'message';
}

export function fileJson({ id, file, url }: HeldFile): object {
  const { name, mime, bytes } = file;
  return { id, name, title: name, mimetype: mime, size: bytes.byteLength, mode: 'hosted', url_private: url };
}

/** A message as API and events show it; `metadata` only where it is asked for. */
export function messageJson(message: HeldMessage, withMetadata: boolean): Record<string, unknown> {
  const { ts, thread_ts, user, username, text, blocks, metadata, files, reactions } = message;
  return {
    type: 'message',
    ...(user === null
      ? { user: BOT.user_id, bot_id: BOT.bot_id, app_id: 'A0BATON' }
      : { user, client_msg_id: `m-${ts}` }),
    ...(username === null ? {} : { username, subtype: 'bot_message' }),
    ...(files.length > 0 && user !== null ? { subtype: 'file_share' } : {}),
    text,
    ts,
    ...(thread_ts === null ? {} : { thread_ts }),
    ...(blocks === undefined ? {} : { blocks }),
    ...(files.length === 0 ? {} : { files: files.map(fileJson) }),
    ...(reactions.length === 0 ? {} : { reactions: reactions.map((one) => ({ ...one, count: one.users.length })) }),
    ...(withMetadata && metadata ? { metadata } : {}),
  };
}

export function putOn(message: HeldMessage, name: string, user: string): boolean {
  const known = message.reactions.find((one) => one.name === name);
  if (known?.users.includes(user)) return false;
  if (known) known.users.push(user);
  else message.reactions.push({ name, users: [user] });
  return true;
}

export function takeOff(message: HeldMessage, name: string, user: string): boolean {
  const known = message.reactions.find((one) => one.name === name);
  if (!known?.users.includes(user)) return false;
  known.users = known.users.filter((other) => other !== user);
  message.reactions = message.reactions.filter(({ users }) => users.length > 0);
  return true;
}

/** A thread through an agent's eyes. What is told of the customer stands in the notes only. */
export function seenTicket(channel: HeldChannel, root: HeldMessage): SeenTicket {
  const thread = channel.messages.filter((one) => one === root || one.thread_ts === root.ts);
  const words = thread.map(({ text }) => shown(text)).join('\n');
  const name = /^Customer: (.+) \(identity/m.exec(words)?.[1] ?? null;
  return {
    id: `${channel.id}:${root.ts}`,
    open: !root.reactions.some((one) => one.name === 'white_check_mark'),
    group: channel.id,
    assignee: null,
    customer: {
      name: name === 'Name not known' ? null : name,
      email: /^E-mail: (.+)$/m.exec(words)?.[1] ?? null,
    },
    entries: thread.map(({ ts, user, username, text, files }) => ({
      id: ts,
      author: user !== null ? 'agent' : username?.endsWith('(customer)') ? 'customer' : 'us',
      internal: user === null && username === null,
      text: username && !username.endsWith('(customer)') ? `${username}: ${shown(text)}` : shown(text),
      files: files.map(({ file }) => file),
    })),
    facts: '',
    typing: false,
    read: false,
  };
}

function shown(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

export function memberJson({ id, name }: TwinAgent): object {
  return {
    id,
    name: id.toLowerCase(),
    real_name: `${name} (full name)`,
    is_bot: false,
    profile: { display_name: name, real_name: `${name} (full name)`, image_192: `https://avatars.example/${id}.png` },
  };
}

const MESSAGE = { type: 'message', channel: 'C0SUPPORT', user: 'U0DANA', ts: '1795348860.000100', text: 'Hello' };
const THREAD = { ...MESSAGE, thread_ts: '1795348800.000100' };

/** Of use to nobody here, in shapes as they are and as they are not. */
export const ODD: readonly unknown[] = [
  { type: 'event_callback', event: MESSAGE },
  { type: 'event_callback', event: { ...THREAD, type: 'app_mention' } },
  { type: 'event_callback', event: { ...THREAD, subtype: 'message_changed', message: THREAD, hidden: true } },
  { type: 'event_callback', event: { ...THREAD, subtype: 'message_deleted', deleted_ts: THREAD.ts } },
  { type: 'event_callback', event: { ...THREAD, subtype: 'channel_join' } },
  { type: 'event_callback', event: { ...THREAD, bot_id: 'B0OTHER' } },
  { type: 'event_callback', event: { ...THREAD, user: 'USLACK' } },
  { type: 'event_callback', event: { ...THREAD, text: '' } },
  { type: 'event_callback', event: { ...THREAD, ts: 7 } },
  {
    type: 'event_callback',
    event: {
      type: 'reaction_added',
      user: 'U0DANA',
      reaction: '+1',
      item: { type: 'message', channel: 'C0SUPPORT', ts: THREAD.ts },
      event_ts: '1795348870.000100',
    },
  },
  { type: 'event_callback', event: { type: 'reaction_added', user: 'U0DANA', item: {} } },
  { type: 'event_callback', event: { type: 'hologram_shown' } },
  { type: 'event_callback' },
  { type: 'app_rate_limited', minute_rate_limited: 1_795_348_860 },
  { type: 'url_verification', challenge: '3eZbrw1a' },
  {
    type: 'block_actions',
    user: { id: 'U0DANA' },
    container: { channel_id: 'C0SUPPORT', message_ts: THREAD.ts },
    actions: [{ action_id: 'other' }],
  },
  { type: 'view_submission' },
];
