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
import { textToHtml } from '#kit/html.ts';
import { type TwinDelivery, TwinWebhooks } from '#kit/twin-webhooks.ts';
import { presenceAnswer } from '#kit/zendesk-presence.ts';
import { type HeldUser, TwinPeople, US, userJson } from './twin-people.ts';
import {
  auditJson,
  type Change,
  GROUP,
  type Held,
  type HeldAudit,
  type HeldEvent,
  hookJson,
  htmlOf,
  ODD,
  refusal,
  seen,
  ticketJson,
  work,
} from './twin-store.ts';

export interface ZendeskTwin extends DeskTwin {
  agentId: string;
  /** An agent does several things in one update, as a macro does, or answers by e-mail. */
  update(ticket: string, by: TwinAgent, change: Change): void;
  /** Somebody in copy, who is no agent, answers. */
  copied(ticket: string, text: string): void;
  /** A trigger gives every new ticket to this agent. */
  autoAssign(agent: TwinAgent | null): void;
  /** Nobody may solve a ticket before a field of its form is filled in. */
  requireField(required: boolean): void;
  remove(ticket: string): void;
  /** Somebody who is there already, with this address. */
  person(user: Partial<HeldUser>): void;
  /** Omnichannel routing is not in use. */
  noRouting(): void;
}

const AGENTS = [
  { id: '8447388090494', name: 'Dana Scully' },
  { id: '8447388090495', name: 'Kim O’Neil' },
] as const;
/** Updates of one ticket by one user in ten minutes. */
const UPDATES = 30;
const WINDOW_MS = 600_000;

/** Zendesk Support in small: tickets with their history, agents, a rate of updates, events signed with the time. */
export async function startZendesk({
  credentials,
  secret,
  now,
}: {
  /** `email/token:TOKEN`. */
  credentials: string;
  secret: string;
  now(): Millis;
}): Promise<ZendeskTwin> {
  const people = new TwinPeople(AGENTS);
  const tickets: Held[] = [];
  const uploads = new Map<string, SeenFile>();
  const files = new Map<string, SeenFile>();
  const opened = new Map<string, { text: string; answer: TwinAnswer }>();
  const webhooks = new TwinWebhooks([500, 1_000]);
  let there = true;
  let routing = true;
  let assigns: TwinAgent | null = null;
  let fieldMissing = false;
  let made = 9_000_000_000;

  const find = (id: string): Held => {
    const found = tickets.find((one) => String(one.id) === id);
    if (!found) throw new Error(`There is no ticket ${id}`);
    return found;
  };
  const signed = (body: string): TwinDelivery => {
    const time = new Date(now()).toISOString();
    return {
      headers: {
        'content-type': 'application/json',
        'x-zendesk-webhook-signature-timestamp': time,
        'x-zendesk-webhook-signature': createHmac('sha256', secret)
          .update(time + body)
          .digest('base64'),
      },
      body,
    };
  };
  const tell = (held: Held, actor: number, type: string, event: object) =>
    webhooks.post(signed(JSON.stringify(hookJson(held, `event-${++made}`, actor, type, event, now()))));
  const kept = (file: SeenFile) => {
    const url = `${server.url}/attachments/token/${++made}/?name=${encodeURIComponent(file.name)}`;
    files.set(new URL(url).pathname, file);
    return { file, url };
  };

  /** One update: everything in it is one audit, and one event for each thing. */
  function update(held: Held, by: number, change: Change, sent: readonly SeenFile[] = []): HeldAudit {
    const audit: HeldAudit = {
      id: ++made,
      at: now(),
      author_id: by,
      custom: change.metadata ?? {},
      channel: change.channel ?? 'web',
      events: [],
    };
    held.audits.push(audit);
    if (change.comment) comment(held, audit, by, change.comment, sent);
    for (const field of ['assignee_id', 'status', 'tags'] as const)
      if (change[field] !== undefined) set(held, audit, by, field, change[field]);
    return audit;
  }

  function comment(
    held: Held,
    audit: HeldAudit,
    by: number,
    given: NonNullable<Change['comment']>,
    sent: readonly SeenFile[],
  ): void {
    const author = people.users.find(({ id }) => id === (given.author_id ?? by));
    const found = (given.uploads ?? []).flatMap((token) => uploads.get(token) ?? []);
    const event: HeldEvent = {
      id: ++made,
      type: 'Comment',
      author_id: author?.id ?? by,
      html_body: htmlOf(given),
      public: given.public ?? true,
      files: [...found, ...sent].map(kept),
    };
    audit.events.push(event);
    const { id, html_body, public: is_public } = event;
    const is_staff = author?.role !== 'end-user';
    tell(held, by, 'comment_added', {
      comment: {
        id: String(id),
        body: html_body,
        is_public,
        author: { id: String(author?.id), is_staff, name: author?.name },
      },
    });
  }

  function set(
    held: Held,
    audit: HeldAudit,
    by: number,
    field: 'assignee_id' | 'status' | 'tags',
    value: unknown,
    via?: { channel: string },
  ): void {
    const before = field === 'assignee_id' ? held.assignee : field === 'status' ? held.status : held.tags;
    if (JSON.stringify(before) === JSON.stringify(value)) return;
    if (field === 'assignee_id') held.assignee = value as number | null;
    else if (field === 'status') held.status = String(value);
    else held.tags = value as string[];
    audit.events.push({
      id: ++made,
      type: 'Change',
      field_name: field,
      value,
      previous_value: before,
      ...(via ? { via } : {}),
    });
    const text = (one: unknown) => (one === null ? null : String(one).toUpperCase());
    if (field === 'tags') {
      const [old, fresh] = [before as string[], held.tags];
      tell(held, by, 'tags_changed', {
        tags_added: fresh.filter((tag) => !old.includes(tag)),
        tags_removed: old.filter((tag) => !fresh.includes(tag)),
      });
    } else
      tell(held, by, field === 'status' ? 'status_changed' : 'agent_assignment_changed', {
        current: text(value),
        previous: text(before),
      });
    // Somebody has it now.
    if (field === 'assignee_id' && value !== null && held.status === 'new') set(held, audit, by, 'status', 'open', via);
  }

  type Handler = (request: TwinRequest, id: string) => TwinAnswer;
  const routes: [string, RegExp, Handler][] = [
    ['GET', /^\/users\/me$/, () => ({ json: { user: userJson(people.us) } })],
    [
      'GET',
      /^\/users\/search$/,
      ({ query }) => ({ json: { users: people.of(query.get('external_id')).map(userJson) } }),
    ],
    ['GET', /^\/users\/show_many$/, ({ query }) => people.showMany(query)],
    ['POST', /^\/users\/create_or_update$/, ({ text }) => people.keep(JSON.parse(text).user)],
    ['POST', /^\/tickets$/, (request) => open(request)],
    [
      'GET',
      /^\/tickets$/,
      ({ query }) => ({
        json: { tickets: tickets.filter((one) => one.external_id === query.get('external_id')).map(ticketJson) },
      }),
    ],
    ['GET', /^\/tickets\/(\d+)$/, (_, id) => ({ json: { ticket: ticketJson(find(id)) } })],
    ['PUT', /^\/tickets\/(\d+)$/, ({ text }, id) => put(find(id), JSON.parse(text).ticket)],
    ['GET', /^\/tickets\/(\d+)\/audits$/, ({ query }, id) => history(find(id), query)],
    ['POST', /^\/uploads$/, (request) => upload(request)],
    [
      'GET',
      /^\/agent_availabilities$/,
      () =>
        routing
          ? presenceAnswer(AGENTS, { there, group: String(GROUP), channel: 'support' })
          : refusal(404, 'InvalidEndpoint'),
    ],
  ];

  const server = await serveDesk({
    work,
    forbidden: refusal(401, 'Couldn’t authenticate you'),
    handle(request) {
      const { method, path, headers } = request;
      const authorized = headers.authorization === `Basic ${Buffer.from(credentials).toString('base64')}`;
      const file = files.get(path);
      // Attachments are private: who fetches them must be somebody.
      if (file)
        return authorized ? { headers: { 'content-type': file.mime }, body: file.bytes } : refusal(403, 'Forbidden');
      if (!authorized) return refusal(401, 'Couldn’t authenticate you');
      if (!headers.accept?.includes('application/json')) return refusal(415, 'UnsupportedMediaType');
      for (const [verb, pattern, handler] of routes) {
        const match = verb === method ? pattern.exec(path.replace('/api/v2', '')) : null;
        const id = match?.[1] ?? '';
        if (match && id !== '' && !tickets.some((one) => String(one.id) === id)) return refusal(404, 'RecordNotFound');
        if (match) return handler(request, id);
      }
      return refusal(404, 'InvalidEndpoint');
    },
  });

  function open({ text, headers }: TwinRequest): TwinAnswer {
    const key = headers['idempotency-key'] ?? '';
    const before = opened.get(key);
    if (before) return before.text === text ? before.answer : refusal(400, 'IdempotentRequestError');
    const { ticket } = JSON.parse(text) as { ticket: Change & Record<string, unknown> };
    const requester = people.users.find(({ id }) => id === ticket.requester_id);
    if (!requester || !ticket.comment) return refusal(422, 'RecordInvalid');
    if (ticket.group_id !== undefined && ticket.group_id !== GROUP)
      return refusal(422, 'RecordInvalid', 'Group: is invalid');
    const held: Held = {
      id: 5_100 + tickets.length,
      external_id: String(ticket.external_id ?? '') || null,
      subject: String(ticket.subject ?? ''),
      requester,
      status: 'new',
      assignee: null,
      group: (ticket.group_id as number | undefined) ?? null,
      priority: (ticket.priority as string | undefined) ?? null,
      tags: ticket.tags ?? [],
      audits: [],
    };
    tickets.push(held);
    const { comment: first, metadata = {} } = ticket;
    const audit = update(held, US, { comment: first, metadata, channel: 'api' });
    audit.events.push({ id: ++made, type: 'Create', field_name: 'status', value: 'new' });
    if (assigns) set(held, audit, US, 'assignee_id', Number(assigns.id), { channel: 'rule' });
    const answer = { status: 201, json: { ticket: ticketJson(held), audit: auditJson(held, audit) } };
    if (key !== '') opened.set(key, { text, answer });
    return answer;
  }

  function put(held: Held, change: Change): TwinAnswer {
    if (held.status === 'closed') return refusal(422, 'RecordInvalid', 'Status: closed prevents ticket update');
    const recent = held.audits.filter(({ at, author_id }) => author_id === US && at > now() - WINDOW_MS);
    if (recent.length > UPDATES)
      return { ...refusal(429, 'TooManyRequests'), headers: { 'retry-after': String(WINDOW_MS / 1_000) } };
    if (change.comment && !change.comment.html_body && !change.comment.body)
      return refusal(422, 'RecordInvalid', 'Comment: cannot be blank');
    if (change.status === 'solved' && (fieldMissing || (held.assignee ?? change.assignee_id ?? null) === null))
      return refusal(422, 'RecordInvalid', 'Assignee: is required when solving a ticket');
    const audit = update(held, US, { ...change, channel: 'api' });
    return { json: { ticket: ticketJson(held), audit: auditJson(held, audit) } };
  }

  function history(held: Held, query: URLSearchParams): TwinAnswer {
    const from = Number(query.get('page[after]') ?? 0);
    const size = Math.min(100, Number(query.get('page[size]') ?? 100));
    const some = held.audits.slice(from, from + size);
    const has_more = from + some.length < held.audits.length;
    const meta = { has_more, after_cursor: some.length === 0 ? null : String(from + some.length) };
    return { json: { audits: some.map((audit) => auditJson(held, audit)), meta } };
  }

  function upload({ query, headers, bytes }: TwinRequest): TwinAnswer {
    const token = `upload-${++made}`;
    const name = query.get('filename') ?? '';
    uploads.set(token, { name, mime: headers['content-type'] ?? '', bytes: new Uint8Array(bytes) });
    return { status: 201, json: { upload: { token, attachment: { file_name: name } } } };
  }

  const noted = (text: string) => ({ html_body: `<p>${textToHtml(text)}</p>`, public: false });
  return {
    ...server,
    agents: AGENTS,
    agentId: String(US),
    group: String(GROUP),
    webhooks,
    retryAfterMs: TWIN_RETRY_MS,
    tickets: () => tickets.map(seen),
    ticket(id) {
      const held = tickets.find((one) => String(one.id) === id);
      return held ? seen(held) : null;
    },
    staff: (state) => {
      there = state;
    },
    odd: () => ODD.map((body) => signed(typeof body === 'string' ? body : JSON.stringify(body))),
    update: (id, by, change) => void update(find(id), Number(by.id), change),
    copied(id, text) {
      const { id: author } = people.add({ name: 'Bob', email: 'bob@example.com' });
      update(find(id), author, { comment: { html_body: `<p>${text}</p>` }, channel: 'email' });
    },
    autoAssign: (agent) => {
      assigns = agent;
    },
    requireField: (required) => {
      fieldMissing = required;
    },
    remove(id) {
      const held = find(id);
      tickets.splice(tickets.indexOf(held), 1);
      tell(held, Number(AGENTS[0].id), 'soft_deleted', {});
    },
    person: (user) => void people.add(user),
    noRouting: () => {
      routing = false;
    },
    agent: {
      take: async (id, agent) => void update(find(id), Number(agent.id), { assignee_id: Number(agent.id) }),
      release: async (id, agent) => void update(find(id), Number(agent.id), { assignee_id: null }),
      async reply(id, agent, text, sent = []) {
        const comment = {
          html_body: text === '' ? '' : `<div class="zd-comment" dir="auto">${textToHtml(text)}</div>`,
        };
        return String(update(find(id), Number(agent.id), { comment }, sent).events[0]?.id);
      },
      note: async (id, agent, text) => void update(find(id), Number(agent.id), { comment: noted(text) }),
      // Tickets know neither.
      async typing() {},
      async read() {},
      async handBack(id, agent, text) {
        const held = find(id);
        const change = { tags: [...held.tags, 'back_to_bot'], ...(text === undefined ? {} : { comment: noted(text) }) };
        update(held, Number(agent.id), change);
      },
      async close(id, agent) {
        const held = find(id);
        update(held, Number(agent.id), { assignee_id: held.assignee ?? Number(agent.id), status: 'solved' });
      },
      reopen: async (id, agent) => void update(find(id), Number(agent.id), { status: 'open' }),
    },
    async close() {
      await webhooks.close();
      await server.close();
    },
  };
}
