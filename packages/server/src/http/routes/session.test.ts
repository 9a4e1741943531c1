import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLoginLinks } from '#store/first-start.ts';
import { OWNER, type TestHttp, testHttp } from '#test/http.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await testHttp();
});
afterAll(() => http.stop());

describe('the session', () => {
  it('[AP14] begins with a password, says who is logged in, and ends', async () => {
    const login = await http.call('POST', '/v1/session', {
      body: { email: 'OWNER@example.com', password: OWNER.password },
      key: null,
    });
    expect(login).toMatchObject({
      status: 200,
      body: { agent: { email: OWNER.email, role: 'owner' }, workspace: { id: http.workspace } },
    });
    const cookie = String(login.headers['set-cookie']);
    expect(cookie).toMatch(/^baton=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
    const pair = cookie.split(';')[0] ?? '';
    expect((await http.call('GET', '/v1/session', { cookie: pair })).body).toEqual(login.body);
    const out = await http.call('DELETE', '/v1/session', { cookie: pair });
    expect([out.status, String(out.headers['set-cookie'])]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect(await http.call('GET', '/v1/session', { cookie: pair })).toMatchObject({
      status: 401,
      body: { code: 'token_expired' },
    });
    expect((await http.call('DELETE', '/v1/session', { key: null })).status).toBe(204);
  });

  it('[AP14] is bound to the host and to https where the server is reached by https', async () => {
    const secure = await testHttp({ publicUrl: 'https://chat.example.com' });
    try {
      const { headers } = await secure.call('POST', '/v1/session', { body: OWNER, key: null });
      expect(String(headers['set-cookie'])).toMatch(/^__Host-baton=[^;]+; Path=\/; .*Secure$/);
      expect(headers['strict-transport-security']).toBeDefined();
      const cookie = String(headers['set-cookie']).split(';')[0] ?? '';
      expect((await secure.call('GET', '/v1/session', { cookie })).status).toBe(200);
    } finally {
      await secure.stop();
    }
  });

  it('[AP14] keeps neither password nor token as it is', async () => {
    const cookie = await http.login();
    const { rows } = await http.pool.query<{ kept: string }>(
      "select encode(token_hash, 'hex') as kept from agent_sessions union all select password_hash from agents where password_hash is not null union all select encode(hash, 'hex') from api_keys",
    );
    const token = cookie.split('=')[1] ?? '';
    for (const { kept } of rows) {
      expect(kept).not.toContain(OWNER.password);
      expect(kept).not.toContain(token);
    }
    expect(rows.some(({ kept }) => kept.startsWith('$argon2id$'))).toBe(true);
  });

  it('[AP14] says the same of a wrong password and of nobody, and makes guessing slow', async () => {
    const { email, password } = await http.makeAgent();
    const wrong = await http.call('POST', '/v1/session', { body: { email, password: 'wrong' }, key: null });
    const nobody = await http.call('POST', '/v1/session', {
      body: { email: 'nobody@example.com', password: 'wrong' },
      key: null,
    });
    expect([wrong.status, wrong.body.code, wrong.body.detail]).toEqual([401, 'login_failed', nobody.body.detail]);
    for (let n = 0; n < 4; n++)
      await http.call('POST', '/v1/session', { body: { email, password: 'wrong' }, key: null });
    const stopped = await http.call('POST', '/v1/session', { body: { email, password }, key: null });
    expect(stopped).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(600);
    // Others are not hindered.
    expect((await http.call('POST', '/v1/session', { body: OWNER, key: null })).status).toBe(200);
  });

  it('[AP14] a login link logs in once', async () => {
    const [owner] = await makeLoginLinks(http.pool, Date.now());
    // Programs that look at a link before people open it do not use it up.
    expect((await http.app.inject({ method: 'HEAD', url: `/login/${owner?.token}` })).statusCode).toBe(404);
    const used = await http.call('GET', `/login/${owner?.token}`, { key: null });
    expect([used.status, used.headers.location]).toEqual([303, '/console/']);
    const cookie = String(used.headers['set-cookie']).split(';')[0] ?? '';
    expect((await http.call('GET', '/v1/session', { cookie })).body.agent.email).toBe(OWNER.email);
    const again = await http.call('GET', `/login/${owner?.token}`, { key: null });
    expect([again.status, again.headers['set-cookie']]).toEqual([303, undefined]);
    const [late] = await makeLoginLinks(http.pool, Date.now() - 2 * 86_400_000);
    expect((await http.call('GET', `/login/${late?.token}`, { key: null })).headers['set-cookie']).toBeUndefined();
  });

  it('[AP14] an agent changes his own name, and his password with the old one only', async () => {
    const { cookie, password, email } = await http.makeAgent();
    const elsewhere = await http.login({ email, password });
    const change = (body: object) => http.call('PATCH', '/v1/session', { cookie, body });
    expect((await change({ name: 'Dana' })).body.agent.name).toBe('Dana');
    expect((await change({ password: 'a new password' })).status).toBe(401);
    const changed = await change({ password: 'a new password', currentPassword: password });
    expect(changed.status).toBe(200);
    await http.login({ email, password: 'a new password' });
    // Whoever was logged in with the old one is out, and so is who has a copy of the very cookie: he goes on under a new one.
    const fresh = String(changed.headers['set-cookie']).split(';')[0] ?? '';
    expect((await http.call('GET', '/v1/session', { cookie: fresh })).status).toBe(200);
    expect((await http.call('GET', '/v1/session', { cookie })).status).toBe(401);
    expect((await http.call('GET', '/v1/session', { cookie: elsewhere })).status).toBe(401);
  });

  it('[SE15] a new password, and being disabled, make links that were not used yet worth nothing', async () => {
    const { id, email, cookie, password } = await http.makeAgent();
    const link = async () =>
      new URL((await http.call('POST', `/v1/agents/${id}/login-link`, { body: {} })).body.url).pathname;
    const opens = async (path: string) => {
      const { headers } = await http.call('GET', path, { key: null });
      return headers['set-cookie'] !== undefined;
    };
    const own = await link();
    await http.call('PATCH', '/v1/session', { cookie, body: { password: 'new password', currentPassword: password } });
    expect(await opens(own)).toBe(false);
    const given = await link();
    await http.call('PATCH', `/v1/agents/${id}`, { body: { password: 'given by an admin' } });
    expect(await opens(given)).toBe(false);
    const before = await link();
    await http.call('DELETE', `/v1/agents/${id}`);
    await http.call('PATCH', `/v1/agents/${id}`, { body: { disabled: false } });
    expect(await opens(before)).toBe(false);
    await http.login({ email, password: 'given by an admin' });
  });
});

describe('other sites', () => {
  it('[AP15] a write with the cookie must come from our own pages', async () => {
    const cookie = await http.login();
    const write = async (headers: Record<string, string>) =>
      (await http.call('POST', '/v1/queues', { cookie, headers, body: { name: `Q${Math.random()}` } })).status;
    expect(await write({ 'sec-fetch-site': 'same-origin', origin: 'http://localhost' })).toBe(201);
    expect(await write({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })).toBe(403);
    expect(await write({ 'sec-fetch-site': 'same-site', origin: 'https://other.localhost' })).toBe(403);
    expect(await write({ origin: 'https://evil.example' })).toBe(403);
    expect(await write({ origin: 'null' })).toBe(403);
    expect(await write({ origin: 'http://localhost:80', host: 'localhost:80' })).toBe(403);
    expect(await write({ origin: 'http://baton.internal:3000', host: 'baton.internal:3000' })).toBe(201);
    // No browser sends neither.
    expect(await write({})).toBe(201);
    expect((await http.call('GET', '/v1/queues', { cookie, headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(
      200,
    );
    expect(
      (await http.call('POST', '/v1/session', { key: null, body: OWNER, headers: { 'sec-fetch-site': 'cross-site' } }))
        .status,
    ).toBe(403);
  });
});
