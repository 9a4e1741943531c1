import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestHttp, testHttp } from '#test/http.ts';
import { once } from './idempotency.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await testHttp();
});
afterAll(() => http.stop());

let count = 0;
const newKey = () => `key-${++count}`;

describe('Idempotency-Key', () => {
  it('[AP5] the same key and request are done once and get the same answer', async () => {
    const idempotencyKey = newKey();
    const body = { customer: { externalId: 'once' }, transcript: [{ role: 'customer', text: 'Hello' }] };
    const first = await http.call('POST', '/v1/handoffs', { body, idempotencyKey });
    const second = await http.call('POST', '/v1/handoffs', { body, idempotencyKey });
    expect(first.status).toBe(201);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect([first.headers['idempotent-replayed'], second.headers['idempotent-replayed']]).toEqual([undefined, 'true']);
    expect(
      (await http.call('GET', `/v1/conversations?customer=${first.body.conversation.customer.id}`)).body.items,
    ).toHaveLength(1);
  });

  it('[AP5] another body, address or method under the key is refused', async () => {
    const idempotencyKey = newKey();
    await http.call('POST', '/v1/queues', { body: { name: 'Once' }, idempotencyKey });
    for (const [method, path, body] of [
      ['POST', '/v1/queues', { name: 'Twice' }],
      ['POST', '/v1/keys', { name: 'Once', scopes: ['admin'] }],
    ] as const) {
      expect(await http.call(method, path, { body, idempotencyKey })).toMatchObject({
        status: 409,
        body: { code: 'idempotency_mismatch' },
      });
    }
  });

  it('[SE19] what is kept of a request tells nothing of what was in it, and is known again after a change of the key', async () => {
    const body = { email: 'hash@example.com', name: 'Hash', role: 'agent', password: 'only eight' };
    expect((await http.call('POST', '/v1/agents', { body, idempotencyKey: newKey() })).status).toBe(201);
    const plain = createHash('sha256')
      .update(JSON.stringify(['POST', '/v1/agents', body]))
      .digest();
    const { rowCount } = await http.pool.query('select 1 from idempotency_keys where request_hash = $1', [plain]);
    expect(rowCount).toBe(0);

    const [before, after] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const request = {
      workspace: http.workspace,
      caller: 'key_x',
      key: newKey(),
      method: 'POST',
      path: '/v1/x',
      requestId: 'r',
    };
    const ask = (...hashKeys: Buffer[]) =>
      once(http.pool, { ...request, body: { a: 1 }, hashKeys, seal: null }, async () => ({ status: 201, body: {} }));
    expect(await ask(before)).not.toHaveProperty('replayed');
    expect(await ask(after, before)).toMatchObject({ replayed: true });
    await expect(ask(after)).rejects.toMatchObject({ code: 'idempotency_mismatch' });
  });

  it('[AP5] of many at once one does it, and all get its answer', async () => {
    const idempotencyKey = newKey();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        http.call('POST', '/v1/conversations', { body: { customer: {} }, idempotencyKey }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  it('[AP5] the same word of two callers is two keys', async () => {
    const idempotencyKey = newKey();
    const body = { customer: {} };
    const one = await http.call('POST', '/v1/conversations', { body, idempotencyKey });
    const two = await http.call('POST', '/v1/conversations', {
      body,
      idempotencyKey,
      key: await http.makeKey(['conversations:write']),
    });
    expect(one.body.id).not.toBe(two.body.id);
  });

  it('[AP5] a refusal of the rules is kept, a mistake that changed nothing is not', async () => {
    const { conversation } = await http.handoff();
    const path = `/v1/conversations/${conversation.id}/handoff`;
    const refused = newKey();
    expect((await http.call('POST', path, { body: {}, idempotencyKey: refused })).body.code).toBe('handoff_open');
    await http.call(
      'POST',
      `/v1/handoffs/${(await http.call('GET', `/v1/conversations/${conversation.id}`)).body.handoff.id}/cancel`,
    );
    expect(await http.call('POST', path, { body: {}, idempotencyKey: refused })).toMatchObject({
      status: 409,
      body: { code: 'handoff_open' },
    });

    const mistaken = newKey();
    const body = { queue: 'Later' };
    expect((await http.call('POST', path, { body, idempotencyKey: mistaken })).body.code).toBe('queue_unknown');
    await http.call('POST', '/v1/queues', { body: { name: 'Later' } });
    expect((await http.call('POST', path, { body, idempotencyKey: mistaken })).status).toBe(201);
  });

  it('[AP5] what is kept of an answer with a secret is sealed, and opens for the same caller', async () => {
    const idempotencyKey = newKey();
    const body = { name: 'Sealed', scopes: ['conversations:read'] };
    const first = await http.call('POST', '/v1/keys', { body, idempotencyKey });
    expect((await http.call('POST', '/v1/keys', { body, idempotencyKey })).body).toEqual(first.body);
    const { rows } = await http.pool.query('select body::text as kept from idempotency_keys where key like $1', [
      `%:${idempotencyKey}`,
    ]);
    expect(rows[0].kept).toContain('sealed');
    expect(rows[0].kept).not.toContain(first.body.key);
  });

  it('[AP6] a request whose process died is taken over after a minute, with the same ids, and finds what it did', async () => {
    const request = {
      workspace: http.workspace,
      caller: 'key_x',
      key: newKey(),
      method: 'POST',
      path: '/v1/x',
      body: {},
      requestId: 'r',
      hashKeys: [Buffer.alloc(32)],
      seal: null,
    };
    const ids: string[] = [];
    const die = once(http.pool, request, async (newId) => {
      ids.push(newId('cnv'), newId('cnv'), newId('cus'));
      return new Promise(() => {});
    });
    await expect.poll(() => ids.length).toBe(3);
    void die;
    await http.pool.query("update idempotency_keys set created_at = created_at - interval '2 minutes' where key = $1", [
      `key_x:${request.key}`,
    ]);
    const { rows } = await http.pool.query('select created_at from idempotency_keys where key = $1', [
      `key_x:${request.key}`,
    ]);
    const again: string[] = [];
    const answer = await once(http.pool, request, async (newId) => {
      again.push(newId('cnv'), newId('cnv'), newId('cus'));
      return { status: 201, body: { ok: true } };
    });
    expect(answer).toEqual({ status: 201, body: { ok: true } });
    // The part that stands for chance is the same; the time is the key's own.
    expect(again.map((id) => id.slice(14))).toEqual(ids.map((id) => id.slice(14)));
    expect(new Set(again).size).toBe(3);
    expect(rows[0].created_at).toBeInstanceOf(Date);
  });

  it('[AP6] a handoff that was half done when its process died is finished, not doubled', async () => {
    const idempotencyKey = newKey();
    const body = { customer: { externalId: 'half' }, transcript: [{ role: 'customer', text: 'Hello' }] };
    const first = await http.call('POST', '/v1/handoffs', { body, idempotencyKey });
    // As if the process had died before it kept the answer.
    await http.pool.query(
      "update idempotency_keys set status = null, body = null, claimed_at = now() - interval '2 minutes' where key like $1",
      [`%:${idempotencyKey}`],
    );
    const second = await http.call('POST', '/v1/handoffs', { body, idempotencyKey });
    expect(second).toMatchObject({
      status: 201,
      body: { handoff: { id: first.body.handoff.id }, conversation: { id: first.body.conversation.id } },
    });
    expect(second.body.conversation.seq).toBe(first.body.conversation.seq);
  });
});
