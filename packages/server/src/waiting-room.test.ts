import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { openWaitingRoom } from './waiting-room.ts';

test('[OP20] a server that waits for its database is alive, not ready, and says when to come back', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  await expect(openWaitingRoom('127.0.0.1', port)).rejects.toThrow('EADDRINUSE');
  await new Promise((resolve) => taken.close(resolve));

  const leave = await openWaitingRoom('127.0.0.1', port);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
  expect(ready.status).toBe(503);
  expect(ready.headers.get('retry-after')).toBe('2');
  expect(await ready.json()).toMatchObject({ code: 'unavailable' });
  await leave();
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
});
