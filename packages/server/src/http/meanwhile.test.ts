import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { redactMessage } from '#hub/erasure.ts';
import { Housekeeping } from '#hub/housekeeping.ts';
import { updateWorkspace } from '#store/workspaces.ts';
import { type TestHttp, testHttp } from '#test/http.ts';
import { inBetween } from '#test/in-between.ts';
import { streamEvents } from './event-stream.ts';
import { once } from './idempotency.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await testHttp();
});
afterAll(() => http.stop());

/** Two at once, each of which has looked at these rows, or waits to look, before one of them changes them. */
async function atOnce<T>(lock: string, ...both: (() => Promise<T>)[]): Promise<T[]> {
  const holder = await http.pool.connect();
  await holder.query('begin');
  await holder.query(lock);
  const done = Promise.all(both.map((one) => one()));
  await expect
    .poll(async () => {
      const waiting = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      return (await http.pool.query(waiting)).rowCount;
    })
    .toBe(both.length);
  await holder.query('rollback');
  holder.release();
  return done;
}

const request = (key: string) => ({
  workspace: http.workspace,
  caller: 'key_x',
  key,
  method: 'POST',
  path: '/v1/x',
  body: {},
  requestId: 'r',
  hashKeys: [Buffer.alloc(32)],
  seal: null,
});

it('[AP6] a write that the database broke off is done again with the same ids, at once', async () => {
  const ids: string[] = [];
  const work = async (newId: (prefix: 'cnv') => string) => {
    ids.push(newId('cnv'));
    if (ids.length === 1) throw new Error('Connection terminated unexpectedly');
    return { status: 201, body: {} };
  };
  await expect(once(http.pool, request('broken'), work)).rejects.toThrow('Connection');
  expect(await once(http.pool, request('broken'), work)).toMatchObject({ status: 201 });
  expect(ids[1]).toBe(ids[0]);
});

it('[AP6] a write whose answer could not be kept is done again with the same ids', async () => {
  const ids: string[] = [];
  const db = {
    async query(...args: Parameters<typeof http.pool.query>) {
      if (ids.length === 1 && String(args[0]).includes('set status = $3')) throw new Error('Connection terminated');
      return http.pool.query(...args);
    },
  } as unknown as typeof http.pool;
  const work = async (newId: (prefix: 'cnv') => string) => {
    ids.push(newId('cnv'));
    return { status: 201, body: {} };
  };
  await expect(once(db, request('unkept'), work)).rejects.toThrow('Connection');
  expect(await once(db, request('unkept'), work)).toMatchObject({ status: 201 });
  expect(ids[1]).toBe(ids[0]);
});

it('[AP23] of two owners who step down at once one stays', async () => {
  const other = await http.makeAgent('owner');
  const { items } = (await http.call('GET', '/v1/agents')).body;
  const owners: string[] = items
    .filter(({ role }: { role: string }) => role === 'owner')
    .map(({ id }: { id: string }) => id);
  expect(owners).toContain(other.id);
  const stepsDown = (id: string) => () => http.call('PATCH', `/v1/agents/${id}`, { body: { role: 'admin' } });
  const answers = await atOnce('select from agents for update', ...owners.map(stepsDown));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
});

it('[AP24] two who change an integration at once do not undo each other', async () => {
  const { items } = (await http.call('GET', '/v1/integrations?kind=widget')).body;
  const path = `/v1/integrations/${items[0].id}`;
  const changes = (config: object) => () => http.call('PATCH', path, { body: { config } });
  const [allowedOrigins, strings] = [['https://shop.example'], { title: 'Help' }];
  await atOnce('select from integrations for update', changes({ allowedOrigins }), changes({ strings }));
  expect((await http.call('GET', path)).body.config).toMatchObject({ allowedOrigins, strings });
});

it('[AP25] two who change the rules at once do not undo each other', async () => {
  const { pool, workspace } = http;
  const changes = (rules: object) => () => updateWorkspace(pool, workspace, { rules });
  await atOnce('select from workspaces for update', changes({ voice: 'Amber' }), changes({ botTries: 4 }));
  const { rules } = (await http.call('GET', '/v1/workspace')).body;
  expect(rules).toMatchObject({ voice: 'Amber', botTries: 4 });
});

it('[AP13] a stream of events whose reader has gone before it begins ends', async () => {
  const { id } = await http.conversation();
  const gone = Object.assign(new PassThrough(), { writeHead: () => undefined });
  gone.on('error', () => undefined).destroy();
  const stop = vi.fn();
  const reply = { raw: gone, hijack: () => undefined, getHeaders: () => ({}) } as unknown as FastifyReply;
  const asked = { headers: {}, server: http.app } as unknown as FastifyRequest;
  const deps = { ...http.deps, follow: () => stop };
  await streamEvents(deps, { conversation: id, after: 0, present: () => null, request: asked, reply });
  expect(stop).toHaveBeenCalled();
});

/** A conversation in which somebody said something. */
async function said(text: string) {
  const { id } = await http.conversation();
  const body = { author: { role: 'customer' }, text, clientId: 'c1' };
  const { message, seq } = (await http.call('POST', `/v1/conversations/${id}/messages`, { body })).body;
  const words = async () =>
    (await http.pool.query('select event::text as event from events where conversation_id = $1', [id])).rows;
  return {
    id,
    seq: seq as number,
    message: message.id as `msg_${string}`,
    words: async () => JSON.stringify(await words()),
  };
}

it('[OP10] what is changed while it is removed leaves no word', async () => {
  const { id, message, words } = await said('My card is 4111');
  const path = `/v1/conversations/${id}/messages/${message}`;
  void inBetween(http.pool, /'message' ->> 'id' = \$2/, { after: () => http.call('DELETE', path) });
  const changed = await http.call('PATCH', path, { body: { text: 'My card is 4222' } });
  expect(changed.body.code).toBe('not_allowed');
  expect(await words()).not.toMatch(/4111|4222/);
});

it('[OP10] what is written between the words that go and the event that says so goes, too', async () => {
  const { id, seq, message, words } = await said('My card is 4111');
  const { ledger } = http.hub;
  const late: Parameters<typeof redactMessage>[0]['ledger'] = {
    read: (...of) => ledger.read(...of),
    async commit(one, command) {
      const parts = [{ type: 'text' as const, text: 'My card is 4222' }];
      await ledger.commit(id, { type: 'edit', message, parts, by: { role: 'api', id: 'key_1' } });
      return ledger.commit(one, command);
    },
  };
  const deps = { pool: http.pool, ledger: late, filesFolder: '/nowhere' };
  const at = { workspace: http.workspace, conversation: id, message, seq };
  await redactMessage(deps, at, { role: 'api', id: 'key_1' });
  expect(await words()).not.toMatch(/4111|4222/);
});

it('[OP12] what is closed anew while the old is looked for is not old', async () => {
  const { id } = await said('Once more');
  const { pool, hub } = http;
  const by = { role: 'api', id: 'key_1' } as const;
  const close = () => hub.ledger.commit(id, { type: 'close', by });
  await close();
  await pool.query(
    `update conversations set active_at = active_at - interval '40 days', closed_at = closed_at - interval '40 days' where id = $1`,
    [id],
  );
  await http.call('PATCH', '/v1/workspace', { body: { retentionDays: 30 } });
  const over = inBetween(pool, /from conversations[\s\S]*closed_at < now/, {
    after: async () => {
      await hub.ledger.commit(id, { type: 'reopen', by });
      await close();
    },
  });
  await new Housekeeping({ pool, ledger: hub.ledger, filesFolder: '/nowhere', log: http.deps.log }).sweep();
  await over;
  expect((await http.call('GET', `/v1/conversations/${id}`)).status).toBe(200);
  await http.call('PATCH', '/v1/workspace', { body: { retentionDays: null } });
});
