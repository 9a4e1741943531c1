import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_KEY, type TestHttp, testHttp } from '#test/http.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await testHttp();
});
afterAll(() => http.stop());

interface Item {
  seq: number;
  event: {
    type: string;
    message?: { imported?: true; author: { role: string; name?: string }; parts: { text: string }[]; saidAt?: string };
  };
}

async function importedIn(
  conversation: string,
): Promise<{ role: string; name?: string; text: string; saidAt?: string }[]> {
  const lines = [];
  let after = 0;
  for (;;) {
    const { body } = await http.call('GET', `/v1/conversations/${conversation}/events?after=${after}&limit=1000`);
    for (const { event } of body.items as Item[]) {
      const { message } = event;
      if (!message?.imported) continue;
      const { role, name } = message.author;
      lines.push({
        role,
        text: message.parts[0]?.text ?? '',
        ...(name ? { name } : {}),
        ...(message.saidAt ? { saidAt: message.saidAt } : {}),
      });
    }
    if (body.next === null) return lines;
    after = body.next;
  }
}

describe('POST /v1/handoffs', () => {
  it('[AP7] brings transcript, reason, flags and customer into the queue, in one call', async () => {
    const { status, body } = await http.call('POST', '/v1/handoffs', {
      body: {
        customer: { externalId: 'u-1', name: 'Ada', email: 'ada@example.com', attributes: { plan: 'gold' } },
        transcript: [
          { role: 'customer', text: 'I was charged twice', at: '2026-11-22T10:00:00Z' },
          { role: 'bot', text: 'Let me look', name: 'Botty' },
          { role: 'agent', text: 'I am on it', name: 'Eve' },
        ],
        reason: 'frustration',
        summary: 'Charged twice, angry.',
        flags: ['vip'],
        attributes: { order: 'A-1' },
        page: { url: 'https://shop.example/basket' },
        language: 'en-GB',
      },
    });
    expect(status).toBe(201);
    expect(body.handoff).toMatchObject({
      phase: 'queued',
      reason: 'frustration',
      summary: 'Charged twice, angry.',
      outcome: null,
    });
    expect(body.conversation.customer).toMatchObject({
      externalId: 'u-1',
      name: 'Ada',
      email: 'ada@example.com',
      verified: true,
      attributes: { plan: 'gold' },
    });
    expect(body.conversation).toMatchObject({
      control: { holder: 'queue' },
      flags: [{ name: 'vip', by: 'api' }],
      locale: 'en-GB',
      page: { url: 'https://shop.example/basket' },
    });
    expect(body).toMatchObject({
      position: 1,
      estimate: null,
      availability: { state: 'closed', agentsOnline: 0, waiting: 1 },
    });
    expect(await importedIn(body.conversation.id)).toEqual([
      { role: 'customer', name: 'Ada', text: 'I was charged twice', saidAt: '2026-11-22T10:00:00.000Z' },
      { role: 'bot', name: 'Botty', text: 'Let me look' },
      { role: 'agent', name: 'Eve', text: 'I am on it' },
    ]);
    const again = await http.call('GET', `/v1/handoffs/${body.handoff.id}`);
    expect(again.body).toEqual(body);
  });

  it('[AP8] takes a transcript of thousands of lines whole, and a line longer than a message as several', async () => {
    const long = `${'The lamp flickers. '.repeat(1_000)}🙂${'x'.repeat(9_000)}`;
    const lines = Array.from({ length: 3_000 }, (_, n) => ({ role: n % 2 ? 'bot' : 'customer', text: `line ${n}` }));
    const { conversation } = await http.handoff({ transcript: [...lines, { role: 'customer', text: long }] });
    const imported = await importedIn(conversation.id);
    expect(imported.slice(0, 3_000).map(({ text }) => text)).toEqual(lines.map(({ text }) => text));
    const pieces = imported.slice(3_000).map(({ text }) => text);
    expect(pieces.length).toBeGreaterThan(3);
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(8_000);
    expect(pieces.join('').replaceAll(' ', '')).toBe(long.replaceAll(' ', ''));
  });

  it('[AP8] leaves out lines without words, and takes times of any offset', async () => {
    const { conversation } = await http.handoff({
      transcript: [
        { role: 'bot', text: 'Hi', at: '2026-11-22T12:00:00+02:00' },
        { role: 'customer', text: '  ' },
        { role: 'customer', text: 'Hello' },
      ],
    });
    expect((await importedIn(conversation.id)).map(({ text, saidAt }) => [text, saidAt])).toEqual([
      ['Hi', '2026-11-22T10:00:00.000Z'],
      ['Hello', undefined],
    ]);
    const bad = await http.call('POST', '/v1/handoffs', {
      body: {
        customer: {},
        transcript: [
          { role: 'bot', text: 'Hi' },
          { role: 'user', text: 'Hello', at: 'noon' },
        ],
      },
    });
    expect(bad.body.errors.map(({ path }: { path: string }) => path)).toEqual(['transcript.1.role', 'transcript.1.at']);
  });

  it('[AP9] says which queues there are when a queue is not one of them, and knows them by id and name', async () => {
    const unknown = await http.call('POST', '/v1/handoffs', { body: { customer: {}, queue: 'Nowhere' } });
    expect(unknown).toMatchObject({
      status: 422,
      body: { code: 'queue_unknown', detail: expect.stringContaining('Support') },
    });
    const { body: queue } = await http.call('POST', '/v1/queues', { body: { name: 'Billing' } });
    expect((await http.handoff({ queue: 'billing' })).handoff.queue).toBe(queue.id);
    expect((await http.handoff({ queue: queue.id })).handoff.queue).toBe(queue.id);
    expect((await http.call('POST', '/v1/handoffs', { body: { customer: {}, desk: 'int_none' } })).body.code).toBe(
      'desk_unknown',
    );
  });

  it('[AP10] knows a customer again by id, by external id and by an unproven email, and invents nothing', async () => {
    const first = (await http.handoff({ customer: { externalId: 'u-2', name: 'Grace' } })).conversation.customer;
    const again = (await http.handoff({ customer: { externalId: 'u-2', email: 'grace@example.com' } })).conversation
      .customer;
    expect(again).toMatchObject({ id: first.id, name: 'Grace', email: 'grace@example.com', verified: true });
    expect(
      (await http.handoff({ customer: { id: first.id, attributes: { vip: true } } })).conversation.customer,
    ).toMatchObject({ id: first.id, attributes: { vip: true } });

    const claimed = (await http.handoff({ customer: { email: 'linus@example.com' } })).conversation.customer;
    expect(claimed).toMatchObject({ name: null, externalId: null, verified: false });
    expect(
      (await http.handoff({ customer: { email: 'LINUS@example.com', name: 'Linus' } })).conversation.customer,
    ).toMatchObject({ id: claimed.id, name: 'Linus' });

    const nobody = (await http.handoff({ customer: {} })).conversation.customer;
    expect(nobody).toMatchObject({ name: null, email: null, phone: null, externalId: null });
    expect(nobody.id).not.toBe((await http.handoff({ customer: {} })).conversation.customer.id);
  });

  it('[AP10] an email that somebody claims does not make him somebody who is proven', async () => {
    const proven = (await http.handoff({ customer: { externalId: 'u-3', email: 'ceo@example.com' } })).conversation
      .customer;
    const claims = (await http.handoff({ customer: { email: 'ceo@example.com' } })).conversation.customer;
    expect(claims.id).not.toBe(proven.id);
    expect(claims.verified).toBe(false);
  });

  it('[AP10] refuses a customer who is not there, or who is two people', async () => {
    expect((await http.call('POST', '/v1/handoffs', { body: { customer: { id: 'cus_none' } } })).body.code).toBe(
      'customer_unknown',
    );
    const one = (await http.handoff({ customer: { externalId: 'u-4' } })).conversation.customer;
    expect(
      (await http.call('POST', '/v1/handoffs', { body: { customer: { id: one.id, externalId: 'u-2' } } })).body.code,
    ).toBe('customer_unknown');
    const anonymous = (await http.handoff({ customer: {} })).conversation.customer;
    expect(
      (await http.call('POST', '/v1/handoffs', { body: { customer: { id: anonymous.id, externalId: 'u-4' } } })).body
        .code,
    ).toBe('customer_unknown');
  });

  it('[AP7] a bot goes on reading and writing with the scope for handoffs alone', async () => {
    const key = await http.makeKey(['handoffs:write']);
    const { status, body } = await http.call('POST', '/v1/handoffs', { key, body: { customer: { name: 'Ada' } } });
    expect(status).toBe(201);
    const { id } = body.conversation;
    expect((await http.call('GET', `/v1/conversations/${id}/events`, { key })).status).toBe(200);
    expect(
      (
        await http.call('POST', `/v1/conversations/${id}/messages`, {
          key,
          body: { author: { role: 'customer' }, text: 'More', clientId: 'm' },
        })
      ).status,
    ).toBe(201);
    expect((await http.call('GET', `/v1/handoffs/${body.handoff.id}`, { key })).status).toBe(200);
    expect((await http.call('POST', `/v1/handoffs/${body.handoff.id}/cancel`, { key })).body.handoff.outcome).toBe(
      'cancelled_by_customer',
    );
  });

  it('[AP7] needs nothing but a customer: who has said nothing yet waits in the line as everybody does', async () => {
    const { status, body } = await http.call('POST', '/v1/handoffs', { body: { customer: { externalId: 'silent' } } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      handoff: { reason: 'bot_asked', outcome: null },
      conversation: { control: { holder: 'queue' } },
    });
    const { body: context } = await http.call('GET', `/v1/conversations/${body.conversation.id}/context`);
    expect(context.handoff.summary).not.toBe('');
  });
});

describe('where a handoff stands', () => {
  it('[AP7] tells the place in line, and who waits in front', async () => {
    const { body: queue } = await http.call('POST', '/v1/queues', { body: { name: 'Places' } });
    const places = [];
    for (let n = 0; n < 3; n++) places.push((await http.handoff({ queue: queue.id })).position);
    expect(places).toEqual([1, 2, 3]);
    expect((await http.handoff({ queue: queue.id, priority: 5 })).position).toBe(1);
    expect((await http.call('GET', '/v1/availability?queue=places')).body).toMatchObject({
      queue: queue.id,
      state: 'closed',
      waiting: 4,
      estimate: null,
      opensAt: null,
    });
    expect((await http.call('GET', `/v1/queues/${queue.id}`)).body.waiting).toBe(4);
  });

  it('[AP7] cancel frees the place, and a second cancel says that there is nothing to cancel', async () => {
    const { body: queue } = await http.call('POST', '/v1/queues', { body: { name: 'Leaving' } });
    const first = await http.handoff({ queue: queue.id });
    const second = await http.handoff({ queue: queue.id });
    expect(second.position).toBe(2);
    const { body } = await http.call('POST', `/v1/handoffs/${first.handoff.id}/cancel`);
    expect(body).toMatchObject({
      position: null,
      handoff: { phase: 'ended', outcome: 'cancelled_by_customer' },
      conversation: { control: { holder: 'bot' } },
    });
    expect((await http.call('GET', `/v1/handoffs/${second.handoff.id}`)).body.position).toBe(1);
    expect(await http.call('POST', `/v1/handoffs/${first.handoff.id}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'no_handoff' },
    });
  });

  it('[AP12] lists handoffs by conversation, phase, outcome and queue, newest first', async () => {
    const one = await http.handoff();
    await http.call('POST', `/v1/handoffs/${one.handoff.id}/cancel`);
    const asked = await http.call('POST', `/v1/conversations/${one.conversation.id}/handoff`, {
      body: { reason: 'rule', summary: 'Again' },
    });
    expect(asked).toMatchObject({
      status: 201,
      body: { handoff: { reason: 'rule', summary: 'Again', phase: 'queued' } },
    });
    const of = async (query: string) =>
      (await http.call('GET', `/v1/handoffs?conversation=${one.conversation.id}${query}`)).body.items.map(
        ({ id }: { id: string }) => id,
      );
    expect(await of('')).toEqual([asked.body.handoff.id, one.handoff.id]);
    expect(await of('&phase=ended')).toEqual([one.handoff.id]);
    expect(await of('&outcome=cancelled_by_customer')).toEqual([one.handoff.id]);
    expect(await of('&phase=queued&queue=support')).toEqual([asked.body.handoff.id]);
    const page = await http.call('GET', `/v1/handoffs?conversation=${one.conversation.id}&limit=1`);
    expect(
      (await http.call('GET', `/v1/handoffs?conversation=${one.conversation.id}&limit=1&after=${page.body.next}`)).body,
    ).toMatchObject({ items: [{ id: one.handoff.id }], next: null });
  });

  it('[AP7] one handoff at a time: a second request says that one is open', async () => {
    const { conversation } = await http.handoff();
    expect(
      await http.call('POST', `/v1/conversations/${conversation.id}/handoff`, { body: {}, key: ADMIN_KEY }),
    ).toMatchObject({ status: 409, body: { code: 'handoff_open', control: { holder: 'queue' } } });
  });
});
