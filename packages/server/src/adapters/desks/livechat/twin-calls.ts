import type { SeenFile, TwinAgent, TwinAnswer, TwinRequest } from '#kit/desk-twin.ts';
import {
  AGENTS,
  GROUP,
  type Held,
  type HeldCustomer,
  type HeldEvent,
  type HeldThread,
  lastThread,
  refusal,
  threadJson,
} from './twin-store.ts';

export interface LiveChatSecrets {
  organization: string;
  clientId: string;
  clientSecret: string;
  refreshToken: string;
  webhookSecret: string;
}

type Draft = Omit<HeldEvent, 'id' | 'at'>;

/** What the calls work on. */
export interface Floor {
  secrets: LiveChatSecrets;
  customers: Map<string, HeldCustomer>;
  chats: Held[];
  files: Map<string, SeenFile>;
  /** Properties of chats that are registered. */
  properties: Record<string, object>;
  bots: { id: string; name: string }[];
  next(prefix: string): string;
  find(id: unknown): Held;
  chatJson(held: Held, thread?: HeldThread): object;
  place(held: Held): { chat_id: string; thread_id: string };
  begin(held: Held, present: TwinAgent | null, initial: Draft[]): string[];
  say(held: Held, event: Draft): string;
  end(held: Held, by: string | null, type: string): void;
  join(held: Held, id: string, visibility?: 'all' | 'agents'): void;
  kept(file: SeenFile): { file: SeenFile; url: string };
  address(): string;
  staffed(): boolean;
  banned(): boolean;
}

const TEXT_LIMIT = 16_384;

type Body = Record<string, unknown>;
type Handler = (body: Body, who: string, request: TwinRequest) => TwinAnswer | Promise<TwinAnswer>;
const done: TwinAnswer = { json: {} };

/** An event as somebody sends it; refused in part as LiveChat refuses. */
function eventFrom({ files, address }: Floor, sent: unknown, author_id: string): Draft | TwinAnswer {
  const { type, text, url, custom_id, visibility = 'all' } = sent as Record<string, string>;
  const common = { author_id, visibility: visibility as 'all', ...(custom_id ? { custom_id } : {}) };
  if (type === 'message')
    return Buffer.byteLength(text ?? '') > TEXT_LIMIT
      ? refusal(413, 'entity_too_large')
      : { ...common, type, text: text ?? '' };
  const path = url?.slice(address().length) ?? '';
  const file = files.get(path);
  return type === 'file' && file && url
    ? { ...common, type, file: { file, url } }
    : refusal(400, 'validation', 'Unknown event');
}
function refused(read: object): read is TwinAnswer {
  return 'status' in read;
}

/** The Customer Chat API. */
export function customerCalls(floor: Floor): Record<string, Handler> {
  const { secrets, customers, chats, properties, next, find, chatJson, place, begin, say, kept } = floor;
  return {
    update_customer(body, who) {
      Object.assign(customers.get(who) ?? {}, body);
      return done;
    },
    start_chat(body, who) {
      if (chats.some(({ customer }) => customer.id === who)) return refusal(400, 'validation', 'Chat already exists');
      if (floor.banned()) return refusal(403, 'customer_banned', 'Customer is banned');
      if (!floor.staffed() && body.continuous !== true) return refusal(400, 'group_offline', 'Group is offline');
      const chat = (body.chat ?? {}) as { properties?: Held['properties']; access?: { group_ids: number[] } };
      for (const name of Object.keys(chat.properties?.[secrets.clientId] ?? {}))
        if (!(name in properties)) return refusal(400, 'validation', `Unknown property ${name}`);
      const customer = customers.get(who);
      if (!customer) return refusal(401, 'authentication');
      const held: Held = {
        id: next('C'),
        customer,
        properties: chat.properties ?? {},
        group: chat.access?.group_ids[0] ?? 0,
        staff: [],
        threads: [],
        typing: false,
        seenAt: 0,
      };
      chats.push(held);
      begin(held, null, []);
      return { json: place(held) };
    },
    list_chats: (_, who) => ({
      json: { chats_summary: chats.filter(({ customer }) => customer.id === who).map((held) => chatJson(held)) },
    }),
    resume_chat(body, who) {
      const chat = body.chat as { id: string; thread?: { events?: unknown[] } };
      const held = find(chat.id);
      if (lastThread(held).active) return refusal(400, 'validation', 'Chat is already active');
      const events = (chat.thread?.events ?? []).map((event) => eventFrom(floor, event, who));
      const bad = events.find(refused);
      if (bad) return bad;
      const event_ids = begin(held, null, events as Draft[]);
      return { json: { thread_id: lastThread(held).id, event_ids } };
    },
    send_event(body, who) {
      const held = find(body.chat_id);
      if (!lastThread(held).active) return refusal(422, 'chat_inactive', 'Chat is inactive');
      const event = eventFrom(floor, body.event, who);
      return refused(event) ? event : { json: { event_id: say(held, event) } };
    },
    async upload_file(_, __, { bytes, headers }) {
      const type = headers['content-type'] ?? '';
      const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
      const file = form.get('file') as File;
      if (file.size > 10_000_000) return refusal(413, 'entity_too_large');
      const content = new Uint8Array(await file.arrayBuffer());
      return { json: { url: kept({ name: file.name, mime: file.type, bytes: content }).url } };
    },
    send_sneak_peek(body) {
      find(body.chat_id).typing = body.sneak_peek_text !== '';
      return done;
    },
    mark_events_as_seen(body) {
      find(body.chat_id).seenAt = Date.parse(String(body.seen_up_to));
      return done;
    },
  };
}

/** The Agent Chat API. */
export function agentCalls(floor: Floor): Record<string, Handler> {
  const { chats, find, chatJson, say, end, join } = floor;
  return {
    get_chat: ({ chat_id }) => ({ json: chatJson(find(chat_id)) }),
    list_threads({ chat_id, limit }) {
      const held = find(chat_id);
      const threads: HeldThread[] = held.threads.slice(-Number(limit)).reverse();
      return { json: { threads: threads.map((thread) => threadJson(held, thread, null)) } };
    },
    list_chats(body) {
      const wanted = (body.filters as { properties: Record<string, Record<string, { values: unknown[] }>> }).properties;
      const fits = (held: Held) =>
        Object.entries(wanted).every(([namespace, fields]) =>
          Object.entries(fields).every(([name, { values }]) => values.includes(held.properties[namespace]?.[name])),
        );
      return { json: { chats_summary: chats.filter(fits).map((held) => chatJson(held)), found_chats: 1 } };
    },
    add_user_to_chat(body) {
      const held = find(body.chat_id);
      if (!lastThread(held).active) return refusal(422, 'chat_inactive');
      join(held, String(body.user_id), body.visibility as 'all');
      return done;
    },
    send_event(body, who) {
      const held = find(body.chat_id);
      if (!held.staff.some(({ id, present }) => id === who && present))
        return refusal(403, 'authorization', 'Requester is not user of the chat');
      const event = eventFrom(floor, body.event, who);
      return refused(event) ? event : { json: { event_id: say(held, event) } };
    },
    deactivate_chat(body, who) {
      const held = find(body.id);
      if (!lastThread(held).active) return refusal(422, 'chat_inactive');
      end(held, who, 'manual_archived_agent');
      return done;
    },
    list_routing_statuses: () => ({
      json: AGENTS.map(({ id }) => ({ agent_id: id, status: floor.staffed() ? 'accepting_chats' : 'offline' })),
    }),
  };
}

/** The Configuration API. */
export function settingCalls(floor: Floor): Record<string, Handler> {
  const { properties, bots, next } = floor;
  return {
    list_groups: () => ({
      json: [
        { id: 0, name: 'General', language_code: 'en', routing_status: floor.staffed() ? 'online' : 'offline' },
        { id: GROUP, name: 'Billing', language_code: 'en', routing_status: floor.staffed() ? 'online' : 'offline' },
      ],
    }),
    list_bots: () => ({ json: bots }),
    create_bot(body) {
      const bot = { id: next('5c9871d5372c824cbf22d860a7').toLowerCase(), name: String(body.name) };
      bots.push(bot);
      return { json: { id: bot.id, secret: 'unused' } };
    },
    list_properties: () => ({ json: properties }),
    register_property(body) {
      properties[String(body.name)] = body;
      return done;
    },
  };
}

/** Where tokens come from; they begin with the region. */
export function account(
  { secrets, customers, next }: Floor,
  region: string,
  { path, text, headers }: TwinRequest,
): TwinAnswer {
  if (path === '/v2/token') {
    const form = new URLSearchParams(text);
    const right =
      form.get('refresh_token') === secrets.refreshToken && form.get('client_secret') === secrets.clientSecret;
    if (!right) return { status: 400, json: { error: 'invalid_grant', error_description: 'invalid refresh token' } };
    return { json: { access_token: `${region}:agent`, expires_in: 28_800, token_type: 'Bearer' } };
  }
  if (headers.authorization !== `Bearer ${region}:agent`) return refusal(401, 'authentication');
  const { entity_id: id = next('b7eff798-f8df-4364-8059-').toLowerCase() } = JSON.parse(text);
  if (!customers.has(id)) customers.set(id, { id, name: null, email: null, session_fields: [] });
  return { json: { access_token: `${region}:as-${id}`, entity_id: id, expires_in: 28_800, token_type: 'Bearer' } };
}
