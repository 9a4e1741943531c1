import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDesk, DESKS } from '#adapters/registry.ts';
import { newWebhookSecret, signWebhook } from '#kit/standard-webhooks.ts';
import { type TestHttp, testHttp } from '#test/http.ts';
import { realWorld } from '#world';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const secret = newWebhookSecret();
let http: TestHttp;
let desk: string;

beforeAll(async () => {
  const world = realWorld(log, fetch);
  const files = { limit: 0, keep: () => Promise.reject(new Error('none')), read: async () => null };
  http = await testHttp({}, undefined, {
    outside: {
      makeDesk: (_, { id, kind, name, config }) => createDesk({ kind, config }, { id, name, world, files }),
      files,
    },
    kinds: DESKS,
  });
  const made = await http.call('POST', '/v1/integrations', {
    body: { side: 'desk', kind: 'webhook', name: 'Desk', config: { url: 'https://desk.example', secret } },
  });
  desk = made.body.id;
});
afterAll(() => http.stop());

const post = (body: string, headers: Record<string, string>, path = `/inbound/${desk}`) =>
  http.call('POST', path, { key: null, body: Buffer.from(body), headers });

it('[DS12] who connects a desk sees where its webhooks go, can try it, and how it is doing', async () => {
  const { body } = await http.call('GET', `/v1/integrations/${desk}`);
  expect(body.inboundUrl).toBe(`http://localhost/inbound/${desk}`);
  const reader = await http.makeKey(['conversations:read']);
  expect((await http.call('GET', `/v1/integrations/${desk}`, { key: reader })).body.inboundUrl).toBeNull();
  const tried = await http.call('POST', `/v1/integrations/${desk}/test`, { body: {} });
  expect(tried).toMatchObject({ status: 200, body: { ok: false, message: expect.stringContaining('desk.example') } });
  const health = await http.call('GET', `/v1/integrations/${desk}/health`);
  expect(health.body).toMatchObject({ state: 'closed', pausedUntil: null, heard: { events: 0, refused: 0 } });
});

it('[DS8] what is genuine is kept, byte for byte as it was signed, and answered after that', async () => {
  // Worked off, what is of no ticket of ours would be forgotten.
  await http.hub.ingest.stop();
  const body = '{ "events": [ {"type":"closed","id":"e1","ticket":"tü"} ] }';
  const signed = { ...signWebhook(secret, 'd1', Date.now(), body), 'content-type': 'text/x-anything' };
  expect(await post(body, signed)).toMatchObject({ status: 200, body: { ok: true } });
  expect(await post(body, signed)).toMatchObject({ status: 200 });
  const { rows } = await http.pool.query('select key, ticket, type from inbox where integration_id = $1', [desk]);
  expect(rows).toEqual([{ key: 'e1', ticket: 'tü', type: 'closed' }]);
});

it('[DS8] what is forged is told nothing, and nothing of it is kept', async () => {
  const body = '{"type":"closed","id":"e2","ticket":"t"}';
  const forged = await post(body, { ...signWebhook(newWebhookSecret(), 'd2', Date.now(), body) });
  expect(forged).toMatchObject({ status: 401, body: { code: 'token_invalid' } });
  expect(JSON.stringify(forged.body)).not.toMatch(/signature|secret|stale/i);
  expect((await post(body, {}, '/inbound/int_none')).status).toBe(404);
  expect((await post(body, {}, '/inbound/int_none/secret')).status).toBe(404);
  const { rowCount } = await http.pool.query("select 1 from inbox where key = 'e2'");
  expect(rowCount).toBe(0);
});

it('[DS8] more than 4 MiB is not read', async () => {
  expect((await post('x'.repeat(4_194_305), {})).status).toBe(413);
});

it('[DS10] a transcript is a page for whoever has the link, without scripts, until its time is over', async () => {
  const { id } = await http.conversation();
  await http.call('POST', `/v1/conversations/${id}/messages`, {
    body: { author: { role: 'customer' }, clientId: 't1', text: '<script>alert(1)</script>\nsecond line' },
  });
  const path = (link: string) => new URL(link).pathname;
  const page = await http.call('GET', path(http.hub.links.transcript(id)), { key: null });
  expect(page.status).toBe(200);
  expect(page.body).toContain('&#60;script&#62;alert(1)&#60;/script&#62;<br>second line');
  expect(page.body).not.toContain('<script');
  expect(page.headers).toMatchObject({
    'x-robots-tag': 'noindex, nofollow',
    'cache-control': 'private, no-store',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
  });
  const link = http.hub.links.transcript(id);
  expect((await http.call('GET', `${path(link)}x`, { key: null })).status).toBe(404);
  expect((await http.call('GET', '/transcripts/nothing', { key: null })).status).toBe(404);
});
