import { mkdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_KEY, SITE_KEY, type TestHttp, testHttp } from '#test/http.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await testHttp();
});
afterAll(() => http.stop());

const post = (body: string | Buffer, type = 'application/json') =>
  http.call('POST', '/v1/conversations', { body, headers: { 'content-type': type } });

describe('bad input', () => {
  it('[AP3] each fault of a body has a problem of its own', async () => {
    expect(await post('{"customer":')).toMatchObject({ status: 400, body: { code: 'bad_json' } });
    expect(await post(Buffer.from('{"customer":{"name":"\xe4"}}', 'latin1'))).toMatchObject({
      status: 400,
      body: { code: 'bad_encoding' },
    });
    expect(await post('{"customer":{"__proto__":{"verified":true}}}')).toMatchObject({
      status: 400,
      body: { code: 'bad_json', detail: expect.stringContaining('__proto__') },
    });
    expect(await post('customer=ada', 'application/x-www-form-urlencoded')).toMatchObject({
      status: 415,
      body: { code: 'media_type', detail: expect.stringContaining('application/json') },
    });
    expect(await post('')).toMatchObject({ status: 422, body: { code: 'invalid', errors: [{ path: 'customer' }] } });
    expect((await post('{"customer":{}}', 'application/json; charset=utf-8')).status).toBe(201);
    const large = await http.call('POST', '/v1/keys', { body: { name: 'x'.repeat(1_100_000), scopes: ['admin'] } });
    expect(large).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    expect(
      (await http.call('POST', '/v1/keys', { key: null, body: { name: 'x'.repeat(1_100_000), scopes: ['admin'] } }))
        .status,
    ).toBe(401);
  });

  it('[AP3] a wrong method says which are taken, a wrong address where to look', async () => {
    const method = await http.call('PATCH', '/v1/handoffs/hnd_1');
    expect([method.status, method.body.code, method.headers.allow]).toEqual([405, 'method_not_allowed', 'GET']);
    expect((await http.call('PUT', '/v1/queues')).headers.allow).toBe('GET, POST');
    expect(await http.call('GET', '/conversations')).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('Did you mean /v1/conversations') },
    });
    expect(await http.call('GET', '/v1/nothing', { key: null })).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('/v1/openapi.json') },
    });
    expect((await http.call('GET', '/v1/%ff')).body.code).toBe('bad_request');
  });

  it('[AP3] every problem names its documentation and its request, and is of the right type', async () => {
    const { body, headers } = await http.call('GET', '/v1/queues', {
      key: null,
      headers: { 'x-request-id': 'abcdefgh-1' },
    });
    expect(body).toEqual({
      type: '/docs/problems#unauthenticated',
      title: expect.any(String),
      status: 401,
      code: 'unauthenticated',
      detail: expect.any(String),
      requestId: 'abcdefgh-1',
    });
    expect(headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/problem\+json/),
      'x-request-id': 'abcdefgh-1',
      'cache-control': 'no-store',
    });
    expect((await http.call('GET', '/docs/problems')).body).toContain('id="unauthenticated"');
    expect(
      (await http.call('GET', '/healthz', { headers: { 'x-request-id': 'a b\u00e9' } })).headers['x-request-id'],
    ).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('[AP3] a request that is broken off or makes no sense harms nobody', async () => {
    await http.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = http.app.server.address() as AddressInfo;
    for (const raw of [
      'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: nonsense\r\n\r\n',
      `POST /v1/keys HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ADMIN_KEY}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"na`,
    ]) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      await new Promise<void>((resolve) => socket.write(raw, () => resolve()));
      socket.destroy();
    }
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  });
});

describe('the database is away', () => {
  it('[AP27] everything that needs it answers 503 with Retry-After, readiness says so, liveness does not', async () => {
    const away = await testHttp();
    try {
      const { id } = await away.conversation();
      const { token } = (await away.call('POST', '/widget/v1/sessions', { key: null, body: { siteKey: SITE_KEY } }))
        .body;
      expect((await away.call('GET', '/readyz', { key: null })).body).toEqual({
        status: 'ready',
        checks: { database: 'ok' },
      });
      const { rows } = await away.pool.query('select current_database() as name');
      const admin = new pg.Client({
        connectionString: String(away.pool.options.connectionString).replace(/\/[^/?]+(\?|$)/, '/postgres$1'),
      });
      await admin.connect();
      await admin.query(`alter database ${rows[0].name} with allow_connections false`);
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [rows[0].name]);
      const message = { author: { role: 'customer' }, text: 'Hello', clientId: 'lost?' };
      for (const [method, path, body, key] of [
        ['POST', `/v1/conversations/${id}/messages`, message, ADMIN_KEY],
        ['POST', '/v1/handoffs', { customer: {} }, ADMIN_KEY],
        ['GET', '/v1/conversations', undefined, ADMIN_KEY],
        ['POST', '/widget/v1/sessions', { siteKey: SITE_KEY }, null],
        ['GET', `/widget/v1/conversations/${id}/events`, undefined, token],
      ] as const) {
        const answer = await away.call(method, path, { body, key });
        expect([answer.status, answer.body.code, answer.headers['retry-after']], path).toEqual([
          503,
          'unavailable',
          '2',
        ]);
      }
      expect([(await away.call('GET', '/healthz')).status, (await away.call('GET', '/readyz')).status]).toEqual([
        200, 503,
      ]);
      expect((await away.call('GET', '/docs', { key: null })).status).toBe(200);
      await admin.query(`alter database ${rows[0].name} with allow_connections true`);
      await admin.end();
      await expect.poll(async () => (await away.call('GET', '/readyz')).status).toBe(200);
      // What was refused was not kept, and the same message goes through now.
      expect((await away.call('POST', `/v1/conversations/${id}/messages`, { body: message })).status).toBe(201);
    } finally {
      await away.stop();
    }
  });
});

describe('pages', () => {
  it('[AP28] documents and documentation need nothing from elsewhere', async () => {
    const openapi = (await http.call('GET', '/v1/openapi.json', { key: null })).body;
    expect([openapi.openapi, Object.keys(openapi.paths).length > 30]).toEqual(['3.1.0', true]);
    expect((await http.call('GET', '/v1/asyncapi.json', { key: null })).body.asyncapi).toBe('3.0.0');
    for (const path of ['/', '/demo', '/docs', '/docs/realtime', '/docs/problems']) {
      const { status, body, headers } = await http.call('GET', path, { key: null });
      expect([status, headers['content-type']], path).toEqual([200, 'text/html; charset=utf-8']);
      expect(body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      expect(body).not.toContain('{{');
      expect(headers['content-security-policy']).toContain("script-src 'self'");
      for (const [, file] of body.matchAll(/(?:src|href)="(\/docs\/[^"#]+\.(?:css|js))"/g))
        expect((await http.call('GET', file, { key: null })).status, file).toBe(200);
    }
    expect((await http.call('GET', '/docs/realtime')).body).toContain('ask-human');
  });

  it('[AP28] the demo page has the site key, and a signed identity for who is signed in', async () => {
    expect((await http.call('GET', '/demo')).body).toContain(`data-site-key="${SITE_KEY}"`);
    const { body } = await http.call('GET', '/demo?as=ada');
    const identityToken = /data-identity="([^"]+)"/.exec(body)?.[1];
    const session = await http.call('POST', '/widget/v1/sessions', {
      key: null,
      body: { siteKey: SITE_KEY, identityToken },
    });
    expect(session.body.visitor).toMatchObject({ name: 'Ada Whitfield', verified: true });
    expect((await http.call('GET', '/demo?as=<script>')).body).not.toContain('<script>');
  });

  it('[AP28] bundles are served with the right caching, every screen of the console by its one page', async () => {
    expect((await http.call('GET', '/console/', { key: null })).body.detail).toContain('npm run build');
    expect((await http.call('GET', '/widget.js', { key: null })).status).toBe(404);
    const { console: folder, widget } = http.deps.settings.bundles;
    await mkdir(join(folder, 'assets'), { recursive: true });
    await mkdir(widget, { recursive: true });
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>Console</title>');
    await writeFile(join(folder, 'favicon.svg'), '<svg/>');
    await writeFile(join(folder, 'assets', 'main-abc.js'), 'start()');
    await writeFile(join(widget, 'widget.js'), 'widget()');
    await writeFile(join(widget, 'widget-chat.js'), 'chat()');
    const get = (path: string) => http.call('GET', path, { key: null });
    for (const path of ['/console/', '/console/conversation/cnv_1', '/console/settings']) {
      const { body, headers } = await get(path);
      expect([body.includes('<title>Console'), headers['cache-control']], path).toEqual([true, 'no-cache']);
    }
    expect((await get('/console')).headers.location).toBe('/console/');
    expect((await get('/console/assets/main-abc.js')).headers['cache-control']).toContain('immutable');
    expect((await get('/console/favicon.svg')).headers['content-type']).toContain('svg');
    expect((await get('/console/assets/gone.js')).status).toBe(404);
    for (const [path, words] of [
      ['/widget.js', 'widget()'],
      ['/widget-chat.js?v=1', 'chat()'],
    ] as const) {
      const script = await get(path);
      expect([script.body, script.headers['access-control-allow-origin'], script.headers['content-type']]).toEqual([
        words,
        '*',
        expect.stringContaining('javascript'),
      ]);
    }
  });

  it('[AP28] metrics tell of requests by route, never by id', async () => {
    const { id } = await http.conversation();
    await http.call('GET', `/v1/conversations/${id}`);
    const { body } = await http.call('GET', '/metrics', { key: null });
    expect(body).toContain('route="/v1/conversations/:id"');
    expect(body).toMatch(/baton_ledger_events_total [1-9]/);
    expect(body).not.toContain(id);
  });
});
