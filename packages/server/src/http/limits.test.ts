import { afterAll, beforeAll, expect, it } from 'vitest';
import { OWNER, SITE_KEY, type TestHttp, testHttp } from '#test/http.ts';
import { sessionTokenOf } from './auth.ts';
import { addressKey, createLimits, FailureLimit, networkKey, TokenBuckets } from './limits.ts';

let http: TestHttp;
let now = 1_000_000;
beforeAll(async () => {
  // A hundredth of what is usual, so that a test reaches it.
  http = await testHttp(
    { trustProxy: 1 },
    createLimits(() => now, 0.01),
  );
});
afterAll(() => http.stop());

const from = (address: string) => ({ 'x-forwarded-for': address });
const login = (password: string, address: string, email = OWNER.email) =>
  http.call('POST', '/v1/session', { body: { email, password }, key: null, headers: from(address) });

it('[SE1] wrong passwords shut out their own address, for that account, and nobody else', async () => {
  // All at once: each counts before it is checked.
  const guesses = await Promise.all(Array.from({ length: 12 }, () => login('wrong', '198.51.100.7')));
  expect(guesses.filter(({ status }) => status === 401)).toHaveLength(5);
  expect(guesses.filter(({ status }) => status === 429)).toHaveLength(7);
  const shut = await login(OWNER.password, '198.51.100.7');
  expect(shut).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
  expect(Number(shut.headers['retry-after'])).toBeGreaterThan(0);
  expect((await login(OWNER.password, '203.0.113.9')).status).toBe(200);
  // Nor does making up an address help, or pretending to be the owner's.
  const pretended = await login('wrong', '203.0.113.9, 198.51.100.7');
  expect(pretended.status).toBe(429);
});

it('[SE1] an unknown account is answered like a wrong password', async () => {
  const unknown = await login('wrong', '203.0.113.20', 'nobody@example.com');
  const wrong = await login('wrong', '203.0.113.21');
  expect({ ...unknown.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });
});

it('[SE2] an admin cannot make himself an owner by way of a key', async () => {
  const quiet = await testHttp();
  const admin = await quiet.makeAgent('admin');
  const make = (scopes: string[], cookie: string) =>
    quiet.call('POST', '/v1/keys', { body: { name: 'mine', scopes }, cookie });
  expect(await make(['admin'], admin.cookie)).toMatchObject({ status: 403, body: { code: 'owner_only' } });
  expect((await make(['conversations:read'], admin.cookie)).status).toBe(201);
  expect((await make(['admin'], await quiet.login())).status).toBe(201);
  await quiet.stop();
});

it('[SE3] too many visits from one address, or too many unknown tokens, are told when to come back', async () => {
  const visit = (address: string) =>
    http.call('POST', '/widget/v1/sessions', { body: { siteKey: SITE_KEY }, key: null, headers: from(address) });
  const statuses = [];
  for (let i = 0; i < 8; i++) statuses.push((await visit('198.51.100.8')).status);
  expect(statuses).toEqual([201, 201, 201, 201, 201, 201, 429, 429]);
  const refused = await visit('198.51.100.8');
  expect(refused).toMatchObject({ body: { code: 'too_many_requests', retryAfterSeconds: 60 } });
  expect(refused.headers['retry-after']).toBe('60');
  expect((await visit('198.51.100.9')).status).toBe(201);
  now += 60_001;
  expect((await visit('198.51.100.8')).status).toBe(201);

  const guess = () => http.call('GET', '/v1/workspace', { key: 'baton_guessed', headers: from('198.51.100.10') });
  const guesses = [];
  for (let i = 0; i < 5; i++) guesses.push((await guess()).status);
  expect(guesses).toEqual([401, 401, 401, 429, 429]);
});

it('[SE3] a busy key waits a moment; other keys do not', async () => {
  const key = await http.makeKey(['admin']);
  const ask = (as: string) => http.call('GET', '/v1/workspace', { key: as });
  const statuses = [];
  for (let i = 0; i < 7; i++) statuses.push((await ask(key)).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
  expect((await ask(await http.makeKey(['admin']))).status).toBe(200);
  now += 1_000;
  expect((await ask(key)).status).toBe(200);
});

it('[SE3] a bucket gives its burst at once, then its rate, and forgets who is full again', () => {
  let at = 0;
  const buckets = new TokenBuckets(() => at, 10, 3);
  expect([1, 2, 3, 4].map(() => buckets.take('a'))).toEqual([0, 0, 0, 100]);
  at = 100;
  expect([buckets.take('a'), buckets.take('a'), buckets.take('b')]).toEqual([0, 100, 0]);
  at = 0;
  // A clock that is set back gives nothing away.
  expect(buckets.take('a')).toBeGreaterThan(0);
});

it('[SE4] an IPv6 customer has one address, however many he has', () => {
  expect(addressKey('2001:db8:1:2:aaaa::1')).toBe(addressKey('2001:db8:1:2:ffff::9'));
  expect(addressKey('2001:db8:1:3::1')).not.toBe(addressKey('2001:db8:1:2::1'));
  expect(addressKey('::ffff:192.0.2.1')).toBe(addressKey('192.0.2.1'));
  expect(addressKey('nonsense')).toBe('nonsense');
  // Nor does a network of one's own give 65,536 times as many guesses.
  expect(networkKey('2001:db8:1:2::1')).toBe(networkKey('2001:db8:1:3::1'));
  expect(networkKey('2001:db8:2::1')).not.toBe(networkKey('2001:db8:1::1'));
});

it('[SE3] visitors behind one address upload so many bytes an hour, however many they are', async () => {
  const upload = async (address: string, content: string) => {
    const visit = await http.call('POST', '/widget/v1/sessions', {
      body: { siteKey: SITE_KEY },
      key: null,
      headers: from(address),
    });
    const form = new FormData();
    form.append('file', new Blob([content], { type: 'text/plain' }), 'words.txt');
    const request = new Request('http://localhost', { method: 'POST', body: form });
    return http.call('POST', '/widget/v1/files', {
      body: Buffer.from(await request.arrayBuffer()),
      key: visit.body.token,
      headers: { ...from(address), 'content-type': request.headers.get('content-type') ?? '' },
    });
  };
  // A hundredth of a gigabyte.
  expect((await upload('198.51.100.30', 'x'.repeat(10_000_000))).status).toBe(201);
  const refused = await upload('198.51.100.30', 'y');
  expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
  expect((await upload('198.51.100.31', 'y')).status).toBe(201);
});

it('[SE1] failures run out by themselves', () => {
  let at = 0;
  const failures = new FailureLimit(() => at, 1_000);
  failures.count('a');
  expect([failures.waitOf('a', 1), failures.waitOf('a', 2)]).toEqual([1_000, 0]);
  at = 1_000;
  expect(failures.waitOf('a', 1)).toBe(0);
});

it('[SE5] the cookie that is bound to the host wins, and behind https it alone counts', () => {
  expect(sessionTokenOf('baton=planted; __Host-baton=mine')).toBe('mine');
  expect(sessionTokenOf('baton=mine')).toBe('mine');
  expect(sessionTokenOf('baton=planted', true)).toBeNull();
});
