import { readFileSync } from 'node:fs';
import type { Ticket } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskSubject, deskContract, PATIENT_SECONDS } from '#adapters/contracts/desk.contract.ts';
import { deskDeps } from '#adapters/contracts/desk-deps.ts';
import { messageOf, ticketOf } from '#adapters/contracts/desk-fixtures.ts';
import { arrived } from '#kit/twin-webhooks.ts';
import { freshdesk } from './index.ts';
import { type FreshdeskTwin, startFreshdesk } from './twin.ts';

interface Subject extends DeskSubject {
  twin: FreshdeskTwin;
}

async function subject(timeoutSeconds = PATIENT_SECONDS): Promise<Subject> {
  const deps = await deskDeps();
  const twin = await startFreshdesk({ apiKey: 'right', now: deps.world.now });
  const config = { url: twin.url, timeoutSeconds, inboundSecret: 'a-secret-of-the-address' };
  return {
    desk: freshdesk.create({ ...config, apiKey: 'right', fields: { cf_shop: 'north' } }, deps),
    stranger: freshdesk.create({ ...config, apiKey: 'wrong' }, deps),
    twin,
    deps,
    signsTime: false,
    // Freshdesk proves nothing: the secret address, and asking, is all.
    forge: () => [],
    async close() {
      await twin.close();
      await deps.close();
    },
  };
}

deskContract('Freshdesk', { create: subject });

describe('Freshdesk', () => {
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
  const texts = (id: string) => at.twin.ticket(id)?.entries.map(({ text }) => text) ?? [];

  it('[DK18] knows somebody by his proven e-mail address, and nobody by one that is only claimed', async () => {
    await open();
    const { customer } = ticketOf().context;
    const proven = { ...customer, externalId: 'crm-816' };
    await at.desk.open(ticketOf({ handoff: 'hnd_2', customer: proven }, 'hnd_2'), false);
    expect(at.twin.contacts()).toHaveLength(1);
    const claimed = { ...customer, id: 'cus_9' as const, verified: false };
    const other = await at.desk.open(ticketOf({ handoff: 'hnd_3', customer: claimed }, 'hnd_3'), false);
    expect(at.twin.ticket(other.id)?.customer).toEqual({ name: 'Ada Lovelace', email: null });
    expect(await at.desk.findTicket('hnd_2', proven)).toMatchObject({ id: '2' });
    expect(await at.desk.findTicket('hnd_', proven)).toBeNull();
  });

  it('[DK18] opens without an e-mail address that Freshdesk refuses', async () => {
    const customer = { ...ticketOf().context.customer, email: 'ada@büro.example' };
    const { id } = await at.desk.open(ticketOf({ customer }), false);
    const { customer: known, entries = [] } = at.twin.ticket(id) ?? {};
    expect(known).toEqual({ name: 'Ada Lovelace', email: null });
    expect(entries.some(({ text }) => text.includes('ada@büro.example'))).toBe(true);
  });

  it('[DK18] shows the customer nothing that is for staff: what is said of him is in private notes', async () => {
    const { id } = await open();
    const { entries = [], facts } = at.twin.ticket(id) ?? {};
    expect(entries.every(({ internal }) => internal)).toBe(true);
    expect(facts).toMatch(/Handed over from the chat/);
    expect(facts).not.toMatch(/Charged twice|find_order/);
    expect(facts).toContain('cf_shop: north');
    expect(facts).toContain('vip');
  });

  it('[DK12] knows its notes again by their words, where Freshdesk takes their mark away', async () => {
    at.twin.strip();
    const ticket = await open();
    await at.desk.send(ticket, messageOf('Hello?'), false);
    at.deps.clock.now += 3_600_000;
    const later = { seq: 41, at: at.deps.clock.now };
    at.twin.fault('accepts_then_breaks_off', { work: 'message' });
    await at.desk.send(ticket, messageOf('Hello?', later), false).catch(() => null);
    await at.desk.send(ticket, messageOf('Hello?', later), true);
    expect(texts(ticket.id).filter((text) => text === 'Hello?')).toHaveLength(2);
    expect(await at.desk.open(ticketOf(), true)).toEqual(ticket);
    expect(texts(ticket.id).filter((text) => text.includes('transcript 1 of 1'))).toHaveLength(1);
  });

  it('[DK12] tells the same words of two messages apart, also at the same second', async () => {
    const ticket = await open();
    await at.desk.send(ticket, messageOf('Hello?', { seq: 4 }), false);
    at.twin.fault('breaks_off', { work: 'message' });
    await at.desk.send(ticket, messageOf('Hello?', { seq: 41 }), false).catch(() => null);
    await at.desk.send(ticket, messageOf('Hello?', { seq: 41 }), true);
    expect(texts(ticket.id).filter((text) => text === 'Hello?')).toHaveLength(2);
  });

  it('[DK15] gives files as links where they are too large for the account', async () => {
    const ticket = await open();
    const file = await at.deps.keep('scan.png', 'image/png', new Uint8Array(100));
    at.twin.limitFiles(99);
    await at.desk.send(ticket, messageOf('See', { files: [file] }), false);
    const large = { ...file, size: 30_000_000 };
    await at.desk.send(ticket, messageOf('', { seq: 41, files: [large] }), false);
    const entries = at.twin.ticket(ticket.id)?.entries.slice(-2) ?? [];
    expect(entries.map(({ files }) => files)).toEqual([[], []]);
    for (const { text } of entries) expect(text).toContain(file.url);
  });

  it('[DK8] opens a ticket again that waits, or is solved, when the customer writes', async () => {
    const ticket = await open();
    for (const status of [3, 4, 5]) {
      at.twin.become(ticket.id, { status });
      const { cursor } = await poll(ticket);
      await at.desk.send(ticket, messageOf('One more thing', { seq: 40 + status }), false);
      expect(at.twin.ticket(ticket.id)?.open).toBe(true);
      const { events } = await poll(ticket, cursor);
      expect(events.map(({ type }) => type)).toEqual(status === 3 ? [] : ['reopened']);
    }
  });

  it('[DK12] does not open again what an agent solved after he had read words of which we do not know whether they arrived', async () => {
    const ticket = await open();
    at.twin.become(ticket.id, { status: 4 });
    at.twin.fault('accepts_then_breaks_off', { work: 'message' });
    await at.desk.send(ticket, messageOf('Thanks!'), false).catch(() => null);
    expect(at.twin.ticket(ticket.id)?.open).toBe(true);
    await at.twin.agent.close(ticket.id, at.twin.agents[0]);
    await at.desk.send(ticket, messageOf('Thanks!'), true);
    expect(at.twin.ticket(ticket.id)?.open).toBe(false);
    expect(texts(ticket.id).filter((text) => text === 'Thanks!')).toHaveLength(1);
  });

  it('[DK10] gives the bot what a private note for it says, and no other note', async () => {
    const ticket = await open();
    const [dana] = at.twin.agents;
    await at.twin.agent.take(ticket.id, dana);
    await at.twin.agent.note(ticket.id, dana, 'chargeback risk');
    const { cursor } = await poll(ticket);
    await at.twin.agent.note(ticket.id, dana, 'Bot: refunded, he only wants the invoice');
    await at.twin.agent.note(ticket.id, dana, 'robots are great');
    const second = await poll(ticket, cursor);
    at.twin.become(ticket.id, { tag: 'Back-To-Bot', status: 4 });
    const { events } = await poll(ticket, second.cursor);
    expect(events).toMatchObject([
      { type: 'returned', agent: { name: dana.name }, note: 'refunded, he only wants the invoice' },
    ]);
  });

  it('[DK10] an end is as old as it is, whatever was written since', async () => {
    const ticket = await open();
    const { cursor } = await poll(ticket);
    at.deps.clock.now += 10_000;
    const closedAt = at.deps.clock.now;
    await at.desk.close(ticket, 'Ended in Baton: returned_to_bot.');
    at.deps.clock.now += 10_000;
    await at.twin.agent.reply(ticket.id, at.twin.agents[0], 'One more thing');
    const { events } = await poll(ticket, cursor);
    expect(events).toMatchObject([{ type: 'agent.said' }, { type: 'closed', at: closedAt }]);
  });

  it('[DK10] pending and waiting are no end', async () => {
    const ticket = await open();
    for (const status of [3, 6, 7, 12]) at.twin.become(ticket.id, { status });
    expect((await poll(ticket)).events).toEqual([]);
  });

  it('[DK9] takes what an agent says without the mail that he answers to and without his signature', async () => {
    const ticket = await open();
    const [dana, kim] = at.twin.agents;
    at.twin.mail(
      ticket.id,
      kim,
      '<div>On its way.<img src="https://cdn.example/a%20b.png"></div><p>Kim, your <b>shop</b></p><div class="freshdesk_quote">On Monday Ada wrote</div>',
    );
    at.twin.mail(ticket.id, dana, '<div>Dear warehouse</div>', 8);
    at.twin.mail(ticket.id, dana, '<div>Happy</div>', 6);
    const { events } = await poll(ticket);
    expect(events).toMatchObject([
      { type: 'agent.said', text: 'On its way.', files: [{ name: 'a b.png' }], agent: { name: kim.name } },
    ]);
  });

  it('[DK17] asks again for what is young, reads on over pages, and misses nothing where entries were deleted', async () => {
    const ticket = await open();
    const [dana] = at.twin.agents;
    const ids: string[] = [];
    for (let index = 0; index < 205; index++) ids.push(await at.twin.agent.reply(ticket.id, dana, `no. ${index}`));
    const first = await poll(ticket);
    expect(first.events.filter(({ type }) => type === 'agent.said')).toHaveLength(205);
    expect((await poll(ticket, first.cursor)).events).toHaveLength(205);
    at.deps.clock.now += 60_000;
    const settled = await poll(ticket, first.cursor);
    expect((await poll(ticket, settled.cursor)).events).toEqual([]);
    for (const id of ids.slice(0, 20)) at.twin.remove(ticket.id, id);
    await at.twin.agent.reply(ticket.id, dana, 'the latest');
    expect((await poll(ticket, settled.cursor)).events).toMatchObject([{ text: 'the latest' }]);
  });

  it('[DK17] a ticket that was deleted there is closed', async () => {
    const ticket = await open();
    at.twin.remove(ticket.id);
    expect((await poll(ticket)).events).toMatchObject([{ type: 'closed', ticket: ticket.id }]);
    await at.desk.close(ticket, 'Ended in Baton: resolved.');
  });

  it('[DK15] does not know who is there where the account does not tell', async () => {
    at.twin.hidePresence();
    expect(await at.desk.availability(null, null)).toMatchObject({ state: 'unknown', agentsOnline: null });
  });

  it.each([
    ['advanced', { type: 'changed', ticket: '1042' }],
    ['simple', { type: 'changed', ticket: '1042' }],
    ['unfilled', { type: 'ignored' }],
    ['api-note', { type: 'ignored' }],
  ])('[DK3] reads %s', (name, expected) => {
    const body = readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8');
    expect(freshdesk.inspect(arrived({ headers: {}, body }, 0), null)).toMatchObject({
      genuine: null,
      events: [expected],
    });
  });

  it('names what is wrong with a group that is no number, and with a field that is Baton’s', () => {
    const config = { url: 'https://shop.freshdesk.com', apiKey: 'k', inboundSecret: 'x'.repeat(16) };
    expect(() => freshdesk.create({ ...config, group: 'billing' }, at.deps)).toThrow(/number of a group/);
    expect(() => freshdesk.create({ ...config, fields: { status: 5 } }, at.deps)).toThrow(/fields/);
  });
});
