import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskSubject, deskContract, PATIENT_SECONDS } from '#adapters/contracts/desk.contract.ts';
import { deskDeps } from '#adapters/contracts/desk-deps.ts';
import { messageOf, STRANGER, ticketOf } from '#adapters/contracts/desk-fixtures.ts';
import { arrived } from '#kit/twin-webhooks.ts';
import type { DeskEvent } from '#ports/desk.ts';
import { zendeskSupport } from './index.ts';
import { startZendesk, type ZendeskTwin } from './twin.ts';

interface Subject extends DeskSubject {
  twin: ZendeskTwin;
}

async function subject(timeoutSeconds = PATIENT_SECONDS): Promise<Subject> {
  const deps = await deskDeps();
  const twin = await startZendesk({
    credentials: 'baton@shop.example/token:right',
    secret: 's3cr3t',
    now: deps.world.now,
  });
  const config = {
    url: twin.url,
    email: 'baton@shop.example',
    agent: twin.agentId,
    signingSecret: 's3cr3t',
    timeoutSeconds,
    inboundSecret: 'a-secret-of-the-address',
  };
  const [at, by] = ['x-zendesk-webhook-signature-timestamp', 'x-zendesk-webhook-signature'];
  const sign = (key: string, time: string, body: string) =>
    createHmac('sha256', key)
      .update(time + body)
      .digest('base64');
  return {
    desk: zendeskSupport.create({ ...config, token: 'right' }, deps),
    stranger: zendeskSupport.create({ ...config, token: 'wrong' }, deps),
    twin,
    deps,
    signsTime: true,
    forge: ({ headers, body }) => [
      { headers, body: body.replace('OPEN', 'SOLVED').replace('NEW', 'SOLVED') },
      { headers: { ...headers, [at]: '2026-11-22T12:00:01.000Z' }, body },
      { headers: { ...headers, [by]: sign('another', headers[at] ?? '', body) }, body },
      { headers: { ...headers, [by]: '' }, body },
      { headers: { 'content-type': 'application/json' }, body },
    ],
    async close() {
      await twin.close();
      await deps.close();
    },
  };
}

deskContract('Zendesk Support', { create: subject });

describe('Zendesk Support', () => {
  let at: Subject;
  let read: { sent: number; cursor: string | null; keys: Set<string> };
  beforeEach(async () => {
    at = await subject();
    read = { sent: 0, cursor: null, keys: new Set() };
  });
  afterEach(() => at.close());

  const open = () => at.desk.open(ticketOf(), false);
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

  it('[DK10] tells what a macro did in one step in the order in which it is taken: who, words, back to the bot, the end', async () => {
    const ticket = await open();
    const [dana] = at.twin.agents;
    at.twin.update(ticket.id, dana, {
      comment: { html_body: '<p>All refunded.</p>' },
      assignee_id: Number(dana.id),
      tags: ['baton', 'back_to_bot'],
      status: 'solved',
    });
    const events = await heard(ticket);
    expect(events.map(({ type }) => type)).toEqual(['assigned', 'agent.said', 'returned', 'closed']);
    const times = events.map((event) => ('at' in event ? event.at : undefined));
    expect(times).toEqual([...times].sort());
    expect((await at.desk.poll?.(ticket, null))?.events).toEqual(events);
  });

  it('[DK10] keeps the order of what happened within one second', async () => {
    const ticket = await open();
    const [dana, kim] = at.twin.agents;
    await at.twin.agent.take(ticket.id, dana);
    await at.twin.agent.reply(ticket.id, dana, 'One moment.');
    await at.twin.agent.release(ticket.id, dana);
    await at.twin.agent.take(ticket.id, kim);
    await at.twin.agent.close(ticket.id, kim);
    const events = await heard(ticket);
    expect(events.map(({ type }) => type)).toEqual(['assigned', 'agent.said', 'unassigned', 'assigned', 'closed']);
    const times = events.map((event) => ('at' in event ? (event.at ?? 0) : 0));
    expect(new Set(times).size).toBe(5);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('[DK10] the tag is taken away at the end, so that it can give back once more', async () => {
    const ticket = await open();
    const [dana] = at.twin.agents;
    await at.twin.agent.handBack(ticket.id, dana, 'Only the invoice.');
    expect(await heard(ticket)).toMatchObject([
      { type: 'returned', agent: { name: dana.name }, note: 'Only the invoice.' },
    ]);
    await at.desk.close(ticket, 'Ended in Baton: returned_to_bot.');
    await at.twin.agent.reply(ticket.id, dana, 'One more thing');
    await at.twin.agent.handBack(ticket.id, dana);
    expect((await heard(ticket)).map(({ type }) => type)).toEqual(['agent.said', 'returned']);
  });

  it('[DK10] a trigger that gives the new ticket to somebody is heard, though it came of our own update', async () => {
    at.twin.autoAssign(at.twin.agents[1]);
    const ticket = await open();
    const events = (await at.desk.poll?.(ticket, null))?.events;
    expect(events).toMatchObject([{ type: 'assigned', agent: at.twin.agents[1] }]);
  });

  it('[DK9] a reply by e-mail is the agent’s, one of somebody in copy or of Zendesk itself nobody’s', async () => {
    const ticket = await open();
    at.twin.update(ticket.id, at.twin.agents[0], { comment: { html_body: '<p>From my phone</p>' }, channel: 'email' });
    at.twin.copied(ticket.id, 'I am in copy');
    at.twin.update(ticket.id, { id: '-1', name: 'Zendesk' }, { comment: { html_body: '<p>Said by a rule</p>' } });
    expect(await heard(ticket)).toMatchObject([{ type: 'agent.said', text: 'From my phone' }]);
  });

  it('[DK14] solves what nobody has, and leaves open what may not be solved, with the reason', async () => {
    const ticket = await open();
    at.twin.requireField(true);
    await at.desk.close(ticket, 'Ended in Baton: resolved.');
    await at.desk.close(ticket, 'Ended in Baton: resolved.');
    const entries = at.twin.ticket(ticket.id)?.entries ?? [];
    expect(entries.filter(({ text }) => text === 'Ended in Baton: resolved.')).toHaveLength(1);
    expect(at.twin.ticket(ticket.id)?.open).toBe(true);
    at.twin.requireField(false);
    await at.desk.close(ticket, 'Ended in Baton: resolved.');
    expect(at.twin.ticket(ticket.id)).toMatchObject({ open: false, assignee: at.twin.agentId });
  });

  it('[DK8] opens again what waits for the customer, when he writes', async () => {
    const ticket = await open();
    const [dana] = at.twin.agents;
    for (const [index, status] of ['pending', 'solved'].entries()) {
      at.twin.update(ticket.id, dana, { assignee_id: Number(dana.id), status });
      await at.desk.send(ticket, messageOf('Here I am', { seq: 40 + index }), false);
      const events = await heard(ticket);
      expect(events.filter(({ type }) => type === 'reopened')).toEqual([]);
      expect(at.twin.ticket(ticket.id)?.open).toBe(true);
    }
  });

  it('[DK18] an address that belongs to an agent, or is only claimed, leads to nobody’s record', async () => {
    at.twin.person({ name: 'An agent', email: 'ada@example.com', role: 'agent' });
    at.twin.person({ name: 'Bea', email: 'bea@example.com' });
    const { customer } = ticketOf().context;
    const first = await open();
    expect(at.twin.ticket(first.id)?.customer).toEqual({ name: 'Ada Lovelace', email: null });
    const claimed = { ...customer, id: 'cus_9' as const, name: 'Mallory', email: 'bea@example.com', verified: false };
    const second = await at.desk.open(ticketOf({ handoff: 'hnd_2', customer: claimed }, 'hnd_2'), false);
    expect(at.twin.ticket(second.id)?.customer).toEqual({ name: 'Mallory', email: null });
    const third = await at.desk.open(ticketOf({ handoff: 'hnd_3', customer: STRANGER }, 'hnd_3'), false);
    expect(at.twin.ticket(third.id)?.customer.name).toMatch(/^Visitor /);
  });

  it('[DK15] says that it does not know who is there where Zendesk routes nothing', async () => {
    at.twin.noRouting();
    expect(await at.desk.availability(null, null)).toMatchObject({ state: 'unknown', agentsOnline: null });
  });

  it('[DS39] what waited together is one comment, found again by the key of each', async () => {
    const ticket = await open();
    const [first, second] = [messageOf('I have a question', { seq: 40 }), messageOf('about my order', { seq: 41 })];
    const both = { ...first, text: `${first.text}\n${second.text}`, joined: [second.key] };
    const { externalId } = await at.desk.send(ticket, both, false);
    for (const one of [both, first, second]) expect(await at.desk.send(ticket, one, true)).toEqual({ externalId });
    const said = at.twin.ticket(ticket.id)?.entries.filter(({ author }) => author === 'customer');
    expect(said?.map(({ text }) => text)).toEqual([both.text]);
  });

  it('[DK11] waits with one ticket that takes no more updates, and with no other', async () => {
    const ticket = await open();
    let failure: unknown;
    for (let seq = 40; seq < 80 && failure === undefined; seq++)
      await at.desk.send(ticket, messageOf('Hello?', { seq }), false).catch((error: unknown) => (failure = error));
    expect(failure).toMatchObject({
      kind: 'retry',
      retryAfterMs: 600_000,
      limit: expect.stringMatching(/^updates of the ticket \d+$/),
    });
  });

  it('[DK17] reads on in a long history where it stopped', async () => {
    const ticket = await open();
    const [dana] = at.twin.agents;
    for (let index = 0; index < 230; index++) await at.twin.agent.note(ticket.id, dana, `note ${index}`);
    const first = await at.desk.poll?.(ticket, null);
    const before = at.twin.calls.length;
    await at.twin.agent.reply(ticket.id, dana, 'At last');
    const second = await at.desk.poll?.(ticket, first?.cursor ?? null);
    expect(second?.events).toMatchObject([{ type: 'agent.said', text: 'At last' }]);
    expect(at.twin.calls.slice(before).filter(({ path }) => path.endsWith('/audits'))).toHaveLength(1);
  });

  it('[DK17] a ticket that was deleted there is closed, also after a restart', async () => {
    const ticket = await open();
    at.twin.remove(ticket.id);
    expect(await heard(ticket)).toMatchObject([{ type: 'closed' }]);
    const again = zendeskSupport.create(
      {
        url: at.twin.url,
        email: 'baton@shop.example',
        token: 'right',
        agent: at.twin.agentId,
        signingSecret: 's',
        inboundSecret: 'x'.repeat(16),
      },
      at.deps,
    );
    expect((await again.poll?.(ticket, null))?.events).toMatchObject([{ type: 'closed' }]);
    await again.close(ticket, 'Ended in Baton: resolved.');
  });

  it('[DK13] says whose token it is where it is not the agent’s', async () => {
    const other = zendeskSupport.create(
      {
        url: at.twin.url,
        email: 'baton@shop.example',
        token: 'right',
        agent: '7',
        signingSecret: 's',
        inboundSecret: 'x'.repeat(16),
      },
      at.deps,
    );
    await expect(other.test()).rejects.toMatchObject({ message: expect.stringMatching(/Baton \(8447000001\), not/) });
  });

  it.each([
    [
      'comment_added.agent',
      {
        type: 'agent.said',
        ticket: '5158',
        key: 'comment:9876543210',
        agent: { name: 'Dana Scully' },
        text: 'Hello Ada, I see it.',
      },
    ],
    ['comment_added.note', { type: 'ignored', why: 'An internal note.' }],
    ['comment_added.customer', { type: 'ignored', why: 'What the customer said.' }],
    ['comment_added.copied', { type: 'ignored', why: 'Said by somebody in copy.' }],
    ['status_changed.solved', { type: 'closed', at: 1_795_348_800_125, agent: { id: '8447388090494' } }],
    ['status_changed.reopened', { type: 'reopened' }],
    ['status_changed.pending', { type: 'ignored' }],
    ['status_changed.archived', { type: 'ignored' }],
    ['agent_assignment_changed', { type: 'assigned', agent: { id: '8447388090494' } }],
    ['tags_changed.back', { type: 'returned' }],
    ['tags_changed.other', { type: 'ignored' }],
    ['merged', { type: 'closed' }],
    ['priority_changed', { type: 'ignored' }],
  ])('[DK3] reads %s', (name, expected) => {
    const body = readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8');
    expect(zendeskSupport.inspect(arrived({ headers: {}, body }, 0), null).events).toMatchObject([expected]);
  });
});
