import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskSubject, deskContract, PATIENT_SECONDS } from '#adapters/contracts/desk.contract.ts';
import { deskDeps } from '#adapters/contracts/desk-deps.ts';
import { contextOf, messageOf, ticketOf } from '#adapters/contracts/desk-fixtures.ts';
import { failureOf } from '#adapters/contracts/failure-of.ts';
import { arrived } from '#kit/twin-webhooks.ts';
import type { Desk } from '#ports/desk.ts';
import { livechat } from './index.ts';
import { type LiveChatTwin, startLiveChat } from './twin.ts';

const SECRETS = {
  organization: '390e44e6-f1e6-0368-7a6d-74b14508c2e1',
  clientId: '9cbf3a968289727cb3cdfe83ab1d9836',
  clientSecret: 'client-secret',
  refreshToken: 'right',
  webhookSecret: 'webhook-secret-of-16',
};

interface Subject extends DeskSubject {
  twin: LiveChatTwin;
  /** The same desk after a restart, or with other settings. */
  another(more?: object): Desk;
}

async function subject(timeoutSeconds = PATIENT_SECONDS, whenOffline: 'refuse' | 'wait' = 'wait'): Promise<Subject> {
  const deps = await deskDeps();
  const twin = await startLiveChat(SECRETS, deps.world.now);
  const config = {
    ...SECRETS,
    url: twin.url,
    accountsUrl: twin.url,
    whenOffline,
    timeoutSeconds,
    inboundSecret: 'a-secret-of-the-address',
  };
  const another = (more: object = {}) => livechat.create({ ...config, ...more }, deps);
  return {
    desk: another(),
    stranger: another({ refreshToken: 'wrong' }),
    another,
    twin,
    deps,
    signsTime: false,
    // A secret in the body proves who sent it, and nothing about what is in it.
    forge: ({ headers, body }) => [
      { headers, body: body.replace('webhook-secret-of-16', 'webhook-secret-of-17') },
      { headers, body: body.replace('"secret_key":"webhook-secret-of-16",', '') },
      { headers, body: body.replace('390e44e6', '390e44e7') },
      { headers, body: '[]' },
    ],
    async close() {
      await twin.close();
      await deps.close();
    },
  };
}

deskContract('LiveChat', { create: subject });

describe('LiveChat', () => {
  let at: Subject;
  beforeEach(async () => {
    at = await subject(PATIENT_SECONDS, 'refuse');
  });
  afterEach(() => at.close());

  const open = () => at.desk.open(ticketOf(), false);
  const heard = () => at.twin.webhooks.sent.flatMap((sent) => at.desk.receive(arrived(sent, at.deps.clock.now)).events);
  const asked = async (ticket: { id: string }) => (await at.desk.poll?.(ticket, null))?.events ?? [];

  it('[DK16] is refused where nobody is there, so that another desk is tried', async () => {
    at.twin.staff(false);
    expect(await failureOf(open())).toMatchObject({
      kind: 'rejected',
      message: expect.stringMatching(/group_offline/),
    });
    at.twin.staff(true);
    at.twin.ban(true);
    expect(await failureOf(open())).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/banned/) });
    at.twin.ban(false);
    await at.desk.open(ticketOf(), true);
    expect(at.twin.tickets()).toHaveLength(1);
  });

  it('[DK15] tells place and wait of who waits, and none of who is served', async () => {
    await open();
    const second = await at.desk.open(ticketOf({ handoff: 'hnd_2', conversation: 'cnv_2' }, 'hnd_2'), false);
    expect(await at.desk.availability(null, second)).toMatchObject({
      state: 'available',
      agentsOnline: 2,
      position: 2,
      estimate: { p50Seconds: 240, basis: 'livechat' },
    });
    await at.twin.agent.take(second.id, at.twin.agents[0]);
    expect(await at.desk.availability(null, second)).toMatchObject({ position: null, estimate: null });
  });

  it('[DK6] a chat that began after it was looked for is found by the next try, and is no refusal', async () => {
    at.twin.fault('accepts_then_breaks_off', { work: 'ticket' });
    expect((await failureOf(open())).kind).toBe('uncertain');
    // As if the first one arrived only now: it was looked for, and was not there.
    expect((await failureOf(open())).kind).toBe('uncertain');
    const { id } = await at.desk.open(ticketOf(), true);
    expect(at.twin.tickets().map((ticket) => ticket.id)).toEqual([id]);
  });

  it('[DK6] finds a chat after a restart, when nothing is remembered', async () => {
    at.twin.fault('accepts_then_breaks_off', { work: 'ticket' });
    expect((await failureOf(open())).kind).toBe('uncertain');
    const again = at.another();
    const ticket = await again.open(ticketOf(), true);
    expect(at.twin.tickets()).toHaveLength(1);
    expect(await at.another().findTicket('hnd_1', contextOf().customer)).toEqual(ticket);
    await again.send(ticket, messageOf('Still there?'), false);
    await again.typing?.(ticket, true);
    expect(at.twin.ticket(ticket.id)).toMatchObject({ typing: true });
    expect(at.twin.ticket(ticket.id)?.entries.at(-1)).toMatchObject({ author: 'customer', text: 'Still there?' });
  });

  it('[DK8] begins a chat anew that LiveChat has archived, and finds what it said in it', async () => {
    const ticket = await at.desk.open({ ...ticketOf(), group: at.twin.group }, false);
    at.twin.archive(ticket.id);
    const first = await at.desk.send(ticket, messageOf('Hello?'), false);
    expect(at.twin.ticket(ticket.id)).toMatchObject({ open: true, group: at.twin.group });
    expect(await at.desk.send(ticket, messageOf('Hello?'), true)).toEqual(first);
    await at.twin.agent.reply(ticket.id, at.twin.agents[0], 'Here I am');
    expect((await at.desk.poll?.(ticket, null))?.events).toMatchObject([
      { type: 'agent.said', text: 'Here I am' },
      { type: 'reopened' },
      { type: 'assigned' },
    ]);
  });

  it('[DK9] does not take for an agent’s words what a bot says, nor for his joining that somebody reads along', async () => {
    const ticket = await open();
    at.twin.botSays(ticket.id, 'I am another bot.');
    at.twin.supervise(ticket.id, at.twin.agents[1]);
    expect(heard().filter(({ type }) => type === 'agent.said')).toEqual([]);
    expect(await asked(ticket)).toEqual([]);
  });

  it('[DK9] knows an agent’s name without asking once he has joined', async () => {
    const ticket = await open();
    await at.twin.agent.take(ticket.id, at.twin.agents[0]);
    await asked(ticket);
    await at.twin.agent.reply(ticket.id, at.twin.agents[0], 'Hello');
    expect(heard().at(-1)).toMatchObject({
      type: 'agent.said',
      agent: { id: 'dana@desk.example', name: 'Dana Scully' },
    });
  });

  it('[DK10] brings what an agent wrote last with the chat that he gives back, and no older note', async () => {
    const ticket = await open();
    const [dana] = at.twin.agents;
    await at.twin.agent.take(ticket.id, dana);
    await at.twin.agent.note(ticket.id, dana, 'chargeback risk');
    await at.desk.send(ticket, messageOf('Well?'), false);
    await at.twin.agent.handBack(ticket.id, dana);
    const [returned] = (await asked(ticket)).filter(({ type }) => type === 'returned');
    expect(returned).toEqual({
      type: 'returned',
      ticket: ticket.id,
      key: expect.any(String),
      agent: expect.anything(),
    });
    const other = await at.desk.open(ticketOf({ handoff: 'hnd_2' }, 'hnd_2'), false);
    await at.twin.agent.handBack(other.id, dana, 'He only wants the invoice.');
    expect(await asked(other)).toContainEqual(
      expect.objectContaining({ type: 'returned', agent: null, note: 'He only wants the invoice.' }),
    );
  });

  it('[DK10] a chat that is given back and archived at once is given back', async () => {
    const ticket = await open();
    const [dana] = at.twin.agents;
    await at.twin.agent.take(ticket.id, dana);
    await at.twin.agent.handBack(ticket.id, dana);
    await at.twin.agent.close(ticket.id, dana);
    const states = (await asked(ticket)).map(({ type }) => type);
    expect(states).toEqual(['returned', 'closed']);
  });

  it('[DK17] a chat that is gone there is closed', async () => {
    const ticket = await open();
    at.twin.remove(ticket.id);
    expect((await at.desk.poll?.(ticket, null))?.events).toMatchObject([{ type: 'closed' }]);
    await at.desk.close(ticket, 'Ended in Baton: resolved.');
  });

  it('[DK18] keeps a claimed e-mail address out of the fields that LiveChat writes to', async () => {
    const claimed = { ...contextOf().customer, verified: false };
    const { id } = await at.desk.open(ticketOf({ customer: claimed }), false);
    expect(at.twin.ticket(id)?.customer).toEqual({ name: 'Ada Lovelace', email: null });
    expect(at.twin.ticket(id)?.entries[0]?.text).toContain('ada@example.com');
  });

  it('[DK19] names a file that LiveChat is too small for', async () => {
    const ticket = await open();
    const file = { ...(await at.deps.keep('film.mp4', 'video/mp4', new Uint8Array(4))), size: 10_000_001 };
    await at.desk.send(ticket, messageOf('See', { files: [file] }), false);
    expect(at.twin.ticket(ticket.id)?.entries.at(-1)?.text).toBe(`film.mp4: ${file.url}`);
  });

  it('takes a token anew before it ends', async () => {
    const ticket = await open();
    const tokens = () => at.twin.calls.filter(({ path }) => path === '/v2/token').length;
    await at.desk.send(ticket, messageOf('One'), false);
    expect(tokens()).toBe(1);
    at.deps.clock.now += 8 * 3_600_000;
    await at.desk.send(ticket, messageOf('Two', { seq: 41 }), false);
    expect(tokens()).toBe(2);
  });

  it.each([
    ['incoming_event.reply', { type: 'agent.said', key: 'event:TQ1_4', text: 'Hello Ada, I see it.' }],
    ['incoming_event.file', { type: 'agent.said', text: '', files: [{ name: 'invoice 1001.pdf' }] }],
    ['incoming_event.cards', { type: 'agent.said', text: 'Two plans\nPick one\n- Gold\n- Silver' }],
    ['incoming_event.note', { type: 'ignored' }],
    ['incoming_event.own', { type: 'ignored' }],
    ['incoming_event.system', { type: 'ignored' }],
    ['user_added_to_chat', { type: 'changed' }],
    ['chat_deactivated', { type: 'changed' }],
    ['thread_tagged', { type: 'changed' }],
    ['events_marked_as_seen', { type: 'read' }],
  ])('[DK3] reads %s', (name, expected) => {
    const body = readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8');
    const { genuine, events } = livechat.inspect(arrived({ headers: {}, body }, 0), 'webhook-secret-of-16');
    expect(genuine).toBe(true);
    expect(events).toMatchObject([expected.type === 'ignored' ? expected : { ticket: 'CQ1', ...expected }]);
  });
});
