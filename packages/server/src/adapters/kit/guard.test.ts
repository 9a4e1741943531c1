import { afterEach, expect, it } from 'vitest';
import { AdapterFailure } from '#ports/failure.ts';
import { guardedFetch, type Reach, reachable } from './guard.ts';
import { call } from './http.ts';
import { serveTwin, type TwinServer } from './twin-server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function server(): Promise<TwinServer> {
  const twin = await serveTwin((_, __, response) => void response.end('inside'));
  open.push(twin);
  return twin;
}

function net(reach: Reach) {
  const guarded = guardedFetch(reach);
  open.push(guarded);
  return { fetch: guarded.fetch, now: () => 0 };
}

it.each([
  ...[
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '127.0.0.1',
    '0.0.0.0',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
  ],
  ...[
    '::',
    '::1',
    'fc00::1',
    'fe80::1',
    'ff02::1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '::7f00:1',
    '1::1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:0:a00:1::',
    '2001:db8::1',
    'not an address',
  ],
])('[BT60] %s is not reachable in production', (address) => {
  expect(reachable(address, 'public')).toBe(false);
});

it('[BT60] public addresses are reachable; loopback in development; all when the operator says so', () => {
  expect([reachable('93.184.215.14', 'public'), reachable('2606:4700::1111', 'public')]).toEqual([true, true]);
  expect([
    reachable('127.0.0.1', 'loopback'),
    reachable('::ffff:127.0.0.1', 'loopback'),
    reachable('10.0.0.1', 'loopback'),
  ]).toEqual([true, true, false]);
  expect(reachable('10.0.0.1', 'any')).toBe(true);
});

it('[BT60] however an inner address is spelt, nothing is sent to it', async () => {
  const twin = await server();
  const { port } = new URL(twin.url);
  for (const host of [
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '0',
    '0x7f.1',
    '017700000001',
    '127.0.0.1.',
    '①②⑦.⓪.⓪.①',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[::1]',
    '[::ffff:127.0.0.1]',
  ]) {
    const refused = call(net('public'), { url: `http://${host}:${port}/`, timeoutMs: 2_000 });
    await expect(refused, host).rejects.toBeInstanceOf(AdapterFailure);
    await expect(refused, host).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('ALLOW_PRIVATE_ADDRESSES'),
    });
  }
});

it('[BT60] an allowed inner address answers', async () => {
  const twin = await server();
  expect((await call(net('loopback'), { url: twin.url, timeoutMs: 2_000 })).text).toBe('inside');
  expect((await call(net('any'), { url: twin.url.replace('127.0.0.1', 'localhost'), timeoutMs: 2_000 })).text).toBe(
    'inside',
  );
});
