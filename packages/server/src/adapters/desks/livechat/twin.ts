import type { Millis } from '@baton/core';
import { type DeskTwin, type SeenFile, serveDesk, type TwinAgent } from '#kit/desk-twin.ts';
import { type TwinDelivery, TwinWebhooks } from '#kit/twin-webhooks.ts';
import { account, agentCalls, customerCalls, type Floor, type LiveChatSecrets, settingCalls } from './twin-calls.ts';
import {
  AGENTS,
  answering,
  eventJson,
  GROUP,
  type Held,
  type HeldCustomer,
  type HeldEvent,
  lastThread,
  ODD,
  refusal,
  seenTicket,
  threadJson,
  userJson,
  usersJson,
  work,
} from './twin-store.ts';

export interface LiveChatTwin extends DeskTwin {
  /** Nothing was said for half an hour: the chat is archived. */
  archive(ticket: string): void;
  /** An agent is joined by the router in the middle of a chat. */
  supervise(ticket: string, agent: TwinAgent): void;
  remove(ticket: string): void;
  /** Whose chats the agents have banned. */
  ban(all: boolean): void;
  /** A bot of the customer's own, or of LiveChat's, answers. */
  botSays(ticket: string, text: string): void;
}

/** Where this organisation lives: calls to another place are sent there. */
const REGION = 'fra';

/** LiveChat in small, at version 3.6: accounts, the three APIs, agents who pick chats from the queue, webhooks. */
export async function startLiveChat(secrets: LiveChatSecrets, now: () => Millis): Promise<LiveChatTwin> {
  const customers = new Map<string, HeldCustomer>();
  const chats: Held[] = [];
  const files = new Map<string, SeenFile>();
  // Three times more within a minute, which is shortened here.
  const webhooks = new TwinWebhooks([100, 300, 900]);
  let there = true;
  let banned = false;
  let made = 0;

  const next = (prefix: string) => `${prefix}${(++made).toString(36).toUpperCase().padStart(6, '0')}`;
  const find = (id: unknown): Held => {
    const found = chats.find((one) => one.id === id);
    if (!found) throw new Error(`There is no chat ${id}`);
    return found;
  };
  const hook = (action: string, payload: unknown): TwinDelivery => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      webhook_id: 'wh_1',
      secret_key: secrets.webhookSecret,
      action,
      organization_id: secrets.organization,
      payload,
      additional_data: {},
    }),
  });
  const tell = (action: string, payload: object) => webhooks.post(hook(action, payload));
  /** Places in the line of those whom nobody has, where there is a line. */
  const positionOf = (held: Held): number | null => {
    const waiting = chats.filter((one) => lastThread(one).active && answering(one) === null);
    const place = there ? waiting.indexOf(held) : -1;
    return place === -1 ? null : place + 1;
  };
  const chatJson = (held: Held, thread = lastThread(held)): object => ({
    id: held.id,
    users: usersJson(held, AGENTS),
    properties: held.properties,
    access: { group_ids: [held.group] },
    is_followed: false,
    thread: threadJson(held, thread, thread === lastThread(held) ? positionOf(held) : null),
  });
  const place = (held: Held) => ({ chat_id: held.id, thread_id: lastThread(held).id });

  const add = (held: Held, event: Omit<HeldEvent, 'id' | 'at'>): HeldEvent => {
    const thread = lastThread(held);
    const full = { ...event, id: `${thread.id}_${thread.events.length + 1}`, at: now() };
    thread.events.push(full);
    return full;
  };
  const say = (held: Held, event: Omit<HeldEvent, 'id' | 'at'>): string => {
    const full = add(held, event);
    tell('incoming_event', { ...place(held), event: eventJson(full) });
    return full.id;
  };
  const system = (held: Held, system_message_type: string, text: string) =>
    say(held, { type: 'system_message', author_id: null, visibility: 'all', text, system_message_type });
  const begin = (held: Held, present: TwinAgent | null, initial: Omit<HeldEvent, 'id' | 'at'>[]): string[] => {
    const previous = held.threads.at(-1)?.id ?? null;
    held.threads.push({ id: next('T'), active: true, previous, tags: [], events: [] });
    held.staff = present ? [{ id: present.id, visibility: 'all', present: true }] : [];
    const ids = initial.map((event) => add(held, event).id);
    tell('incoming_chat', { chat: chatJson(held) });
    return ids;
  };
  const end = (held: Held, by: string | null, type: string) => {
    system(held, type, 'The chat was archived');
    lastThread(held).active = false;
    for (const one of held.staff) one.present = false;
    tell('chat_deactivated', { ...place(held), ...(by === null ? {} : { user_id: by }) });
  };
  const join = (held: Held, id: string, visibility: 'all' | 'agents' = 'all') => {
    held.staff = held.staff.filter((one) => one.id !== id);
    const one = { id, visibility, present: true };
    held.staff.push(one);
    tell('user_added_to_chat', { ...place(held), user: userJson(one, AGENTS), reason: 'manual', requester_id: id });
  };
  const leave = (held: Held, keep: string | null) => {
    for (const one of held.staff) {
      if (!one.present || one.visibility === 'agents' || one.id === keep || !one.id.includes('@')) continue;
      one.present = false;
      tell('user_removed_from_chat', { ...place(held), user_id: one.id, reason: 'manual', requester_id: one.id });
    }
  };
  const transfer = (held: Held, to: TwinAgent | null) => {
    system(held, 'chat_transferred', `transferred the chat to ${to?.name ?? 'Billing'}`);
    leave(held, to?.id ?? null);
    if (to) join(held, to.id);
    const transferred_to = { group_ids: [held.group], ...(to ? { agent_ids: [to.id] } : {}) };
    tell('chat_transferred', { ...place(held), requester_id: AGENTS[0].id, reason: 'manual', transferred_to });
  };
  const kept = (file: SeenFile) => {
    const path = `/api/file/lc/att/${++made}/${encodeURIComponent(file.name)}`;
    files.set(path, file);
    return { file, url: server.url + path };
  };

  const floor: Floor = {
    secrets,
    customers,
    chats,
    files,
    properties: {},
    bots: [],
    next,
    find,
    chatJson,
    place,
    begin,
    say,
    end,
    join,
    kept,
    address: () => server.url,
    staffed: () => there,
    banned: () => banned,
  };
  const handlers = { customer: customerCalls(floor), agent: agentCalls(floor), configuration: settingCalls(floor) };

  const server = await serveDesk({
    work,
    limited: refusal(429, 'too_many_requests', 'Too many requests'),
    forbidden: refusal(401, 'authentication', 'Invalid access token'),
    handle(request) {
      const { path, headers, text, query } = request;
      const file = files.get(path);
      if (file) return { headers: { 'content-type': file.mime }, body: file.bytes };
      if (path.startsWith('/v2/')) return account(floor, REGION, request);
      const [, api = '', action = ''] = /^\/v3\.6\/(agent|configuration|customer)\/action\/(\w+)$/.exec(path) ?? [];
      const token = headers.authorization?.replace(`Bearer ${REGION}:`, '') ?? '';
      const customer = token.startsWith('as-') ? token.slice(3) : null;
      if (api === 'customer' ? !customers.has(customer ?? '') : token !== 'agent')
        return refusal(401, 'authentication', 'Invalid access token');
      if (headers['x-region'] !== REGION)
        return refusal(421, 'misdirected_request', 'Wrong region', { region: REGION });
      if (api === 'customer' && query.get('organization_id') !== secrets.organization)
        return refusal(400, 'validation', 'Wrong organization');
      const author = headers['x-author-id'];
      if (author !== undefined && !floor.bots.some(({ id }) => id === author)) return refusal(403, 'authorization');
      const handler = handlers[api as keyof typeof handlers]?.[action];
      const body: Record<string, unknown> = headers['content-type']?.startsWith('application/json')
        ? JSON.parse(text)
        : {};
      const chat = body.chat_id ?? (action === 'deactivate_chat' ? body.id : undefined);
      if (!handler || (chat !== undefined && !chats.some(({ id }) => id === chat))) return refusal(404, 'not_found');
      return handler(body, customer ?? author ?? 'owner@desk.example', request);
    },
  });

  const opened = (id: string, agent: TwinAgent, initial: Omit<HeldEvent, 'id' | 'at'>): string | null =>
    lastThread(find(id)).active ? null : (begin(find(id), agent, [initial])[0] ?? null);

  return {
    ...server,
    agents: AGENTS,
    group: String(GROUP),
    webhooks,
    retryAfterMs: null,
    tickets: () => chats.map(seenTicket),
    ticket(id) {
      const held = chats.find((one) => one.id === id);
      return held ? seenTicket(held) : null;
    },
    staff: (state) => {
      there = state;
    },
    ban: (all) => {
      banned = all;
    },
    archive: (id) => end(find(id), null, 'routing.archived_inactive'),
    supervise: (id, agent) => join(find(id), agent.id, 'agents'),
    remove: (id) => void chats.splice(chats.indexOf(find(id)), 1),
    botSays: (id, text) => void say(find(id), { type: 'message', author_id: '2c1b8da19022', visibility: 'all', text }),
    odd: () => ODD.map(([action, payload]) => hook(action, payload)),
    agent: {
      async take(id, agent) {
        const held = find(id);
        if (answering(held) === null) join(held, agent.id);
        else transfer(held, agent);
      },
      release: async (id) => transfer(find(id), null),
      async reply(id, agent, text, sent = []) {
        const events: Omit<HeldEvent, 'id' | 'at'>[] = [
          ...(text === '' ? [] : [{ type: 'message' as const, author_id: agent.id, visibility: 'all' as const, text }]),
          ...sent.map((file) => ({
            type: 'file' as const,
            author_id: agent.id,
            visibility: 'all' as const,
            file: kept(file),
          })),
        ];
        const [first, ...others] = events;
        if (!first) return '';
        const held = find(id);
        const begun = opened(id, agent, first);
        if (begun === null && !held.staff.some((one) => one.id === agent.id && one.present)) join(held, agent.id);
        const said = begun ?? say(held, first);
        for (const event of others) say(held, event);
        return said;
      },
      note: async (id, agent, text) =>
        void say(find(id), { type: 'message', author_id: agent.id, visibility: 'agents', text }),
      // No webhook tells of it.
      async typing() {},
      read: async (id, agent) => tell('events_marked_as_seen', { chat_id: id, user_id: agent.id, seen_up_to: 'now' }),
      async handBack(id, agent, text) {
        const held = find(id);
        if (text !== undefined) say(held, { type: 'message', author_id: agent.id, visibility: 'agents', text });
        if (lastThread(held).tags.includes('bot')) return;
        lastThread(held).tags.push('bot');
        tell('thread_tagged', { ...place(held), tag: 'bot' });
      },
      close: async (id, agent) => end(find(id), agent.id, 'manual_archived_agent'),
      // A supervisor sends it back to the line.
      reopen: async (id) => void begin(find(id), null, []),
    },
    async close() {
      await webhooks.close();
      await server.close();
    },
  };
}
