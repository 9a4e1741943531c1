// The whole path of an outside desk, with the webhook desk's twin in the place of a vendor: a customer on a real socket, the
// real server, the desk's HTTP both ways, and its bad days.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startChatwoot } from '#adapters/desks/chatwoot/twin.ts';
import { startFreshchat } from '#adapters/desks/freshchat/twin.ts';
import { startFreshdesk } from '#adapters/desks/freshdesk/twin.ts';
import { startWebhookDesk, type WebhookDeskTwin } from '#adapters/desks/webhook/twin.ts';
import type { DeskTwin, SeenTicket } from '#kit/desk-twin.ts';
import { newWebhookSecret } from '#kit/standard-webhooks.ts';
import { consoleSide } from '#test/agents-side.ts';
import { deskStage, type Stage, until } from '#test/desk-stage.ts';
import { TestSocket } from '#test/side.ts';

const FEATURES = ['typing', 'readMarks', 'availability', 'position', 'poll'];

interface Desk {
  id: string;
  twin: WebhookDeskTwin;
}

let stage: Stage;
let first: Desk;
let second: Desk;
/** Is given up after a second, where a call hangs. */
let impatient: Desk;

beforeAll(async () => {
  stage = await deskStage();
  first = await connectDesk('First desk');
  second = await connectDesk('Second desk');
  impatient = await connectDesk('Impatient desk', 1);
  await stage.route([first.id]);
}, 60_000);

afterAll(async () => {
  for (const { twin } of [first, second, impatient]) await twin.close();
  await stage.stop();
});

afterEach(async () => {
  for (const { twin } of [first, second, impatient]) {
    twin.calm();
    twin.webhooks.weather = { lost: 0, doubled: 0, held: 0, heldMs: 0 };
    await twin.webhooks.settled();
  }
  await stage.route([first.id]);
});

/** With the time that desks usually get: on a machine that is busy for a moment less would be a desk that does not answer. */
async function connectDesk(name: string, timeoutSeconds = 15): Promise<Desk> {
  const secret = newWebhookSecret();
  const twin = await startWebhookDesk({ secret, now: Date.now });
  const config = { url: twin.url, secret, timeoutSeconds, features: FEATURES };
  const { id, inbound } = await stage.connect('webhook', name, config);
  twin.webhooks.to(inbound);
  return { id, twin };
}

/** The ticket of this conversation at a desk, once it is there. */
function ticketAt({ twin }: Desk, conversation: string): Promise<SeenTicket> {
  return until(() => twin.tickets().find(({ facts }) => facts.includes(`conversation: ${conversation}`)), 'the ticket');
}

/** A poll is due in its own time; a test does not wait for it. One that is under way just now makes itself due later: ask again. */
const askAtOnce = (conversation: string) =>
  stage.baton.pool.query("update cursors set due_at = now() where side like 'poll:%' and conversation_id = $1", [
    conversation,
  ]);

const words = ({ entries }: SeenTicket) => entries.map(({ text }) => text);

/** Handed off to the first desk and taken there by its first agent. */
async function taken() {
  const visitor = await stage.customer();
  visitor.ask();
  const ticket = await ticketAt(first, visitor.conversation);
  const [dana] = first.twin.agents;
  await first.twin.agent.take(ticket.id, dana);
  await visitor.event('handoff.accepted');
  return { visitor, ticket: ticket.id, dana };
}

/** Handed off to a vendor's desk, where nobody else is: the ticket, and the first of the agents there. */
async function inLine(kind: string, twin: DeskTwin, config: object) {
  const { id, inbound } = await stage.connect(kind, kind, config);
  twin.webhooks.to(inbound);
  await stage.route([id]);
  const visitor = await stage.customer();
  visitor.ask();
  await visitor.event('handoff.queued');
  const [ticket = { id: '' }] = twin.tickets();
  return { visitor, ticket: ticket.id, dana: twin.agents[0] };
}

it('[DS3] a desk that cannot take it is followed by the next, then by our console, and the log says what was tried', async () => {
  await stage.route([first.id, second.id, null]);
  first.twin.fault('forbidden', { work: 'ticket' });
  const visitor = await stage.customer();
  visitor.ask();
  const ticket = await ticketAt(second, visitor.conversation);
  expect(first.twin.tickets().some(({ facts }) => facts.includes(visitor.conversation))).toBe(false);
  expect(words(ticket).join('\n')).toContain('I was charged twice');

  first.twin.fault('forbidden', { work: 'ticket' });
  second.twin.fault('forbidden', { work: 'ticket' });
  const other = await stage.customer('Where is my parcel?');
  other.ask();
  await until(async () => (await other.state()).handoff?.phase === 'queued', 'the line of our console');
  expect((await other.state()).handoff.desk).toBeNull();
  const { items } = await stage.api('GET', `/v1/conversations/${other.conversation}/events?limit=500`);
  const failures = items.filter(({ event }: { event: { type: string } }) => event.type === 'delivery.failed');
  expect(failures.map(({ event }: { event: { side: string } }) => event.side)).toEqual([
    `desk:${first.id}`,
    `desk:${second.id}`,
  ]);
});

it('[QU52] a queue that an outside desk serves is what that desk says of it, and unknown until it has said something', async () => {
  const asked = () => stage.api('GET', '/v1/availability');
  expect(['unknown', 'available']).toContain((await asked()).state);
  await until(async () => (await asked()).state === 'available', 'what the desk says');
  expect(await asked()).toMatchObject({ agentsOnline: expect.any(Number), opensAt: null });
  // Another desk has said nothing yet.
  await stage.route([second.id]);
  expect(await asked()).toMatchObject({ state: 'unknown', agentsOnline: null });
});

it('[QU62] a desk is asked how it is as soon as somebody opens the chat', async () => {
  const visitor = await stage.customer();
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    asked.push(JSON.parse(await text(request)).type);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const config = { url, secret: newWebhookSecret(), timeoutSeconds: 1, features: ['availability'] };
    const { id } = await stage.connect('webhook', 'Third desk', config);
    await stage.route([id]);
    const opened = new TestSocket(new WebSocket(visitor.socket.ws.url));
    await opened.opened;
    opened.send({ type: 'hello', token: visitor.token });
    await until(() => asked.includes('availability'), 'the question');
    opened.terminate();
  } finally {
    server.close();
  }
});

it('[ET28] who waits there and loads the page again is shown what is known of that desk, never that our own console is empty', async () => {
  const visitor = await stage.customer();
  visitor.ask();
  await visitor.event('handoff.queued');
  await until(async () => (await stage.api('GET', '/v1/availability')).waiting > 0, 'him in the line');
  const again = new TestSocket(new WebSocket(visitor.socket.ws.url));
  await again.opened;
  again.send({ type: 'hello', token: visitor.token });
  expect(await again.next('queue')).toMatchObject({
    conversation: visitor.conversation,
    availability: 'unknown',
    text: expect.not.stringContaining('online'),
  });
  again.terminate();
  const { handoff } = await visitor.state();
  expect(await stage.api('GET', `/v1/handoffs/${handoff.id}`)).toMatchObject({ position: null, estimate: null });
});

it('[QU48] a desk whose queue is closed has the ticket, and the customer reads when it opens', async () => {
  const { items } = await stage.api('GET', '/v1/queues');
  const [{ id }] = items;
  const inThreeDays = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const later = { zone: 'UTC', week: {}, exceptions: [{ date: inThreeDays, open: [{ from: '09:00', to: '09:30' }] }] };
  await stage.api('PATCH', `/v1/queues/${id}`, { hours: later });
  try {
    const visitor = await stage.customer();
    visitor.ask();
    await ticketAt(first, visitor.conversation);
    await until(
      () => visitor.socket.texts().some((text) => /open again on \w+day at 9:00 AM UTC/.test(text)),
      'the opening',
    );
  } finally {
    await stage.api('PATCH', `/v1/queues/${id}`, { hours: null });
  }
});

it('[DS3] when no desk takes it the customer hears the truth and the bot goes on', async () => {
  await stage.route([first.id]);
  first.twin.fault('forbidden', { work: 'ticket' });
  const visitor = await stage.customer();
  visitor.ask();
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
  await until(async () => {
    await askAtOnce(visitor.conversation);
    return visitor.socket.texts().includes('this one is lost');
  }, 'what was lost');
  expect((await visitor.event('handoff.ended')).event).toMatchObject({ outcome: 'returned_to_bot' });
});

it('[DS36] who waits at a desk that knows his place hears it again when it has changed, and no more often', async () => {
  const [ahead, visitor] = [await stage.customer(), await stage.customer()];
  ahead.ask();
  const { id } = await ticketAt(first, ahead.conversation);
  visitor.ask();
  const places = () =>
    visitor.socket.frames.flatMap((frame) =>
      frame.type === 'event' && frame.event.type === 'estimate.told' ? [frame.event.position ?? 0] : [],
    );
  const [before = 0] = await until(() => places().length > 0 && places(), 'his place');
  expect(before).toBeGreaterThan(1);
  const asked = async () => {
    await askAtOnce(visitor.conversation);
    return first.twin.calls.filter(({ text }) => text.includes('"availability"')).length;
  };
  await first.twin.agent.take(id, first.twin.agents[0]);
  await until(async () => (await asked()) > 0 && places().length > 1, 'his new place');
  const calls = await asked();
  await until(async () => (await asked()) > calls, 'the desk to be asked once more');
  expect(places()).toEqual([before, before - 1]);
});

it('[DS18] what an agent said first is brought first, also where its webhook was lost and a later one was not', async () => {
  const { visitor, ticket, dana } = await taken();
  first.twin.webhooks.weather = { lost: 1, doubled: 0, held: 0, heldMs: 0 };
  await first.twin.agent.reply(ticket, dana, 'one, lost');
  await first.twin.agent.reply(ticket, dana, 'two, lost');
  first.twin.webhooks.weather = { lost: 0, doubled: 0, held: 0, heldMs: 0 };
  // The desk cannot be asked at once, either.
  first.twin.fault('error', { work: 'other' });
  await first.twin.agent.reply(ticket, dana, 'three');
  await visitor.hears('three');
  const heard = visitor.socket.texts().filter((text) => /lost|three/.test(text));
  expect(heard).toEqual(['one, lost', 'two, lost', 'three']);
});

it('[DS18] an agent’s last words that were lost are brought after the end, and it stays the end', async () => {
  const { visitor, ticket, dana } = await taken();
  first.twin.webhooks.weather = { lost: 1, doubled: 0, held: 0, heldMs: 0 };
  await first.twin.agent.reply(ticket, dana, 'my last words');
  await stage.api('POST', `/v1/conversations/${visitor.conversation}/close`, { outcome: 'resolved' });
  await visitor.event('conversation.closed');
  await until(() => !first.twin.ticket(ticket)?.open, 'the ticket to be closed');
  await until(async () => {
    await askAtOnce(visitor.conversation);
    return visitor.socket.texts().includes('my last words');
  }, 'the last words');
  await until(async () => (await visitor.state()).status === 'closed', 'the end');
  expect((await visitor.state()).handoff).toBeNull();
});

it('[DS17] a webhook that only says that something changed is followed by asking, however many come and in which order', async () => {
  const twin = await startFreshdesk({ apiKey: 'key', now: Date.now });
  twin.webhooks.seed(3);
  twin.webhooks.weather = { lost: 0.2, doubled: 0.5, held: 0.5, heldMs: 60 };
  const { visitor, ticket, dana } = await inLine('freshdesk', twin, { url: twin.url, apiKey: 'key' });
  await twin.agent.take(ticket, dana);
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  for (const line of lines) await twin.agent.reply(ticket, dana, line);
  await visitor.event('handoff.accepted');
  twin.webhooks.weather = { lost: 0, doubled: 1, held: 0, heldMs: 0 };
  await twin.agent.reply(ticket, dana, 'the last one');
  await visitor.hears('the last one');
  expect(visitor.socket.texts().filter((text) => text.startsWith('line '))).toEqual(lines);
  await twin.webhooks.settled();
  await twin.close();
});

it('[DS4] news of a desk that has asked for time wait, so that a lost webhook lets nothing overtake', async () => {
  const twin = await startFreshchat({ token: 'token', now: Date.now, window: 1 });
  const { publicKey, channel, notesBy: agent } = twin;
  const config = { url: `${twin.url}/v2`, token: 'token', publicKey, channel, agent };
  const { visitor, ticket, dana } = await inLine('freshchat', twin, config);
  await twin.agent.reply(ticket, dana, 'line 0');
  await visitor.hears('line 0');
  twin.webhooks.weather = { lost: 1, doubled: 0, held: 0, heldMs: 0 };
  await twin.agent.reply(ticket, dana, 'line 1');
  twin.webhooks.weather = { lost: 0, doubled: 0, held: 0, heldMs: 0 };
  twin.fault('rate_limited');
  await visitor.say('Are you there?');
  await until(() => twin.calls.some(({ text }) => text.includes('Are you there?')), 'the call that is limited');
  await twin.agent.reply(ticket, dana, 'line 2');
  await visitor.hears('line 2');
  expect(visitor.socket.texts().filter((text) => text.startsWith('line '))).toEqual(['line 0', 'line 1', 'line 2']);
  await twin.close();
});

it('[DS32] an agent’s words arrive also where the desk numbers messages as it numbers tickets', async () => {
  const twin = await startChatwoot({ token: 'token', identifier: 'iNb0x', now: Date.now });
  const config = { url: twin.url, account: 1, inbox: 9, inboxIdentifier: 'iNb0x', token: 'token' };
  const { visitor, ticket, dana } = await inLine('chatwoot', twin, config);
  const lines = Array.from({ length: 25 }, (_, index) => `line ${index}`);
  const numbers = [];
  for (const line of lines) numbers.push(await twin.agent.reply(ticket, dana, line));
  expect(numbers).toContain(ticket);
  await visitor.hears('line 24');
  expect(visitor.socket.texts().filter((text) => text.startsWith('line '))).toEqual(lines);
  await twin.webhooks.settled();
  await twin.close();
});

it('[DS5] a call that was cut off after it arrived is not done twice', async () => {
  await stage.route([impatient.id]);
  impatient.twin.fault('accepts_then_hangs', { work: 'ticket' });
  const visitor = await stage.customer();
  visitor.ask();
  const ticket = await ticketAt(impatient, visitor.conversation);
  await visitor.event('handoff.queued');
  expect(impatient.twin.tickets()).toHaveLength(1);
  impatient.twin.fault('accepts_then_hangs', { work: 'message' });
  await visitor.say('only once, please');
  await visitor.say('and this after it');
  await until(() => words(ticket).includes('and this after it'), 'the second message');
  expect(words(ticket).slice(-2)).toEqual(['only once, please', 'and this after it']);
});

it('[DS37] a customer who leaves while nobody knows whether the ticket is there leaves no ticket behind', async () => {
  await stage.route([impatient.id]);
  impatient.twin.fault('accepts_then_hangs', { work: 'ticket' });
  const visitor = await stage.customer();
  visitor.ask();
  const ticket = await ticketAt(impatient, visitor.conversation);
  visitor.cancel();
  await visitor.event('handoff.ended');
  await until(() => !impatient.twin.ticket(ticket.id)?.open, 'the ticket to be closed');
  const opening = async () =>
    (await stage.api('GET', `/v1/conversations/${visitor.conversation}/deliveries`)).items.at(-1);
  await until(async () => (await opening()).state === 'sent', 'the opening to be known');
  expect(await opening()).toMatchObject({ side: `desk:${impatient.id}`, externalId: ticket.id });
});

it('[DS37] an opening that never arrived is known to have failed once it was looked for again', async () => {
  await stage.route([impatient.id]);
  impatient.twin.fault('hangs', { work: 'ticket' });
  const before = impatient.twin.calls.length;
  const isAsked = (what: string) => impatient.twin.calls.slice(before).some(({ text }) => text.includes(what));
  const visitor = await stage.customer();
  visitor.ask();
  await until(() => isAsked('ticket.open'), 'the call');
  visitor.cancel();
  await visitor.event('handoff.ended');
  const opening = async () =>
    (await stage.api('GET', `/v1/conversations/${visitor.conversation}/deliveries`)).items.at(-1);
  await until(() => isAsked('ticket.find'), 'the look at once');
  expect((await opening()).state).toBe('unknown');
  // The minute until the next look is not waited for.
  const { pool } = stage.baton;
  const passes = "update deliveries set at = now() - interval '2 minutes' where conversation_id = $1";
  await pool.query(passes, [visitor.conversation]);
  await until(async () => {
    const due = "update cursors set due_at = now() where conversation_id = $1 and side like 'desk:%'";
    await pool.query(due, [visitor.conversation]);
    return (await opening()).state === 'failed';
  }, 'what became of it');
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
  visitor.ask();
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

it('[DS13] who takes it over in our console has it: the ticket there is closed, its echo closes nothing, late words are brought', async () => {
  await stage.route([first.id, null]);
  const { visitor, ticket, dana } = await taken();
  await first.twin.agent.reply(ticket, dana, 'One moment.');
  await visitor.hears('One moment.');
  const console = await consoleSide(stage);
  const [ours] = console.agents;
  await console.agent.take(visitor.conversation, ours);
  const seen = first.twin.ticket(ticket);
  await until(() => seen?.open === false, 'the ticket closed there');
  await first.twin.agent.close(ticket, dana);
  await visitor.say('Who are you?');
  await console.agent.reply(visitor.conversation, ours, 'I am from Baton.');
  await visitor.hears('I am from Baton.');
  await first.twin.agent.reply(ticket, dana, 'I almost forgot something.');
  await visitor.hears('I almost forgot something.');
  expect((await visitor.state()).control).toMatchObject({ holder: 'agent', agent: { id: ours.id } });
  expect(seen && words(seen)).not.toContain('Who are you?');
  await console.close();
});
