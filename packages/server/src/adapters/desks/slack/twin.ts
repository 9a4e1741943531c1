import { createHmac } from 'node:crypto';
import type { Millis } from '@baton/core';
import {
  type DeskTwin,
  type SeenFile,
  serveDesk,
  TWIN_RETRY_MS,
  type TwinAgent,
  type TwinAnswer,
  type TwinRequest,
} from '#kit/desk-twin.ts';
import { type TwinDelivery, TwinWebhooks } from '#kit/twin-webhooks.ts';
import {
  AGENTS,
  BOT,
  CHANNELS,
  type HeldChannel,
  type HeldFile,
  type HeldMessage,
  memberJson,
  messageJson,
  ODD,
  putOn,
  refusal,
  seenTicket,
  takeOff,
  work,
} from './twin-store.ts';

export interface SlackTwin extends DeskTwin {
  /** In the thread, with what Slack adds: entities, blocks. Gives the message's `ts`. */
  say(ticket: string, agent: TwinAgent, text: string, more?: object): string;
  react(ticket: string, agent: TwinAgent, emoji: string): void;
  /** Somebody removes the app from a channel, or the channel goes. */
  leave(channel: string): void;
  archive(channel: string): void;
  /** More messages than so many a second into one channel are refused. */
  limit(perSecond: number): void;
}

const TEXT_LIMIT = 40_000;

/** Slack in small: Web API, members, events and pressed buttons, signed. Its API is below `/api`. */
export async function startSlack({
  token,
  secret,
  now,
}: {
  token: string;
  secret: string;
  now(): Millis;
}): Promise<SlackTwin> {
  const channels = new Map(Object.keys(CHANNELS).map((id): [string, HeldChannel] => [id, { id, messages: [] }]));
  const uploads = new Map<string, { name: string; bytes: Uint8Array; mime: string }>();
  const files = new Map<string, SeenFile>();
  const left = new Set<string>();
  const archived = new Set<string>();
  // At once, after a minute, after five; here sooner.
  const webhooks = new TwinWebhooks([50, 400, 1_200]);
  let there = true;
  let made = 0;
  let last = 0;
  let perSecond = Number.POSITIVE_INFINITY;

  /** Unique and rising, as `ts` is. */
  const nextTs = (): string => {
    last = Math.max(now() * 1_000, last + 1);
    return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`;
  };
  const place = (ticket: string): { channel: HeldChannel; root: HeldMessage } => {
    const [id = '', ts] = ticket.split(':');
    const channel = channels.get(id);
    const root = channel?.messages.find((one) => one.ts === ts);
    if (!channel || !root) throw new Error(`There is no thread ${ticket}`);
    return { channel, root };
  };
  const signed = (body: string, type: string): TwinDelivery => {
    const time = String(Math.floor(now() / 1_000));
    const signature = `v0=${createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex')}`;
    return {
      headers: { 'content-type': type, 'x-slack-request-timestamp': time, 'x-slack-signature': signature },
      body,
    };
  };
  const asEvent = (body: object) =>
    signed(
      JSON.stringify({
        token: 'verification',
        team_id: 'T0TWIN',
        api_app_id: 'A0BATON',
        event_id: `Ev${++made}`,
        event_time: Math.floor(now() / 1_000),
        authorizations: [{ enterprise_id: null, team_id: 'T0TWIN', user_id: BOT.user_id, is_bot: true }],
        ...body,
      }),
      'application/json',
    );
  const tell = (event: object) => webhooks.post(asEvent({ type: 'event_callback', event }));
  const add = (channel: HeldChannel, message: Partial<HeldMessage>): HeldMessage => {
    const full: HeldMessage = {
      thread_ts: null,
      user: null,
      username: null,
      text: '',
      blocks: undefined,
      metadata: null,
      files: [],
      reactions: [],
      ...message,
      ts: nextTs(),
    };
    channel.messages.push(full);
    const { ts } = full;
    tell({ ...messageJson(full, true), channel: channel.id, channel_type: 'channel', event_ts: ts });
    return full;
  };
  const reacted = (type: 'added' | 'removed', channel: HeldChannel, message: HeldMessage, name: string, user: string) =>
    tell({
      type: `reaction_${type}`,
      user,
      reaction: name,
      item: { type: 'message', channel: channel.id, ts: message.ts },
      item_user: BOT.user_id,
      event_ts: nextTs(),
    });
  const kept = (file: SeenFile): HeldFile => {
    const id = `F${++made}`;
    const path = `/files-pri/T0TWIN-${id}/${encodeURIComponent(file.name)}`;
    files.set(path, file);
    return { id, file, url: server.url + path };
  };

  type Values = Record<string, string>;
  type Handler = (values: Values, json: Record<string, unknown>) => TwinAnswer;

  /** The channel, or why it cannot be written to. */
  const writable = (id: string): HeldChannel | TwinAnswer => {
    const channel = channels.get(id);
    if (!channel) return refusal('channel_not_found');
    if (left.has(id)) return refusal('not_in_channel');
    if (archived.has(id)) return refusal('is_archived');
    const second = Math.floor(now() / 1_000);
    const lately = channel.messages.filter(({ ts, user }) => user === null && Math.floor(Number(ts)) === second).length;
    return lately >= perSecond
      ? { status: 429, headers: { 'retry-after': '1' }, json: { ok: false, error: 'ratelimited' } }
      : channel;
  };
  const refused = (found: object): found is TwinAnswer => !('messages' in found);
  const paged = (messages: HeldMessage[], { cursor, limit, include_all_metadata }: Values): TwinAnswer => {
    const from = Number(cursor ?? 0);
    const to = from + Number(limit ?? 100);
    return {
      json: {
        ok: true,
        messages: messages.slice(from, to).map((one) => messageJson(one, include_all_metadata === 'true')),
        has_more: to < messages.length,
        response_metadata: { next_cursor: to < messages.length ? String(to) : '' },
      },
    };
  };

  const methods: Record<string, Handler> = {
    'auth.test': () => ({ json: { ok: true, url: 'https://twin.slack.example/', team: 'Twin', ...BOT } }),
    'conversations.info': ({ channel = '' }) =>
      channels.has(channel)
        ? {
            json: {
              ok: true,
              channel: {
                id: channel,
                name: CHANNELS[channel],
                is_member: !left.has(channel),
                is_archived: archived.has(channel),
              },
            },
          }
        : refusal('channel_not_found'),
    'conversations.history'({ channel = '', oldest = '0', ...page }) {
      const messages = channels.get(channel)?.messages.filter((one) => one.thread_ts === null && one.ts >= oldest);
      return messages ? paged(messages.reverse(), page) : refusal('channel_not_found');
    },
    'conversations.replies'({ channel = '', ts, oldest = '0', latest = '9', ...page }) {
      const held = channels.get(channel);
      if (!held) return refusal('channel_not_found');
      const root = held.messages.find((one) => one.ts === ts);
      if (!root) return refusal('thread_not_found');
      const replies = held.messages.filter((one) => one.thread_ts === ts && one.ts >= oldest && one.ts <= latest);
      return paged([root, ...replies], page);
    },
    'users.info'({ user }) {
      const member = AGENTS.find(({ id }) => id === user);
      return member ? { json: { ok: true, user: memberJson(member) } } : refusal('user_not_found');
    },
    'users.getPresence': () => ({ json: { ok: true, presence: there ? 'active' : 'away' } }),
    'chat.postMessage'(_, json) {
      const channel = writable(String(json.channel));
      if (refused(channel)) return channel;
      const text = String(json.text ?? '');
      if (text === '') return refusal('no_text');
      if (text.length > TEXT_LIMIT) return refusal('msg_too_long');
      const { ts } = add(channel, {
        text,
        thread_ts: (json.thread_ts as string | undefined) ?? null,
        username: (json.username as string | undefined) ?? null,
        blocks: json.blocks,
        metadata: json.metadata ?? null,
      });
      return { json: { ok: true, channel: channel.id, ts } };
    },
    'reactions.add'(_, json) {
      const channel = writable(String(json.channel));
      if (refused(channel)) return channel;
      const message = channel.messages.find((one) => one.ts === json.timestamp);
      if (!message) return refusal('message_not_found');
      if (!putOn(message, String(json.name), BOT.user_id)) return refusal('already_reacted');
      reacted('added', channel, message, String(json.name), BOT.user_id);
      return { json: { ok: true } };
    },
    'files.getUploadURLExternal'({ filename = '', length }) {
      const id = `F${++made}`;
      uploads.set(id, { name: filename, bytes: new Uint8Array(Number(length)), mime: mimeOf(filename) });
      return { json: { ok: true, upload_url: `${server.url}/upload/v1/${id}`, file_id: id } };
    },
    'files.completeUploadExternal'(_, json) {
      const channel = writable(String(json.channel_id));
      if (refused(channel)) return channel;
      const shared = (json.files as { id: string }[]).map(({ id }) => uploads.get(id));
      if (shared.includes(undefined)) return refusal('file_not_found');
      add(channel, {
        text: String(json.initial_comment ?? ''),
        thread_ts: String(json.thread_ts),
        username: (json.username as string | undefined) ?? null,
        files: shared.flatMap((file) => (file ? [kept(file)] : [])),
      });
      return { json: { ok: true, files: json.files } };
    },
  };

  const server = await serveDesk({
    work,
    forbidden: refusal('invalid_auth'),
    handle({ method, path, headers, query, text, bytes }: TwinRequest) {
      const upload = uploads.get(path.replace('/upload/v1/', ''));
      if (upload) {
        upload.bytes = new Uint8Array(bytes);
        return { body: `OK - ${bytes.byteLength}` };
      }
      const known = headers.authorization === `Bearer ${token}`;
      const file = files.get(path);
      if (file && !known) return { headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' };
      if (file) return { headers: { 'content-type': file.mime }, body: file.bytes };
      const handler = methods[path.replace('/api/', '')];
      if (!handler) return refusal('unknown_method');
      if (!known) return refusal('invalid_auth');
      return handler(Object.fromEntries(query), method === 'POST' && text !== '' ? JSON.parse(text) : {});
    },
  });

  const says = (ticket: string, agent: TwinAgent, text: string, more: Partial<HeldMessage> = {}): string => {
    const { channel, root } = place(ticket);
    const written = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    return add(channel, { user: agent.id, thread_ts: root.ts, text: written, ...more }).ts;
  };
  const react = (ticket: string, agent: TwinAgent, emoji: string) => {
    const { channel, root } = place(ticket);
    if (putOn(root, emoji, agent.id)) reacted('added', channel, root, emoji, agent.id);
  };
  const unreact = (ticket: string, agent: TwinAgent, emoji: string) => {
    const { channel, root } = place(ticket);
    if (takeOff(root, emoji, agent.id)) reacted('removed', channel, root, emoji, agent.id);
  };
  const press = (ticket: string, agent: TwinAgent, action_id: string) => {
    const { channel, root } = place(ticket);
    const payload = {
      type: 'block_actions',
      user: { id: agent.id, username: agent.id.toLowerCase(), name: agent.id.toLowerCase(), team_id: 'T0TWIN' },
      api_app_id: 'A0BATON',
      container: { type: 'message', message_ts: root.ts, channel_id: channel.id, is_ephemeral: false },
      actions: [{ type: 'button', action_id, action_ts: nextTs() }],
    };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    webhooks.post(signed(body, 'application/x-www-form-urlencoded'));
  };
  const threads = () =>
    [...channels.values()].flatMap((channel) =>
      channel.messages.filter((one) => one.thread_ts === null).map((root) => ({ channel, root })),
    );

  return {
    ...server,
    url: `${server.url}/api`,
    agents: AGENTS,
    group: 'C0BILLING',
    webhooks,
    retryAfterMs: TWIN_RETRY_MS,
    tickets: () => threads().map(({ channel, root }) => seenTicket(channel, root)),
    ticket(id) {
      const found = threads().find(({ channel, root }) => `${channel.id}:${root.ts}` === id);
      return found ? seenTicket(found.channel, found.root) : null;
    },
    staff: (state) => {
      there = state;
    },
    say: (ticket, agent, text, more = {}) => says(ticket, agent, '', { text, ...more }),
    react,
    leave: (channel) => void left.add(channel),
    archive: (channel) => void archived.add(channel),
    limit: (count) => {
      perSecond = count;
    },
    odd: () => ODD.map((body) => asEvent(body as object)),
    agent: {
      take: async (id, agent) => press(id, agent, 'baton_take'),
      release: async (id, agent) => void says(id, agent, '!release'),
      reply: async (id, agent, text, sent = []) => says(id, agent, text, { files: sent.map(kept) }),
      note: async (id, agent, text) => void says(id, agent, `// ${text}`),
      // Slack tells neither.
      async typing() {},
      async read() {},
      async handBack(id, agent, note) {
        if (note !== undefined) return void says(id, agent, `!bot ${note}`);
        // Where his stands there already he takes it away first.
        unreact(id, agent, 'robot_face');
        react(id, agent, 'robot_face');
      },
      close: async (id, agent) => react(id, agent, 'white_check_mark'),
      reopen: async (id, agent) => unreact(id, agent, 'white_check_mark'),
    },
    async close() {
      await webhooks.close();
      await server.close();
    },
  };
}

function mimeOf(name: string): string {
  return name.endsWith('.png') ? 'image/png' : 'application/octet-stream';
}
