import { defaultRules } from '@baton/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveKey } from '#store/keys.ts';
import { hashToken } from '#store/secrets.ts';
import { type TestHttp, testHttp } from '#test/http.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await testHttp();
});
afterAll(() => http.stop());

describe('keys', () => {
  it('[AP22] a key is shown once, works with its scopes, tells when it was used, and is dead once revoked', async () => {
    const made = await http.call('POST', '/v1/keys', {
      body: { name: 'Bot', scopes: ['availability:read', 'availability:read'] },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { scopes: ['availability:read'], key: expect.stringMatching(/^baton_[\w-]{43}$/), lastUsedAt: null },
    });
    const { key, id } = made.body;
    expect((await http.call('GET', '/v1/availability', { key })).status).toBe(200);
    expect((await http.call('GET', '/v1/conversations', { key })).status).toBe(403);
    const listed = (await http.call('GET', '/v1/keys')).body.items.find((one: { id: string }) => one.id === id);
    expect(listed.lastUsedAt).not.toBeNull();
    expect(listed.key).toBeUndefined();
    expect((await http.call('DELETE', `/v1/keys/${id}`)).status).toBe(204);
    expect((await http.call('GET', '/v1/availability', { key })).status).toBe(401);
    expect((await http.call('DELETE', `/v1/keys/${id}`)).status).toBe(404);
    expect((await http.call('POST', '/v1/keys', { body: { name: 'x', scopes: ['root'] } })).body.errors[0].path).toBe(
      'scopes.0',
    );
  });
});

describe('keys that people choose', () => {
  it('[AP22] may hold dots, and are not taken for a token of a visitor', async () => {
    const key = 'my.own.key-0123456789';
    await saveKey(http.pool, {
      id: 'key_dots',
      workspace: http.workspace,
      name: 'Dots',
      scopes: ['admin'],
      hash: hashToken(key),
    });
    expect((await http.call('GET', '/v1/workspace', { key })).status).toBe(200);
  });
});

describe('agents', () => {
  it('[AP23] an agent works, an admin administers, and only an owner touches owners', async () => {
    const agent = await http.makeAgent();
    const admin = await http.makeAgent('admin');
    expect((await http.call('GET', '/v1/conversations', { cookie: agent.cookie })).status).toBe(200);
    expect(await http.call('POST', '/v1/queues', { cookie: agent.cookie, body: { name: 'No' } })).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('admin') },
    });
    expect((await http.call('POST', '/v1/queues', { cookie: admin.cookie, body: { name: 'Yes' } })).status).toBe(201);
    const owner = (await http.call('GET', '/v1/agents')).body.items.find(
      (one: { role: string }) => one.role === 'owner',
    );
    for (const [method, path, body] of [
      ['PATCH', `/v1/agents/${owner.id}`, { password: 'taken over!' }],
      ['DELETE', `/v1/agents/${owner.id}`, undefined],
      ['POST', `/v1/agents/${owner.id}/login-link`, {}],
      ['PATCH', `/v1/agents/${admin.id}`, { role: 'owner' }],
      ['POST', '/v1/agents', { email: 'new@example.com', name: 'New', role: 'owner' }],
    ] as const) {
      expect(await http.call(method, path, { cookie: admin.cookie, body }), `${method} ${path}`).toMatchObject({
        status: 403,
        body: { code: 'owner_only' },
      });
    }
    expect(await http.call('PATCH', `/v1/agents/${owner.id}`, { body: { role: 'agent' } })).toMatchObject({
      status: 409,
      body: { code: 'last_owner' },
    });
    expect((await http.call('DELETE', `/v1/agents/${owner.id}`)).body.code).toBe('last_owner');
  });

  it('[AP23] without a password an agent gets a link, and a disabled one is out at once', async () => {
    const made = await http.call('POST', '/v1/agents', { body: { email: 'link@example.com', name: 'Linked' } });
    expect(made.body).toMatchObject({ role: 'agent', capacity: 3, presence: 'offline', active: 0, disabled: false });
    const used = await http.call('GET', new URL(made.body.loginLink).pathname, { key: null });
    const cookie = String(used.headers['set-cookie']).split(';')[0] ?? '';
    expect((await http.call('GET', '/v1/session', { cookie })).status).toBe(200);
    expect((await http.call('DELETE', `/v1/agents/${made.body.id}`)).status).toBe(204);
    expect((await http.call('GET', '/v1/session', { cookie })).status).toBe(401);
    expect((await http.call('GET', '/v1/agents')).body.items.map(({ id }: { id: string }) => id)).not.toContain(
      made.body.id,
    );
    expect(
      (await http.call('GET', '/v1/agents?disabled=true')).body.items.map(({ id }: { id: string }) => id),
    ).toContain(made.body.id);
    expect((await http.call('PATCH', `/v1/agents/${made.body.id}`, { body: { disabled: false } })).body.disabled).toBe(
      false,
    );
  });

  it('[AP23] an email is one agent, in any case of letters', async () => {
    const { email } = await http.makeAgent();
    expect(await http.call('POST', '/v1/agents', { body: { email: email.toUpperCase(), name: 'Twin' } })).toMatchObject(
      { status: 409, body: { code: 'email_taken' } },
    );
    expect(
      (
        await http.call('POST', '/v1/agents', { body: { email: 'none', name: 'x', password: 'short' } })
      ).body.errors.map(({ path }: { path: string }) => path),
    ).toEqual(['email', 'password']);
  });
});

describe('integrations', () => {
  it('[AP24] the config is checked by its kind, secrets are made and shown to admins only', async () => {
    const made = await http.call('POST', '/v1/integrations', {
      body: { side: 'channel', kind: 'widget', name: 'Shop', config: { theme: { color: '#112233' } } },
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        siteKey: expect.stringMatching(/^site_/),
        config: { identitySecret: expect.stringMatching(/^[\w-]{43}$/), theme: { color: '#112233' } },
      },
    });
    const { id, config } = made.body;
    const agent = await http.makeAgent();
    const seen = await http.call('GET', `/v1/integrations/${id}`, { cookie: agent.cookie });
    expect(seen.body.config).toMatchObject({ identitySecret: '[secret]', theme: { color: '#112233' } });
    const patched = await http.call('PATCH', `/v1/integrations/${id}`, {
      body: { config: { theme: { title: 'Ask us', color: null }, allowedOrigins: ['https://shop.example'] } },
    });
    expect(patched.body.config).toMatchObject({
      identitySecret: config.identitySecret,
      theme: { title: 'Ask us' },
      allowedOrigins: ['https://shop.example'],
    });
    const rotated = await http.call('PATCH', `/v1/integrations/${id}`, { body: { config: { identitySecret: null } } });
    expect(rotated.body.config.identitySecret).not.toBe(config.identitySecret);
  });

  it('[AP24] says what is wrong with a config, a kind or a bot', async () => {
    const code = async (body: object) => {
      const answer = await http.call('POST', '/v1/integrations', { body: { name: 'x', ...body } });
      return [answer.status, answer.body.code, answer.body.errors?.[0]?.path];
    };
    expect(await code({ side: 'channel', kind: 'widget', config: { allowedOrigins: ['shop.example'] } })).toEqual([
      422,
      'config_invalid',
      'config.allowedOrigins.0',
    ]);
    expect(await code({ side: 'channel', kind: 'widget', config: { colour: 'red' } })).toEqual([
      422,
      'config_invalid',
      'config',
    ]);
    expect(await code({ side: 'channel', kind: 'carrier-pigeon' })).toEqual([422, 'kind_unknown', 'kind']);
    expect(await code({ side: 'channel', kind: 'widget', bot: 'int_none' })).toEqual([422, 'bot_unknown', undefined]);
  });

  it('[AP24] what is in use is not removed', async () => {
    const { body } = await http.call('GET', '/v1/integrations?side=bot');
    expect(await http.call('DELETE', `/v1/integrations/${body.items[0].id}`)).toMatchObject({
      status: 409,
      body: { code: 'integration_used' },
    });
    const { body: made } = await http.call('POST', '/v1/integrations', {
      body: { side: 'bot', kind: 'house', name: 'Spare' },
    });
    expect((await http.call('DELETE', `/v1/integrations/${made.id}`)).status).toBe(204);
  });
});

describe('the workspace', () => {
  it('[AP25] rules are changed field by field, checked, and in force for the next message', async () => {
    const { body: before } = await http.call('GET', '/v1/workspace');
    const { queues: _, defaultQueue, ...rules } = defaultRules(before.defaultQueue);
    expect(before).toMatchObject({ defaultQueue, rules });
    const topics = [{ name: 'lamps', phrases: ['lamp broken'], action: 'handoff' }];
    const { body } = await http.call('PATCH', '/v1/workspace', {
      body: { name: 'Shop', rules: { limits: { offerSeconds: 20 }, escalation: { topics }, voice: 'Shop' } },
    });
    expect(body).toMatchObject({
      name: 'Shop',
      rules: {
        ...rules,
        limits: { ...rules.limits, offerSeconds: 20 },
        escalation: { ...rules.escalation, topics },
        voice: 'Shop',
      },
    });
    const { body: again } = await http.call('PATCH', '/v1/workspace', {
      body: { rules: { escalation: { fallbackLimit: 3 } } },
    });
    expect(again.rules).toEqual({ ...body.rules, escalation: { ...body.rules.escalation, fallbackLimit: 3 } });
    const { id } = await http.conversation();
    await http.call('POST', `/v1/conversations/${id}/messages`, {
      body: { author: { role: 'customer' }, text: 'My lamp is broken', clientId: 'x' },
    });
    expect((await http.call('GET', `/v1/conversations/${id}`)).body).toMatchObject({
      control: { holder: 'queue' },
      handoff: { reason: 'restricted_topic' },
    });
  });

  it('[AP25] says which rule cannot be', async () => {
    const path = async (rules: object) =>
      (await http.call('PATCH', '/v1/workspace', { body: { rules } })).body.errors?.[0]?.path;
    expect(await path({ limits: { offerSeconds: -1 } })).toBe('rules.limits.offerSeconds');
    expect(await path({ limits: { offerseconds: 10 } })).toBe('rules.limits.offerseconds');
    expect(await path({ escalation: { signals: { anger: { action: 'shout', threshold: 0.5 } } } })).toBe(
      'rules.escalation.signals.anger.action',
    );
    expect(
      await path({ escalation: { topics: [{ name: 'x', phrases: ['x'], action: 'flag', queue: 'que_none' }] } }),
    ).toBe('queue');
    expect((await http.call('PATCH', '/v1/workspace', { body: { defaultQueue: 'que_none' } })).body.code).toBe(
      'queue_unknown',
    );
  });
});

describe('queues', () => {
  it('[AP26] have a name of their own, known agents and desks, and a default that is always there', async () => {
    const made = await http.call('POST', '/v1/queues', { body: { name: ' VIP ', limits: { offerSeconds: 10 } } });
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'VIP', desks: [null], limits: { offerSeconds: 10 }, agents: null, isDefault: false, waiting: 0 },
    });
    const { id } = made.body;
    expect((await http.call('POST', '/v1/queues', { body: { name: 'vip' } })).body.code).toBe('name_taken');
    expect((await http.call('PATCH', `/v1/queues/${id}`, { body: { agents: ['agt_none'] } })).body.code).toBe(
      'agent_unknown',
    );
    expect((await http.call('PATCH', `/v1/queues/${id}`, { body: { desks: ['int_none'] } })).body.code).toBe(
      'desk_unknown',
    );
    const agent = await http.makeAgent();
    expect((await http.call('PATCH', `/v1/queues/${id}`, { body: { agents: [agent.id] } })).body).toMatchObject({
      name: 'VIP',
      agents: [agent.id],
      limits: { offerSeconds: 10 },
    });
    expect(
      (await http.call('PATCH', `/v1/queues/${id}`, { body: { isDefault: true, agents: null } })).body,
    ).toMatchObject({ isDefault: true, agents: null });
    expect((await http.call('GET', '/v1/workspace')).body.defaultQueue).toBe(id);
    expect((await http.call('DELETE', `/v1/queues/${id}`)).body.code).toBe('queue_default');
    const { body: small } = await http.call('POST', '/v1/queues', { body: { name: 'Small' } });
    const { handoff } = await http.handoff({ queue: small.id });
    expect(await http.call('DELETE', `/v1/queues/${handoff.queue}`)).toMatchObject({
      status: 409,
      body: { code: 'queue_busy' },
    });
    await http.call('POST', `/v1/handoffs/${handoff.id}/cancel`);
    expect((await http.call('DELETE', `/v1/queues/${handoff.queue}`)).status).toBe(204);
  });
});

describe('who wraps up', () => {
  it('[QU46] is told so in the list of agents, for a console that has just been loaded', async () => {
    const { id } = await http.makeAgent();
    await http.call('PATCH', `/v1/agents/${id}`, { body: { wrapUpSeconds: 600 } });
    const { conversation } = await http.handoff({});
    await http.hub.ledger.commit(conversation.id, { type: 'take', agent: { id, name: 'Agent' } });
    await http.call('POST', `/v1/conversations/${conversation.id}/close`, { body: {} });
    await expect
      .poll(async () => (await http.call('GET', '/v1/agents')).body.items.find((one: { id: string }) => one.id === id))
      .toMatchObject({ active: 0, wrapping: 1 });
  });
});

describe('webhooks and customers', () => {
  it('[AP22] a webhook gets a secret that is shown once, and an address that may be called', async () => {
    const made = await http.call('POST', '/v1/webhooks', {
      body: { url: 'https://example.com/hook', events: ['handoff.accepted', 'message'] },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { secret: expect.stringMatching(/^whsec_[\w+/=]{44}$/), enabled: true },
    });
    expect((await http.call('GET', `/v1/webhooks/${made.body.id}`)).body.secret).toBeUndefined();
    expect((await http.call('PATCH', `/v1/webhooks/${made.body.id}`, { body: { enabled: false } })).body).toMatchObject(
      { enabled: false, events: ['handoff.accepted', 'message'] },
    );
    for (const url of ['http://localhost/x', 'http://10.0.0.1', 'http://[::1]:80/', 'http://2130706433/'])
      expect((await http.call('POST', '/v1/webhooks', { body: { url, events: ['*'] } })).body.code, url).toBe(
        'address_private',
      );
    for (const url of ['ftp://example.com', 'example.com', 'javascript:alert(1)'])
      expect((await http.call('POST', '/v1/webhooks', { body: { url, events: ['*'] } })).body.errors[0].path, url).toBe(
        'url',
      );
    expect(
      (await http.call('POST', '/v1/webhooks', { body: { url: 'https://example.com', events: ['handoff.excepted'] } }))
        .body.errors[0].path,
    ).toBe('events.0');
    expect((await http.call('DELETE', `/v1/webhooks/${made.body.id}`)).status).toBe(204);
  });

  it('[AP12] customers are found by external id and email', async () => {
    const { customer } = await http.conversation({ customer: { externalId: 'find-me', email: 'find@example.com' } });
    for (const query of ['externalId=find-me', 'email=FIND@example.com'])
      expect((await http.call('GET', `/v1/customers?${query}`)).body.items).toEqual([customer]);
    expect((await http.call('GET', '/v1/customers?limit=1')).body.items).toHaveLength(1);
  });
});
