import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskSubject, deskContract, PATIENT_SECONDS } from '#adapters/contracts/desk.contract.ts';
import { deskDeps } from '#adapters/contracts/desk-deps.ts';
import { messageOf, ticketOf } from '#adapters/contracts/desk-fixtures.ts';
import { failureOf } from '#adapters/contracts/failure-of.ts';
import { arrived } from '#kit/twin-webhooks.ts';
import { chatwoot } from './index.ts';
import { asMarkdown } from './outbound.ts';
import { type ChatwootTwin, startChatwoot } from './twin.ts';
import { executed } from './twin-store.ts';

interface Subject extends DeskSubject {
  twin: ChatwootTwin;
}

async function subject(secret?: string, timeoutSeconds = PATIENT_SECONDS): Promise<Subject> {
  const deps = await deskDeps();
  const twin = await startChatwoot({
    token: 'right',
    identifier: 'iNb0x',
    ...(secret === undefined ? {} : { secret }),
    now: deps.world.now,
  });
  const config = {
    url: twin.url,
    account: 1,
    inbox: 9,
    inboxIdentifier: 'iNb0x',
    timeoutSeconds,
    inboundSecret: 'a-secret-of-the-address',
    ...(secret === undefined ? {} : { webhookSecret: secret }),
  };
  return {
    desk: chatwoot.create({ ...config, token: 'right' }, deps),
    stranger: chatwoot.create({ ...config, token: 'wrong' }, deps),
    twin,
    deps,
    signsTime: secret !== undefined,
    forge: ({ headers, body }) =>
      secret === undefined
        ? []
        : [
            { headers, body: body.replace('Hello', 'Hullo') },
            { headers: { ...headers, 'x-chatwoot-timestamp': '1' }, body },
            { headers: { ...headers, 'x-chatwoot-signature': `sha256=${'0'.repeat(64)}` }, body },
            { headers: { ...headers, 'x-chatwoot-signature': '' }, body },
            { headers: { 'content-type': 'application/json' }, body },
          ],
    async close() {
      await twin.close();
      await deps.close();
    },
  };
}

deskContract('Chatwoot', { create: (seconds) => subject('s3cr3t', seconds) });
deskContract('a Chatwoot that signs nothing (before 4.12)', { create: (seconds) => subject(undefined, seconds) });

describe('Chatwoot', () => {
  let at: Subject;
  beforeEach(async () => {
    at = await subject('s3cr3t');
  });
  afterEach(() => at.close());

  const open = () => at.desk.open(ticketOf(), false);
  const heard = () => at.twin.webhooks.sent.flatMap((sent) => at.desk.receive(arrived(sent, at.deps.clock.now)).events);

  it('[DK3] does not take for an agent’s words what the server says by itself', async () => {
    const { id } = await open();
    at.twin.greet(id, 'We are away until Monday.');
    expect(heard().filter(({ type }) => type !== 'ignored')).toEqual([]);
  });

  it('[DK6] opens what a bot of Chatwoot’s would keep pending', async () => {
    at.twin.bot(true);
    const ticket = await open();
    const { cursor } = (await at.desk.poll?.(ticket, null)) ?? { cursor: '' };
    expect(JSON.parse(cursor)).toMatchObject({ status: 'open' });
  });

  it('[DK16] refuses somebody whom the agents have blocked, so that another desk is tried', async () => {
    at.twin.block(true);
    expect(await failureOf(open())).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/blocked/) });
  });

  it('[DK7] keeps words that Chatwoot would take for a template or for Markdown', async () => {
    const text =
      '{{ contact.name }} {% if x %} {{{ `a` {{b}} `c` &lt; [x](y) # no\n# yes\n--- https://a.example/x_y_?q={{z}}';
    expect(executed(asMarkdown(text))).toBe(asMarkdown(text));
    const { id } = await at.desk.open(
      ticketOf({ transcript: [{ role: 'customer', name: 'Ada', text, at: 0 }] }),
      false,
    );
    const words =
      at.twin
        .ticket(id)
        ?.entries.map((entry) => entry.text)
        .join('\n') ?? '';
    for (const line of text.replaceAll('={{z}}', '=%7B%7Bz}}').split('\n')) expect(words).toContain(line);
  });

  it('[DK18] does not find somebody by an e-mail address that is only claimed', async () => {
    await open();
    const claimed = { ...ticketOf().context.customer, id: 'cus_9' as const, verified: false };
    const other = await at.desk.open(ticketOf({ handoff: 'hnd_2', customer: claimed }, 'hnd_2'), false);
    expect(at.twin.ticket(other.id)?.customer).toEqual({ name: 'Ada Lovelace', email: null });
  });

  it('[DK11] waits when a conversation takes no more messages this minute', async () => {
    const ticket = await open();
    let failure: unknown;
    for (let seq = 40; seq < 260 && failure === undefined; seq++)
      await at.desk.send(ticket, messageOf('Hello?', { seq }), false).catch((error: unknown) => (failure = error));
    expect(failure).toMatchObject({ kind: 'retry', retryAfterMs: 60_000 });
  });

  it('[DK10] snoozed is not closed, and pending by the customer is not given back', async () => {
    const { id } = await open();
    at.twin.become(id, 'snoozed');
    at.twin.become(id, 'open');
    expect(heard().filter(({ type }) => type !== 'ignored')).toEqual([]);
    at.twin.become(id, 'resolved');
    const closed = await at.desk.poll?.({ id }, null);
    at.twin.bot(true);
    await at.desk.send({ id }, messageOf('One more thing'), false);
    expect(
      heard()
        .map(({ type }) => type)
        .filter((type) => type !== 'ignored'),
    ).toEqual(['closed']);
    expect((await at.desk.poll?.({ id }, closed?.cursor ?? null))?.events).toEqual([]);
  });

  it('[DK17] a conversation that was deleted there is closed', async () => {
    const ticket = await open();
    at.twin.remove(ticket.id);
    const found = await at.desk.poll?.(ticket, null);
    expect(found?.events).toMatchObject([{ type: 'closed', ticket: ticket.id }]);
    await at.desk.close(ticket, 'Ended in Baton: resolved.');
  });

  it('[DK17] asks again for what is young, and for nothing that is settled', async () => {
    const ticket = await open();
    await at.twin.agent.reply(ticket.id, at.twin.agents[0], 'Hello');
    const first = await at.desk.poll?.(ticket, null);
    expect((await at.desk.poll?.(ticket, first?.cursor ?? null))?.events).toHaveLength(1);
    at.deps.clock.now += 60_000;
    const later = await at.desk.poll?.(ticket, first?.cursor ?? null);
    expect((await at.desk.poll?.(ticket, later?.cursor ?? null))?.events).toEqual([]);
  });

  it('[DK15] shows typing also after a restart, when nothing is remembered', async () => {
    const ticket = await open();
    const again = chatwoot.create(
      {
        url: at.twin.url,
        account: 1,
        inbox: 9,
        inboxIdentifier: 'iNb0x',
        token: 'right',
        inboundSecret: 'x'.repeat(16),
      },
      at.deps,
    );
    await again.typing?.(ticket, true);
    expect(at.twin.ticket(ticket.id)?.typing).toBe(true);
  });

  it.each([
    ['message_created.reply', { type: 'agent.said', key: 'message:3001', agent: { id: '5', name: 'Dana' } }],
    ['message_created.reply-with-files', { type: 'agent.said', text: '', files: [{ name: 'invoice 1001.pdf' }] }],
    ['message_created.note', { type: 'ignored' }],
    ['message_created.own', { type: 'ignored' }],
    ['message_created.away', { type: 'ignored' }],
    ['message_created.bot', { type: 'ignored' }],
    ['conversation_updated.assigned', { type: 'assigned', agent: { id: '5', name: 'Dana' } }],
    ['conversation_updated.put-back', { type: 'unassigned' }],
    ['conversation_updated.overtaken', { type: 'ignored' }],
    ['conversation_status_changed.resolved', { type: 'closed' }],
    ['conversation_status_changed.pending', { type: 'returned' }],
    ['conversation_status_changed.reopened', { type: 'reopened' }],
    ['conversation_status_changed.snoozed', { type: 'ignored' }],
    ['conversation_typing_on', { type: 'agent.typing', on: true }],
  ])('[DK3] reads %s', (name, expected) => {
    const body = readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8');
    const { events } = chatwoot.inspect(arrived({ headers: {}, body }, 0), null);
    expect(events).toMatchObject([expected.type === 'ignored' ? expected : { ticket: '412', ...expected }]);
  });

  it('names what is wrong with a team that is no number', () => {
    const config = {
      account: 1,
      inbox: 9,
      inboxIdentifier: 'i',
      token: 't',
      inboundSecret: 'x'.repeat(16),
      group: 'billing',
    };
    expect(() => chatwoot.create(config, at.deps)).toThrow(/number of a team/);
  });
});
