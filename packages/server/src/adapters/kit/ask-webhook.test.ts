import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { AdapterFailure } from '#ports/failure.ts';
import { guardedFetch } from './guard.ts';
import { askWebhook } from './post-webhook.ts';
import { newWebhookSecret, verifyWebhook } from './standard-webhooks.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const secret = newWebhookSecret();
let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function endpoint(answer: RequestListener): Promise<string> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/who`;
}

const ask = (url: string, by = fetch) => askWebhook({ fetch: by, now: Date.now, log }, { url, secret }, 'evt_1', '{}');

describe('a routing hook', () => {
  test('[QU49] is asked with a signature, and its JSON is the answer', async () => {
    const url = await endpoint((request, response) => {
      const body: Buffer[] = [];
      request.on('data', (piece) => body.push(piece));
      request.on('end', () => {
        const verified = verifyWebhook([secret], request.headers, Buffer.concat(body).toString(), Date.now());
        response.end(JSON.stringify(verified));
      });
    });
    expect(await ask(url)).toEqual({ ok: true, id: 'evt_1' });
  });

  test('[QU49] that does not answer within a second has failed', async () => {
    const url = await endpoint(() => {});
    await expect(ask(url)).rejects.toThrow(AdapterFailure);
  });

  test.each([
    ['an error', 500, 'no'],
    ['no JSON', 200, 'yes'],
  ])('[QU49] that answers with %s has failed', async (_, status, text) => {
    const url = await endpoint((_request, response) => response.writeHead(status).end(text));
    await expect(ask(url)).rejects.toThrow(AdapterFailure);
  });

  test('[QU49] is not asked at an address of our own network', async () => {
    const url = await endpoint((_request, response) => response.end('{}'));
    const egress = guardedFetch('public');
    await expect(ask(url, egress.fetch)).rejects.toThrow(AdapterFailure);
    await egress.close();
  });
});
