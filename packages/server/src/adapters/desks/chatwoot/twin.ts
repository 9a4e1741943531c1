import { createHmac } from 'node:crypto';
import type { Millis } from '@baton/core';
import {
  type DeskTwin,
  type SeenFile,
  serveDesk,
  TWIN_RETRY_MS,
  type TwinAnswer,
  type TwinRequest,
} from '#kit/desk-twin.ts';
import { type TwinDelivery, TwinWebhooks } from '#kit/twin-webhooks.ts';
import { draftOf, ODD, work } from './twin-calls.ts';
import {
  conversationJson,
  executed,
  type Held,
  type HeldContact,
  type HeldMessage,
  messageHook,
  messageJson,
  seenTicket,
  userJson,
} from './twin-store.ts';

export interface ChatwootTwin extends DeskTwin {
  /** A bot of Chatwoot's works on the inbox: new conversations are pending. */
  bot(active: boolean): void;
  /** Agents have blocked everybody: conversations are closed as they are made. */
  block(all: boolean): void;
  /** A person deletes a conversation. */
  remove(ticket: string): void;
  /** The server greets, surveys or is away. */
  greet(ticket: string, text: string): void;
  /** An agent or a rule gives it this status. */
  become(ticket: string, status: string): void;
}

const AGENTS = [
  { id: '5', name: 'Dana Scully' },
  { id: '6', name: 'Kim O’Neil' },
] as const;
const TEAM = 3;
const CONTENT_LIMIT = 150_000;
/** Messages into one conversation within a minute. */
const MINUTE_LIMIT = 200;

/** Chatwoot in small, with one API inbox (9) in one account (1): both APIs, agents, webhooks, signed where there is a `secret`. */
export async function startChatwoot({
  token,
  identifier,
  secret,
  now,
}: {
  token: string;
  identifier: string;
  secret?: string;
  now(): Millis;
}): Promise<ChatwootTwin> {
  const contacts: HeldContact[] = [];
  const places = new Map<string, HeldContact>();
  const conversations: Held[] = [];
  const files = new Map<string, SeenFile>();
  // Chatwoot tries the webhook of an inbox once.
  const webhooks = new TwinWebhooks();
  let there = true;
  let botActive = false;
  let blocking = false;
  let made = 100;
  let delivered = 0;

  const find = (id: string | undefined): Held => {
    const found = conversations.find((one) => String(one.id) === id);
    if (!found) throw new Error(`There is no conversation ${id}`);
    return found;
  };
  const signed = (body: string): TwinDelivery => {
    const time = String(Math.floor(now() / 1_000));
    const headers = { 'content-type': 'application/json', 'x-chatwoot-delivery': `delivery-${++delivered}` };
    if (secret === undefined) return { headers, body };
    const signature = `sha256=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;
    return { headers: { ...headers, 'x-chatwoot-timestamp': time, 'x-chatwoot-signature': signature }, body };
  };
  const tell = (body: object) => webhooks.post(signed(JSON.stringify(body)));
  const tellChange = (held: Held, name: string, before: unknown, after: unknown) => {
    const was = new Date(held.updatedAt).toISOString();
    held.updatedAt = now();
    const changed_attributes = [
      { [name]: { previous_value: before, current_value: after } },
      { updated_at: { previous_value: was, current_value: new Date(held.updatedAt).toISOString() } },
    ];
    const data = { ...conversationJson(held, there), changed_attributes };
    if (name === 'status') tell({ ...data, event: 'conversation_status_changed' });
    tell({ ...data, event: 'conversation_updated' });
  };
  const setStatus = (held: Held, status: string) => {
    const before = held.status;
    held.status = status;
    if (before !== status) tellChange(held, 'status', before, status);
  };
  const assign = (held: Held, agent: Held['assignee']) => {
    const before = held.assignee;
    held.assignee = agent;
    tellChange(held, 'assignee_id', before && Number(before.id), agent && Number(agent.id));
  };
  const say = (
    held: Held,
    message: Pick<HeldMessage, 'sender'> & Partial<HeldMessage>,
    sent: readonly SeenFile[] = [],
  ) => {
    const { message_type = 'outgoing', content = null } = message;
    const full: HeldMessage = {
      id: ++made,
      source_id: null,
      at: now(),
      private: false,
      ...message,
      message_type,
      content: message_type === 'incoming' || content === null ? content : executed(content),
      files: sent.map(kept),
    };
    held.messages.push(full);
    if (message_type === 'incoming' && held.status === 'resolved') setStatus(held, botActive ? 'pending' : 'open');
    tell(messageHook(held, full, there));
    return full;
  };
  const kept = (file: SeenFile) => {
    const path = `/rails/active_storage/disk/${++made}/${encodeURIComponent(file.name)}`;
    files.set(path, file);
    return { id: made, file, url: server.url + path.replace('/disk/', '/blobs/redirect/') };
  };

  type Handler = (request: TwinRequest, ...ids: string[]) => TwinAnswer | Promise<TwinAnswer>;
  const staff: [string, RegExp, Handler][] = [
    ['GET', /^\/profile$/, () => ({ json: { id: 2, name: 'Baton' } })],
    [
      'GET',
      /^\/accounts\/1\/inboxes\/9$/,
      () => ({ json: { id: 9, name: 'Baton', channel_type: 'Channel::Api', inbox_identifier: identifier } }),
    ],
    [
      'GET',
      /^\/accounts\/1\/inbox_members\/9$/,
      () => ({ json: { payload: AGENTS.map((one) => userJson(one, there)) } }),
    ],
    ['GET', /^\/accounts\/1\/teams\/3\/team_members$/, () => ({ json: AGENTS.map((one) => userJson(one, there)) })],
    ['GET', /^\/accounts\/1\/contacts\/(\d+)\/conversations$/, (_, id) => ({ json: { payload: conversationsOf(id) } })],
    ['POST', /^\/accounts\/1\/conversations$/, ({ text }) => openConversation(JSON.parse(text))],
    ['GET', /^\/accounts\/1\/conversations\/(\d+)$/, (_, id) => ({ json: conversationJson(find(id), there) })],
    ['GET', /^\/accounts\/1\/conversations\/(\d+)\/messages$/, ({ query }, id) => page(find(id), query)],
    ['POST', /^\/accounts\/1\/conversations\/(\d+)\/messages$/, (request, id) => write(find(id), request)],
    [
      'POST',
      /^\/accounts\/1\/conversations\/(\d+)\/toggle_status$/,
      ({ text }, id) => {
        setStatus(find(id), JSON.parse(text).status);
        return { json: { meta: {}, payload: { success: true, current_status: find(id).status } } };
      },
    ],
    [
      'POST',
      /^\/accounts\/1\/conversations\/(\d+)\/toggle_priority$/,
      ({ text }, id) => {
        find(id).priority = JSON.parse(text).priority;
        return { body: '' };
      },
    ],
  ];
  const client: [string, RegExp, Handler][] = [
    ['POST', /^\/contacts$/, ({ text }) => ({ json: addContact(JSON.parse(text)) })],
    ['GET', /^\/contacts\/([^/]+)$/, (_, source = '') => placeJson(source)],
    [
      'POST',
      /^\/contacts\/[^/]+\/conversations\/(\d+)\/toggle_typing$/,
      ({ text }, id) => {
        const held = find(id);
        held.typing = JSON.parse(text).typing_status === 'on';
        tell({
          event: `conversation_typing_${held.typing ? 'on' : 'off'}`,
          user: held.contact,
          conversation: conversationJson(held, there),
          is_private: false,
        });
        return { body: '' };
      },
    ],
    [
      'POST',
      /^\/contacts\/[^/]+\/conversations\/(\d+)\/update_last_seen$/,
      (_, id) => {
        find(id).seenAt = now();
        return { body: '' };
      },
    ],
  ];

  const server = await serveDesk({
    work,
    forbidden: { status: 401, json: { error: 'Invalid Access Token' } },
    handle(request) {
      const { method, path, headers } = request;
      const blob = path.replace('/blobs/redirect/', '/disk/');
      if (path !== blob) return { status: 302, headers: { location: blob } };
      const file = files.get(path);
      if (file) return { headers: { 'content-type': file.mime }, body: file.bytes };
      const own = `/public/api/v1/inboxes/${identifier}`;
      const [routes, below] = path.startsWith(own)
        ? [client, path.slice(own.length)]
        : [staff, path.slice('/api/v1'.length)];
      if (routes === staff && headers.api_access_token !== token)
        return { status: 401, json: { error: 'Invalid Access Token' } };
      for (const [verb, pattern, handler] of routes) {
        const match = verb === method ? pattern.exec(below) : null;
        const id = match?.[1];
        const gone = below.includes('/conversations/') && id && !conversations.some((one) => String(one.id) === id);
        if (match && !gone) return handler(request, ...match.slice(1));
      }
      return { status: 404, json: { error: 'Resource could not be found' } };
    },
  });

  function conversationsOf(contact: string | undefined): object[] {
    const own = conversations.filter((one) => String(one.contact.id) === contact);
    return own
      .slice(-20)
      .reverse()
      .map((one) => conversationJson(one, there));
  }

  /** By place, then by identifier, e-mail and phone number, whoever these belong to. */
  function addContact(body: Partial<HeldContact> & { source_id: string }): object {
    const same = (field: 'identifier' | 'email' | 'phone_number') =>
      contacts.find((one) => body[field] && one[field] === body[field]);
    let contact = places.get(body.source_id) ?? same('identifier') ?? same('email') ?? same('phone_number');
    if (!contact) {
      const { identifier = null, email = null, phone_number = null, custom_attributes = {} } = body;
      contact = { id: ++made, identifier, email, phone_number, custom_attributes, name: body.name || 'icy-frost-23' };
      contacts.push(contact);
    }
    places.set(body.source_id, contact);
    return { source_id: body.source_id, pubsub_token: 'p', ...contact };
  }

  function placeJson(source: string): TwinAnswer {
    const contact = places.get(decodeURIComponent(source));
    return contact
      ? { json: { source_id: source, ...contact } }
      : { status: 404, json: { error: 'Resource could not be found' } };
  }

  function openConversation(body: Record<string, unknown> & { source_id: string }): TwinAnswer {
    const contact = places.get(body.source_id);
    if (!contact) return { status: 404, json: { error: 'Resource could not be found' } };
    if (body.team_id !== undefined && body.team_id !== TEAM)
      return { status: 422, json: { message: 'Team must exist' } };
    const held: Held = {
      id: conversations.length + 118,
      source: body.source_id,
      contact,
      status: blocking ? 'resolved' : botActive ? 'pending' : String(body.status),
      assignee: null,
      team: (body.team_id as number | undefined) ?? null,
      custom_attributes: body.custom_attributes as Record<string, unknown>,
      additional_attributes: body.additional_attributes as object,
      priority: null,
      messages: [],
      typing: false,
      seenAt: 0,
      updatedAt: now(),
    };
    conversations.push(held);
    tell({ ...conversationJson(held, there), event: 'conversation_created' });
    return { json: conversationJson(held, there) };
  }

  async function write(held: Held, request: TwinRequest): Promise<TwinAnswer> {
    const { draft, sent } = await draftOf(request);
    const { content = '', message_type = 'outgoing' } = draft;
    if (content.length > CONTENT_LIMIT)
      return { status: 422, json: { message: 'Content is too long (maximum is 150000 characters)' } };
    const recent = held.messages.filter(({ at }) => at > now() - 60_000).length;
    if (recent >= MINUTE_LIMIT) return { status: 422, json: { message: 'Too many messages', attributes: ['base'] } };
    const message = say(
      held,
      {
        sender: message_type === 'incoming' ? 'customer' : 'us',
        message_type: message_type === 'incoming' ? 'incoming' : 'outgoing',
        content: content === '' ? null : content,
        private: String(draft.private) === 'true',
        source_id: draft.source_id ?? null,
      },
      sent,
    );
    return { json: messageJson(held, message, there) };
  }

  function page(held: Held, query: URLSearchParams): TwinAnswer {
    const { messages } = held;
    const [after, before] = [query.get('after'), query.get('before')];
    const some =
      after !== null
        ? messages.filter(({ id }) => id > Number(after)).slice(0, 100)
        : messages.filter(({ id }) => before === null || id < Number(before)).slice(-20);
    return { json: { meta: { labels: [] }, payload: some.map((message) => messageJson(held, message, there)) } };
  }

  return {
    ...server,
    agents: AGENTS,
    group: String(TEAM),
    webhooks,
    retryAfterMs: TWIN_RETRY_MS,
    tickets: () => conversations.map(seenTicket),
    ticket(id) {
      const held = conversations.find((one) => String(one.id) === id);
      return held ? seenTicket(held) : null;
    },
    staff: (state) => {
      there = state;
    },
    bot: (active) => {
      botActive = active;
    },
    block: (all) => {
      blocking = all;
    },
    remove: (id) => void conversations.splice(conversations.indexOf(find(id)), 1),
    greet: (id, content) => void say(find(id), { sender: null, message_type: 'template', content }),
    become: (id, status) => setStatus(find(id), status),
    odd: () => ODD.map((body) => signed(typeof body === 'string' ? body : JSON.stringify(body))),
    agent: {
      take: async (id, agent) => assign(find(id), agent),
      release: async (id) => assign(find(id), null),
      reply: async (id, agent, content, sent = []) =>
        String(say(find(id), { sender: agent, content: content === '' ? null : content }, sent).id),
      note: async (id, agent, content) => void say(find(id), { sender: agent, content, private: true }),
      typing: async (id, agent, on) =>
        tell({
          event: `conversation_typing_${on ? 'on' : 'off'}`,
          user: { id: Number(agent.id), name: agent.name, email: 'agent@desk.example', type: 'user' },
          conversation: conversationJson(find(id), there),
          is_private: false,
        }),
      // Chatwoot keeps it to itself.
      async read() {},
      async handBack(id, agent, content) {
        if (content !== undefined) say(find(id), { sender: agent, content, private: true });
        setStatus(find(id), 'pending');
      },
      close: async (id) => setStatus(find(id), 'resolved'),
      reopen: async (id) => setStatus(find(id), 'open'),
    },
    async close() {
      await webhooks.close();
      await server.close();
    },
  };
}
