// What the operator sees: numbers, and a line of the log for what failed.

import Fastify from 'fastify';
import type { DestinationStream } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '#log';
import { type TestHttp, testHttp } from '#test/http.ts';
import { answerErrors } from './errors.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await testHttp();
});
afterAll(() => http.stop());

async function value(line: string): Promise<number | undefined> {
  const { body } = await http.call('GET', '/metrics', { key: null });
  const found = String(body)
    .split('\n')
    .find((one) => one.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.split(' ').at(-1));
}

it('[OP4] tells messages, commits, refusals, who waits and the rest of it', async () => {
  const { conversation } = await http.handoff();
  const path = `/v1/conversations/${conversation.id}`;
  await http.call('POST', `${path}/messages`, {
    body: { author: { role: 'customer' }, clientId: 'c1', text: 'hello?' },
  });
  const late = { author: { role: 'bot' }, clientId: 'b1', text: 'Me again' };
  expect((await http.call('POST', `${path}/messages`, { body: late })).body.code).toBe('control_lost');

  expect(await value('baton_messages_total{author="customer"}')).toBe(2);
  expect(await value('baton_refusals_total{code="control_lost"}')).toBe(1);
  expect(await value('baton_http_problems_total{code="control_lost"}')).toBe(1);
  expect(await value('baton_commit_batch_events_count')).toBeGreaterThan(0);
  expect(await value('baton_commit_seconds_count')).toBeGreaterThan(0);
  expect(await value('baton_ledger_waiting')).toBe(0);
  expect(await value(`baton_queue_waiting{queue="${conversation.handoff?.queue}"}`)).toBe(1);
  expect(await value('baton_connections{kind="visitor_socket"}')).toBe(0);
  expect(await value('baton_database_connections{state="wanted"}')).toBe(0);
  expect(await value('baton_peers')).toBe(0);
  expect(await value('baton_bus_up')).toBe(0);
  expect(await value('baton_nodejs_eventloop_lag_p99_seconds')).toBeDefined();
});

it('[OP4] a token keeps the numbers from strangers', async () => {
  const guarded = await testHttp({ metricsToken: 'a token of the operator' });
  try {
    expect((await guarded.call('GET', '/metrics', { key: null })).status).toBe(401);
    expect((await guarded.call('GET', '/metrics', { key: 'a token of the operatoR' })).status).toBe(401);
    expect((await guarded.call('GET', '/metrics', { key: 'a token of the operator' })).status).toBe(200);
  } finally {
    await guarded.stop();
  }
});

it('[OP5] what fails is one line with id, route, status and code, and nothing that was carried', async () => {
  const lines: string[] = [];
  const to: DestinationStream = { write: (line) => void lines.push(line) };
  const app = Fastify({ genReqId: () => 'req-12345678' });
  app.decorateRequest('caller', null);
  answerErrors(app, createLog('info', to));
  app.post('/v1/conversations/:id/broken', async () => {
    throw Object.assign(new Error('duplicate key'), { code: '23514', detail: 'Failing row contains (hunter2).' });
  });
  await app.inject({
    method: 'POST',
    url: '/v1/conversations/cnv_1/broken?secret=hunter2',
    headers: { authorization: 'Bearer hunter2' },
    payload: { text: 'hunter2' },
  });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'error',
    requestId: 'req-12345678',
    method: 'POST',
    route: '/v1/conversations/:id/broken',
    conversation: 'cnv_1',
    status: 500,
    code: 'internal',
    error: { code: '23514', message: 'duplicate key' },
  });
  expect(lines[0]).not.toContain('hunter2');
  await app.close();
});
