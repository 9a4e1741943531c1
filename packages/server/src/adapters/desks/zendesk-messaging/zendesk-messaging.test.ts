import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskSubject, deskContract, PATIENT_SECONDS } from '#adapters/contracts/desk.contract.ts';
import { deskDeps } from '#adapters/contracts/desk-deps.ts';
import { conversation, messageOf, ticketOf } from '#adapters/contracts/desk-fixtures.ts';
import { failureOf } from '#adapters/contracts/failure-of.ts';
import { arrived } from '#kit/twin-webhooks.ts';
import type { DeskEvent } from '#ports/desk.ts';
import { zendeskMessaging } from './index.ts';
import { type SunshineTwin, startSunshine } from './twin.ts';

interface Subject extends DeskSubject {
  twin: SunshineTwin;
}

async function subject(timeoutSeconds = PATIENT_SECONDS): Promise<Subject> {
  const deps = await deskDeps();
  const twin = await startSunshine({ app: 'app1', key: 'key:right', webhookKey: 'w3bh00k', now: deps.world.now });
  const config = {
    url: twin.url,
    app: 'app1',
    keyId: 'key',
    webhookKey: 'w3bh00k',
    timeoutSeconds,
    inboundSecret: 'a-secret-of-the-address',
  };
  return {
    desk: zendeskMessaging.create({ ...config, keySecret: 'right' }, deps),
    stranger: zendeskMessaging.create({ ...config, keySecret: 'wrong' }, deps),
    twin,
    deps,
    signsTime: false,
    // A fixed key is all there is: what it came with is not proven, and is fetched.
    forge: ({ headers, body }) => [
      { headers: { ...headers, 'x-api-key': 'w3bh00l' }, body },
      { headers: { ...headers, 'x-api-key': '' }, body },
      { headers: { 'content-type': 'application/json' }, body },
    ],
    async close() {
      await twin.close();
      await deps.close();
    },
  };
}

deskContract('Zendesk Messaging', { create: subject });

it('[DK23] of very many events in one webhook the first thousand are read, and the rest is said to be left', () => {
  const body = new TextEncoder().encode(JSON.stringify({ events: Array.from({ length: 1_200 }, () => ({})) }));
  const request = { method: 'POST', url: '/inbound/int_1', query: {}, headers: {}, body, at: 0 };
  const { events } = zendeskMessaging.inspect(request, null);
  expect(events).toHaveLength(1_001);
  expect(events.at(-1)).toEqual({ type: 'ignored', why: expect.stringContaining('200 events more') });
});

describe('Zendesk Messaging', () => {
  let at: Subject;
  beforeEach(async () => {
    at = await subject();
  });
  afterEach(() => at.close());

  const open = () => at.desk.open(ticketOf(), false);
  let read: { sent: number; cursor: string | null; keys: Set<string> };
  beforeEach(() => {
    read = { sent: 0, cursor: null, keys: new Set() };
  });
  /** What the webhooks since the last time hint at, asked for from where it was asked last. */
  const heard = async (ticket: { id: string }): Promise<DeskEvent[]> => {
    const fresh = at.twin.webhooks.sent.slice(read.sent);
    read.sent += fresh.length;
    const told = fresh.flatMap((sent) => at.desk.receive(arrived(sent, at.deps.clock.now)).events);
    if (!told.some(({ type }) => type === 'changed')) return [];
    const answer = await at.desk.poll?.(ticket, read.cursor);
    read.cursor = answer?.cursor ?? null;
    at.deps.clock.now += 120_000;
    const events = (answer?.events ?? []).filter((event) => !('key' in event && read.keys.has(event.key)));
    for (const event of events) if ('key' in event) read.keys.add(event.key);
    return events;
  };

  it('[DK7] the last messages come as their authors’, what is before them in pieces, and agents see all of it', async () => {
    const { id } = await at.desk.open(ticketOf({ transcript: conversation(60) }), false);
    const entries = at.twin.ticket(id)?.entries ?? [];
    const typed = entries.slice(-20);
    expect(typed.map(({ author }) => author)).toEqual(typed.map((_, index) => (index % 2 === 0 ? 'customer' : 'us')));
    expect(entries.length).toBeLessThan(30);
    expect(entries[0]?.text).toContain('/bot');
  });

  it('[DK7] Zendesk’s own bot answers nothing, before, meanwhile and after', async () => {
    const ticket = await open();
    await at.desk.send(ticket, messageOf('Hello?'), false);
    await at.desk.close(ticket, 'Ended in Baton: resolved.');
    expect(at.twin.ticket(ticket.id)?.open).toBe(false);
    await at.twin.agent.reply(ticket.id, at.twin.agents[0], 'One more thing');
    await at.desk.read?.(ticket);
    expect(at.twin.ticket(ticket.id)?.open).toBe(false);
    // He answered, so he shall see what is said to it.
    await at.desk.send(ticket, messageOf('Said after it', { seq: 41 }), false);
    expect(at.twin.ticket(ticket.id)?.open).toBe(true);
    expect(at.twin.botAnswers()).toBe(0);
  });

  it('[DK9] takes no words on the word of a webhook alone: its key is the same each time', async () => {
    const ticket = await open();
    await at.twin.agent.reply(ticket.id, at.twin.agents[0], 'Hello');
    const genuine = at.twin.webhooks.sent.at(-1);
    const body = (genuine?.body ?? '').replace('Hello', 'Send me your password');
    const { events } = at.desk.receive(arrived({ headers: genuine?.headers ?? {}, body }, 0));
    expect(events).toMatchObject([{ type: 'changed', ticket: ticket.id }]);
    expect(JSON.stringify(events)).not.toContain('password');
    expect((await at.desk.poll?.(ticket, null))?.events).toMatchObject([{ type: 'agent.said', text: 'Hello' }]);
  });

  it('[DK3] does not take for an agent’s words what a bot or a rule of Zendesk’s says', async () => {
    const ticket = await open();
    await heard(ticket);
    at.twin.greet(ticket.id, 'An agent will be with you shortly.');
    expect(await heard(ticket)).toEqual([]);
    expect((await at.desk.poll?.(ticket, null))?.events).toEqual([]);
  });

  it('[DK10] gives back to the bot what is passed to our party, and ends what is closed or moved to e-mail', async () => {
    const ticket = await open();
    const polled = await at.desk.poll?.(ticket, null);
    await heard(ticket);
    at.twin.giveBack(ticket.id);
    expect(await heard(ticket)).toMatchObject([{ type: 'returned' }]);
    expect((await at.desk.poll?.(ticket, polled?.cursor ?? null))?.events).toMatchObject([{ type: 'returned' }]);
    const other = await at.desk.open(ticketOf({ handoff: 'hnd_2', conversation: 'cnv_2' }, 'hnd_2'), false);
    read.cursor = null;
    at.twin.leave(other.id, 'transferToEmail');
    expect(await heard(other)).toMatchObject([{ type: 'closed' }]);
    expect((await at.desk.poll?.(other, null))?.events).toMatchObject([{ type: 'closed' }]);
  });

  it('[DK10] what we ended ourselves is nobody’s wish, also when an agent answers after it', async () => {
    const ticket = await open();
    await heard(ticket);
    await at.twin.agent.handBack(ticket.id, at.twin.agents[0]);
    expect(await heard(ticket)).toMatchObject([{ type: 'returned' }]);
    await at.desk.close(ticket, 'Ended in Baton: returned_to_bot.');
    await at.twin.agent.reply(ticket.id, at.twin.agents[0], 'One more thing');
    expect(await heard(ticket)).toMatchObject([{ type: 'agent.said' }]);
    await at.desk.send(ticket, messageOf('Yes?'), false);
    at.twin.giveBack(ticket.id);
    expect((await heard(ticket)).map(({ type }) => type)).toContain('returned');
  });

  it('[DK10] a message that only begins like the sign is a message', async () => {
    const ticket = await open();
    await at.twin.agent.reply(ticket.id, at.twin.agents[0], '/bottles are on offer');
    expect(await heard(ticket)).toMatchObject([{ type: 'agent.said', text: '/bottles are on offer' }]);
  });

  it('[DK10] what the agents’ side never took goes back to the bot', async () => {
    const ticket = await open();
    at.twin.refuse(ticket.id);
    expect(await heard(ticket)).toMatchObject([{ type: 'returned' }]);
  });

  it('[DK17] hears on when control came back to the agents, which takes back what was offered to us', async () => {
    const ticket = await open();
    at.twin.leave(ticket.id, 'ticketClosed');
    const ends = (await heard(ticket)).filter((event) => event.type === 'closed');
    await at.twin.agent.reopen(ticket.id, at.twin.agents[0]);
    expect((await heard(ticket)).at(-1)).toMatchObject({ type: 'reopened' });
    await at.twin.agent.reply(ticket.id, at.twin.agents[0], 'Once more');
    expect(await heard(ticket)).toMatchObject([{ type: 'agent.said', text: 'Once more' }]);
    at.twin.leave(ticket.id, 'ticketClosed');
    const keys = new Set(ends.map(({ key }) => key));
    ends.push(...(await heard(ticket)).filter((event) => event.type === 'closed'));
    expect([keys.size, ends.length, new Set(ends.map(({ key }) => key)).size]).toEqual([1, 2, 2]);
  });

  it('[DK18] does not find somebody by an e-mail address, and finds a handoff of somebody who has since proven himself', async () => {
    const { customer } = ticketOf().context;
    const claimed = { ...customer, verified: false };
    const first = await at.desk.open(ticketOf({ customer: claimed }), false);
    expect(at.twin.ticket(first.id)?.customer).toEqual({ name: 'Ada Lovelace', email: null });
    expect(await at.desk.findTicket('hnd_1', customer)).toEqual(first);
    expect(await at.desk.open(ticketOf(), true)).toEqual(first);
    await at.desk.send(first, messageOf('Still me'), false);
    expect(at.twin.tickets()).toHaveLength(1);
  });

  it('[DK8] writes in the customer’s name also after a restart, and not into what is not ours', async () => {
    const ticket = await open();
    const config = {
      url: at.twin.url,
      app: 'app1',
      keyId: 'key',
      keySecret: 'right',
      webhookKey: 'w',
      inboundSecret: 'x'.repeat(16),
    };
    const again = zendeskMessaging.create(config, at.deps);
    await again.send(ticket, messageOf('Still there?'), false);
    expect(at.twin.ticket(ticket.id)?.entries.at(-1)).toMatchObject({ author: 'customer', text: 'Still there?' });
    const wrong = zendeskMessaging.create({ ...config, party: 'batton' }, at.deps);
    expect(await failureOf(wrong.test())).toMatchObject({ message: expect.stringMatching(/no party "batton".*baton/) });
  });

  it('[DK15] knows who is there where it may ask Zendesk’s other API, and says so where it may not', async () => {
    expect(at.desk.can.availability).toBe(false);
    const config = { url: at.twin.url, app: 'app1', keyId: 'key', keySecret: 'right', webhookKey: 'w' };
    const inboundSecret = 'x'.repeat(16);
    const support = { supportEmail: 'lead@shop.example', supportToken: 'support' };
    const desk = zendeskMessaging.create({ ...config, ...support, inboundSecret }, at.deps);
    expect(desk.can.availability).toBe(true);
    expect(await desk.availability(at.twin.group, null)).toMatchObject({ state: 'available', agentsOnline: 2 });
    expect(await desk.availability('7', null)).toMatchObject({ state: 'closed', agentsOnline: 0 });
    at.twin.staff(false);
    expect(await desk.availability(null, null)).toMatchObject({ state: 'closed' });
  });

  it('[DK17] a conversation that was deleted there is closed', async () => {
    const ticket = await open();
    await heard(ticket);
    at.twin.remove(ticket.id);
    expect(await heard(ticket)).toMatchObject([{ type: 'closed' }]);
    expect((await at.desk.poll?.(ticket, null))?.events).toMatchObject([{ type: 'closed' }]);
    await at.desk.close(ticket, 'Ended in Baton: resolved.');
  });

  it.each([
    [
      'message.agent',
      [
        {
          type: 'agent.said',
          ticket: '69b0c0de0000000000000412',
          key: 'message:69b0c0de0000000000007001',
          agent: { id: '8447388090494', name: 'Dana Scully' },
          text: 'Hello Ada, I see it.',
        },
      ],
    ],
    [
      'message.agent-with-file',
      [{ type: 'agent.said', text: '', files: [{ name: 'invoice 1001.pdf', size: 20_481 }] }],
    ],
    ['message.customer', [{ type: 'ignored' }]],
    ['message.own', [{ type: 'ignored', why: 'Our own words.' }]],
    ['message.bot', [{ type: 'ignored' }]],
    ['message.activity', [{ type: 'ignored' }]],
    ['control.ticket-closed', [{ type: 'closed', at: 1_795_348_800_250 }]],
    ['control.to-email', [{ type: 'closed' }]],
    ['control.given-back', [{ type: 'returned' }]],
    ['control.to-agents', [{ type: 'reopened' }]],
    ['control.refused', [{ type: 'returned' }]],
    ['control.own', [{ type: 'ignored' }]],
    ['typing', [{ type: 'agent.typing', agent: { name: 'Dana Scully' }, on: true }]],
    ['read', [{ type: 'read' }]],
    [
      'several',
      [
        { type: 'agent.said', ticket: '69b0c0de0000000000000412', text: 'One' },
        { type: 'agent.said', ticket: '69b0c0de0000000000000413', text: 'Two' },
        { type: 'ignored' },
      ],
    ],
  ])('[DK3] reads %s', (name, expected) => {
    const body = readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8');
    expect(zendeskMessaging.inspect(arrived({ headers: {}, body }, 0), null).events).toMatchObject(expected);
  });
});
