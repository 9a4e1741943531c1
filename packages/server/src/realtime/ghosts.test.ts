import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConversationId } from '@baton/core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { inBetween } from '#test/in-between.ts';
import { type TestSide, TestSocket, testSide } from '#test/side.ts';

let side: TestSide;
beforeAll(async () => {
  side = await testSide();
});
afterAll(() => side.stop());

const gone = () => expect.poll(() => side.realtime.sessions.size).toBe(0);

/** Says hello, and is gone while the answer to this statement is on its way. */
async function goesDuring(statement: RegExp, path: string, hello: object): Promise<void> {
  const socket = new TestSocket(new WebSocket(`${side.url}${path}`));
  const over = inBetween(side.pool, statement, {
    after: async () => {
      socket.terminate();
      await gone();
    },
  });
  await socket.opened;
  socket.send({ type: 'hello', ...hello });
  await over;
}

test('[QU30] an agent who is gone before he is welcomed is not there', async () => {
  const agent = await side.agent('agt_brief', 'Brief');
  await goesDuring(/select presence, capacity/, '/v1/realtime', { token: `agent:${agent}:Brief` });
  await side.hub.presence.beat();
  const { rows } = await side.pool.query('select agent_id from agent_presence');
  expect(rows).toEqual([]);
});

test('[QU35] a customer who is gone before he is welcomed does not keep his place for ever', async () => {
  const customer = await side.customer('cus_brief');
  const window = await side.connect(`visitor:${customer}`);
  window.say('c1', 'Hello');
  const conversation = (await window.next('ack')).conversation as ConversationId;
  const by = { role: 'customer', id: customer } as const;
  await side.hub.ledger.commit(conversation, { type: 'request-handoff', by, reason: 'customer_asked' });
  window.terminate();
  await gone();
  const hello = { token: `visitor:${customer}`, since: { [conversation]: 0 } };
  await goesDuring(/from customers c where/, '/widget/v1/realtime', hello);
  await side.hub.presence.beat();
  const { rows } = await side.pool.query(
    'select gone_at is not null as gone from visitor_presence where conversation_id = $1',
    [conversation],
  );
  expect(rows).toEqual([{ gone: true }]);
});

test('[RT14] a stream whose reader is gone before it begins is no session', async () => {
  const { directory } = side.hub;
  const answered = Promise.withResolvers<void>();
  const http = createServer((request, response) => {
    const load = directory.load.bind(directory);
    vi.spyOn(directory, 'load').mockImplementationOnce(async (...of) => {
      client.destroy();
      await once(response, 'close');
      return load(...of);
    });
    const caller = { side: 'staff', token: 'key', cookie: undefined, origin: undefined, host: undefined } as const;
    void side.realtime.streams
      .open({ ...caller, address: '' }, {}, request, response, {})
      .then(() => answered.resolve(), answered.reject);
  });
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const client = get({ port: (http.address() as AddressInfo).port, host: '127.0.0.1' }).on('error', () => undefined);
  await answered.promise;
  expect([side.realtime.streams.size, side.realtime.sessions.size]).toEqual([0, 0]);
  vi.restoreAllMocks();
  http.close();
});
