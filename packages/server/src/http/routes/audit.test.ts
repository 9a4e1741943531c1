import { ops } from '@baton/protocol/schemas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditName } from '#http/audit.ts';
import { OWNER, type TestHttp, testHttp } from '#test/http.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await testHttp();
});
afterAll(() => http.stop());

const entries = async (query = '') => (await http.call('GET', `/v1/audit${query}`)).body.items;

async function entry(action: string, where: object = {}) {
  const deadline = Date.now() + 25_000;
  for (;;) {
    const found = (await entries(`?action=${action}`))[0];
    if (found) return expect(found).toMatchObject(where);
    if (Date.now() > deadline) throw new Error(`There is no ${action}.`);
  }
}

it('[SE8] logins, failed ones and ends are noted, with whose account was tried', async () => {
  const agent = await http.makeAgent();
  await http.call('POST', '/v1/session', { body: { email: agent.email, password: 'wrong' }, key: null });
  await http.call('POST', '/v1/session', { body: { email: 'nobody@example.com', password: 'wrong' }, key: null });
  await entry('login', { actor: { kind: 'agent', id: agent.id }, address: '127.0.0.1' });
  await entry('login.failed', { actor: { kind: 'nobody', id: null }, target: agent.id });
  await http.call('DELETE', '/v1/session', { cookie: agent.cookie });
  await entry('logout', { target: agent.id });
  const { body } = await http.call('POST', `/v1/agents/${agent.id}/login-link`, { body: {} });
  await http.call('GET', new URL(body.url).pathname, { key: null });
  await entry('login.link', { actor: { id: agent.id } });
});

it('[SE8] every change that needs an admin is noted with who, what and which fields, and without secrets', async () => {
  const cookie = await http.login();
  const key = await http.call('POST', '/v1/keys', { body: { name: 'CRM', scopes: ['admin'] }, cookie });
  await entry('createKey', {
    actor: { kind: 'agent', name: 'Owner' },
    target: key.body.id,
    detail: { fields: ['name', 'scopes'], scopes: ['admin'] },
  });
  const agent = await http.makeAgent();
  await http.call('PATCH', `/v1/agents/${agent.id}`, {
    body: { role: 'admin', password: 'a very new password' },
    key: key.body.key,
  });
  await entry('updateAgent', {
    actor: { kind: 'key', id: key.body.id },
    target: agent.id,
    detail: { fields: ['role', 'password'], role: 'admin' },
  });
  const hook = await http.call('POST', '/v1/webhooks', { body: { url: 'https://example.com/x', events: ['*'] } });
  await http.call('PATCH', '/v1/workspace', { body: { name: 'New name' } });
  await http.call('PATCH', '/v1/session', {
    body: { password: 'another password', currentPassword: OWNER.password },
    cookie,
  });
  await entry('updateSession', { detail: { fields: ['password', 'currentPassword'] } });
  const all = JSON.stringify(await entries('?limit=100'));
  for (const secret of [key.body.key, hook.body.secret, 'a very new password', 'another password', 'New name'])
    expect(all).not.toContain(secret);
  // Reading leaves no trace, and what was refused did not happen.
  await http.call('POST', '/v1/keys', { body: { name: 'x', scopes: ['nonsense'] } });
  expect((await entries('?action=createKey')).length).toBe(1);
  expect(await entries('?action=listKeys')).toEqual([]);
});

it('[SE8] it is read newest first, in pages, by admins of the workspace only', async () => {
  const first = await http.call('GET', '/v1/audit?limit=2');
  const second = await http.call('GET', `/v1/audit?limit=2&after=${first.body.next}`);
  const ids = [...first.body.items, ...second.body.items].map(({ id }: { id: string }) => id);
  expect(ids).toEqual([...new Set(ids)].sort().reverse());
  const foreign = await http.otherWorkspace();
  expect((await http.call('GET', '/v1/audit', { key: foreign.key })).body.items).toEqual([]);
  const agent = await http.makeAgent();
  expect((await http.call('GET', '/v1/audit', { cookie: agent.cookie })).status).toBe(403);
});

it('[SE8] no operation of the table by which staff changes something is without a trace', () => {
  /** The log of the conversation says who did it; a file's row says whose it is. */
  const inTheirLogs = /^\/v1\/(conversations|handoffs|files)\b/;
  /** Logins, their end and one's own password are noted where they are done. */
  const noted = ['createSession', 'updateSession', 'deleteSession'];
  /** Strangers to the house: bots that answer with their token, visitors. */
  const outside = ['createBotReply', 'createWidgetSession', 'uploadWidgetFile'];
  const silent = Object.entries(ops)
    .filter(([name, op]) => op.method !== 'GET' && auditName(op) !== name && !inTheirLogs.test(op.path))
    .map(([name]) => name);
  expect(silent.sort()).toEqual([...noted, ...outside].sort());
  for (const name of ['exportCustomer', 'eraseCustomer', 'createKey', 'deleteKey'] as const)
    expect(auditName(ops[name])).toBe(name);
});
