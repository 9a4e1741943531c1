import { readFileSync } from 'node:fs';
import type { Ticket } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskSubject, deskContract, PATIENT_SECONDS } from '#adapters/contracts/desk.contract.ts';
import { deskDeps } from '#adapters/contracts/desk-deps.ts';
import { messageOf, ticketOf } from '#adapters/contracts/desk-fixtures.ts';
import { arrived } from '#kit/twin-webhooks.ts';
import { freshchat } from './index.ts';
import { isSigned, publicKeyOf } from './signature.ts';
import { type FreshchatTwin, startFreshchat } from './twin.ts';

interface Subject extends DeskSubject {
  twin: FreshchatTwin;
}

async function subject(timeoutSeconds = PATIENT_SECONDS): Promise<Subject> {
  const deps = await deskDeps();
  const twin = await startFreshchat({ token: 'right', now: deps.world.now });
  const config = {
    url: `${twin.url}/v2`,
    publicKey: twin.publicKey,
    channel: twin.channel,
    agent: twin.notesBy,
    timeoutSeconds,
    inboundSecret: 'a-secret-of-the-address',
    botGroup: twin.botGroup,
  };
  return {
    desk: freshchat.create({ ...config, token: 'right' }, deps),
    stranger: freshchat.create({ ...config, token: 'wrong' }, deps),
    twin,
    deps,
    signsTime: false,
    forge: ({ headers, body }) => [
      { headers, body: body.replace('Hello', 'Hullo') },
      { headers: { ...headers, 'x-freshchat-signature': Buffer.alloc(256, 7).toString('base64') }, body },
      { headers: { ...headers, 'x-freshchat-signature': '' }, body },
      { headers: { 'content-type': 'application/json' }, body },
    ],
    async close() {
      await twin.close();
      await deps.close();
    },
  };
}

deskContract('Freshchat', { create: subject });

describe('Freshchat', () => {
  let at: Subject;
  beforeEach(async () => {
    at = await subject();
  });
  afterEach(() => at.close());

  const open = () => at.desk.open(ticketOf(), false);
  const poll = async (ticket: Ticket, cursor: string | null = null) => {
    const found = await at.desk.poll?.(ticket, cursor);
    if (!found) throw new Error('It cannot be asked.');
    return found;
  };
  /** As after a restart, and without a group for the bot. */
  const withoutMemory = async (ticket?: Ticket) => {
    const { url, publicKey, channel, notesBy: agent } = at.twin;
    const config = { url: `${url}/v2`, token: 'right', publicKey, channel, agent, inboundSecret: 'x'.repeat(16) };
    return { desk: freshchat.create(config, at.deps), ticket: ticket ?? (await open()) };
  };
  const latest = () => {
    const sent = at.twin.webhooks.sent.at(-1);
    return sent ? at.desk.receive(arrived(sent, at.deps.clock.now)).events : [];
  };
  const texts = (id: string) => at.twin.ticket(id)?.entries.map(({ text }) => text) ?? [];

  it.each([
    ['PKCS#1, as PEM', { type: 'pkcs1', format: 'pem' }],
    ['SPKI, as PEM', { type: 'spki', format: 'pem' }],
    ['PKCS#1, base64 alone', { type: 'pkcs1', format: 'der' }],
    ['SPKI, base64 alone', { type: 'spki', format: 'der' }],
  ] as const)('[DK1] takes the public key as %s', (_, form) => {
    const exported = at.twin.key.export(form as never) as string | Buffer;
    const shown = typeof exported === 'string' ? exported : exported.toString('base64');
    // Some screens show the title of one form over the other, and all of it in one line.
    for (const key of [shown, shown.replaceAll('\n', ' '), shown.replaceAll('BEGIN PUBLIC', 'BEGIN RSA PUBLIC')]) {
      const found = publicKeyOf(key);
      const body = new TextEncoder().encode('{"a": "ü"}');
      expect(found && isSigned(found, body, at.twin.sign('{"a": "ü"}'))).toBe(true);
      expect(found && isSigned(found, body, at.twin.sign('{"a":"ü"}'))).toBe(false);
    }
    expect(publicKeyOf('none')).toBeNull();
  });

  it('[DK9] asks who it is once, and knows him then', async () => {
    const ticket = await open();
    const [dana] = at.twin.agents;
    await at.twin.agent.reply(ticket.id, dana, 'Hello');
    expect(latest()).toMatchObject([{ type: 'changed', ticket: ticket.id }]);
    const agent = { id: dana.id, name: dana.name, avatarUrl: `https://desk.example/${dana.id}.png` };
    expect((await poll(ticket)).events).toMatchObject([{ type: 'agent.said', text: 'Hello', agent }]);
    await at.twin.agent.reply(ticket.id, dana, 'Still there?');
    expect(latest()).toMatchObject([{ type: 'agent.said', text: 'Still there?', agent }]);
    at.deps.clock.now += 3_600_000;
    expect(latest()).toMatchObject([{ type: 'changed' }]);
  });

  it('[DK9] takes nothing of a bot’s or of the system’s for an agent’s words, and reads cards and pictures', async () => {
    const ticket = await open();
    at.twin.say(ticket.id, 'bot', 'Did that help?');
    at.twin.say(ticket.id, 'system', 'We are away until Monday.');
    at.twin.parts(ticket.id, at.twin.agents[1], [
      { carousel: {} },
      { image: { url: 'https://cdn.example/a%20b.png' } },
    ]);
    at.twin.parts(ticket.id, at.twin.agents[1], [{ template_content: { type: 'x' } }]);
    const { events } = await poll(ticket);
    expect(events).toMatchObject([{ type: 'agent.said', text: '', files: [{ name: 'a b.png' }] }]);
  });

  it('[DK10] gives the bot what a private note for it says, and no other note', async () => {
    const ticket = await open();
    const [dana] = at.twin.agents;
    await at.twin.agent.take(ticket.id, dana);
    await at.twin.agent.note(ticket.id, dana, 'chargeback risk');
    await at.twin.agent.note(ticket.id, dana, 'BOT: refunded');
    at.deps.clock.now += 60_000;
    const { cursor } = await poll(ticket);
    await at.twin.agent.handBack(ticket.id, dana);
    await at.twin.agent.close(ticket.id, dana);
    expect((await poll(ticket, cursor)).events).toMatchObject([{ type: 'returned', note: 'refunded' }]);
  });

  it('[DK10] without a group for the bot nobody can hand back, and a group is a group', async () => {
    const { desk: alone, ticket } = await withoutMemory();
    expect(alone.can.handBack).toBeNull();
    await at.twin.agent.take(ticket.id, at.twin.agents[0]);
    const { cursor = null } = (await alone.poll?.(ticket, null)) ?? {};
    await at.twin.agent.handBack(ticket.id, at.twin.agents[0]);
    expect((await alone.poll?.(ticket, cursor))?.events.map(({ type }) => type)).toEqual(['unassigned']);
  });

  it('[DK12] tells the same words of two messages apart, as far as it remembers what it wrote', async () => {
    const ticket = await open();
    await at.desk.send(ticket, messageOf('Hello?'), false);
    at.twin.fault('breaks_off', { work: 'message' });
    await at.desk.send(ticket, messageOf('Hello?', { seq: 41 }), false).catch(() => null);
    await at.desk.send(ticket, messageOf('Hello?', { seq: 41 }), true);
    expect(texts(ticket.id).filter((text) => text === 'Hello?')).toHaveLength(2);
  });

  it('[DK12] knows after a restart, too, what is there already, however much came after it', async () => {
    const ticket = await open();
    at.twin.fault('accepts_then_breaks_off', { work: 'message' });
    const file = await at.deps.keep('scan.pdf', 'application/pdf', new Uint8Array(9));
    await at.desk.send(ticket, messageOf('', { files: [file] }), false).catch(() => null);
    for (let index = 0; index < 60; index++) await at.twin.agent.note(ticket.id, at.twin.agents[0], `note ${index}`);
    const { desk: again } = await withoutMemory(ticket);
    await again.send(ticket, messageOf('', { files: [file] }), true);
    expect(at.twin.ticket(ticket.id)?.entries.filter(({ files }) => files.length > 0)).toHaveLength(1);
    expect(await again.open(ticketOf(), true)).toEqual(ticket);
    await again.send(ticket, messageOf('Hello?', { seq: 41 }), false);
    expect(at.twin.ticket(ticket.id)?.entries.at(-1)).toMatchObject({ author: 'customer', text: 'Hello?' });
  });

  it('[DK15] names a file with its address where Freshchat tells no address of what it took', async () => {
    at.twin.keepAddresses();
    const ticket = await open();
    const file = await at.deps.keep('scan.pdf', 'application/pdf', new Uint8Array(9));
    await at.desk.send(ticket, messageOf('See', { files: [file] }), false);
    expect(texts(ticket.id).at(-1)).toBe(`See\nscan.pdf: ${file.url}`);
  });

  it('[DK17] reads on over pages, and asks again for what is young only', async () => {
    const ticket = await open();
    const [dana] = at.twin.agents;
    for (let index = 0; index < 120; index++) await at.twin.agent.reply(ticket.id, dana, `no. ${index}`);
    const first = await poll(ticket);
    const said = first.events.map((event) => (event.type === 'agent.said' ? event.text : event.type));
    expect(said).toEqual(Array.from({ length: 120 }, (_, index) => `no. ${index}`));
    expect((await poll(ticket, first.cursor)).events).toHaveLength(120);
    at.deps.clock.now += 60_000;
    const settled = await poll(ticket, first.cursor);
    expect((await poll(ticket, settled.cursor)).events).toEqual([]);
  });

  it('[DK17] a conversation that was deleted there is closed', async () => {
    const ticket = await open();
    at.twin.remove(ticket.id);
    expect((await poll(ticket)).events).toMatchObject([{ type: 'closed', ticket: ticket.id }]);
    await at.desk.close(ticket, 'Ended in Baton: resolved.');
  });

  it('[DK18] knows the same person again, and nobody by an e-mail address that is only claimed', async () => {
    await open();
    await at.desk.open(ticketOf({ handoff: 'hnd_2' }, 'hnd_2'), false);
    expect(at.twin.people()).toHaveLength(1);
    const claimed = { ...ticketOf().context.customer, id: 'cus_9' as const, verified: false };
    await at.desk.open(ticketOf({ handoff: 'hnd_3', customer: claimed }, 'hnd_3'), false);
    expect(at.twin.people().map(({ email }) => email)).toEqual(['ada@example.com', null]);
    // He has proven who he is since then: he is still found under his old name.
    const { customer } = ticketOf().context;
    expect(await at.desk.findTicket('hnd_3', { ...customer, id: 'cus_9' })).not.toBeNull();
    expect(await at.desk.findTicket('hnd_', customer)).toBeNull();
  });

  it.each([
    [
      'message.agent',
      { type: 'agent.said', key: 'message:0d1e2f3a-1111-4222-8333-944455566677', text: /second charge/ },
    ],
    ['message.agent-without-type', { type: 'agent.said', text: 'Hello from the app' }],
    ['message.agent-with-files', { type: 'agent.said', files: [{ name: 'receipt 1.png' }, { name: 'invoice.pdf' }] }],
    ['message.agent-card', { type: 'agent.said', text: 'Your order\nOpen: https://shop.example/orders/1001' }],
    ['message.note', { type: 'ignored' }],
    ['message.customer', { type: 'ignored' }],
    ['message.system', { type: 'ignored' }],
    ['assignment.agent', { type: 'assigned', agent: { id: '3f9e1c77-84a2-4d0b-b1aa-6a54d2c9e010' } }],
    ['assignment.other-agent', { type: 'assigned', agent: { id: '51d0be1e-0f3c-4f67-93c5-7be2f0a1c222' } }],
    ['assignment.put-back', { type: 'unassigned' }],
    ['assignment.group-only', { type: 'ignored' }],
    ['resolution.agent', { type: 'closed', agent: { id: '3f9e1c77-84a2-4d0b-b1aa-6a54d2c9e010' } }],
    ['resolution.system', { type: 'closed', agent: null }],
    ['reopen.agent', { type: 'reopened', at: Date.UTC(2026, 10, 22, 12, 6, 0, 900) }],
    ['reopen.customer', { type: 'ignored' }],
  ])('[DK3] reads %s', (name, expected) => {
    const body = readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8');
    const { events } = freshchat.inspect(arrived({ headers: {}, body }, 0), null);
    const { text, ...rest } = expected as { type: string; text?: string | RegExp };
    const words = text instanceof RegExp ? { text: expect.stringMatching(text) } : text === undefined ? {} : { text };
    expect(events).toMatchObject([{ ...rest, ...words }]);
    if (expected.type !== 'ignored') expect(events).toMatchObject([{ ticket: 'b7a3c8d1-2f4e-4a6b-9c0d-1e2f3a4b5c6d' }]);
  });

  it('names what is wrong with a public key that is none', () => {
    const config = { url: 'https://shop.freshchat.com/v2', token: 't', publicKey: 'hello', channel: 'c'.repeat(8) };
    expect(() => freshchat.create({ ...config, agent: 'a'.repeat(8), inboundSecret: 'x'.repeat(16) }, at.deps)).toThrow(
      /public key/,
    );
  });
});
