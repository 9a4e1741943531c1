import { createHash, createHmac } from 'node:crypto';
import type { Millis } from '@baton/core';
import { type DeskTwin, type SeenFile, serveDesk, type TwinAgent, type TwinAnswer } from '#kit/desk-twin.ts';
import { textToHtml } from '#kit/html.ts';
import { type TwinDelivery, TwinWebhooks } from '#kit/twin-webhooks.ts';
import { ADMIN, type Author, type Contact, type Held, type HeldPart, ODD, refusal, seen, work } from './twin-store.ts';

export interface IntercomTwin extends DeskTwin {
  botTeam: string;
  admin: string;
  /** Given to somebody by somebody else: the notification tells his number only. */
  give(ticket: string, by: TwinAgent, to: TwinAgent): Promise<void>;
  remove(ticket: string): void;
}

const AGENTS = [
  { id: '814860', name: 'Dana Scully' },
  { id: '814861', name: 'Kim O’Neil' },
] as const;
const TEAM = '814865';
const BOT_TEAM = '814866';
/** What is younger is not in the index of the search. */
const INDEXED_MS = 120_000;
const WINDOW_S = 10;

/** Intercom in small, at version 2.14: API, teammates, signed notifications. */
export async function startIntercom({
  token,
  secret,
  now,
}: {
  token: string;
  secret: string;
  now(): Millis;
}): Promise<IntercomTwin> {
  const contacts: Contact[] = [];
  const conversations: Held[] = [];
  const files = new Map<string, SeenFile>();
  // Once more after a minute; that is late enough to be shortened here.
  const webhooks = new TwinWebhooks([1_000]);
  let away = false;
  let made = 6_000_000;

  const find = (id: string | undefined): Held => {
    const found = conversations.find((one) => one.id === id);
    if (!found) throw new Error(`There is no conversation ${id}`);
    return found;
  };
  const signed = (body: string): TwinDelivery => ({
    headers: {
      'content-type': 'application/json',
      'x-hub-signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
    },
    body,
  });
  const add = (held: Held, author: Author, part_type: string, more: Partial<HeldPart> = {}): HeldPart => {
    const part: HeldPart = {
      id: String(++made),
      part_type,
      body: null,
      created_at: Math.floor(now() / 1_000),
      assigned_to: null,
      files: [],
      ...more,
      author,
    };
    held.parts.push(part);
    held.updated = ++made;
    return part;
  };
  const tell = (held: Held, topic: string, part: HeldPart) =>
    webhooks.post(
      signed(
        JSON.stringify({
          type: 'notification_event',
          id: `notif_${++made}`,
          topic: `conversation.admin.${topic}`,
          app_id: 'abc123',
          delivery_attempts: 1,
          created_at: Math.floor(now() / 1_000),
          data: { type: 'notification_event_data', item: { ...json(held), conversation_parts: list([part]) } },
        }),
      ),
    );
  const act = (held: Held, author: Author, topic: string, type: string, more: Partial<HeldPart> = {}): string => {
    const part = add(held, author, type, more);
    tell(held, topic, part);
    return part.id;
  };
  /** Given to whom it belongs already, nothing changes, and nobody is told. */
  const assign = (held: Held, by: Author, to: { type: string; id: string | null }) => {
    if (to.type === 'team' && to.id === held.team && held.assignee === null) return;
    if (to.type === 'team') held.team = to.id === '0' ? null : to.id;
    held.assignee = to.type === 'admin' ? to.id : null;
    act(held, by, 'assigned', 'assignment', { assigned_to: to });
  };
  const kept = (file: SeenFile) => {
    const path = `/attachments/${++made}/${encodeURIComponent(file.name)}`;
    files.set(path, file);
    return { file, url: server.url + path };
  };

  function json(held: Held): object {
    return {
      type: 'conversation',
      id: held.id,
      open: held.open,
      state: held.open ? 'open' : 'closed',
      updated_at: Math.floor(now() / 1_000),
      source: {
        type: 'conversation',
        body: `<p>${textToHtml(held.first)}</p>`,
        author: { type: 'user', id: held.contact.id },
      },
      contacts: { type: 'contact.list', contacts: [{ type: 'contact', id: held.contact.id }] },
      admin_assignee_id: held.assignee === null ? null : Number(held.assignee),
      team_assignee_id: held.team === null ? null : Number(held.team),
    };
  }

  function list(parts: readonly HeldPart[]): object {
    return {
      type: 'conversation_part.list',
      total_count: parts.length,
      conversation_parts: parts.map(({ files: sent, ...part }) => ({
        type: 'conversation_part',
        ...part,
        attachments: sent.map(({ file, url }) => ({
          type: 'upload',
          name: file.name,
          url,
          content_type: file.mime,
          filesize: file.bytes.byteLength,
        })),
      })),
    };
  }

  const whole = (held: Held): TwinAnswer => ({
    json: { ...json(held), conversation_parts: list(held.parts.slice(-500)) },
  });
  const us: Author = { type: 'admin', id: ADMIN, name: 'Baton' };

  type Handler = (body: Record<string, never>, id: string) => TwinAnswer;
  const routes: [string, RegExp, Handler][] = [
    ['GET', /^\/me$/, () => ({ json: { type: 'admin', id: ADMIN, name: 'Baton', email: 'baton@desk.example' } })],
    ['GET', /^\/admins$/, () => ({ json: { type: 'admin.list', admins: [us, ...AGENTS].map(adminJson) } })],
    [
      'GET',
      /^\/teams\/814865$/,
      () => ({ json: { type: 'team', id: TEAM, admin_ids: AGENTS.map(({ id }) => Number(id)) } }),
    ],
    [
      'GET',
      /^\/contacts\/find_by_external_id\/(.+)$/,
      (_, id) => {
        const contact = contacts.find((one) => one.external_id === decodeURIComponent(id));
        return contact ? { json: { type: 'contact', ...contact } } : refusal(404, 'not_found');
      },
    ],
    ['POST', /^\/contacts$/, addContact],
    ['POST', /^\/conversations$/, open],
    [
      'GET',
      /^\/conversations$/,
      () => ({
        json: {
          conversations: [...conversations]
            .sort((a, b) => b.updated - a.updated)
            .slice(0, 150)
            .map(json),
        },
      }),
    ],
    ['POST', /^\/conversations\/search$/, search],
    ['GET', /^\/conversations\/(\d+)$/, (_, id) => whole(find(id))],
    ['POST', /^\/conversations\/(\d+)\/reply$/, (body, id) => reply(find(id), body)],
    ['POST', /^\/conversations\/(\d+)\/parts$/, (body, id) => change(find(id), body)],
  ];

  const server = await serveDesk({
    work,
    limited: {
      status: 429,
      headers: { 'x-ratelimit-reset': String(Math.floor(now() / 1_000) + WINDOW_S) },
      json: { type: 'error.list', errors: [{ code: 'rate_limit_exceeded', message: 'Exceeded rate limit' }] },
    },
    forbidden: refusal(401, 'token_unauthorized'),
    handle({ method, path, headers, text }) {
      const file = files.get(path);
      if (file) return { headers: { 'content-type': file.mime }, body: file.bytes };
      if (headers.authorization !== `Bearer ${token}`) return refusal(401, 'token_unauthorized');
      if (headers['intercom-version'] !== '2.14') return refusal(400, 'intercom_version_invalid');
      for (const [verb, pattern, handler] of routes) {
        const match = verb === method ? pattern.exec(path) : null;
        const id = match?.[1] ?? '';
        if (match && path.startsWith('/conversations/') && id !== '' && !conversations.some((one) => one.id === id))
          return refusal(404, 'conversation_not_found');
        if (match) return handler(text === '' ? {} : JSON.parse(text), id);
      }
      return refusal(404, 'not_found');
    },
  });

  function adminJson({ id, name }: { id: string; name: string | null }): object {
    return { type: 'admin', id, name, away_mode_enabled: away, has_inbox_seat: true, avatar: null };
  }

  function addContact(body: Partial<Contact>): TwinAnswer {
    const { external_id = '', role = 'user', name = null, email = null } = body;
    const same = contacts.find((one) => one.external_id === external_id || (email !== null && one.email === email));
    if (same) return refusal(409, 'conflict', `A contact matching those details already exists with id=${same.id}`);
    const id = createHash('sha256').update(`contact ${++made}`).digest('hex').slice(0, 24);
    const contact = { id, external_id, role, name, email };
    contacts.push(contact);
    return { json: { type: 'contact', ...contact } };
  }

  function open({ from, body }: { from?: { id: string }; body?: string }): TwinAnswer {
    const contact = contacts.find(({ id }) => id === from?.id);
    if (!contact || !body) return refusal(contact ? 400 : 404, contact ? 'parameter_invalid' : 'not_found');
    const held: Held = {
      id: String(215_468_000_000_000 + conversations.length),
      contact,
      first: body,
      created: now(),
      updated: ++made,
      open: true,
      team: null,
      assignee: null,
      parts: [],
    };
    conversations.push(held);
    return { json: { type: 'user_message', id: String(++made), conversation_id: held.id, body } };
  }

  function search({ query }: { query?: { value: string } }): TwinAnswer {
    const found = conversations.filter(
      ({ first, created }) => created < now() - INDEXED_MS && first.includes(query?.value ?? ''),
    );
    return { json: { type: 'conversation.list', conversations: found.map(json) } };
  }

  function reply(held: Held, body: Record<string, unknown>): TwinAnswer {
    const text = typeof body.body === 'string' ? body.body : '';
    if (text === '') return refusal(400, 'parameter_invalid');
    if (body.type === 'admin') {
      tell(held, 'noted', add(held, us, 'note', { body: text }));
      return whole(held);
    }
    if (body.intercom_user_id !== held.contact.id) return refusal(404, 'not_found');
    const sent = ((body.attachment_files ?? []) as { name: string; content_type: string; data: string }[]).map((file) =>
      kept({ name: file.name, mime: file.content_type, bytes: new Uint8Array(Buffer.from(file.data, 'base64')) }),
    );
    if (sent.length > 10) return refusal(400, 'parameter_invalid');
    const { id, role, name } = held.contact;
    add(held, { type: role, id, name }, held.open ? 'comment' : 'open', {
      body: `<p>${textToHtml(text)}</p>`,
      created_at: Number(body.created_at ?? Math.floor(now() / 1_000)),
      files: sent,
    });
    held.open = true;
    return whole(held);
  }

  function change(held: Held, body: Record<string, unknown>): TwinAnswer {
    if (body.admin_id !== ADMIN) return refusal(404, 'admin_not_found');
    if (body.message_type === 'assignment') assign(held, us, { type: String(body.type), id: String(body.assignee_id) });
    if (body.message_type === 'close') {
      held.open = false;
      act(held, us, 'closed', 'close');
    }
    return whole(held);
  }

  const author = ({ id, name }: TwinAgent): Author => ({ type: 'admin', id, name });
  return {
    ...server,
    admin: ADMIN,
    botTeam: BOT_TEAM,
    agents: AGENTS,
    group: TEAM,
    webhooks,
    retryAfterMs: WINDOW_S * 1_000,
    tickets: () => conversations.map(seen),
    ticket(id) {
      const held = conversations.find((one) => one.id === id);
      return held ? seen(held) : null;
    },
    staff: (there) => {
      away = !there;
    },
    remove: (id) => void conversations.splice(conversations.indexOf(find(id)), 1),
    odd: () => ODD.map((body) => signed(typeof body === 'string' ? body : JSON.stringify(body))),
    give: async (id, by, to) => assign(find(id), author(by), { type: 'admin', id: to.id }),
    agent: {
      take: async (id, agent) => assign(find(id), author(agent), { type: 'admin', id: agent.id }),
      release: async (id, agent) => assign(find(id), author(agent), { type: 'nobody_admin', id: null }),
      async reply(id, agent, text, sent = []) {
        const held = find(id);
        const type = held.open ? 'comment' : 'open';
        held.open = true;
        return act(held, author(agent), 'replied', type, {
          body: text === '' ? null : `<p>${textToHtml(text)}</p>`,
          files: sent.map(kept),
        });
      },
      note: async (id, agent, text) =>
        void act(find(id), author(agent), 'noted', 'note', { body: `<p>${textToHtml(text)}</p>` }),
      // Intercom tells neither.
      async typing() {},
      async read() {},
      async handBack(id, agent, text) {
        if (text !== undefined) act(find(id), author(agent), 'noted', 'note', { body: `<p>${textToHtml(text)}</p>` });
        assign(find(id), author(agent), { type: 'team', id: BOT_TEAM });
      },
      async close(id, agent) {
        find(id).open = false;
        act(find(id), author(agent), 'closed', 'close');
      },
      async reopen(id, agent) {
        find(id).open = true;
        act(find(id), author(agent), 'opened', 'open');
      },
    },
    async close() {
      await webhooks.close();
      await server.close();
    },
  };
}
