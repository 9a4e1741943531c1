import { WebhookDeskCall, type WebhookDeskEvent } from '@baton/protocol/schemas';
import {
  type DeskTwin,
  type SeenEntry,
  type SeenFile,
  type SeenTicket,
  serveDesk,
  TWIN_RETRY_MS,
  type TwinAnswer,
  type TwinRequest,
  type TwinWork,
} from '#kit/desk-twin.ts';
import { signWebhook, verifyWebhook } from '#kit/standard-webhooks.ts';
import { type TwinDelivery, TwinWebhooks } from '#kit/twin-webhooks.ts';

type CallOf<T extends WebhookDeskCall['type']> = Extract<WebhookDeskCall, { type: T }>;
type Event = WebhookDeskEvent extends infer E ? (E extends unknown ? Omit<E, 'id' | 'at'> : never) : never;

interface Stored extends SeenTicket {
  handoff: string;
  /** What was told, for those who ask again. */
  events: object[];
  /** Baton's id of each message: ours. */
  known: Map<string, string>;
}

const AGENTS = [
  { id: 'a1', name: 'Dana Scully' },
  { id: 'a2', name: 'Kim O’Neil' },
] as const;

export interface WebhookDeskTwin extends DeskTwin {
  secret: string;
}

/** A webhook desk in small: keeps tickets in memory, checks signatures as it should, and misbehaves on demand. */
export async function startWebhookDesk({ secret, now }: { secret: string; now(): number }): Promise<WebhookDeskTwin> {
  const tickets = new Map<string, Stored>();
  // As the guide asks: what was not taken is sent again.
  const webhooks = new TwinWebhooks([500, 1_000, 2_000]);
  const files = new Map<string, SeenFile>();
  let there = true;
  let made = 0;

  const find = (id: string): Stored => {
    const found = tickets.get(id);
    if (!found) throw new Error(`There is no ticket ${id}`);
    return found;
  };
  const signed = (body: unknown): TwinDelivery => {
    const text = JSON.stringify(body);
    return {
      headers: { 'content-type': 'application/json', ...signWebhook(secret, `d${++made}`, now(), text) },
      body: text,
    };
  };
  const tell = (event: Event) => {
    const passing = event.type === 'agent.typing' || event.type === 'read';
    const whole = passing ? event : { ...event, id: `e${++made}`, at: new Date(now()).toISOString() };
    if (!passing) find(event.ticket).events.push(whole);
    webhooks.post(signed(whole));
    return 'id' in whole ? String(whole.id) : '';
  };

  const server = await serveDesk({
    work,
    async handle(request) {
      if (request.method === 'GET') return fileAnswer(files.get(request.path));
      const verified = verifyWebhook([secret], request.headers, request.text, now());
      if (!verified.ok) return { status: 401, json: { error: verified.why } };
      const call = WebhookDeskCall.safeParse(JSON.parse(request.text));
      if (!call.success) return { status: 400, json: { error: call.error.issues } };
      return answer(call.data);
    },
  });

  async function answer(call: WebhookDeskCall): Promise<TwinAnswer> {
    switch (call.type) {
      case 'test':
        return { json: { name: 'Twin desk' } };
      case 'availability':
        return { json: availability(call) };
      case 'ticket.open':
        return { json: { ticket: shown(open(call)) } };
      case 'ticket.find': {
        const found = [...tickets.values()].find(({ handoff }) => handoff === call.handoff);
        return { json: { ticket: found ? shown(found) : null } };
      }
      default: {
        const ticket = tickets.get(call.ticket);
        if (!ticket) return { status: 404, json: { error: 'There is no such ticket.' } };
        return change(ticket, call);
      }
    }
  }

  async function change(
    ticket: Stored,
    call: CallOf<'ticket.close' | 'message' | 'typing' | 'read' | 'events'>,
  ): Promise<TwinAnswer> {
    switch (call.type) {
      case 'ticket.close':
        ticket.open = false;
        ticket.entries.push(entry('us', call.why, { internal: true }));
        return { json: {} };
      case 'message':
        return { json: { id: await take(ticket, call) } };
      case 'typing':
        ticket.typing = call.on;
        return { json: {} };
      case 'read':
        ticket.read = true;
        return { json: {} };
      case 'events': {
        const from = Number(call.after ?? 0);
        return { json: { events: ticket.events.slice(from), cursor: String(ticket.events.length) } };
      }
    }
  }

  function availability({ ticket }: CallOf<'availability'>): object {
    const waiting = [...tickets.values()].filter(({ open: still, assignee }) => still && assignee === null);
    const place = waiting.findIndex(({ id }) => id === ticket) + 1;
    return {
      state: there ? 'available' : 'closed',
      agentsOnline: there ? AGENTS.length : 0,
      waiting: waiting.length,
      position: place === 0 ? null : place,
    };
  }

  function open({ handoff, group, context, transcriptUrl }: CallOf<'ticket.open'>): Stored {
    const known = [...tickets.values()].find((one) => one.handoff === handoff);
    if (known) return known;
    const { transcript, customer, ...rest } = context;
    const made: Stored = {
      id: `t${tickets.size + 1}`,
      handoff,
      open: true,
      group,
      assignee: null,
      customer: { name: customer.name, email: customer.email },
      entries: transcript.map(({ role, text }) =>
        entry(role === 'customer' ? 'customer' : role === 'agent' ? 'agent' : 'us', text),
      ),
      facts: words({ ...rest, customer, transcriptUrl }),
      typing: false,
      read: false,
      events: [],
      known: new Map(),
    };
    tickets.set(made.id, made);
    return made;
  }

  async function take(ticket: Stored, { message }: CallOf<'message'>): Promise<string> {
    const before = ticket.known.get(message.id);
    if (before !== undefined) return before;
    const { role, name } = message.author;
    const fetched = await Promise.all(
      message.files.map(async (file) => ({
        name: file.name,
        mime: file.mime,
        bytes: new Uint8Array(await (await fetch(file.url)).arrayBuffer()),
      })),
    );
    const said = entry(
      role === 'customer' ? 'customer' : 'us',
      role === 'customer' ? message.text : `${name}: ${message.text}`,
      {
        files: fetched,
      },
    );
    ticket.known.set(message.id, said.id);
    ticket.entries.push(said);
    return said.id;
  }

  function entry(
    author: SeenEntry['author'],
    text: string,
    { internal = false, files: own = [] }: { internal?: boolean; files?: SeenFile[] } = {},
  ): SeenEntry {
    return { id: `m${++made}`, author, internal, text, files: own };
  }

  return {
    ...server,
    secret,
    agents: AGENTS,
    group: 'billing',
    webhooks,
    retryAfterMs: TWIN_RETRY_MS,
    tickets: () => [...tickets.values()],
    ticket: (id) => tickets.get(id) ?? null,
    staff: (state) => {
      there = state;
    },
    odd: () => [
      signed({ type: 'agent.danced', id: 'x', ticket: 't1' }),
      signed({ type: 'agent.said', id: 'y', ticket: 't1', text: 'by nobody' }),
      signed({ events: [{ type: 'assigned' }, 7, null] }),
      signed({ events: [] }),
      signed('hello'),
      signed([]),
      { ...signedText('not json') },
    ],
    agent: {
      async take(id, agent) {
        find(id).assignee = agent.id;
        tell({ type: 'assigned', ticket: id, agent });
      },
      async release(id) {
        find(id).assignee = null;
        tell({ type: 'unassigned', ticket: id });
      },
      async reply(id, agent, text, sent = []) {
        const ticket = find(id);
        ticket.entries.push(entry('agent', text, { files: [...sent] }));
        return tell({ type: 'agent.said', ticket: id, agent, text, files: sent.map(served) });
      },
      async note(id, _, text) {
        find(id).entries.push(entry('agent', text, { internal: true }));
      },
      typing: async (id, agent, on) => void tell({ type: 'agent.typing', ticket: id, agent, on }),
      read: async (id) => void tell({ type: 'read', ticket: id }),
      handBack: async (id, agent, note) =>
        void tell({ type: 'returned', ticket: id, agent, ...(note === undefined ? {} : { note }) }),
      async close(id, agent) {
        find(id).open = false;
        tell({ type: 'closed', ticket: id, agent });
      },
      async reopen(id) {
        find(id).open = true;
        tell({ type: 'reopened', ticket: id });
      },
    },
    async close() {
      await webhooks.close();
      await server.close();
    },
  };

  function signedText(body: string): TwinDelivery {
    return { headers: { ...signWebhook(secret, `d${++made}`, now(), body) }, body };
  }

  /** A file of an agent under an address of the twin's own. */
  function served(file: SeenFile) {
    const path = `/files/${files.size + 1}`;
    files.set(path, file);
    return { url: `${server.url}${path}`, name: file.name, mime: file.mime, size: file.bytes.byteLength };
  }
}

function work({ text }: TwinRequest): TwinWork {
  if (text.startsWith('{"type":"ticket.open"')) return 'ticket';
  return text.startsWith('{"type":"message"') ? 'message' : 'other';
}

function fileAnswer(file: SeenFile | undefined): TwinAnswer {
  return file ? { headers: { 'content-type': file.mime }, body: file.bytes } : { status: 404, body: '' };
}

function shown({ id }: Stored) {
  return { id, url: `https://desk.example/tickets/${id}` };
}

/** A tree of values as an agent's screen would show it: names and values, no JSON. */
function words(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(words).join('\n');
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, one]) => `${name}: ${words(one)}`)
    .join('\n');
}
