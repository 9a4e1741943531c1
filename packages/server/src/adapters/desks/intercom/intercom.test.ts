import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskSubject, deskContract, PATIENT_SECONDS } from '#adapters/contracts/desk.contract.ts';
import { deskDeps } from '#adapters/contracts/desk-deps.ts';
import { messageOf, ticketOf } from '#adapters/contracts/desk-fixtures.ts';
import { arrived } from '#kit/twin-webhooks.ts';
import { intercom } from './index.ts';
import { type IntercomTwin, startIntercom } from './twin.ts';

interface Subject extends DeskSubject {
  twin: IntercomTwin;
}

async function subject(timeoutSeconds = PATIENT_SECONDS, botTeam = true): Promise<Subject> {
  const deps = await deskDeps();
  const twin = await startIntercom({ token: 'right', secret: 's3cr3t', now: deps.world.now });
  const config = {
    url: twin.url,
    clientSecret: 's3cr3t',
    admin: twin.admin,
    workspace: 'abc123',
    timeoutSeconds,
    inboundSecret: 'a-secret-of-the-address',
    ...(botTeam ? { botTeam: twin.botTeam } : {}),
  };
  const sign = (key: string, body: string) => `sha1=${createHmac('sha1', key).update(body).digest('hex')}`;
  return {
    desk: intercom.create({ ...config, token: 'right' }, deps),
    stranger: intercom.create({ ...config, token: 'wrong' }, deps),
    twin,
    deps,
    signsTime: false,
    forge: ({ headers, body }) => [
      { headers, body: body.replace('Hello', 'Hullo') },
      { headers: { ...headers, 'x-hub-signature': sign('another', body) }, body },
      { headers: { ...headers, 'x-hub-signature': '' }, body },
      { headers: { 'content-type': 'application/json' }, body },
    ],
    async close() {
      await twin.close();
      await deps.close();
    },
  };
}

deskContract('Intercom', { create: subject });
deskContract('an Intercom without a team for the bot', { create: (seconds) => subject(seconds, false) });

describe('Intercom', () => {
  let at: Subject;
  beforeEach(async () => {
    at = await subject();
  });
  afterEach(() => at.close());

  const open = () => at.desk.open(ticketOf(), false);

  it('[DK10] asks who it is when a conversation is given to somebody by somebody else', async () => {
    const ticket = await open();
    const [dana, kim] = at.twin.agents;
    await at.twin.give(ticket.id, dana, kim);
    const last = at.twin.webhooks.sent.at(-1);
    const [event] = last ? at.desk.receive(arrived(last, at.deps.clock.now)).events : [];
    expect(event?.type).toBe('changed');
    if (event?.type !== 'changed') return;
    const found = await at.desk.refresh?.(ticket, event);
    expect(found).toContainEqual(expect.objectContaining({ type: 'assigned', agent: { id: kim.id, name: kim.name } }));
    const polled = await at.desk.poll?.(ticket, null);
    expect(polled?.events).toMatchObject([{ type: 'assigned', agent: { name: kim.name } }]);
  });

  it('[DK6] finds an old conversation by search, and a new one among the latest', async () => {
    const ticket = await open();
    expect(await at.desk.findTicket('hnd_1', ticketOf().context.customer)).toEqual(ticket);
    at.deps.clock.now += 300_000;
    expect(await at.desk.findTicket('hnd_1', ticketOf().context.customer)).toEqual(ticket);
    expect(await at.desk.findTicket('hnd_', ticketOf().context.customer)).toBeNull();
  });

  it('[DK18] does not find somebody by an e-mail address that is only claimed, and knows a proven one', async () => {
    await open();
    const { customer } = ticketOf().context;
    const claimed = { ...customer, id: 'cus_9' as const, verified: false };
    const other = await at.desk.open(ticketOf({ handoff: 'hnd_2', customer: claimed }, 'hnd_2'), false);
    expect(at.twin.ticket(other.id)?.customer.email).toBeNull();
    const proven = { ...customer, externalId: 'crm-816' };
    const third = await at.desk.open(ticketOf({ handoff: 'hnd_3', customer: proven }, 'hnd_3'), false);
    expect(at.twin.ticket(third.id)?.customer.email).toBe('ada@example.com');
  });

  it('[DK8] writes in the customer’s name also after a restart, when nothing is remembered', async () => {
    const ticket = await open();
    const config = {
      url: at.twin.url,
      clientSecret: 's',
      admin: at.twin.admin,
      token: 'right',
      inboundSecret: 'x'.repeat(16),
    };
    await intercom.create(config, at.deps).send(ticket, messageOf('Still there?'), false);
    expect(at.twin.ticket(ticket.id)?.entries.at(-1)).toMatchObject({ author: 'customer', text: 'Still there?' });
  });

  it('[DK17] a conversation that was deleted there is closed', async () => {
    const ticket = await open();
    at.twin.remove(ticket.id);
    expect((await at.desk.poll?.(ticket, null))?.events).toMatchObject([{ type: 'closed' }]);
    await at.desk.close(ticket, 'Ended in Baton: resolved.');
  });

  it.each([
    ['replied', [{ type: 'agent.said', key: 'part:7001', text: 'Hello Ada,\n\nI see it.', agent: { id: '814860' } }]],
    ['replied-to-closed', [{ type: 'reopened' }, { type: 'agent.said', text: 'One more thing' }]],
    [
      'replied-with-picture',
      [{ type: 'agent.said', text: '', files: [{ name: 'invoice.pdf' }, { name: 'pic 1.png' }] }],
    ],
    ['noted', [{ type: 'ignored' }]],
    ['assigned', [{ type: 'assigned', agent: { id: '814860', name: 'Dana Scully' } }]],
    ['assigned-to-team', [{ type: 'unassigned' }]],
    ['closed', [{ type: 'closed', agent: { name: 'Dana Scully' } }]],
    ['bot', [{ type: 'ignored' }]],
  ])('[DK3] reads %s', (name, expected) => {
    const body = readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8');
    expect(intercom.inspect(arrived({ headers: {}, body }, 0), null).events).toMatchObject(expected);
  });
});
