import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { verifyWebhook } from '#kit/standard-webhooks.ts';
import { type TestSide, testSide } from '#test/side.ts';
import { wants } from './webhook-side.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
let side: TestSide;
let endpoint: Server;
/** What came, with the status that it was answered with. */
const came: {
  id: string;
  body: { type: string; seq: number; conversation: string };
  valid: boolean;
  status: number;
}[] = [];
/** Statuses of the next answers; then 204. */
let answers: number[] = [];

beforeAll(async () => {
  endpoint = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      const status = answers.shift() ?? 204;
      const verified = verifyWebhook([SECRET], request.headers as Record<string, string>, raw, Date.now());
      came.push({ id: String(request.headers['webhook-id']), body: JSON.parse(raw), valid: verified.ok, status });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  side = await testSide();
  const { port } = endpoint.address() as AddressInfo;
  await side.pool.query('insert into webhooks (workspace_id, id, url, events, secret) values ($1, $2, $3, $4, $5)', [
    side.seed.workspace,
    'whk_1',
    `http://127.0.0.1:${port}/`,
    ['message', 'handoff.*'],
    SECRET,
  ]);
  await side.hub.directory.changed(side.seed.workspace);
});
beforeEach(() => {
  came.length = 0;
  answers = [];
});
afterAll(async () => {
  await side.stop();
  endpoint.closeAllConnections();
  await new Promise((resolve) => endpoint.close(resolve));
});

async function until(what: () => boolean): Promise<void> {
  const deadline = Date.now() + 25_000;
  while (!what()) {
    if (Date.now() > deadline)
      throw new Error(`Had ${JSON.stringify(came.map(({ body, status }) => [body.type, body.seq, status]))}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('webhooks', () => {
  test('[WH1] an endpoint hears of what it asked for, in order, signed', async () => {
    const visitor = await side.connect(`visitor:${await side.customer('cus_wh1')}`);
    for (let i = 0; i < 8; i++) visitor.say(`w${i}`, `line ${i} about the order`);
    await until(() => came.filter(({ body }) => body.type === 'message').length >= 8);
    const seqs = came.map(({ body }) => body.seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(new Set(seqs).size).toBe(seqs.length);
    expect(came.every(({ valid }) => valid)).toBe(true);
    expect(came.map(({ body }) => body.type)).not.toContain('conversation.opened');
  });

  test('[WH2] what an endpoint did not take is tried again under the same id, and nothing overtakes it', async () => {
    answers = [500, 503];
    const visitor = await side.connect(`visitor:${await side.customer('cus_wh2')}`);
    visitor.say('a', 'first of two');
    visitor.say('b', 'second of two');
    await until(() => came.filter(({ status }) => status === 204).length >= 2);
    const [first] = came;
    expect(came.filter(({ id }) => id === first?.id).map(({ status }) => status)).toEqual([500, 503, 204]);
    const taken = came.filter(({ status }) => status === 204).map(({ body }) => body.seq);
    expect(taken).toEqual([...taken].sort((a, b) => a - b));
  });

  test('[WH3] an endpoint names types, families or everything', () => {
    expect(wants(['handoff.*'], 'handoff.accepted')).toBe(true);
    expect(wants(['handoff.*'], 'message')).toBe(false);
    expect(wants(['*'], 'rating.given')).toBe(true);
    expect(wants(['message'], 'message.edited')).toBe(false);
  });
});
