import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { failureOf } from '#adapters/contracts/failure-of.ts';
import { guardedFetch } from './guard.ts';
import { call, callStream, fetchFile, jsonOf } from './http.ts';
import { retryAfter } from './http-failure.ts';
import { serveTwin, type TwinServer } from './twin-server.ts';

let net: ReturnType<typeof guardedFetch>;
let twin: TwinServer | undefined;
beforeAll(() => {
  net = guardedFetch('loopback');
});
afterAll(() => net.close());
afterEach(() => twin?.close());

type Handler = Parameters<typeof serveTwin>[0];

async function outside(handle: Handler): Promise<string> {
  twin = await serveTwin(handle);
  return twin.url;
}

const world = () => ({ fetch: net.fetch, now: () => Date.UTC(2026, 10, 22) });

it('[BT61] sends what it is told and gives status, headers and text', async () => {
  const url = await outside(
    (request, body, response) =>
      void response.writeHead(201, { 'x-was': `${request.method} ${request.headers['x-a']}` }).end(`got ${body}`),
  );
  const answer = await call(world(), { url, method: 'PUT', headers: { 'x-a': '1' }, body: 'ü', timeoutMs: 2_000 });
  expect([answer.status, answer.headers.get('x-was'), answer.text]).toEqual([201, 'PUT 1', 'got ü']);
});

it.each<[number, string]>([
  [400, 'rejected'],
  [401, 'auth'],
  [403, 'auth'],
  [404, 'rejected'],
  [408, 'retry'],
  [429, 'retry'],
  [500, 'retry'],
  [503, 'retry'],
  [302, 'rejected'],
])('[BT61] %i is %s', async (status, kind) => {
  const url = await outside(
    (_, __, response) => void response.writeHead(status, { location: '/x' }).end('why it went wrong'),
  );
  const failure = await failureOf(call(world(), { url, timeoutMs: 2_000 }));
  expect(failure.kind).toBe(kind);
  if (status !== 302) expect(failure.message).toContain('why it went wrong');
});

it('[BT61] obeys Retry-After as seconds or as a date', () => {
  const now = Date.UTC(2026, 10, 22, 12);
  expect([
    retryAfter('7', now),
    retryAfter('1.5', now),
    retryAfter('Sun, 22 Nov 2026 12:00:09 GMT', now),
    retryAfter('Sun, 22 Nov 2026 11:00:00 GMT', now),
    retryAfter('soon', now),
    retryAfter(null, now),
  ]).toEqual([7_000, 1_500, 9_000, 0, undefined, undefined]);
});

it('[DS9] what a vendor says of its limit in every answer is no reason to wait for one that is down', async () => {
  let status = 500;
  const url = await outside((_, __, response) => void response.writeHead(status).end());
  const failed = () => failureOf(call(world(), { url, timeoutMs: 2_000, delayOf: () => 9_000 }));
  expect(await failed()).toMatchObject({ kind: 'retry', retryAfterMs: undefined });
  status = 429;
  expect(await failed()).toMatchObject({ kind: 'retry', retryAfterMs: 9_000 });
});

it('[BT62] a time-out after sending is uncertain, unless asking again does no harm', async () => {
  const url = await outside(() => {});
  expect((await failureOf(call(world(), { url, timeoutMs: 50 }))).kind).toBe('uncertain');
  expect((await failureOf(call(world(), { url, timeoutMs: 50, repeatable: true }))).kind).toBe('retry');
});

it('[BT62] a connection that was never made is a retry, one that breaks is uncertain', async () => {
  const url = await outside((_, __, response) => void response.destroy());
  expect((await failureOf(call(world(), { url, timeoutMs: 2_000 }))).kind).toBe('uncertain');
  await twin?.close();
  const gone = await failureOf(call(world(), { url, timeoutMs: 2_000 }));
  expect([gone.kind, gone.message]).toEqual(['retry', expect.stringContaining('ECONNREFUSED')]);
  // A name that no resolver need be asked for: its first part is too long for one.
  const nowhere = `http://${'x'.repeat(64)}.example/`;
  expect((await failureOf(call(world(), { url: nowhere, timeoutMs: 5_000 }))).kind).toBe('retry');
  expect((await failureOf(call(world(), { url: 'not a url', timeoutMs: 2_000 }))).kind).toBe('rejected');
});

it('[BT63] reads no more than the limit', async () => {
  const url = await outside((_, __, response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  });
  const failure = await failureOf(call(world(), { url, timeoutMs: 5_000, limit: 100_000 }));
  expect([failure.kind, failure.message]).toEqual(['rejected', expect.stringContaining('more than 100000 bytes')]);
});

it('[BT63] streams text in whole characters and ends when the caller leaves', async () => {
  const closed = Promise.withResolvers<void>();
  const url = await outside((_, __, response) => {
    response.on('close', closed.resolve);
    response.write(Buffer.from('ü').subarray(0, 1));
    setImmediate(() => response.write(Buffer.from('ü🙈').subarray(1)));
  });
  let text = '';
  for await (const piece of callStream(world(), { url, timeoutMs: 2_000 })) {
    text += piece;
    if (text.length >= 3) break;
  }
  expect(text).toBe('ü🙈');
  await closed.promise;
});

it('[BT60] a redirect takes credentials nowhere else, not even to the same host without TLS, and leads to the web only', async () => {
  /** A vendor whose file is elsewhere, where one reads what came along. */
  const vendor = (to: string) => async (input: unknown, init?: RequestInit) =>
    String(input) === 'https://vendor.example/file'
      ? new Response(null, { status: 302, headers: { location: to } })
      : new Response(new Headers(init?.headers).get('authorization') ?? 'nothing');
  const file = async (to: string) => {
    const world = { fetch: vendor(to) as typeof fetch, now: () => 0 };
    const headers = { authorization: 'Bearer of the vendor' };
    const { bytes } = await fetchFile(world, { url: 'https://vendor.example/file', headers, limit: 1_000 });
    return Buffer.from(bytes).toString();
  };
  expect(await file('/there')).toBe('Bearer of the vendor');
  expect(await file('https://storage.example/file')).toBe('nothing');
  expect(await file('http://vendor.example/file')).toBe('nothing');
  for (const to of ['data:text/plain,inner', 'file:///etc/passwd'])
    expect((await failureOf(file(to))).kind).toBe('rejected');
});

it('[BT61] tells what is not JSON', async () => {
  const url = await outside((_, __, response) => void response.end('<html>'));
  const answer = await call(world(), { url, timeoutMs: 2_000 });
  expect(() => jsonOf(answer, 'The bot')).toThrow('The bot answered 200 with something that is not JSON.');
});
