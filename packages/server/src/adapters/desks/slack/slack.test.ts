import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskSubject, deskContract, PATIENT_SECONDS } from '#adapters/contracts/desk.contract.ts';
import { deskDeps } from '#adapters/contracts/desk-deps.ts';
import { conversation, messageOf, ticketOf } from '#adapters/contracts/desk-fixtures.ts';
import { failureOf } from '#adapters/contracts/failure-of.ts';
import { arrived } from '#kit/twin-webhooks.ts';
import type { Desk } from '#ports/desk.ts';
import { slack } from './index.ts';
import { type SlackTwin, startSlack } from './twin.ts';
import { plainText } from './words.ts';

interface Subject extends DeskSubject {
  twin: SlackTwin;
  /** The same desk after a restart, or with other settings. */
  another(more?: object): Desk;
}

async function subject(timeoutSeconds = PATIENT_SECONDS): Promise<Subject> {
  const deps = await deskDeps();
  const twin = await startSlack({ token: 'xoxb-right', secret: 's3cr3t', now: deps.world.now });
  const config = {
    url: twin.url,
    token: 'xoxb-right',
    signingSecret: 's3cr3t',
    group: 'C0SUPPORT',
    groups: { que_2: 'C0BILLING' },
    agents: 'U0DANA, U0KIM',
    timeoutSeconds,
    inboundSecret: 'a-secret-of-the-address',
  };
  const another = (more: object = {}) => slack.create({ ...config, ...more }, deps);
  const sign = (key: string, time: string, body: string) =>
    `v0=${createHmac('sha256', key).update(`v0:${time}:${body}`).digest('hex')}`;
  return {
    desk: another(),
    stranger: another({ token: 'xoxb-wrong' }),
    another,
    twin,
    deps,
    signsTime: true,
    forge: ({ headers, body }) => [
      { headers, body: body.replace('Hello', 'Hullo') },
      { headers: { ...headers, 'x-slack-request-timestamp': '1' }, body },
      { headers: { ...headers, 'x-slack-signature': `v0=${'0'.repeat(64)}` }, body },
      {
        headers: {
          ...headers,
          'x-slack-signature': sign('another', headers['x-slack-request-timestamp'] ?? '', body),
        },
        body,
      },
      { headers: { ...headers, 'x-slack-signature': '' }, body },
      { headers: { 'content-type': 'application/json' }, body },
    ],
    async close() {
      await twin.close();
      await deps.close();
    },
  };
}

deskContract('Slack', { create: subject });

describe('Slack', () => {
  let at: Subject;
  beforeEach(async () => {
    at = await subject();
  });
  afterEach(() => at.close());

  const open = () => at.desk.open(ticketOf(), false);
  const heard = () => at.twin.webhooks.sent.flatMap((sent) => at.desk.receive(arrived(sent, at.deps.clock.now)).events);

  it('[DK1] takes the request that Slack’s documents sign', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const headers = {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    };
    const desk = at.another({ signingSecret: '8f742231b10e8888abcd99yyyzzz85a5' });
    expect(desk.receive(arrived({ headers, body }, 1_531_420_618_000)).events).toMatchObject([{ type: 'ignored' }]);
    expect(() => desk.receive(arrived({ headers, body }, 1_531_421_000_000))).toThrow(/five minutes/);
  });

  it('[DK1] answers with the challenge when Slack tries the address, and with nothing when a button was pressed', async () => {
    const tried = at.twin.odd().find(({ body }) => body.includes('url_verification'));
    expect(tried && at.desk.receive(arrived(tried, at.deps.clock.now)).reply).toMatchObject({
      status: 200,
      body: '3eZbrw1a',
      contentType: expect.stringMatching(/^text\/plain/),
    });
    const { id } = await open();
    await at.twin.agent.take(id, at.twin.agents[0]);
    const pressed = at.twin.webhooks.sent.at(-1);
    expect(pressed && at.desk.receive(arrived(pressed, at.deps.clock.now)).reply).toMatchObject({ body: '' });
  });

  it('[DK9] knows a name without asking once it was asked for, and asks once', async () => {
    const { id } = await open();
    const [dana] = at.twin.agents;
    await at.twin.agent.reply(id, dana, 'Hello');
    const first = heard().at(-1);
    expect(first?.type).toBe('changed');
    if (first?.type !== 'changed') return;
    expect(await at.desk.refresh?.({ id }, first)).toMatchObject([
      { text: 'Hello', agent: { id: dana.id, name: dana.name, avatarUrl: 'https://avatars.example/U0DANA.png' } },
    ]);
    await at.twin.agent.reply(id, dana, 'Are you there?');
    expect(heard().at(-1)).toMatchObject({ type: 'agent.said', text: 'Are you there?', agent: { name: dana.name } });
    expect(at.twin.calls.filter(({ path }) => path.endsWith('/users.info'))).toHaveLength(1);
  });

  it('[DK9] loses no words over a name that Slack does not give', async () => {
    const ticket = await open();
    await at.twin.agent.reply(ticket.id, { id: 'U0ELSEWHERE', name: 'Somebody' }, 'Hello from next door');
    expect((await at.desk.poll?.(ticket, null))?.events).toMatchObject([
      { type: 'agent.said', text: 'Hello from next door', agent: { id: 'U0ELSEWHERE', name: 'Agent' } },
    ]);
  });

  it.each([
    ['eyes', 'assigned'],
    ['robot_face', 'returned'],
    ['white_check_mark', 'closed'],
  ])('[DK10] :%s: on the first message is %s', async (emoji, type) => {
    const ticket = await open();
    await at.desk.poll?.(ticket, null);
    at.twin.react(ticket.id, at.twin.agents[0], emoji);
    const last = heard().at(-1);
    expect(last?.type === 'changed' && (await at.desk.refresh?.(ticket, last))).toMatchObject([
      { type, at: at.deps.clock.now },
    ]);
  });

  it.each([
    ['!take', 'assigned'],
    ['!Close', 'closed'],
    ['!open', 'reopened'],
    ['!close it?', 'agent.said'],
    ['!important', 'agent.said'],
  ])('[DK10] %s is %s', async (words, type) => {
    const ticket = await open();
    at.twin.say(ticket.id, at.twin.agents[0], words);
    expect((await at.desk.poll?.(ticket, null))?.events).toMatchObject([{ type }]);
  });

  it('[DK17] finds a handing back by emoji that no event told, and not again', async () => {
    const ticket = await open();
    at.twin.react(ticket.id, at.twin.agents[0], 'robot_face');
    const found = await at.desk.poll?.(ticket, null);
    expect(found?.events).toMatchObject([{ type: 'returned', agent: { name: 'Dana Scully' } }]);
    expect((await at.desk.poll?.(ticket, found?.cursor ?? null))?.events).toEqual([]);
  });

  it('[DK4] does not take its own mark of the end for somebody else’s', async () => {
    const ticket = await open();
    await at.desk.close(ticket, 'Ended in Baton: resolved.');
    expect(heard().filter(({ type }) => type !== 'ignored')).toEqual([]);
    expect((await at.desk.poll?.(ticket, null))?.events).toEqual([]);
    expect(at.twin.ticket(ticket.id)?.entries.filter(({ text }) => text.startsWith('Ended in Baton'))).toHaveLength(1);
  });

  it('[DK11] goes on where it was when Slack takes no more messages for a second', async () => {
    at.twin.limit(2);
    const ticket = ticketOf({ transcript: conversation(2_000, 'lorem ipsum '.repeat(10)) });
    let tries = 0;
    let opened: { id: string } | null = null;
    while (opened === null && ++tries < 20) {
      opened = await at.desk.open(ticket, tries > 1).catch((error: unknown) => {
        expect(error).toMatchObject({ kind: 'retry', retryAfterMs: 1_000 });
        return null;
      });
      at.deps.clock.now += 1_000;
    }
    expect(tries).toBeGreaterThan(2);
    const words = at.twin
      .tickets()
      .flatMap(({ entries }) => entries.flatMap(({ text }) => text.match(/line-\d{5}/g) ?? []));
    expect(words).toEqual([...new Set(words)]);
    expect(words).toHaveLength(2_000);
  });

  it('[DK11] waits with what Slack asked time for, and with nothing else', async () => {
    const ticket = await open();
    const reading = () => failureOf(at.desk.poll?.(ticket, null) ?? Promise.resolve());
    at.twin.fault('rate_limited', { work: 'other' });
    expect(await reading()).toMatchObject({ kind: 'retry', retryAfterMs: 7_000, limit: 'conversations.replies' });
    const { length } = at.twin.calls;
    at.deps.clock.now += 2_000;
    expect(await reading()).toMatchObject({ retryAfterMs: 5_000, limit: 'conversations.replies' });
    expect(at.twin.calls).toHaveLength(length);
    await at.desk.send(ticket, messageOf('Still there?'), false);
    at.deps.clock.now += 5_000;
    await at.desk.poll?.(ticket, null);
    at.twin.fault('rate_limited', { work: 'message' });
    const said = at.desk.send(ticket, messageOf('And now?', { seq: 41 }), false);
    expect(await failureOf(said)).toMatchObject({ limit: 'chat.postMessage C0SUPPORT' });
    await at.desk.open({ ...ticketOf({ handoff: 'hnd_2' }, 'hnd_2'), group: 'C0BILLING' }, false);
  });

  it('[DK6] finds the thread of a handoff in any of its channels', async () => {
    const ticket = await at.desk.open({ ...ticketOf(), group: 'C0BILLING' }, false);
    expect(ticket).toEqual({
      id: expect.stringMatching(/^C0BILLING:\d+\.\d{6}$/),
      url: expect.stringMatching(/^https:\/\/twin\.slack\.example\/archives\/C0BILLING\/p\d{16}$/),
    });
    expect(await at.another().findTicket('hnd_1', ticketOf().context.customer)).toEqual(ticket);
  });

  it('[DK12] does not share a file twice', async () => {
    const ticket = await open();
    const file = await at.deps.keep('receipt.png', 'image/png', new Uint8Array([1, 2, 3]));
    const message = messageOf('', { files: [file] });
    at.twin.fault('accepts_then_breaks_off', { work: 'message' });
    expect((await failureOf(at.desk.send(ticket, message, false))).kind).toBe('uncertain');
    await at.desk.send(ticket, message, true);
    expect(at.twin.ticket(ticket.id)?.entries.flatMap(({ files }) => files)).toHaveLength(1);
  });

  it('[DK12] names a file that is gone, once', async () => {
    const ticket = await open();
    const gone = {
      id: 'fil_gone' as const,
      name: 'gone.png',
      mime: 'image/png',
      size: 3,
      url: 'https://baton.example/gone',
    };
    await at.desk.send(ticket, messageOf('', { files: [gone] }), false);
    await at.desk.send(ticket, messageOf('', { files: [gone] }), true);
    const texts = at.twin.ticket(ticket.id)?.entries.map(({ text }) => text);
    expect(texts?.filter((text) => text === 'gone.png: https://baton.example/gone')).toHaveLength(1);
  });

  it('[DK8] lets no customer ping a channel, write markup, or call himself a colleague', async () => {
    const ticket = await open();
    await at.desk.send(
      ticket,
      messageOf('<!channel> *bold* <@U0DANA>', { author: { role: 'customer', name: 'Dana Scully' } }),
      false,
    );
    const { text } = at.twin.calls.findLast(({ path }) => path.endsWith('/chat.postMessage')) ?? { text: '{}' };
    expect(JSON.parse(text)).toMatchObject({
      text: '&lt;!channel&gt; *bold* &lt;@U0DANA&gt;',
      mrkdwn: false,
      link_names: false,
      username: 'Dana Scully (customer)',
    });
  });

  it('[DK15] sends the token to Slack only', async () => {
    const bytes = new Uint8Array([7]);
    const file = await at.deps.keep('x.bin', 'application/octet-stream', bytes);
    let asked: string | null = 'nothing';
    const fetch: typeof globalThis.fetch = (url, init) => {
      asked = new Headers(init?.headers).get('authorization');
      return at.deps.world.fetch(url, init);
    };
    const desk = slack.create(
      { token: 'xoxb-right', signingSecret: 's', group: 'C0SUPPORT', inboundSecret: 'x'.repeat(16) },
      { ...at.deps, world: { ...at.deps.world, fetch } },
    );
    await desk.fetchFile({ url: file.url, name: 'x.bin', authorized: true }, 100);
    expect(asked).toBeNull();
    await failureOf(
      desk.fetchFile({ url: 'https://files.slack.com/files-pri/T1-F1/x.bin', name: 'x', authorized: true }, 1),
    );
    expect(asked).toBe('Bearer xoxb-right');
  });

  it('[DK15] says what is missing when Slack gives a page to log in instead of a file', async () => {
    const { id } = await open();
    await at.twin.agent.reply(id, at.twin.agents[0], 'See', [
      { name: 'a.pdf', mime: 'application/pdf', bytes: new Uint8Array([1]) },
    ]);
    const [said] = (await at.desk.poll?.({ id }, null))?.events ?? [];
    if (said?.type !== 'agent.said' || !said.files[0]) throw new Error('There is no file.');
    expect(await failureOf(at.another({ token: 'xoxb-no-files' }).fetchFile(said.files[0], 100))).toMatchObject({
      kind: 'rejected',
      message: expect.stringMatching(/files:read/),
    });
  });

  it('[DK15] knows not whether somebody is there where nobody is named to be asked', async () => {
    const desk = at.another({ agents: '' });
    expect(desk.can.availability).toBe(false);
    expect(await desk.availability(null, null)).toMatchObject({ state: 'unknown', agentsOnline: null });
    expect(await at.desk.availability(null, null)).toMatchObject({ state: 'available', agentsOnline: 2 });
  });

  it('[DK15] goes on telling who is there where Slack takes no more questions for now', async () => {
    expect(await at.desk.availability(null, null)).toMatchObject({ agentsOnline: 2 });
    at.twin.fault('rate_limited', { work: 'other' });
    expect(await at.desk.availability(null, null)).toMatchObject({ state: 'available', agentsOnline: 2 });
    at.deps.clock.now += 121_000;
    at.twin.fault('rate_limited', { work: 'other', times: 2 });
    expect((await failureOf(at.desk.availability(null, null))).kind).toBe('retry');
  });

  it('[DK13] names what a person must do in Slack', async () => {
    at.twin.leave('C0BILLING');
    expect(await failureOf(at.desk.test())).toMatchObject({ message: expect.stringMatching(/#billing.*invite/) });
    expect(await failureOf(at.desk.open({ ...ticketOf(), group: 'C0BILLING' }, false))).toMatchObject({
      kind: 'rejected',
      message: expect.stringMatching(/not_in_channel.*Invite/),
    });
    expect(() => at.another({ group: '#support' })).toThrow(/id of a channel/);
    expect(() => at.another({ agents: 'dana' })).toThrow(/ids of members/);
  });

  it('[DK14] closes no thread of a channel that is gone', async () => {
    const ticket = await open();
    at.twin.archive('C0SUPPORT');
    await at.desk.close(ticket, 'Ended in Baton: resolved.');
    await at.desk.close({ id: 'C0NOWHERE:1795348800.000100' }, 'Ended in Baton: resolved.');
  });

  it.each([
    ['&lt;b&gt; &amp; co', '<b> & co'],
    ['<https://a.example/x?y=1&amp;z=2>', 'https://a.example/x?y=1&z=2'],
    [
      '<http://a.example|a.example> and <https://b.example/long|here>',
      'http://a.example and here (https://b.example/long)',
    ],
    ['<mailto:a@b.example|a@b.example>', 'a@b.example'],
    [
      '<@U0DANA>, <@U0XY>, <@U0Z|zoe>: <#C1|general> <!here> <!subteam^S1|@team>',
      '@Dana, @colleague, @zoe: #general @here @team',
    ],
    [':wave: :shipit:', '👋 :shipit:'],
    ['1 < 2 and :30:', '1 < 2 and :30:'],
  ])('[DK9] reads %s', (text, plain) => {
    const blocks = [{ elements: [{ elements: [{ type: 'emoji', name: 'wave', unicode: '1f44b' }] }] }];
    expect(plainText(text, blocks, (user) => (user === 'U0DANA' ? 'Dana' : undefined))).toBe(plain);
  });

  it.each([
    ['message.reply', { type: 'agent.said', key: 'message:C0SUPPORT:1795348800.000100:1795348860.000200' }],
    [
      'message.files',
      { type: 'agent.said', text: 'See this', files: [{ name: 'invoice 1001.pdf', authorized: true }] },
    ],
    ['message.note', { type: 'ignored' }],
    ['message.back', { type: 'returned', note: 'He only wants the invoice.' }],
    ['message.own', { type: 'ignored' }],
    ['message.changed', { type: 'ignored' }],
    ['reaction_added', { type: 'closed', agent: { id: 'U0DANA' } }],
    ['block_actions', { type: 'assigned' }],
    ['app_rate_limited', { type: 'ignored' }],
  ])('[DK3] reads %s', (name, expected) => {
    const body = readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8');
    const { events } = slack.inspect(arrived({ headers: {}, body }, 0), null);
    const ticket = 'C0SUPPORT:1795348800.000100';
    expect(events).toMatchObject([expected.type === 'ignored' ? expected : { ticket, ...expected }]);
  });
});
