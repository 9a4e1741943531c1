// The end of the program, from outside.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerFrame } from '@baton/protocol';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { freePort } from '#test/port.ts';
import { type Program, startProgram } from '#test/process.ts';

const KEY = 'baton_test_admin_key_0123456789';
const SITE = 'site_drained';
const VISITORS = 10;
/** After the restart each visitor says so many more. */
const MORE = 10;

let database: TestDatabase;
let folder: string;
let environment: Record<string, string>;
beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'baton-main-'));
  environment = {
    DATABASE_URL: database.connectionString,
    DATA_DIR: folder,
    PORT: String(await freePort()),
    BATON_OWNER_EMAIL: 'owner@example.com',
    BATON_OWNER_PASSWORD: 'correct horse battery',
    BATON_API_KEY: KEY,
    BATON_SITE_KEY: SITE,
  };
});
const programs: Program[] = [];
const start = async (more: Record<string, string> = {}) => {
  const program = await startProgram({ ...environment, ...more });
  programs.push(program);
  return program;
};
afterAll(async () => {
  for (const program of programs) program.signal('SIGKILL');
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/**
 * A visitor who says one message after the other, and sends again what was not acknowledged, over as many sockets as it takes:
 * until he has come back and said some more.
 */
class Talker {
  readonly name: string;
  readonly #url: string;
  readonly #token: string;
  #socket: WebSocket | undefined;
  acknowledged = 0;
  byes: number[] = [];
  welcomes = 0;
  #last = Number.POSITIVE_INFINITY;
  readonly #done = Promise.withResolvers<void>();
  readonly finished = this.#done.promise;

  constructor(name: string, url: string, token: string) {
    this.name = name;
    this.#url = url;
    this.#token = token;
  }

  connect(): void {
    const socket = new WebSocket(`${this.#url.replace('http', 'ws')}/widget/v1/realtime`);
    this.#socket = socket;
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', token: this.#token })));
    socket.on('message', (data) => this.#heard(JSON.parse(String(data)) as ServerFrame));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.acknowledged < this.#last) setTimeout(() => this.connect(), 100);
    });
  }

  #heard(frame: ServerFrame): void {
    if (frame.type === 'bye') this.byes.push(frame.retryAfterMs);
    if (frame.type === 'welcome') {
      this.welcomes++;
      if (this.welcomes === 2) this.#last = this.acknowledged + MORE;
      this.#say();
    }
    if (frame.type === 'ack' && frame.clientId === `${this.name}-${this.acknowledged}`) {
      this.acknowledged++;
      if (this.acknowledged < this.#last) setTimeout(() => this.#say(), 10);
      else {
        this.#done.resolve();
        this.#socket?.close();
      }
    }
  }

  #say(): void {
    const clientId = `${this.name}-${this.acknowledged}`;
    if (this.#socket?.readyState === WebSocket.OPEN)
      this.#socket.send(JSON.stringify({ type: 'say', clientId, parts: [{ type: 'text', text: clientId }] }));
  }
}

async function talkers(program: Program): Promise<Talker[]> {
  return Promise.all(
    Array.from({ length: VISITORS }, async (_, index) => {
      const begun = await fetch(`${program.url}/widget/v1/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: program.url },
        body: JSON.stringify({ siteKey: SITE }),
      });
      const { token } = (await begun.json()) as { token: string };
      return new Talker(`v${index}`, program.url, token);
    }),
  );
}

/** Posts a conversation whose body comes in two halves. */
function slowRequest(program: Program): { second(): void; status: Promise<number> } {
  const body = JSON.stringify({ customer: { externalId: 'slow' } });
  const post = request(`${program.url}/v1/conversations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', 'content-length': body.length },
  });
  const status = new Promise<number>((resolve, reject) => {
    post.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    post.on('error', reject);
  });
  post.write(body.slice(0, 10));
  return { second: () => post.end(body.slice(10)), status };
}

/** A server that reads a timeline as it comes; `ended` resolves when the stream ends as it should, and rejects when it is cut. */
async function timeline(program: Program): Promise<{ ended: Promise<unknown> }> {
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
  const opened = await fetch(`${program.url}/v1/conversations`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ customer: { externalId: 'read' } }),
  });
  const { id } = (await opened.json()) as { id: string };
  const events = await fetch(`${program.url}/v1/conversations/${id}/events`, {
    headers: { ...headers, accept: 'text/event-stream' },
  });
  expect(events.status).toBe(200);
  return { ended: events.text() };
}

it('[AP32] what the first start made is said, also when it cannot go on: its port is taken', async () => {
  const own = await testDatabase();
  const other = createServer((_, response) => response.writeHead(500).end());
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const begin = startProgram({ DATABASE_URL: own.connectionString, DATA_DIR: folder, PORT: String(port) });
  await expect(begin).rejects.toThrow(/API key +baton_[\s\S]*is taken/);
  other.close();
  await own.drop();
}, 120_000);

describe('the end', () => {
  it('[OP6] under load nothing is lost, clients are told when to come back and do, requests are answered', async () => {
    const first = await start();
    const all = await talkers(first);
    for (const talker of all) talker.connect();
    await until(() => all.every(({ acknowledged }) => acknowledged >= 3));
    const stream = await timeline(first);
    const slow = slowRequest(first);
    await sleep(50);
    first.signal('SIGTERM');
    await until(() => all.some(({ byes }) => byes.length > 0));
    slow.second();
    expect(await slow.status).toBe(201);
    await stream.ended;
    expect(await first.ended).toBe(0);
    expect(first.log().at(-1)).toMatchObject({ msg: 'stopped' });

    const second = await start();
    await Promise.all(all.map(({ finished }) => finished));
    for (const { byes, welcomes } of all) {
      expect(byes).toHaveLength(1);
      expect(byes[0]).toBeGreaterThanOrEqual(500);
      expect(welcomes).toBeGreaterThanOrEqual(2);
    }
    expect(new Set(all.map(({ byes }) => byes[0])).size).toBeGreaterThan(1);
    second.signal('SIGTERM');
    expect(await second.ended).toBe(0);

    const client = new pg.Client({ connectionString: database.connectionString });
    await client.connect();
    for (const { name, acknowledged } of all) {
      const { rows } = await client.query<{ text: string }>(
        `select event -> 'message' ->> 'clientId' as text from events
          where type = 'message' and event -> 'message' ->> 'clientId' like $1 order by conversation_id, seq`,
        [`${name}-%`],
      );
      expect(rows.map(({ text }) => text)).toEqual(
        Array.from({ length: acknowledged }, (_, index) => `${name}-${index}`),
      );
    }
    await client.end();
  }, 120_000);

  it('[OP6] readiness ends first, and a second signal ends it at once', async () => {
    const program = await start({ DRAIN_SECONDS: '60' });
    // The same signal twice in a moment is one: npm hands on what the terminal sent already.
    program.signal('SIGTERM');
    program.signal('SIGTERM');
    await until(async () => (await fetch(`${program.url}/readyz`)).status === 503);
    expect(await (await fetch(`${program.url}/readyz`)).json()).toMatchObject({ status: 'stopping' });
    expect((await fetch(`${program.url}/healthz`)).status).toBe(200);
    await sleep(600);
    expect((await fetch(`${program.url}/healthz`)).status).toBe(200);
    program.signal('SIGTERM');
    expect(await program.ended).toBe(1);
  }, 120_000);
});

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error('It did not come to that.');
    await sleep(20);
  }
}
