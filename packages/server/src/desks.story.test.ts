// The whole path with the webhook desk's twin in the place of a vendor: a customer on a real socket, the real server, the
// desk's HTTP both ways.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerFrame } from '@baton/protocol';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startWebhookDesk, type WebhookDeskTwin } from '#adapters/desks/webhook/twin.ts';
import { readConfig } from '#config';
import type { SeenTicket } from '#kit/desk-twin.ts';
import { newWebhookSecret } from '#kit/standard-webhooks.ts';
import { testDatabase } from '#test/database.ts';
import { TestSocket } from '#test/side.ts';
import { type Baton, startBaton } from './app.ts';

const KEY = 'baton_story_admin_key_0123456789';
const SITE = 'site_story';
const PNG = new Uint8Array(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));

let baton: Baton;
let dataDir: string;
let drop: () => Promise<void>;
let first: Desk;
let second: Desk;
const customers: TestSocket[] = [];

interface Desk {
  id: string;
  twin: WebhookDeskTwin;
}

beforeAll(async () => {
  const database = await testDatabase();
  drop = database.drop;
  dataDir = await mkdtemp(join(tmpdir(), 'baton-desks-'));
  baton = await startBaton(
    readConfig({
      PORT: '0',
      DATABASE_URL: database.connectionString,
      DATA_DIR: dataDir,
      ALLOW_PRIVATE_ADDRESSES: 'true',
      RATE_LIMITS: 'off',
      BATON_DEMO: 'false',
      BATON_OWNER_EMAIL: 'owner@example.com',
      BATON_OWNER_PASSWORD: 'correct horse battery',
      BATON_API_KEY: KEY,
      BATON_SITE_KEY: SITE,
    }),
    { log: { debug() {}, info() {}, warn() {}, error: (fields, message) => console.error(message, fields) } },
  );
  first = await connectDesk('First desk');
  second = await connectDesk('Second desk');
  await route([first.id]);
}, 60_000);

afterAll(async () => {
  for (const one of customers) one.terminate();
  await first.twin.close();
  await second.twin.close();
  await baton.stop();
  await rm(dataDir, { recursive: true });
  await drop();
});

afterEach(async () => {
  for (const { twin } of [first, second]) {
    twin.calm();
    twin.webhooks.weather = { lost: 0, doubled: 0, held: 0, heldMs: 0 };
    await twin.webhooks.settled();
  }
  await route([first.id]);
});

// biome-ignore lint/suspicious/noExplicitAny: what came over the wire; each test says what it expects
async function api(method: string, path: string, body?: unknown): Promise<any> {
  const response = await fetch(`${baton.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

async function connectDesk(name: string): Promise<Desk> {
  const secret = newWebhookSecret();
  const twin = await startWebhookDesk({ secret, now: Date.now });
  const { id } = await api('POST', '/v1/integrations', {
    side: 'desk',
    kind: 'webhook',
    name,
    config: {
      url: twin.url,
      secret,
      timeoutSeconds: 1,
      features: ['typing', 'readMarks', 'availability', 'position', 'poll'],
    },
  });
  twin.webhooks.to(`${baton.url}/inbound/${id}`);
  return { id, twin };
}

/** The desks that the queue tries, in this order; null is our console. */
async function route(desks: (string | null)[], limits: object = {}): Promise<void> {
  const { items } = await api('GET', '/v1/queues');
  await api('PATCH', `/v1/queues/${items[0].id}`, { desks, limits });
}

/** Somebody on the site who has asked for a person. */
async function customer(words = 'I was charged twice for order 1001') {
  const session = (await (
    await fetch(`${baton.url}/widget/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ siteKey: SITE }),
    })
  ).json()) as { token: string };
  const socket = new TestSocket(new WebSocket(`${baton.url.replace('http', 'ws')}/widget/v1/realtime`));
  customers.push(socket);
  await socket.opened;
  socket.send({ type: 'hello', token: session.token });
  await socket.next('welcome');
  socket.send({
    type: 'say',
    clientId: 'c1',
    parts: [{ type: 'text', text: words }],
    page: { url: 'https://shop.example/orders' },
  });
  const { conversation } = await socket.next('ack', (ack) => ack.clientId === 'c1');
  if (!conversation) throw new Error('no conversation');
  const event = (type: string) =>
    socket.next('event', (frame) => frame.event.type === type) as Promise<Extract<ServerFrame, { type: 'event' }>>;
  let said = 1;
  return {
    socket,
    token: session.token,
    conversation,
    event,
    async ask() {
      socket.send({ type: 'ask-human', conversation });
    },
    async say(text: string) {
      const clientId = `c${++said}`;
      socket.say(clientId, text, conversation);
      return socket.next('ack', (ack) => ack.clientId === clientId);
    },
    hears: (text: string) => socket.until(() => (socket.texts().includes(text) ? true : undefined), `"${text}"`),
    state: () => api('GET', `/v1/conversations/${conversation}`),
  };
}

async function until<T>(
  look: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  what: string,
  ms = 8_000,
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Waited for ${what}`);
    await new Promise((done) => setTimeout(done, 15));
  }
}

/** The ticket of this conversation at a desk, once it is there. */
function ticketAt({ twin }: Desk, conversation: string): Promise<SeenTicket> {
  return until(() => twin.tickets().find(({ facts }) => facts.includes(`conversation: ${conversation}`)), 'the ticket');
}

const words = ({ entries }: SeenTicket) => entries.map(({ text }) => text);

/** Handed off to the first desk and taken there by its first agent. */
async function taken() {
  const visitor = await customer();
  await visitor.ask();
  const ticket = await ticketAt(first, visitor.conversation);
  const [dana] = first.twin.agents;
  await first.twin.agent.take(ticket.id, dana);
  await visitor.event('handoff.accepted');
  return { visitor, ticket: ticket.id, dana };
}

it('[DS1] a customer is brought to the desk with everything, both ways, and back to the bot with a note', async () => {
  const visitor = await customer();
  await visitor.ask();
  const ticket = await ticketAt(first, visitor.conversation);
  expect(words(ticket).join('\n')).toContain('I was charged twice for order 1001');
  expect(ticket.facts).toContain('reason: customer_asked');
  expect(ticket.facts).toContain('https://shop.example/orders');
  await visitor.event('handoff.queued');

  // Nothing has been promised before the desk has it, and nobody has joined yet.
  const { twin } = first;
  const [dana] = twin.agents;
  await visitor.say('Are you there?');
  await until(() => words(ticket).includes('Are you there?'), 'the message there');
  await twin.agent.take(ticket.id, dana);
  const accepted = await visitor.event('handoff.accepted');
  expect(accepted.event).toMatchObject({ agent: { name: dana.name } });
  await twin.agent.reply(ticket.id, dana, 'Hello, I am Dana.', [{ name: 'refund.png', mime: 'image/png', bytes: PNG }]);
  await visitor.hears('Hello, I am Dana.');
  const file = visitor.socket.frames
    .flatMap((frame) => (frame.type === 'event' && frame.event.type === 'message' ? frame.event.message.parts : []))
    .find((part) => part.type === 'file');
  if (file?.type !== 'file') throw new Error('no file came');
  expect(file.file).toMatchObject({ name: 'refund.png', mime: 'image/png', size: PNG.length });
  expect(new Uint8Array(await (await fetch(file.file.url)).arrayBuffer())).toEqual(PNG);

  // The customer's file goes there.
  const form = new FormData();
  form.append('file', new Blob([PNG], { type: 'image/png' }), 'statement.png');
  const uploaded = (await (
    await fetch(`${baton.url}/widget/v1/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${visitor.token}` },
      body: form,
    })
  ).json()) as { id: string };
  visitor.socket.send({
    type: 'say',
    clientId: 'file',
    conversation: visitor.conversation,
    parts: [{ type: 'file', file: { id: uploaded.id } }],
  });
  await until(
    () => ticket.entries.some(({ files }) => files.some(({ name }) => name === 'statement.png')),
    'the file there',
  );

  // Typing and reading are shown on both sides.
  await twin.agent.typing(ticket.id, dana, true);
  await visitor.socket.next('typing', (frame) => frame.who.role === 'agent' && frame.on);
  visitor.socket.send({ type: 'typing', conversation: visitor.conversation, on: true });
  await until(() => twin.ticket(ticket.id)?.typing, 'typing there');

  // The transcript that the desk was given a link to.
  const link = /transcriptUrl: (\S+)/.exec(ticket.facts)?.[1] ?? '';
  const page = await fetch(link);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('Hello, I am Dana.');

  await twin.agent.handBack(ticket.id, dana, 'Refunded, he only wants the invoice.');
  const ended = await visitor.event('handoff.ended');
  expect(ended.event).toMatchObject({ outcome: 'returned_to_bot' });
  expect((await visitor.state()).control).toMatchObject({ holder: 'bot' });
  await until(() => !ticket.open, 'the ticket closed there');
  expect(JSON.stringify(visitor.socket.frames)).not.toContain('he only wants the invoice');
  const { items } = await api('GET', `/v1/conversations/${visitor.conversation}/events?limit=500`);
  expect(JSON.stringify(items)).toContain('he only wants the invoice');
});

it('[DS2] closed there is closed here; the customer who writes again starts anew', async () => {
  const { visitor, ticket, dana } = await taken();
  await first.twin.agent.reply(ticket, dana, 'Done.');
  await first.twin.agent.close(ticket, dana);
  await visitor.event('conversation.closed');
  await visitor.say('Thanks! One more thing');
  expect((await visitor.state()).control).toMatchObject({ holder: 'bot' });
});

it('[DS3] a desk that cannot take it is followed by the next, then by our console, and the log says what was tried', async () => {
  await route([first.id, second.id, null]);
  first.twin.fault('forbidden', { work: 'ticket' });
  const visitor = await customer();
  await visitor.ask();
  const ticket = await ticketAt(second, visitor.conversation);
  expect(first.twin.tickets().some(({ facts }) => facts.includes(visitor.conversation))).toBe(false);
  expect(words(ticket).join('\n')).toContain('I was charged twice');

  first.twin.fault('forbidden', { work: 'ticket' });
  second.twin.fault('forbidden', { work: 'ticket' });
  const other = await customer('Where is my parcel?');
  await other.ask();
  await until(async () => (await other.state()).handoff?.phase === 'queued', 'the line of our console');
  expect((await other.state()).handoff.desk).toBeNull();
  const { items } = await api('GET', `/v1/conversations/${other.conversation}/events?limit=500`);
  const failures = items.filter(({ event }: { event: { type: string } }) => event.type === 'delivery.failed');
  expect(failures.map(({ event }: { event: { side: string } }) => event.side)).toEqual([
    `desk:${first.id}`,
    `desk:${second.id}`,
  ]);
});

it('[DS3] when no desk takes it the customer hears the truth and the bot goes on', async () => {
  await route([first.id]);
  first.twin.fault('forbidden', { work: 'ticket' });
  const visitor = await customer();
  await visitor.ask();
  expect((await visitor.event('handoff.ended')).event).toMatchObject({ outcome: 'desk_failed' });
  expect(visitor.socket.texts().join('\n')).not.toMatch(/connected|joined/i);
  expect((await visitor.state()).control).toMatchObject({ holder: 'bot' });
});

it('[DS4] doubled, overtaking and lost webhooks change nothing', async () => {
  const { visitor, ticket, dana } = await taken();
  first.twin.webhooks.seed(7);
  first.twin.webhooks.weather = { lost: 0, doubled: 0.5, held: 0.5, heldMs: 60 };
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  for (const line of lines) {
    await first.twin.agent.reply(ticket, dana, line);
    await new Promise((done) => setTimeout(done, 10));
  }
  await visitor.hears('line 19');
  await until(() => visitor.socket.texts().filter((text) => text.startsWith('line ')).length === 20, 'all lines');
  expect(visitor.socket.texts().filter((text) => text.startsWith('line '))).toEqual(lines);

  first.twin.webhooks.weather = { lost: 1, doubled: 0, held: 0, heldMs: 0 };
  await first.twin.agent.reply(ticket, dana, 'this one is lost');
  await first.twin.agent.handBack(ticket, dana);
  // The poll is due in its own time; a test does not wait for it.
  await baton.pool.query("update cursors set due_at = now() where side like 'poll:%' and conversation_id = $1", [
    visitor.conversation,
  ]);
  await visitor.hears('this one is lost');
  expect((await visitor.event('handoff.ended')).event).toMatchObject({ outcome: 'returned_to_bot' });
});

it('[DS5] a call that was cut off after it arrived is not done twice', async () => {
  first.twin.fault('accepts_then_hangs', { work: 'ticket' });
  const visitor = await customer();
  await visitor.ask();
  const ticket = await ticketAt(first, visitor.conversation);
  await visitor.event('handoff.queued');
  expect(first.twin.tickets().filter(({ facts }) => facts.includes(visitor.conversation))).toHaveLength(1);
  first.twin.fault('accepts_then_hangs', { work: 'message' });
  await visitor.say('only once, please');
  await visitor.say('and this after it');
  await until(() => words(ticket).includes('and this after it'), 'the second message');
  expect(words(ticket).slice(-2)).toEqual(['only once, please', 'and this after it']);
});

it('[DS6] an agent who answers after it was over has control, and sees what was said since', async () => {
  const { visitor, ticket, dana } = await taken();
  await first.twin.agent.reply(ticket, dana, 'Back to our assistant.');
  await first.twin.agent.handBack(ticket, dana);
  await visitor.event('handoff.ended');
  await visitor.say('What are your opening hours?');
  await visitor.socket.until(
    () =>
      visitor.socket.frames.some(
        (frame) =>
          frame.type === 'event' && frame.event.type === 'message' && frame.event.message.author.role === 'bot',
      ) || undefined,
    'the bot',
  );
  await first.twin.agent.reply(ticket, dana, 'Sorry, I am back on this.');
  await visitor.hears('Sorry, I am back on this.');
  expect((await visitor.state()).control).toMatchObject({ holder: 'agent', agent: { name: dana.name } });
  const before = visitor.socket.frames.length;
  await visitor.say('Great, I have a question for you');
  const seen = first.twin.ticket(ticket);
  if (!seen) throw new Error('no ticket');
  await until(() => words(seen).includes('Great, I have a question for you'), 'the question there');
  expect(words(seen)).toContain('What are your opening hours?');
  const after = visitor.socket.frames.slice(before);
  expect(JSON.stringify(after)).not.toContain('"role":"bot"');
});

it('[DS7] what an old ticket says moves nothing in a new handoff', async () => {
  const { visitor, ticket, dana } = await taken();
  await first.twin.agent.handBack(ticket, dana);
  await visitor.event('handoff.ended');
  await visitor.ask();
  const next = await until(
    () => first.twin.tickets().find(({ id, facts }) => id !== ticket && facts.includes(visitor.conversation)),
    'the second ticket',
  );
  const [, kim] = first.twin.agents;
  await first.twin.agent.take(next.id, kim);
  await visitor.event('handoff.accepted');
  await first.twin.agent.close(ticket, dana);
  await first.twin.agent.reply(next.id, kim, 'I am Kim.');
  await visitor.hears('I am Kim.');
  expect((await visitor.state()).control).toMatchObject({ holder: 'agent', agent: { id: kim.id } });
});
