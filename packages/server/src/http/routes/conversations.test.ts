import type { AddressInfo } from 'node:net';
import type { ConversationId } from '@baton/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_KEY, type TestHttp, testHttp } from '#test/http.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await testHttp();
});
afterAll(() => http.stop());

const say = (id: string, clientId: string, more: object = {}) =>
  http.call('POST', `/v1/conversations/${id}/messages`, {
    body: { author: { role: 'customer' }, text: `text of ${clientId}`, clientId, ...more },
  });
const bot = { author: { role: 'bot' } };

describe('messages', () => {
  it('[AP11] answers 201 with the message and its seq, and 200 with the same for the same clientId', async () => {
    const { id } = await http.conversation();
    const first = await say(id, 'a1');
    expect(first).toMatchObject({
      status: 201,
      body: {
        message: {
          author: { role: 'customer', name: 'Ada' },
          parts: [{ type: 'text', text: 'text of a1' }],
          clientId: 'a1',
        },
      },
    });
    expect(await say(id, 'a1')).toEqual({ ...first, status: 200, headers: expect.anything() });
    expect(await say(id, 'a1', { text: 'other words' })).toMatchObject({ status: 200, body: first.body });
    const { body } = await http.call('GET', `/v1/conversations/${id}/events`);
    expect(body.items.filter(({ event }: { event: { type: string } }) => event.type === 'message')).toHaveLength(1);
    expect(body.items.find(({ seq }: { seq: number }) => seq === first.body.seq).event.message).toEqual(
      first.body.message,
    );
  });

  it('[AP11] a message that brought more about is found again by its clientId', async () => {
    const { id } = await http.conversation();
    const first = await say(id, 'human', { text: 'I want to talk to a human, please' });
    expect(first.status).toBe(201);
    const again = await say(id, 'human');
    expect(again).toMatchObject({ status: 200, body: first.body });
    // Closed in between: what was said stays said.
    await http.call('POST', `/v1/conversations/${id}/close`, { body: {} });
    const reopened = await say(id, 'back');
    expect(reopened.status).toBe(201);
    expect(await say(id, 'back')).toMatchObject({ status: 200, body: reopened.body });
  });

  it('[AP11] the bot of the api channel answers, with what it tells of its answer', async () => {
    const { id, control } = await http.conversation();
    await say(id, 'q');
    const answer = await say(id, 'b1', { ...bot, epoch: control.epoch, bot: { fallback: true, confidence: 0.2 } });
    expect(answer).toMatchObject({
      status: 201,
      body: { message: { author: { role: 'bot', name: 'API' }, bot: { fallback: true, confidence: 0.2 } } },
    });
    expect((await say(id, 'b2', { author: { role: 'bot', name: 'Botty' } })).body.message.author.name).toBe('Botty');
  });

  it('[AP11] a bot that has lost control, or writes under an old epoch, gets 409 with who has control', async () => {
    const { conversation } = await http.handoff();
    const late = await say(conversation.id, 'late', bot);
    expect(late).toMatchObject({
      status: 409,
      body: { code: 'control_lost', control: { holder: 'queue', epoch: conversation.control.epoch } },
    });
    const { id } = await http.conversation();
    expect(await say(id, 'stale', { ...bot, epoch: 99 })).toMatchObject({
      status: 409,
      body: { code: 'control_lost', control: { holder: 'bot', epoch: 1 } },
    });
    // The customer may always write.
    expect((await say(conversation.id, 'still here')).status).toBe(422);
    expect((await say(conversation.id, 'still-here')).status).toBe(201);
  });

  it('[AP11] a closed conversation takes no word of a bot, and is reopened by its customer', async () => {
    const { id } = await http.conversation();
    expect(
      (await http.call('POST', `/v1/conversations/${id}/close`, { body: { outcome: 'resolved' } })).body,
    ).toMatchObject({ status: 'closed', control: { holder: 'nobody' } });
    expect(await say(id, 'b', bot)).toMatchObject({ status: 409, body: { code: 'closed' } });
    expect((await say(id, 'c')).status).toBe(201);
    expect((await http.call('GET', `/v1/conversations/${id}`)).body.status).toBe('open');
  });

  it('[AP11] says before anything is kept what is wrong with a message', async () => {
    const { id } = await http.conversation();
    const bad = async (more: object) => {
      const { status, body } = await say(id, 'bad', more);
      return [status, body.code, body.errors?.[0]?.path];
    };
    expect(await bad({ text: 'x'.repeat(8_001) })).toEqual([422, 'invalid', 'text']);
    expect(
      await bad({
        text: undefined,
        parts: Array.from({ length: 2 }, () => ({ type: 'text', text: 'x'.repeat(5_000) })),
      }),
    ).toEqual([422, 'too_long', undefined]);
    expect(await bad({ text: '   ' })).toEqual([422, 'empty', undefined]);
    expect(await bad({ text: undefined })).toEqual([422, 'invalid', '']);
    expect(await bad({ parts: [] })).toEqual([422, 'invalid', 'parts']);
    expect(await bad({ text: undefined, parts: [{ type: 'file', file: { id: 'fil_none' } }] })).toEqual([
      422,
      'file_unknown',
      undefined,
    ]);
    expect(await bad({ author: { role: 'agent' } })).toEqual([422, 'invalid', 'author.role']);
    expect(await bad({ text: undefined, parts: [{ type: 'card', title: 'x', url: 'javascript:alert(1)' }] })).toEqual([
      422,
      'invalid',
      'parts.0.url',
    ]);
    expect((await http.call('GET', `/v1/conversations/${id}`)).body.seq).toBe(1);
  });

  it('[AP11] keeps any text that can be kept: NUL goes, half characters are replaced, all else stays', async () => {
    const { id } = await http.conversation();
    expect((await say(id, 'odd', { text: 'a\u0000b\ud800c\u202e 👩‍👩‍👧 ﷽' })).body.message.parts[0].text).toBe(
      'ab\ufffdc\u202e 👩‍👩‍👧 ﷽',
    );
  });
});

describe('verbs', () => {
  it('[AP11] an agent speaks for himself, not for the customer or the bot', async () => {
    const { id } = await http.conversation();
    const { cookie } = await http.makeAgent();
    const body = { author: { role: 'customer' }, text: 'I owe you money', clientId: 'x' };
    expect(await http.call('POST', `/v1/conversations/${id}/messages`, { cookie, body })).toMatchObject({
      status: 403,
      body: { code: 'not_allowed' },
    });
  });

  it('[AP11] an agent who holds control returns it with a note that only the bot sees', async () => {
    const { conversation, handoff } = await http.handoff();
    const agent = await http.makeAgent();
    const taken = await http.hub.ledger.commit(conversation.id, {
      type: 'take',
      agent: { id: agent.id, name: 'Agent' },
    });
    expect(taken.ok).toBe(true);
    const { status, body } = await http.call('POST', `/v1/conversations/${conversation.id}/return`, {
      cookie: agent.cookie,
      body: { note: 'Refund promised.' },
    });
    expect([status, body.control.holder, body.handoff]).toEqual([200, 'bot', null]);
    expect((await http.call('GET', `/v1/handoffs/${handoff.id}`)).body.handoff).toMatchObject({
      outcome: 'returned_to_bot',
      agent: { id: agent.id },
    });
    expect(
      await http.call('POST', `/v1/conversations/${conversation.id}/return`, { cookie: agent.cookie, body: {} }),
    ).toMatchObject({ status: 409, body: { code: 'not_owner' } });
  });

  it('[AP11] flags are raised once and lowered', async () => {
    const { id } = await http.conversation();
    await http.call('POST', `/v1/conversations/${id}/flags`, { body: { name: 'vip', detail: 'Spent a lot' } });
    const { body } = await http.call('POST', `/v1/conversations/${id}/flags`, { body: { name: 'vip' } });
    expect(body.flags).toMatchObject([{ name: 'vip', by: 'api', evidence: { detail: 'Spent a lot' } }]);
    expect((await http.call('DELETE', `/v1/conversations/${id}/flags/vip`)).body.flags).toEqual([]);
    expect(
      (await http.call('POST', `/v1/conversations/${id}/flags`, { body: { name: 'very important!' } })).status,
    ).toBe(422);
  });

  it('[AP11] typing is told to whoever listens, and stored nowhere', async () => {
    const { id } = await http.conversation();
    const heard: unknown[] = [];
    const stop = http.hub.signals.on((signal) => heard.push(signal));
    expect(
      (
        await http.call('POST', `/v1/conversations/${id}/typing`, {
          body: { author: { role: 'customer', name: 'Ada' } },
        })
      ).status,
    ).toBe(204);
    await http.call('POST', `/v1/conversations/${id}/typing`, { body: { on: false } });
    stop();
    expect(heard).toMatchObject([
      { type: 'typing', conversation: id, on: true, who: { role: 'customer', name: 'Ada' } },
      { type: 'typing', conversation: id, on: false, who: { role: 'bot' } },
    ]);
    expect((await http.call('GET', `/v1/conversations/${id}`)).body.seq).toBe(1);
  });
});

describe('lists', () => {
  it('[AP12] filters conversations, newest activity first, and a cursor gives each once', async () => {
    const { body: queue } = await http.call('POST', '/v1/queues', { body: { name: 'Lists' } });
    const customer = (await http.conversation()).customer.id;
    const made: ConversationId[] = [];
    for (let n = 0; n < 7; n++) made.push((await http.conversation({ customer: { id: customer } })).id);
    const [oldest] = made;
    if (!oldest) throw new Error('None was made.');
    await say(oldest, 'wakes');
    const all = await http.call('GET', `/v1/conversations?customer=${customer}`);
    expect(all.body.items[0]).toMatchObject({
      id: oldest,
      waiting: true,
      last: { role: 'customer', text: 'text of wakes' },
      channel: { kind: 'api' },
    });
    expect(all.body.items).toHaveLength(8);
    const seen: string[] = [];
    let after = '';
    for (;;) {
      const { body } = await http.call('GET', `/v1/conversations?customer=${customer}&limit=3${after}`);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      if (body.next === null) break;
      after = `&after=${body.next}`;
    }
    expect(seen).toHaveLength(8);
    expect(new Set(seen).size).toBe(8);

    await http.call('POST', `/v1/conversations/${oldest}/handoff`, { body: { queue: 'Lists' } });
    const agent = await http.makeAgent();
    const taken = made[1] as ConversationId;
    await http.hub.ledger.commit(taken, { type: 'take', agent: { id: agent.id, name: 'Agent' } });
    await http.call('POST', `/v1/conversations/${made[2]}/close`, { body: {} });
    const ids = async (query: string, more = {}) =>
      (await http.call('GET', `/v1/conversations?customer=${customer}&${query}`, more)).body.items.map(
        ({ id }: { id: string }) => id,
      );
    expect(await ids('status=closed')).toEqual([made[2]]);
    expect(await ids(`queue=${queue.id}`)).toEqual([oldest]);
    expect(await ids('holder=queue')).toEqual([oldest]);
    expect(await ids(`agent=${agent.id}`)).toEqual([taken]);
    expect(await ids('agent=me', { cookie: agent.cookie })).toEqual([taken]);
    expect(await ids('status=open&holder=bot')).toHaveLength(5);
  });

  it('[AP12] refuses cursors and filters that are none', async () => {
    for (const query of [
      'after=nonsense',
      'after=WyJ4Il0',
      'limit=0',
      'limit=1000',
      'holder=me',
      'agent=me',
      'status=',
      'customer=Ada',
    ]) {
      const { status, body } = await http.call('GET', `/v1/conversations?${query}`);
      expect([status, body.code], query).toEqual([422, 'invalid']);
    }
  });
});

describe('the timeline', () => {
  it('[AP13] gives events after a seq, page by page, each once', async () => {
    const { id } = await http.conversation();
    for (let n = 0; n < 5; n++) await say(id, `m${n}`);
    const seen = [];
    let after: number | null = 0;
    while (after !== null) {
      const { body }: { body: { items: { seq: number }[]; next: number | null } } = await http.call(
        'GET',
        `/v1/conversations/${id}/events?after=${after}&limit=2`,
      );
      seen.push(...body.items.map(({ seq }) => seq));
      after = body.next;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('[AP13] [SE10] as a stream it stays open, resumes after the last id that was seen, and ends with its key', async () => {
    const { id } = await http.conversation();
    await say(id, 'before');
    await http.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = http.app.server.address() as AddressInfo;
    const address = `http://127.0.0.1:${port}/v1/conversations/${id}/events`;
    const open = async (headers: Record<string, string>, query = '') => {
      const quit = new AbortController();
      const response = await fetch(address + query, {
        headers: { authorization: `Bearer ${ADMIN_KEY}`, accept: 'text/event-stream', ...headers },
        signal: quit.signal,
      });
      return { response, quit, events: eventsIn(response) };
    };
    const first = await open({});
    expect(first.response.headers.get('content-type')).toContain('text/event-stream');
    expect([(await first.events.next()).value?.seq, (await first.events.next()).value?.seq]).toEqual([1, 2]);
    await say(id, 'while');
    const live = (await first.events.next()).value;
    expect(live).toMatchObject({ seq: 3, event: { type: 'message', message: { clientId: 'while' } } });
    first.quit.abort();
    for (let n = 0; n < 300; n++)
      await http.hub.ledger.commit(id, {
        type: 'say',
        author: { role: 'customer', id: 'cus_x' },
        parts: [{ type: 'text', text: `${n}` }],
      });
    const second = await open({ 'last-event-id': '3' }, '?after=0');
    const seqs = [];
    for (let n = 0; n < 300; n++) seqs.push((await second.events.next()).value?.seq);
    expect(seqs).toEqual(Array.from({ length: 300 }, (_, n) => n + 4));
    second.quit.abort();
    expect((await open({ 'last-event-id': 'x' })).response.status).toBe(400);
    expect((await fetch(address, { headers: { accept: 'text/event-stream' } })).status).toBe(401);

    // A key that was revoked reads on no longer than a moment.
    const key = await http.call('POST', '/v1/keys', { body: { name: 'short', scopes: ['conversations:read'] } });
    const revoked = await open({ authorization: `Bearer ${key.body.key}` }, '?after=304');
    await http.call('DELETE', `/v1/keys/${key.body.id}`);
    let over = false;
    void (async () => {
      for await (const _ of revoked.events);
      over = true;
    })();
    const deadline = Date.now() + 30_000;
    for (let n = 0; !over && Date.now() < deadline; n++) {
      expect((await say(id, `end-${n}`)).status).toBe(201);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(over).toBe(true);
  });
});

interface Streamed {
  seq: number;
  event: { type: string };
}

/** The events of a stream as they come. */
async function* eventsIn(response: Response): AsyncGenerator<Streamed, undefined> {
  let text = '';
  try {
    for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end === -1) break;
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (!data) continue;
        const item = JSON.parse(data) as Streamed;
        expect(/^id: (\d+)$/m.exec(block)?.[1]).toBe(String(item.seq));
        yield item;
      }
    }
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
  }
}
