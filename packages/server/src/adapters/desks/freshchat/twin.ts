import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
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
import {
  AGENTS,
  agentJson,
  BOT_GROUP,
  CHANNEL,
  conversationJson,
  GROUP,
  type Held,
  type HeldMessage,
  messageJson,
  ODD,
  refusal,
  seen,
  type Uploaded,
  US,
  type User,
  work,
} from './twin-store.ts';

export interface FreshchatTwin extends DeskTwin {
  /** As its settings show it. */
  publicKey: string;
  key: KeyObject;
  /** The signature of a body. */
  sign(body: string): string;
  channel: string;
  /** The agent in whose name Baton writes notes. */
  notesBy: string;
  botGroup: string;
  people(): readonly User[];
  /** A bot of its own, or the system, says something. */
  say(ticket: string, by: 'bot' | 'system', text: string): void;
  /** An agent answers with parts of any kind. */
  parts(ticket: string, agent: TwinAgent, parts: object[]): void;
  remove(ticket: string): void;
  /** Uploads are taken, and no address of them is told. */
  keepAddresses(): void;
}

/** One for all twins of a process: making it takes long. */
let keys: { publicKey: KeyObject; privateKey: KeyObject } | undefined;

/** Freshchat in small: API v2, agents, webhooks signed with RSA. `window`: seconds until that of its rate limit ends. */
export async function startFreshchat({
  token,
  now,
  window = 12,
}: {
  token: string;
  now(): Millis;
  window?: number;
}): Promise<FreshchatTwin> {
  keys ??= generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const { publicKey, privateKey } = keys;
  const users: User[] = [];
  const conversations: Held[] = [];
  const files = new Map<string, Uploaded>();
  const webhooks = new TwinWebhooks([1_000]);
  let there = true;
  let tellsAddresses = true;
  let last = 0;

  const find = (id: string | undefined): Held => {
    const found = conversations.find((one) => one.id === id);
    if (!found) throw new Error(`There is no conversation ${id}`);
    return found;
  };
  const signatureOf = (body: string) => sign('RSA-SHA256', Buffer.from(body), privateKey).toString('base64');
  const signed = (body: string): TwinDelivery => ({
    headers: {
      'content-type': 'application/json',
      'x-freshchat-payload-version': '1.0',
      'x-retry-count': '0',
      'x-freshchat-signature': signatureOf(body),
    },
    body,
  });
  /** Two things never happen at the same millisecond. */
  const tick = (): Millis => {
    last = Math.max(now(), last + 1);
    return last;
  };
  const tell = (held: Held, action: string, actor_type: string, actor_id: string, data: object) => {
    held.updatedAt = tick();
    const action_time = new Date(held.updatedAt).toISOString();
    webhooks.post(signed(JSON.stringify({ actor: { actor_type, actor_id }, action, action_time, data })));
  };
  const add = (held: Held, message: Pick<HeldMessage, 'parts' | 'by' | 'who'> & Partial<HeldMessage>): HeldMessage => {
    const full: HeldMessage = { id: randomUUID(), type: 'normal', at: tick(), ...message };
    held.messages.push(full);
    tell(held, 'message_create', full.by, full.who, { message: messageJson(held, full) });
    if (full.by === 'user' && held.status === 'resolved') setStatus(held, 'reopened', 'user', full.who);
    return full;
  };
  const place = (held: Held) => conversationJson(held, server.url);
  /** Assigned to whom it is assigned already, nothing changes, and nobody is told. */
  const assign = (held: Held, by: string, to: { agent?: string; group?: string }) => {
    const before = { agent: held.agent, group: held.group };
    if ((to.agent ?? held.agent) === held.agent && (to.group ?? held.group) === held.group) return;
    held.agent = to.agent ?? held.agent;
    held.group = to.group ?? held.group;
    if (held.agent !== '' || held.group !== '') held.status = 'assigned';
    tell(held, 'conversation_assignment', 'agent', by, {
      assignment: {
        assignor: 'agent',
        assignor_id: by,
        to_agent_id: held.agent,
        to_group_id: held.group,
        from_agent_id: before.agent,
        from_group_id: before.group,
        conversation: place(held),
      },
    });
  };
  const setStatus = (held: Held, status: 'resolved' | 'reopened', by: string, who: string) => {
    if (held.status === status) return;
    held.status = status;
    if (status === 'resolved')
      tell(held, 'conversation_resolution', by, who, {
        resolve: { resolver: by, resolver_id: who, conversation: place(held) },
      });
    else
      tell(held, 'conversation_reopen', by, who, {
        reopen: { reopener: by, reopener_id: who, conversation: place(held) },
      });
  };
  const kept = (file: SeenFile): string => {
    const path = `/uploads/${files.size + 1}/${encodeURIComponent(file.name)}`;
    files.set(path, { file, url: server.url + path });
    return server.url + path;
  };

  type Handler = (request: TwinRequest, id: string) => TwinAnswer | Promise<TwinAnswer>;
  const routes: [string, RegExp, Handler][] = [
    [
      'GET',
      /^\/users$/,
      ({ query }) => ({ json: { users: users.filter((one) => one.reference_id === query.get('reference_id')) } }),
    ],
    ['POST', /^\/users$/, ({ text }) => addUser(JSON.parse(text))],
    [
      'GET',
      /^\/users\/([\w-]+)\/conversations$/,
      (_, id) => ({
        json: { conversations: conversations.filter(({ user }) => user.id === id).map((one) => ({ id: one.id })) },
      }),
    ],
    ['POST', /^\/conversations$/, ({ text }) => open(JSON.parse(text))],
    ['GET', /^\/conversations\/([\w-]+)$/, (_, id) => ({ json: place(find(id)) })],
    ['PUT', /^\/conversations\/([\w-]+)$/, ({ text }, id) => change(find(id), JSON.parse(text))],
    ['GET', /^\/conversations\/([\w-]+)\/messages$/, ({ query }, id) => page(find(id), query)],
    ['POST', /^\/conversations\/([\w-]+)\/messages$/, ({ text }, id) => write(find(id), JSON.parse(text))],
    [
      'GET',
      /^\/agents$/,
      () => ({ json: { agents: [agentJson(US, false), ...AGENTS.map((one) => agentJson(one, there))] } }),
    ],
    ['GET', /^\/agents\/([\w-]+)$/, (_, id) => agent(id)],
    [
      'GET',
      /^\/channels$/,
      () => ({
        json: {
          channels: [
            { id: 'other', name: 'Other' },
            { id: CHANNEL, name: 'Website' },
          ],
        },
      }),
    ],
    ['POST', /^\/images\/upload$/, (request) => upload(request, 'image')],
    ['POST', /^\/files\/upload$/, (request) => upload(request, 'file')],
  ];

  const server = await serveDesk({
    work,
    limited: {
      ...refusal(429, 'TOO_MANY_REQUESTS'),
      headers: { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(window) },
    },
    forbidden: refusal(401, 'UNAUTHENTICATED'),
    handle(request) {
      const { method, path, headers } = request;
      const file = files.get(path)?.file;
      if (file) return { headers: { 'content-type': file.mime }, body: file.bytes };
      if (headers.authorization !== `Bearer ${token}`) return refusal(401, 'UNAUTHENTICATED');
      const below = path.replace(/^\/v2/, '');
      for (const [verb, pattern, handler] of routes) {
        const match = verb === method ? pattern.exec(below) : null;
        const id = match?.[1] ?? '';
        if (match && below.startsWith('/conversations/') && !conversations.some((one) => one.id === id)) break;
        if (match) return handler(request, id);
      }
      return refusal(404, 'NOT_FOUND');
    },
  });

  function agent(id: string): TwinAnswer {
    const found = [US, ...AGENTS].find((one) => one.id === id);
    return found ? { json: agentJson(found, there) } : refusal(404, 'AGENT_NOT_FOUND');
  }

  function addUser({ reference_id = null, first_name = '', email = null }: Partial<User>): TwinAnswer {
    const user = { id: randomUUID(), reference_id, first_name, email };
    users.push(user);
    return { status: 201, json: user };
  }

  function open(body: Record<string, unknown>): TwinAnswer {
    const [{ id } = { id: '' }] = body.users as { id: string }[];
    const user = users.find((one) => one.id === id);
    const [first] = body.messages as { message_parts: object[]; actor_id: string }[];
    if (!user || !first || body.channel_id !== CHANNEL) return refusal(400, 'INVALID_VALUE');
    const held: Held = {
      id: randomUUID(),
      user,
      status: String(body.status),
      agent: '',
      group: '',
      properties: body.properties as object,
      messages: [],
      updatedAt: tick(),
    };
    conversations.push(held);
    add(held, { parts: first.message_parts, by: 'user', who: first.actor_id });
    return { json: { conversation_id: held.id, channel_id: CHANNEL } };
  }

  /** An empty group is none. */
  function change(held: Held, body: { status?: string; assigned_group_id?: string }): TwinAnswer {
    if (body.assigned_group_id !== undefined && !['', GROUP, BOT_GROUP].includes(body.assigned_group_id))
      return refusal(400, 'INVALID_VALUE');
    if (body.assigned_group_id !== undefined) assign(held, US.id, { agent: '', group: body.assigned_group_id });
    if (body.status === 'resolved') setStatus(held, 'resolved', 'agent', US.id);
    return { json: place(held) };
  }

  /** Newest first. */
  function page(held: Held, query: URLSearchParams): TwinAnswer {
    const [number, size] = [Number(query.get('page') ?? 1), Math.min(50, Number(query.get('items_per_page') ?? 10))];
    const some = held.messages.toReversed().slice((number - 1) * size, number * size);
    return { json: { messages: some.map((message) => messageJson(held, message)) } };
  }

  function write(held: Held, body: Record<string, unknown>): TwinAnswer {
    const parts = body.message_parts as object[];
    if (!Array.isArray(parts) || parts.length === 0) return refusal(400, 'INVALID_VALUE');
    const hidden = body.message_type === 'private';
    if (hidden ? body.actor_id !== US.id : body.actor_id !== held.user.id) return refusal(400, 'INVALID_ACTOR');
    const message = add(held, {
      parts,
      type: hidden ? 'private' : 'normal',
      by: String(body.actor_type),
      who: String(body.actor_id),
    });
    return { json: messageJson(held, message) };
  }

  async function upload({ headers, bytes }: TwinRequest, field: string): Promise<TwinAnswer> {
    const type = headers['content-type'] ?? '';
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
    const file = form.get(field);
    if (file === null || typeof file === 'string') return refusal(400, 'INVALID_VALUE');
    const url = kept({ name: file.name, mime: file.type, bytes: new Uint8Array(await file.arrayBuffer()) });
    return { json: tellsAddresses ? { url } : { file_hash: 'h4sh' } };
  }

  const text = (content: string) => [{ text: { content } }];
  const note = (id: string, { id: who }: TwinAgent, content: string) =>
    void add(find(id), { parts: text(content), type: 'private', by: 'agent', who });
  return {
    ...server,
    key: publicKey,
    sign: signatureOf,
    publicKey: publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    channel: CHANNEL,
    notesBy: US.id,
    botGroup: BOT_GROUP,
    agents: AGENTS,
    group: GROUP,
    webhooks,
    retryAfterMs: window * 1_000,
    tickets: () => conversations.map((held) => seen(held, files)),
    ticket(id) {
      const held = conversations.find((one) => one.id === id);
      return held ? seen(held, files) : null;
    },
    people: () => users,
    staff: (state) => {
      there = state;
    },
    keepAddresses: () => {
      tellsAddresses = false;
    },
    say: (id, by, content) => void add(find(id), { parts: text(content), by, who: by }),
    parts: (id, { id: who }, parts) => void add(find(id), { parts, by: 'agent', who }),
    remove: (id) => void conversations.splice(conversations.indexOf(find(id)), 1),
    odd: () => ODD.map((body) => signed(typeof body === 'string' ? body : JSON.stringify(body))),
    agent: {
      take: async (id, who) => assign(find(id), who.id, { agent: who.id }),
      release: async (id, who) => assign(find(id), who.id, { agent: '', group: GROUP }),
      async reply(id, { id: who }, content, sent = []) {
        const attached = sent.map((file) => ({
          file: {
            url: kept(file),
            name: file.name,
            content_type: file.mime,
            file_size_in_bytes: file.bytes.byteLength,
          },
        }));
        const parts = [...(content === '' ? [] : text(content)), ...attached];
        return add(find(id), { parts, by: 'agent', who }).id;
      },
      note: async (id, who, content) => note(id, who, content),
      // Freshchat tells neither.
      async typing() {},
      async read() {},
      async handBack(id, who, content) {
        if (content !== undefined) note(id, who, `bot: ${content}`);
        assign(find(id), who.id, { agent: '', group: BOT_GROUP });
      },
      close: async (id, who) => setStatus(find(id), 'resolved', 'agent', who.id),
      reopen: async (id, who) => setStatus(find(id), 'reopened', 'agent', who.id),
    },
    async close() {
      await webhooks.close();
      await server.close();
    },
  };
}
