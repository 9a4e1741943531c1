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
import { textToHtml } from '#kit/html.ts';
import { type TwinDelivery, TwinWebhooks } from '#kit/twin-webhooks.ts';
import {
  AGENTS,
  agentJson,
  type Contact,
  entryJson,
  fits,
  GROUP,
  type Held,
  type HeldEntry,
  noteIn,
  ODD,
  presenceJson,
  refusal,
  seen,
  ticketJson,
  US,
  work,
} from './twin-store.ts';

export interface FreshdeskTwin extends DeskTwin {
  /** Takes away what makes a note known again, as a stricter filter of HTML would. */
  strip(): void;
  /** Files of one note may have so many bytes together. */
  limitFiles(bytes: number): void;
  /** The account has no omnichannel routing: it does not say who is there. */
  hidePresence(): void;
  /** Somebody deletes an entry, or the ticket. */
  remove(ticket: string, entry?: string): void;
  /** An answer by mail, which quotes what it answers to; a mail to somebody else; a survey. */
  mail(ticket: string, agent: TwinAgent, html: string, source?: number): void;
  /** An agent sets the status, or adds a tag. */
  become(ticket: string, change: { status?: number; tag?: string }): void;
  /** People in its address book. */
  contacts(): readonly Contact[];
}

const FIELDS = new Set(
  'subject description requester_id status priority source tags group_id custom_fields type'.split(' '),
);

/** Freshdesk in small: API v2, agents, and a rule of automation that calls the webhook whenever a ticket changes. */
export async function startFreshdesk({ apiKey, now }: { apiKey: string; now(): Millis }): Promise<FreshdeskTwin> {
  const contacts: Contact[] = [];
  const tickets: Held[] = [];
  const files = new Map<string, SeenFile>();
  // After 5, 30 and 60 minutes: the first of them shortened, the others beyond any test.
  const webhooks = new TwinWebhooks([1_000]);
  let there = true;
  let tells = true;
  let strict = false;
  let most = 20_000_000;
  let made = 43_000_000;

  const find = (id: string | undefined): Held => {
    const found = tickets.find((one) => String(one.id) === id);
    if (!found) throw new Error(`There is no ticket ${id}`);
    return found;
  };
  const hook = (body: unknown): TwinDelivery => ({
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const tell = (held: Held) => {
    held.updatedAt = now();
    webhooks.post(hook({ freshdesk_webhook: { ticket_id: String(held.id) } }));
  };
  const setStatus = (held: Held, status: number) => {
    if (held.status !== status) held.statusAt = now();
    held.status = status;
    tell(held);
  };
  const kept = (file: SeenFile) => {
    const id = ++made;
    const path = `/data/helpdesk/attachments/${id}/${encodeURIComponent(file.name)}`;
    files.set(path, file);
    return { id, file, url: server.url + path };
  };
  const add = (
    held: Held,
    entry: Pick<HeldEntry, 'body' | 'user'> & Partial<HeldEntry>,
    sent: readonly SeenFile[] = [],
  ): HeldEntry => {
    const filtered = entry.body.replace(/<script[\s\S]*?<\/script>|<!--[\s\S]*?-->/gi, '');
    const full = {
      id: ++made,
      incoming: false,
      private: false,
      source: 2,
      at: now(),
      ...entry,
      body: strict ? filtered.replace(/\s(?:class|id|style)="[^"]*"/g, '') : filtered,
      files: sent.map(kept),
    };
    held.entries.push(full);
    tell(held);
    return full;
  };

  type Handler = (request: TwinRequest, id: string) => TwinAnswer | Promise<TwinAnswer>;
  const routes: [string, RegExp, Handler][] = [
    ['GET', /^\/agents\/me$/, () => ({ json: agentJson(US) })],
    ['GET', /^\/agents$/, () => presence()],
    ['GET', /^\/agents\/(\d+)$/, (_, id) => agent(id)],
    ['GET', /^\/groups\/77$/, () => ({ json: { id: GROUP, agent_ids: AGENTS.map(({ id }) => Number(id)) } })],
    ['GET', /^\/contacts$/, ({ query }) => ({ json: contacts.filter((one) => fits(one, query)) })],
    ['POST', /^\/contacts$/, ({ text }) => addContact(JSON.parse(text))],
    ['GET', /^\/tickets$/, ({ query }) => list(query)],
    ['POST', /^\/tickets$/, ({ text }) => openTicket(JSON.parse(text))],
    [
      'GET',
      /^\/tickets\/(\d+)$/,
      ({ query }, id) => ({ json: ticketJson(find(id), query.get('include') === 'stats') }),
    ],
    ['PUT', /^\/tickets\/(\d+)$/, ({ text }, id) => change(find(id), JSON.parse(text))],
    ['GET', /^\/tickets\/(\d+)\/conversations$/, ({ query }, id) => entries(find(id), query)],
    ['POST', /^\/tickets\/(\d+)\/notes$/, (request, id) => write(find(id), request)],
  ];
  const authorized = `Basic ${Buffer.from(`${apiKey}:X`).toString('base64')}`;
  const refused: TwinAnswer = {
    status: 401,
    json: { code: 'invalid_credentials', message: 'You have to be logged in' },
  };

  const server = await serveDesk({
    work,
    forbidden: refused,
    handle(request) {
      const { method, path, headers } = request;
      const file = files.get(path);
      if (file) return { headers: { 'content-type': file.mime }, body: file.bytes };
      if (headers.authorization !== authorized) return refused;
      const below = path.replace(/^\/api\/v2/, '');
      for (const [verb, pattern, handler] of routes) {
        const match = verb === method ? pattern.exec(below) : null;
        const id = match?.[1] ?? '';
        if (match && below.startsWith('/tickets/') && !tickets.some((one) => String(one.id) === id)) break;
        if (match) return handler(request, id);
      }
      return { status: 404, body: '' };
    },
  });

  function presence(): TwinAnswer {
    if (!tells) return refusal(400, 'only', 'invalid_value');
    return { json: [US, ...AGENTS].map((one) => presenceJson(one, there && one !== US)) };
  }

  function agent(id: string): TwinAnswer {
    const found = [US, ...AGENTS].find((one) => one.id === id);
    return found ? { json: agentJson(found) } : { status: 404, body: '' };
  }

  function addContact(body: Partial<Contact>): TwinAnswer {
    const { unique_external_id = null, name, email = null } = body;
    if (!name) return refusal(400, 'name', 'missing_field');
    if (email !== null && !/^[\x21-\x7e]+$/.test(email)) return refusal(400, 'email', 'invalid_value');
    for (const field of ['unique_external_id', 'email'] as const) {
      const same = contacts.find((one) => body[field] && one[field] === body[field]);
      if (same) return refusal(409, field, 'duplicate_value', { additional_info: { user_id: same.id } });
    }
    const contact = { id: ++made, unique_external_id, name, email };
    contacts.push(contact);
    return { status: 201, json: contact };
  }

  function list(query: URLSearchParams): TwinAnswer {
    const own = tickets.filter(({ requester }) => String(requester.id) === query.get('requester_id'));
    return {
      json: own
        .reverse()
        .slice(0, Number(query.get('per_page') ?? 30))
        .map((one) => ticketJson(one)),
    };
  }

  function openTicket(body: Record<string, unknown>): TwinAnswer {
    const unknown = Object.keys(body).find((name) => !FIELDS.has(name));
    if (unknown !== undefined) return refusal(400, unknown, 'invalid_field');
    const requester = contacts.find(({ id }) => id === body.requester_id);
    if (!requester) return refusal(400, 'requester_id', 'invalid_value');
    if (body.group_id !== undefined && body.group_id !== GROUP) return refusal(400, 'group_id', 'invalid_value');
    const tags = body.tags as string[];
    if (tags.some((tag) => tag.length > 32 || tag.includes(','))) return refusal(400, 'tags', 'invalid_value');
    const subject = String(body.subject ?? '');
    if (subject === '' || subject.length > 255) return refusal(400, 'subject', 'invalid_value');
    const held: Held = {
      id: tickets.length + 1,
      subject,
      description: String(body.description),
      status: Number(body.status),
      priority: Number(body.priority),
      source: Number(body.source),
      requester,
      responder: null,
      group: (body.group_id as number | undefined) ?? null,
      tags,
      fields: (body.custom_fields as Record<string, unknown> | undefined) ?? {},
      entries: [],
      createdAt: now(),
      updatedAt: now(),
      statusAt: now(),
    };
    tickets.push(held);
    return { status: 201, json: ticketJson(held) };
  }

  /** `tags` are all that it has from then on. */
  function change(held: Held, { status, tags }: { status?: number; tags?: string[] }): TwinAnswer {
    if (tags) held.tags = tags;
    setStatus(held, status ?? held.status);
    return { json: ticketJson(held) };
  }

  function entries(held: Held, query: URLSearchParams): TwinAnswer {
    const [page, size] = [Number(query.get('page') ?? 1), Math.min(100, Number(query.get('per_page') ?? 30))];
    return { json: held.entries.slice((page - 1) * size, page * size).map((entry) => entryJson(held, entry)) };
  }

  async function write(held: Held, request: TwinRequest): Promise<TwinAnswer> {
    const { note, sent } = await noteIn(request);
    if (!note.body) return refusal(400, 'body', 'missing_field');
    const total = sent.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    if (total > most) return refusal(400, 'attachments', 'invalid_size');
    const user = note.user_id === undefined ? Number(US.id) : Number(note.user_id);
    const [incoming, hidden] = [String(note.incoming) === 'true', String(note.private ?? 'true') === 'true'];
    return {
      status: 201,
      json: entryJson(held, add(held, { body: note.body, user, incoming, private: hidden }, sent)),
    };
  }

  const html = (text: string) => `<div>${textToHtml(text)}</div>`;
  return {
    ...server,
    agents: AGENTS,
    group: String(GROUP),
    webhooks,
    retryAfterMs: TWIN_RETRY_MS,
    tickets: () => tickets.map(seen),
    ticket(id) {
      const held = tickets.find((one) => String(one.id) === id);
      return held ? seen(held) : null;
    },
    contacts: () => contacts,
    staff: (state) => {
      there = state;
    },
    strip: () => {
      strict = true;
    },
    limitFiles: (bytes) => {
      most = bytes;
    },
    hidePresence: () => {
      tells = false;
    },
    remove(id, entry) {
      const held = find(id);
      if (entry === undefined) tickets.splice(tickets.indexOf(held), 1);
      else held.entries = held.entries.filter((one) => String(one.id) !== entry);
    },
    mail: (id, { id: user }, body, source = 0) => void add(find(id), { body, user: Number(user), source }),
    become(id, { status, tag }) {
      const held = find(id);
      if (tag !== undefined) held.tags = [...held.tags, tag];
      setStatus(held, status ?? held.status);
    },
    odd: () => ODD.map(hook),
    agent: {
      async take(id, who) {
        find(id).responder = who;
        tell(find(id));
      },
      async release(id) {
        find(id).responder = null;
        tell(find(id));
      },
      reply: async (id, who, text, sent = []) =>
        String(add(find(id), { body: html(text || 'See this'), user: Number(who.id), source: 0 }, sent).id),
      note: async (id, who, text) => void add(find(id), { body: html(text), user: Number(who.id), private: true }),
      // Freshdesk tells neither.
      async typing() {},
      async read() {},
      async handBack(id, who, note) {
        if (note !== undefined) add(find(id), { body: html(`bot: ${note}`), user: Number(who.id), private: true });
        // A tag that stands there already is no change.
        if (find(id).tags.includes('back-to-bot')) return;
        find(id).tags.push('back-to-bot');
        tell(find(id));
      },
      close: async (id) => setStatus(find(id), 4),
      reopen: async (id) => setStatus(find(id), 2),
    },
    async close() {
      await webhooks.close();
      await server.close();
    },
  };
}
