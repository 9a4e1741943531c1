import { createHash } from 'node:crypto';
import type { Millis } from '@baton/core';
import {
  type DeskTwin,
  type SeenFile,
  serveDesk,
  type TwinAgent,
  type TwinAnswer,
  type TwinRequest,
} from '#kit/desk-twin.ts';
import { type TwinDelivery, TwinWebhooks } from '#kit/twin-webhooks.ts';
import { presenceAnswer } from '#kit/zendesk-presence.ts';
import {
  conversationJson,
  conversationPage,
  type Held,
  type HeldMessage,
  type HeldUser,
  messageJson,
  messagePage,
  ODD,
  PARTIES,
  type PartyName,
  refusal,
  ruleMessage,
  seen,
  sourceOf,
  work,
} from './twin-store.ts';

export interface SunshineTwin extends DeskTwin {
  /** A bot or a rule of Zendesk's writes into it. */
  greet(ticket: string, text: string): void;
  /** Zendesk moves the conversation on by itself: to e-mail, or because somebody closed the ticket. */
  leave(ticket: string, reason: 'ticketClosed' | 'transferToEmail'): void;
  /** Something there gives control to our party without a word. */
  giveBack(ticket: string): void;
  /** The agents' side turns out not to take it. */
  refuse(ticket: string): void;
  remove(ticket: string): void;
  /** What Zendesk's own bot answered, because it had control when a customer wrote. */
  botAnswers(): number;
}

const AGENTS = [
  { id: '8447388090494', name: 'Dana Scully' },
  { id: '8447388090495', name: 'Kim O’Neil' },
] as const;
const GROUP = '8447320466430';
/** Whom its other API lets in. */
const SUPPORT = 'lead@shop.example/token:support';
const TEXT_LIMIT = 4_096;
const JSON_LIMIT = 100_000;
const METADATA_LIMIT = 4_096;

/** Zendesk Messaging in small: Sunshine Conversations v2 with a switchboard of three parties, agents, webhooks with a fixed key. */
export async function startSunshine({
  app,
  key,
  webhookKey,
  now,
}: {
  app: string;
  /** `keyId:secret`. */
  key: string;
  webhookKey: string;
  now(): Millis;
}): Promise<SunshineTwin> {
  const users: HeldUser[] = [];
  const conversations: Held[] = [];
  const files = new Map<string, { file: SeenFile; conversation: string }>();
  // Five tries in fifteen minutes; the first comes soon enough to be shortened here.
  const webhooks = new TwinWebhooks([1_000]);
  let made = 0;
  let answers = 0;
  let there = true;

  const newId = () => `${Math.floor(now() / 1_000).toString(16)}${(++made).toString(16).padStart(16, '0')}`;
  const find = (id: string): Held => {
    const found = conversations.find((one) => one.id === id);
    if (!found) throw new Error(`There is no conversation ${id}`);
    return found;
  };
  const signed = (body: string): TwinDelivery => ({
    headers: { 'content-type': 'application/json', 'x-api-key': webhookKey },
    body,
  });
  const tell = (held: Held, type: string, payload: object, always = false) => {
    // Who has neither control nor an offer hears nothing of a conversation.
    if (!always && held.active !== 'ours' && held.pending !== 'ours') return;
    const event = { id: newId(), createdAt: new Date(now()).toISOString(), type };
    const body = {
      app: { id: app },
      webhook: { id: '612905a67821c3f206d6909f', version: 'v2' },
      events: [{ ...event, payload: { conversation: conversationJson(held), ...payload } }],
    };
    webhooks.post(signed(JSON.stringify(body)));
  };
  const add = (held: Held, message: Omit<HeldMessage, 'id' | 'at'>): HeldMessage => {
    const full = { ...message, id: newId(), at: now() };
    held.messages.push(full);
    if (message.author === 'customer') {
      held.read = true;
      // Whoever has control is asked; where nobody has, the bot is first.
      if (held.active === null) held.active = 'bot';
      if (held.active === 'bot') answers++;
      if (held.active === 'agents') held.ticket ??= {};
    } else if (typeof message.author === 'object') held.read = false;
    tell(held, 'conversation:message', { message: messageJson(held, full) });
    return full;
  };
  const pass = (held: Held, to: PartyName | null, payload: object) => {
    held.active = to;
    const type = to === null ? 'switchboard:releaseControl' : 'switchboard:passControl';
    tell(held, type, payload, true);
    if (to !== null) held.pending = null;
  };
  const kept = (file: SeenFile, conversation: string) => {
    const path = `/media/${conversation}/${newId()}/${encodeURIComponent(file.name)}`;
    files.set(path, { file, conversation });
    return server.url + path;
  };
  const write = (held: Held, agent: TwinAgent, content: Record<string, unknown>, file: SeenFile | null = null) =>
    add(held, {
      author: agent,
      displayName: agent.name,
      content,
      activity: null,
      metadata: { '__zendesk_msg.agent.id': agent.id, '__zendesk_msg.channel': 'messaging' },
      file,
    }).id;

  type Handler = (request: TwinRequest, id: string, body: Record<string, never>) => TwinAnswer | Promise<TwinAnswer>;
  const control = (to: (held: Held, party: PartyName, metadata: Record<string, unknown>) => void): Handler => {
    return (_, id, body: { switchboardIntegration?: string; metadata?: Record<string, unknown> }) => {
      const party = partyOf(body.switchboardIntegration);
      const wrong = faultOfMetadata(body.metadata);
      if (wrong) return refusal(400, 'bad_request', wrong);
      if (!party) return refusal(400, 'switchboard_invalid_target');
      to(find(id), party, body.metadata ?? {});
      return { json: {} };
    };
  };
  const routes: [string, RegExp, Handler][] = [
    ['GET', /^$/, () => ({ json: { app: { id: app, displayName: 'Shop' } } })],
    ['GET', /^\/switchboards$/, () => ({ json: { switchboards: [{ id: 's1', enabled: true }] } })],
    [
      'GET',
      /^\/switchboards\/s1\/switchboardIntegrations$/,
      () => ({ json: { switchboardIntegrations: Object.values(PARTIES) } }),
    ],
    ['POST', /^\/users$/, (_, __, body) => addUser(body)],
    ['POST', /^\/conversations$/, (_, __, body) => open(body)],
    ['GET', /^\/conversations$/, ({ query }) => list(query)],
    ['GET', /^\/conversations\/(\w+)$/, (_, id) => ({ json: { conversation: conversationJson(find(id)) } })],
    ['GET', /^\/conversations\/(\w+)\/messages$/, ({ query }, id) => messagePage(find(id), query)],
    ['POST', /^\/conversations\/(\w+)\/messages$/, (_, id, body) => say(find(id), body)],
    ['POST', /^\/conversations\/(\w+)\/activity$/, (_, id, body) => act(find(id), body)],
    ['POST', /^\/conversations\/(\w+)\/passControl$/, control((held, to, metadata) => passTo(held, to, metadata))],
    [
      'POST',
      /^\/conversations\/(\w+)\/offerControl$/,
      control((held, to) => {
        held.pending = to;
        held.offered ||= held.ticket !== null;
      }),
    ],
    [
      'POST',
      /^\/conversations\/(\w+)\/releaseControl$/,
      (_, id, { metadata }: { metadata?: object }) => {
        pass(find(id), null, { metadata });
        return { json: {} };
      },
    ],
    ['POST', /^\/attachments$/, upload],
  ];

  const server = await serveDesk({
    work,
    // Sunshine names no time to come back.
    limited: refusal(429, 'too_many_requests'),
    forbidden: refusal(401, 'unauthorized'),
    handle(request) {
      const { method, path, headers, text } = request;
      const file = files.get(path);
      if (file) return { headers: { 'content-type': file.file.mime }, body: file.file.bytes };
      if (path === '/api/v2/agent_availabilities')
        return headers.authorization === `Basic ${Buffer.from(SUPPORT).toString('base64')}`
          ? presenceAnswer(AGENTS, { there, group: GROUP, channel: 'messaging' })
          : refusal(401, 'unauthorized');
      const base = `/v2/apps/${app}`;
      if (!path.startsWith(base)) return refusal(404, 'not_found');
      if (headers.authorization !== `Basic ${Buffer.from(key).toString('base64')}`) return refusal(401, 'unauthorized');
      const json = headers['content-type']?.startsWith('application/json');
      if (json && text.length > JSON_LIMIT) return refusal(413, 'payload_too_large');
      const below = path.slice(base.length);
      for (const [verb, pattern, handler] of routes) {
        const match = verb === method ? pattern.exec(below) : null;
        const id = match?.[1] ?? '';
        if (match && id !== '' && !conversations.some((one) => one.id === id))
          return refusal(404, 'conversation_not_found');
        if (match) return handler(request, id, json ? JSON.parse(text) : {});
      }
      return refusal(404, 'not_found');
    },
  });

  function partyOf(name: string | undefined): PartyName | undefined {
    const names = Object.keys(PARTIES) as PartyName[];
    return names.find((one) =>
      [PARTIES[one].id, PARTIES[one].name, PARTIES[one].integrationType].includes(name as never),
    );
  }

  function passTo(held: Held, to: PartyName, metadata: Record<string, unknown>): void {
    if (to === 'agents' && held.active !== 'agents') {
      held.ticket = { ...held.ticket, ...metadata };
      held.open = true;
    }
    pass(held, to, { metadata });
  }

  function addUser({ externalId, profile = {} }: Partial<HeldUser>): TwinAnswer {
    if (!externalId) return refusal(400, 'bad_request');
    if (users.some((one) => one.externalId === externalId)) return refusal(409, 'conflict', 'Resource already exists');
    const user = { id: createHash('sha256').update(externalId).digest('hex').slice(0, 24), externalId, profile };
    users.push(user);
    return { status: 201, json: { user } };
  }

  function open(body: { participants?: { userExternalId: string }[]; metadata?: Record<string, unknown> }): TwinAnswer {
    const user = users.find(({ externalId }) => externalId === body.participants?.[0]?.userExternalId);
    if (!user) return refusal(404, 'user_not_found');
    const held: Held = {
      id: newId(),
      user,
      metadata: body.metadata ?? {},
      active: null,
      pending: null,
      ticket: null,
      offered: false,
      open: false,
      assignee: null,
      messages: [],
      read: false,
    };
    conversations.push(held);
    return { status: 201, json: { conversation: conversationJson(held) } };
  }

  function list(query: URLSearchParams): TwinAnswer {
    const externalId = query.get('filter[userExternalId]');
    if (!users.some((one) => one.externalId === externalId)) return refusal(404, 'user_not_found');
    return conversationPage(
      conversations.filter(({ user }) => user.externalId === externalId),
      query,
    );
  }

  function faultOfMetadata(metadata: object | undefined): string | null {
    if (metadata === undefined) return null;
    if (Object.values(metadata).some((value) => typeof value === 'object')) return 'metadata must be flat';
    return JSON.stringify(metadata).length > METADATA_LIMIT ? 'metadata is too large' : null;
  }

  function say(
    held: Held,
    body: {
      author?: { type: string; userExternalId?: string; displayName?: string };
      content?: Record<string, unknown>;
      metadata?: Record<string, unknown>;
    },
  ): TwinAnswer {
    const { author, content = {}, metadata } = body;
    const wrong = faultOfMetadata(metadata);
    if (wrong) return refusal(400, 'bad_request', wrong);
    if (author?.type === 'user' && author.userExternalId !== held.user.externalId)
      return refusal(404, 'user_not_found');
    const { type, text } = content;
    if (type === 'text' && (typeof text !== 'string' || text === '' || text.length > TEXT_LIMIT))
      return refusal(400, 'bad_request', `content.text must have 1 to ${TEXT_LIMIT} characters`);
    const media = typeof content.mediaUrl === 'string' ? files.get(new URL(content.mediaUrl).pathname) : undefined;
    if (type !== 'text' && media?.conversation !== held.id) return refusal(400, 'bad_request', 'invalid mediaUrl');
    const message = add(held, {
      author: author?.type === 'user' ? 'customer' : 'us',
      displayName: author?.displayName ?? held.user.profile.givenName ?? 'Web User',
      content,
      activity: null,
      metadata: metadata ?? null,
      file: media?.file ?? null,
    });
    return { status: 201, json: { messages: [messageJson(held, message)] } };
  }

  function act(held: Held, { author, type }: { author?: { type: string }; type?: string }): TwinAnswer {
    if (author?.type === 'user' && type !== 'conversation:read') return refusal(400, 'bad_request', 'users only read');
    held.read = true;
    return { json: {} };
  }

  async function upload(request: TwinRequest): Promise<TwinAnswer> {
    const file = await sourceOf(request);
    if (file === null) return refusal(400, 'bad_request', 'source is missing');
    const mediaUrl = kept(file, request.query.get('conversationId') ?? '');
    return { status: 201, json: { attachment: { mediaUrl, mediaType: file.mime } } };
  }

  return {
    ...server,
    agents: AGENTS,
    group: GROUP,
    webhooks,
    retryAfterMs: null,
    // An agent is slower than the call that follows: what was not offered to us yet he has not seen.
    tickets: () => conversations.filter(({ offered }) => offered).map(seen),
    ticket(id) {
      const held = conversations.find((one) => one.id === id);
      return held ? seen(held) : null;
    },
    staff: (state) => {
      there = state;
    },
    odd: () => ODD.map((body) => signed(typeof body === 'string' ? body : JSON.stringify(body))),
    greet: (id, text) => void add(find(id), ruleMessage('Answer Bot', text, null)),
    leave: (id, reason) => leave(find(id), reason),
    giveBack: (id) => pass(find(id), 'ours', {}),
    refuse(id) {
      const held = find(id);
      held.active = 'ours';
      const error = { code: 'switchboard_invalid_target', message: 'Switchboard invalid target' };
      tell(held, 'switchboard:passControl:failure', { error, metadata: { baton: 'hnd_1' } });
    },
    remove(id) {
      const held = find(id);
      conversations.splice(conversations.indexOf(held), 1);
      tell(held, 'conversation:remove', {}, true);
    },
    botAnswers: () => answers,
    agent: {
      // Who has it is seen in the workspace only.
      async take(id, agent) {
        find(id).assignee = agent.id;
      },
      async release(id) {
        find(id).assignee = null;
      },
      async reply(id, agent, text, sent = []) {
        const held = find(id);
        const ids = text === '' ? [] : [write(held, agent, { type: 'text', text })];
        for (const file of sent)
          ids.push(
            write(
              held,
              agent,
              {
                type: 'file',
                mediaUrl: kept(file, id),
                mediaType: file.mime,
                mediaSize: file.bytes.length,
                altText: file.name,
              },
              file,
            ),
          );
        return ids[0] ?? '';
      },
      // Internal notes stay in the ticket.
      async note() {},
      typing: async (id, _, on) =>
        tell(find(id), 'conversation:typing', {
          activity: { type: on ? 'typing:start' : 'typing:stop', author: { type: 'business' } },
        }),
      read: async (id) =>
        tell(find(id), 'conversation:read', { activity: { type: 'conversation:read', author: { type: 'business' } } }),
      handBack: async (id, agent, text) =>
        void write(find(id), agent, { type: 'text', text: text === undefined ? '/bot' : `/bot ${text}` }),
      close: async (id) => leave(find(id), 'ticketClosed'),
      async reopen(id) {
        find(id).open = true;
        pass(find(id), 'agents', {});
      },
    },
    async close() {
      await webhooks.close();
      await server.close();
    },
  };

  function leave(held: Held, reason: 'ticketClosed' | 'transferToEmail'): void {
    const activity = reason === 'ticketClosed' ? 'ticket:closed' : 'ticket:transfer:email';
    add(held, ruleMessage('Zendesk', 'The conversation has ended.', activity));
    held.open = false;
    pass(held, null, { reason });
  }
}
