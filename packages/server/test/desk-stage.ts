// The real server with a site, a customer on a socket, and desks: for stories that go the whole way.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerFrame } from '@baton/protocol';
import { WebSocket } from 'ws';
import { type Baton, startBaton } from '#app';
import { readConfig } from '#config';
import { testDatabase } from '#test/database.ts';
import { TestSocket } from '#test/side.ts';

const KEY = 'baton_story_admin_key_0123456789';
const SITE = 'site_story';
export const OWNER = { email: 'owner@example.com', password: 'correct horse battery' };
/** The smallest picture that passes for one. */
export const PNG = new Uint8Array(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));

type EventFrame = Extract<ServerFrame, { type: 'event' }>;

export interface Stage {
  baton: Baton;
  /** As the admin. */
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; each test says what it expects
  api(method: string, path: string, body?: unknown): Promise<any>;
  /** Connects a desk of a kind; gives its id and the address for its webhooks. */
  connect(kind: string, name: string, config: object): Promise<{ id: string; inbound: string }>;
  /** The desks that the queue tries, in this order; null is our console. */
  route(desks: readonly (string | null)[]): Promise<void>;
  /** Somebody on the site who has said something. */
  customer(words?: string): Promise<StageCustomer>;
  stop(): Promise<void>;
}

export interface StageCustomer {
  socket: TestSocket;
  token: string;
  conversation: string;
  /** The next event of a type that was not given out yet. */
  event(type: string): Promise<EventFrame>;
  ask(): void;
  /** Does not want to wait for a person any more. */
  cancel(): void;
  say(text: string): Promise<void>;
  sendFile(name: string): Promise<void>;
  typing(): void;
  /** Waits until he reads these words. */
  hears(text: string): Promise<unknown>;
  /** How many messages of the bot's have come from this frame on. */
  bots(from: number): number;
  /** Files that came to him. */
  files(): { name: string; mime: string; size: number; url: string }[];
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; each test says what it expects
  state(): Promise<any>;
}

export async function deskStage(): Promise<Stage> {
  const database = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'baton-stage-'));
  const baton = await startBaton(
    readConfig({
      PORT: '0',
      DATABASE_URL: database.connectionString,
      DATA_DIR: dataDir,
      ALLOW_PRIVATE_ADDRESSES: 'true',
      RATE_LIMITS: 'off',
      BATON_DEMO: 'false',
      BATON_OWNER_EMAIL: OWNER.email,
      BATON_OWNER_PASSWORD: OWNER.password,
      BATON_API_KEY: KEY,
      BATON_SITE_KEY: SITE,
    }),
    { log: { debug() {}, info() {}, warn() {}, error: (fields, message) => console.error(message, fields) } },
  );
  const customers: TestSocket[] = [];
  const api: Stage['api'] = async (method, path, body) => {
    const response = await fetch(`${baton.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  return {
    baton,
    api,
    async connect(kind, name, config) {
      const { id, config: kept } = await api('POST', '/v1/integrations', { side: 'desk', kind, name, config });
      const secret = kept.inboundSecret === undefined ? '' : `/${kept.inboundSecret}`;
      return { id, inbound: `${baton.url}/inbound/${id}${secret}` };
    },
    async route(desks) {
      const { items } = await api('GET', '/v1/queues');
      await api('PATCH', `/v1/queues/${items[0].id}`, { desks });
    },
    async customer(words = 'I was charged twice for order 1001') {
      const customer = await visit(baton.url, api, words);
      customers.push(customer.socket);
      return customer;
    },
    async stop() {
      for (const one of customers) one.terminate();
      await baton.stop();
      await rm(dataDir, { recursive: true });
      await database.drop();
    },
  };
}

async function visit(url: string, api: Stage['api'], words: string): Promise<StageCustomer> {
  const session = await fetch(`${url}/widget/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ siteKey: SITE }),
  });
  const { token } = (await session.json()) as { token: string };
  const socket = new TestSocket(new WebSocket(`${url.replace('http', 'ws')}/widget/v1/realtime`));
  await socket.opened;
  socket.send({ type: 'hello', token });
  await socket.next('welcome');
  const page = { url: 'https://shop.example/orders' };
  socket.send({ type: 'say', clientId: 'c1', parts: [{ type: 'text', text: words }], page });
  const { conversation } = await socket.next('ack', (ack) => ack.clientId === 'c1');
  if (!conversation) throw new Error('There is no conversation.');
  let said = 1;
  const sendParts = async (parts: object[]) => {
    const clientId = `c${++said}`;
    socket.send({ type: 'say', clientId, conversation, parts });
    await socket.next('ack', (ack) => ack.clientId === clientId);
  };
  return {
    socket,
    token,
    conversation,
    event: (type) => socket.next('event', (frame) => frame.event.type === type) as Promise<EventFrame>,
    ask: () => socket.send({ type: 'ask-human', conversation }),
    cancel: () => socket.send({ type: 'cancel', conversation }),
    say: (text) => sendParts([{ type: 'text', text }]),
    async sendFile(name) {
      const form = new FormData();
      form.append('file', new Blob([PNG], { type: 'image/png' }), name);
      const headers = { authorization: `Bearer ${token}` };
      const upload = await fetch(`${url}/widget/v1/files`, { method: 'POST', headers, body: form });
      const { id } = (await upload.json()) as { id: string };
      await sendParts([{ type: 'file', file: { id } }]);
    },
    typing: () => socket.send({ type: 'typing', conversation, on: true }),
    hears: (text) => socket.until(() => (socket.texts().includes(text) ? true : undefined), `"${text}"`),
    bots: (from) =>
      socket.frames
        .slice(from)
        .filter(
          (frame) =>
            frame.type === 'event' && frame.event.type === 'message' && frame.event.message.author.role === 'bot',
        ).length,
    files: () =>
      socket.frames.flatMap((frame) =>
        frame.type === 'event' && frame.event.type === 'message'
          ? frame.event.message.parts.flatMap((part) => (part.type === 'file' ? [part.file] : []))
          : [],
      ),
    state: () => api('GET', `/v1/conversations/${conversation}`),
  };
}

/** What `look` finds, once it finds something. */
export async function until<T>(
  look: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  what: string,
  ms = 25_000,
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((done) => setTimeout(done, 15));
  }
}
