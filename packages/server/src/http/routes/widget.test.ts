import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFor } from '#hub/visits.ts';
import { type Answer, SITE_KEY, type TestHttp, testHttp } from '#test/http.ts';

let http: TestHttp;
let secret: string;
let channel: `int_${string}`;
beforeAll(async () => {
  http = await testHttp();
  const { body } = await http.call('GET', '/v1/integrations?side=channel&kind=widget');
  channel = body.items[0].id;
  secret = body.items[0].config.identitySecret;
});
afterAll(() => http.stop());

const visit = (body: object = {}, headers: Record<string, string> = {}): Promise<Answer> =>
  http.call('POST', '/widget/v1/sessions', { key: null, body: { siteKey: SITE_KEY, ...body }, headers });

const identity = (
  claims: Record<string, unknown>,
  { key = secret, alg = 'HS256', expires = '1h' }: { key?: string; alg?: string; expires?: string | number } = {},
) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg })
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(key));

/** A conversation of a visitor, as his first message opens it. */
const opened = async (visitor: { id: `cus_${string}` }) =>
  openFor({ ...http.deps, pool: http.pool }, { workspace: http.workspace, channel, customer: visitor.id });

describe('a visit', () => {
  it('[AP16] begins anonymous, and is the same visitor with his token', async () => {
    const first = await visit({ page: { url: 'https://shop.example/' }, locale: 'de-DE' });
    expect(first).toMatchObject({
      status: 201,
      body: {
        visitor: { name: null, email: null, verified: false },
        conversation: null,
        locale: 'de-DE',
        strings: { send: 'Senden', person: 'Mit einem Menschen sprechen' },
        theme: { title: 'Schreiben Sie uns', greeting: 'Guten Tag! Wie können wir Ihnen helfen?' },
        limits: { textLength: 8_000 },
      },
    });
    const again = await visit({ visitorToken: first.body.token });
    expect(again.body.visitor.id).toBe(first.body.visitor.id);
    const english = (await visit()).body;
    expect(english.visitor.id).not.toBe(first.body.visitor.id);
    expect(english.theme.title).toBe('Chat with us');
  });

  it('[AP16] finds its conversation again, open or closed, and tells where the customer is', async () => {
    const { body: first } = await visit();
    const id = await opened(first.visitor);
    const again = await visit({
      visitorToken: first.token,
      page: { url: 'https://shop.example/checkout', title: 'Checkout' },
    });
    expect(again.body.conversation).toMatchObject({ id, status: 'open' });
    expect((await http.call('GET', `/v1/conversations/${id}`)).body.page).toEqual({
      url: 'https://shop.example/checkout',
      title: 'Checkout',
    });
    await http.call('POST', `/v1/conversations/${id}/close`, { body: {} });
    expect((await visit({ visitorToken: first.token })).body.conversation).toMatchObject({ id, status: 'closed' });
  });

  it('[AP16] a token that is of another site, broken or old begins anew', async () => {
    const other = await http.call('POST', '/v1/integrations', {
      body: { side: 'channel', kind: 'widget', name: 'Other site' },
    });
    const { body: there } = await http.call('POST', '/widget/v1/sessions', {
      key: null,
      body: { siteKey: other.body.siteKey },
    });
    const here = await visit({ visitorToken: there.token });
    expect(here.status).toBe(201);
    expect(here.body.visitor.id).not.toBe(there.visitor.id);
    expect((await visit({ visitorToken: 'nonsense' })).status).toBe(201);
  });

  it('[AP16] an unknown site, or one that is switched off, is said', async () => {
    expect(await visit({ siteKey: 'site_none' })).toMatchObject({
      status: 404,
      body: { code: 'site_unknown', detail: expect.stringContaining('site_none') },
    });
    const { body } = await http.call('POST', '/v1/integrations', {
      body: { side: 'channel', kind: 'widget', name: 'Off', enabled: false },
    });
    expect((await visit({ siteKey: body.siteKey })).body.code).toBe('site_unknown');
    const session = await http.call('POST', '/widget/v1/sessions', { key: null, body: { siteKey: SITE_KEY } });
    expect(
      (await http.call('GET', '/widget/v1/conversations/cnv_none/events', { key: session.body.token })).status,
    ).toBe(404);
  });
});

describe('many visitors', () => {
  it('[AP16] a hundred visitors who write their first words at once are all taken', async () => {
    const visitors = await Promise.all(Array.from({ length: 100 }, () => visit()));
    const ids = await Promise.all(visitors.map(({ body }) => opened(body.visitor)));
    expect(new Set(ids).size).toBe(100);
  });
});

describe('identity', () => {
  it('[AP16] a signed identity makes the visitor the customer that it names', async () => {
    const identityToken = await identity({
      sub: 'u-7',
      name: 'Ada',
      email: 'ada@example.com',
      phone: '+44 1',
      attributes: { plan: 'gold', orders: 3 },
    });
    const { status, body } = await visit({ identityToken });
    expect([status, body.visitor]).toEqual([
      201,
      { id: expect.stringMatching(/^cus_/), name: 'Ada', email: 'ada@example.com', verified: true },
    ]);
    expect((await http.call('GET', `/v1/customers/${body.visitor.id}`)).body).toMatchObject({
      externalId: 'u-7',
      phone: '+44 1',
      attributes: { plan: 'gold', orders: 3 },
      verified: true,
    });
    expect((await visit({ identityToken: await identity({ sub: 'u-7' }) })).body.visitor).toEqual(body.visitor);
  });

  it('[AP16] an identity that is expired, foreign, unsigned or without sub is refused, and says why', async () => {
    const reason = async (identityToken: string) => {
      const { status, body } = await visit({ identityToken });
      expect([status, body.code]).toEqual([401, 'identity_invalid']);
      return body.detail as string;
    };
    expect(await reason(await identity({ sub: 'u' }, { expires: Math.floor(Date.now() / 1000) - 60 }))).toContain(
      'run out',
    );
    expect(await reason(await identity({ sub: 'u' }, { key: 'the secret of somebody else, long enough' }))).toContain(
      'not signed',
    );
    expect(await reason(await identity({ sub: 'u' }, { alg: 'HS512', key: secret.repeat(2) }))).toContain('HS256');
    expect(
      await reason(`${btoa('{"alg":"none"}').replace(/=+$/, '')}.${btoa('{"sub":"u"}').replace(/=+$/, '')}.`),
    ).toBeTruthy();
    expect(await reason(await identity({ name: 'nobody' }))).toContain('sub');
    expect(await reason('nonsense')).toContain('not a JWT');
    expect(await reason(await identity({ sub: 'u', attributes: { nested: {} } }))).toContain('attributes');
  });

  it('[AP17] what somebody wrote anonymously is his once he proves who he is, and only then', async () => {
    const { body: anonymous } = await visit();
    const id = await opened(anonymous.visitor);
    // New to us: the visitor becomes the customer.
    const first = await visit({
      visitorToken: anonymous.token,
      identityToken: await identity({ sub: 'u-8', name: 'Grace' }),
    });
    expect(first.body).toMatchObject({ visitor: { id: anonymous.visitor.id, verified: true }, conversation: { id } });
    // Known: on another computer he was somebody else until now.
    const { body: elsewhere } = await visit();
    const other = await opened(elsewhere.visitor);
    const second = await visit({ visitorToken: elsewhere.token, identityToken: await identity({ sub: 'u-8' }) });
    expect(second.body.visitor.id).toBe(anonymous.visitor.id);
    expect((await http.call('GET', `/v1/conversations/${other}`)).body.customer.name).toBe('Grace');
    expect((await http.call('GET', `/v1/conversations?customer=${anonymous.visitor.id}`)).body.items).toHaveLength(2);
    for (const conversation of [id, other])
      expect(
        (await http.call('GET', `/widget/v1/conversations/${conversation}/events`, { key: second.body.token })).status,
      ).toBe(200);
    // The anonymous token of before leads to the same person.
    expect((await http.call('GET', `/widget/v1/conversations/${id}/events`, { key: elsewhere.token })).status).toBe(
      200,
    );
  });

  it('[AP17] a token that was made with an identity does not count without one', async () => {
    const known = await visit({ identityToken: await identity({ sub: 'u-9' }) });
    const next = await visit({ visitorToken: known.body.token });
    expect(next.body.visitor.id).not.toBe(known.body.visitor.id);
    expect(next.body.visitor.verified).toBe(false);
  });

  it('[AP17] the identity of one never takes over the visit of another who is proven', async () => {
    const ada = await visit({ identityToken: await identity({ sub: 'u-10' }) });
    const id = await opened(ada.body.visitor);
    const ben = await visit({ visitorToken: ada.body.token, identityToken: await identity({ sub: 'u-11' }) });
    expect(ben.body.visitor.id).not.toBe(ada.body.visitor.id);
    expect((await http.call('GET', `/widget/v1/conversations/${id}/events`, { key: ben.body.token })).status).toBe(404);
  });
});

describe('origins', () => {
  it('[AP18] without a list, pages of this machine and of our own host may use the widget', async () => {
    for (const origin of ['http://localhost:5173', 'http://127.0.0.1:8080', 'https://localhost'])
      expect((await visit({}, { origin })).status, origin).toBe(201);
    expect((await visit({}, { origin: 'https://chat.example', host: 'chat.example' })).status).toBe(201);
    for (const origin of ['https://evil.example', 'http://localhost.evil.example', 'null']) {
      expect(await visit({}, { origin }), origin).toMatchObject({
        status: 403,
        body: { code: 'origin_not_allowed', detail: expect.stringContaining(origin) },
      });
    }
  });

  it('[AP18] with a list, only what it names may', async () => {
    const { body: site } = await http.call('POST', '/v1/integrations', {
      body: {
        side: 'channel',
        kind: 'widget',
        name: 'Shop',
        config: { allowedOrigins: ['https://shop.example', 'https://*.shop.example'] },
      },
    });
    const from = async (origin: string) => (await visit({ siteKey: site.siteKey }, { origin })).status;
    expect([
      await from('https://shop.example'),
      await from('https://www.shop.example'),
      await from('https://a.b.shop.example'),
    ]).toEqual([201, 201, 201]);
    for (const origin of [
      'http://shop.example',
      'https://shop.example:8443',
      'https://evilshop.example',
      'https://.shop.example',
      'https://shop.example.evil',
      'http://localhost:3000',
    ])
      expect(await from(origin), origin).toBe(403);
    const { body } = await visit({ siteKey: site.siteKey }, { origin: 'https://shop.example' });
    const elsewhere = await http.call('GET', '/widget/v1/conversations/cnv_1/events', {
      key: body.token,
      headers: { origin: 'https://evil.example' },
    });
    expect(elsewhere).toMatchObject({ status: 403, body: { code: 'origin_not_allowed' } });
  });

  it('[AP18] browsers on other sites may call, and read a refusal', async () => {
    const preflight = await http.call('OPTIONS', '/widget/v1/sessions', {
      key: null,
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect([
      preflight.status,
      preflight.headers['access-control-allow-origin'],
      preflight.headers['access-control-allow-headers'],
    ]).toEqual([204, '*', expect.stringContaining('content-type')]);
    expect((await visit({}, { origin: 'https://evil.example' })).headers['access-control-allow-origin']).toBe('*');
    expect((await http.call('GET', '/v1/queues')).headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('the log as its customer sees it', () => {
  it('[AP19] never has notes, flags, reasons or what the bot reports of itself', async () => {
    const { body: session } = await visit();
    const id = await opened(session.visitor);
    const by = { role: 'api', id: 'key_x' } as const;
    const bot = (await http.hub.ledger.read(id))?.bot as `int_${string}`;
    await http.hub.ledger.commit(id, {
      type: 'say',
      author: { role: 'customer', id: session.visitor.id },
      parts: [{ type: 'text', text: 'secretive' }],
    });
    await http.hub.ledger.commit(id, {
      type: 'say',
      author: { role: 'bot', id: bot },
      parts: [{ type: 'text', text: 'Hm' }],
      bot: { confidence: 0.123 },
    });
    await http.hub.ledger.commit(id, {
      type: 'note',
      author: { role: 'agent', id: 'agt_x', name: 'Dana' },
      text: 'STAFFONLY',
    });
    await http.hub.ledger.commit(id, { type: 'flag', name: 'STAFFONLY', by });
    await http.hub.ledger.commit(id, {
      type: 'request-handoff',
      by,
      reason: 'frustration',
      evidence: [{ kind: 'anger', quote: 'STAFFONLY' }],
      summary: 'STAFFONLY',
    });
    const { body } = await http.call('GET', `/widget/v1/conversations/${id}/events`, { key: session.token });
    const text = JSON.stringify(body);
    for (const hidden of ['STAFFONLY', 'frustration', '0.123', 'key_x', http.workspace])
      expect(text).not.toContain(hidden);
    expect(text).toContain('secretive');
    expect(body).toMatchObject({ next: null, previous: null });
  });

  it("[AP19] comes in pages from the newest to the oldest, and is nobody else's", async () => {
    const { body: session } = await visit();
    const id = await opened(session.visitor);
    for (let n = 0; n < 12; n++)
      await http.hub.ledger.commit(id, {
        type: 'say',
        author: { role: 'customer', id: session.visitor.id },
        parts: [{ type: 'text', text: `say ${n}` }],
      });
    // Pages are cut in the log: what the customer must not see leaves a page with fewer items, never out of order.
    type Item = { seq: number; event: { type: string; message?: { parts: { text: string }[] } } };
    const texts = (items: Item[]) => items.flatMap(({ event }) => event.message?.parts[0]?.text ?? []);
    const said = Array.from({ length: 12 }, (_, n) => `say ${n}`);
    const back: Item[] = [];
    let before = '';
    for (;;) {
      const { body } = await http.call('GET', `/widget/v1/conversations/${id}/events?limit=5${before}`, {
        key: session.token,
      });
      back.unshift(...body.items);
      if (body.previous === null) break;
      before = `&before=${body.previous}`;
    }
    expect(texts(back)).toEqual(said);
    const forth: Item[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const { body }: { body: { items: Item[]; next: number | null } } = await http.call(
        'GET',
        `/widget/v1/conversations/${id}/events?after=${after}&limit=4`,
        { key: session.token },
      );
      forth.push(...body.items);
      after = body.next;
    }
    expect(forth.map(({ seq }) => seq)).toEqual(back.map(({ seq }) => seq));
    const { body: other } = await visit();
    expect((await http.call('GET', `/widget/v1/conversations/${id}/events`, { key: other.token })).status).toBe(404);
    expect((await http.call('GET', `/v1/conversations/${id}`, { key: session.token })).status).toBe(403);
  });

  it('[SE16] what he said on one site cannot be read with his token of another', async () => {
    const identitySecret = 'the identity secret of the other brand';
    const other = await http.call('POST', '/v1/integrations', {
      body: { side: 'channel', kind: 'widget', name: 'Other brand', config: { identitySecret } },
    });
    const here = (await visit({ identityToken: await identity({ sub: 'both' }) })).body;
    const there = (
      await visit({
        siteKey: other.body.siteKey,
        identityToken: await identity({ sub: 'both' }, { key: identitySecret }),
      })
    ).body;
    expect(there.visitor.id).toBe(here.visitor.id);
    const id = await opened(here.visitor);
    const read = (key: string) => http.call('GET', `/widget/v1/conversations/${id}/events`, { key });
    expect([(await read(here.token)).status, (await read(there.token)).status]).toEqual([200, 404]);
  });
});
