// What is held of a person: shown, removed, erased, and kept no longer than wanted.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConversationId } from '@baton/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Housekeeping } from '#hub/housekeeping.ts';
import { openFor } from '#hub/visits.ts';
import { filesFolder } from '#store/keep-file.ts';
import { SITE_KEY, type TestHttp, testHttp } from '#test/http.ts';

/** Stands in everything that the customer wrote or that was said of him. */
const WORD = 'rhododendron';

let http: TestHttp;
beforeAll(async () => {
  http = await testHttp();
});
afterAll(() => http.stop());

/** Every text of every table, but for tables that hold no customer's words. */
async function held(word = WORD): Promise<string[]> {
  const { rows: tables } = await http.pool.query<{ name: string }>(
    `select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and relkind = 'r'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await http.pool.query<{ text: string }>(
      `select row_to_json(t)::text as text from ${name} t where row_to_json(t)::text like '%' || $1 || '%'`,
      [word],
    );
    found.push(...rows.map(({ text }) => `${name}: ${text}`));
  }
  return found;
}

async function files(): Promise<number> {
  const all = await readdir(filesFolder(http.dataDir), { recursive: true, withFileTypes: true }).catch(() => []);
  return all.filter((entry) => entry.isFile()).length;
}

async function upload(name: string, as: { cookie?: string; key?: string } = {}, path = '/v1/files'): Promise<string> {
  const boundary = 'xxboundaryxx';
  const payload = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/plain\r\n\r\n${WORD}\r\n--${boundary}--\r\n`;
  const answer = await http.call('POST', path, {
    body: payload,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    ...as,
  });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

/** A customer with a conversation in which his words are everywhere that they can be. */
async function talkative(externalId: string) {
  const { conversation, handoff } = await http.handoff({
    customer: { externalId, name: WORD, email: `${WORD}@example.com`, attributes: { plan: WORD } },
    transcript: [{ role: 'customer', text: `I bought a ${WORD}` }],
    page: { url: `https://shop.example/${WORD}` },
    summary: `He bought a ${WORD}`,
  });
  const path = `/v1/conversations/${conversation.id}`;
  const file = await upload(`${WORD}.txt`);
  const said = await http.call('POST', `${path}/messages`, {
    idempotencyKey: `key-${externalId}`,
    body: {
      author: { role: 'customer' },
      clientId: 'c1',
      parts: [
        { type: 'text', text: `Where is my ${WORD}?` },
        { type: 'file', file: { id: file } },
      ],
    },
  });
  expect(said.status).toBe(201);
  await http.call('POST', `${path}/flags`, { body: { name: 'garden', detail: `Asks for a ${WORD}` } });
  return { id: conversation.id as ConversationId, customer: conversation.customer.id, handoff: handoff.id, path, said };
}

describe('erasing', () => {
  it('[OP7] leaves nothing of him in any table and on the disk, and the log its shape', async () => {
    const { id, customer, path } = await talkative('u-1');
    const other = await http.conversation({ customer: { externalId: 'u-1' } });
    const answered = await http.call('POST', `/v1/conversations/${other.id}/messages`, {
      idempotencyKey: 'as-the-bot',
      body: { author: { role: 'bot' }, clientId: 'b1', text: `Your ${WORD} is on its way` },
    });
    expect(answered.status).toBe(201);
    const before = (await http.call('GET', `${path}/events`)).body.items;
    expect((await held()).length).toBeGreaterThan(5);
    expect(await files()).toBe(1);

    const erased = await http.call('POST', `/v1/customers/${customer}/erase`);
    expect(erased).toMatchObject({ status: 200, body: { customers: [customer], conversations: 2, files: 1 } });

    expect(await held()).toEqual([]);
    expect(await held('u-1"')).toEqual([]);
    expect(await files()).toBe(0);
    const after = (await http.call('GET', `${path}/events`)).body.items as { seq: number; event: { type: string } }[];
    expect(after.map(({ seq }) => seq)).toEqual(after.map((_, index) => index + 1));
    expect(after.slice(0, before.length).map(({ event }) => event.type)).toEqual(
      before.map(({ event }: { event: { type: string } }) => event.type),
    );
    expect(after.at(-1)).toMatchObject({ event: { type: 'customer.erased', customer } });
    expect(JSON.stringify(await http.hub.ledger.read(id))).not.toContain(WORD);
    expect(await http.call('GET', path)).toMatchObject({
      status: 200,
      body: { status: 'closed', customer: { name: null, email: null, externalId: null, attributes: {} } },
    });
  });

  it('[OP7] is done once, for his own workspace, by admins', async () => {
    const { customer } = await talkative('u-2');
    const agent = await http.makeAgent('agent');
    const foreign = await http.otherWorkspace();
    const path = `/v1/customers/${customer}/erase`;
    expect((await http.call('POST', path, { cookie: agent.cookie })).status).toBe(403);
    expect((await http.call('POST', path, { key: foreign.key })).status).toBe(404);
    expect((await http.call('POST', path)).status).toBe(200);
    expect((await http.call('POST', path)).status).toBe(200);
    expect(await held()).toEqual([]);
  });

  it('[OP8] he comes back as a stranger', async () => {
    const begun = await http.call('POST', '/widget/v1/sessions', {
      key: null,
      headers: { origin: 'http://localhost' },
      body: { siteKey: SITE_KEY },
    });
    expect(begun.status).toBeLessThan(300);
    const { token, visitor } = begun.body;
    const asVisitor = { key: token, headers: { origin: 'http://localhost' } };
    expect((await http.call('GET', '/widget/v1/conversations/cnv_none/events', asVisitor)).status).toBe(404);
    expect((await http.call('POST', `/v1/customers/${visitor.id}/erase`)).status).toBe(200);
    expect((await http.call('GET', '/widget/v1/conversations/cnv_none/events', asVisitor)).status).toBe(401);

    const { customer, path } = await talkative('u-3');
    await http.call('POST', `/v1/customers/${customer}/erase`);
    const said = await http.call('POST', `${path}/messages`, {
      body: { author: { role: 'customer' }, clientId: 'c9', text: 'hello' },
    });
    expect(said).toMatchObject({ status: 409, body: { code: 'closed' } });
    const opened = await http.call('POST', '/v1/conversations', { body: { customer: { id: customer } } });
    expect(opened.body.code).toBe('customer_unknown');
    const again = await http.conversation({ customer: { externalId: 'u-3' } });
    expect(again.customer.id).not.toBe(customer);
  });

  it('[OP8] one that was cut off is finished by housekeeping', async () => {
    const { customer } = await talkative('u-4');
    await http.pool.query("update customers set erasing_at = now() - interval '1 hour' where id = $1", [customer]);
    expect(await housekeeping().sweep()).toBe(true);
    expect(await held()).toEqual([]);
  });

  it('[OP9] an export has everything that is held of him', async () => {
    const { customer, id } = await talkative('u-5');
    const { status, body } = await http.call('GET', `/v1/customers/${customer}/export`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ids: [customer],
      customer: { externalId: 'u-5', email: `${WORD}@example.com` },
      conversations: [{ conversation: { id } }],
      files: [{ name: `${WORD}.txt` }],
    });
    const { body: log } = await http.call('GET', `/v1/conversations/${id}/events?limit=1000`);
    expect(body.conversations[0].events).toEqual(log.items);
    const reader = await http.makeKey(['conversations:read']);
    expect((await http.call('GET', `/v1/customers/${customer}/export`, { key: reader })).status).toBe(403);
    await http.call('POST', `/v1/customers/${customer}/erase`);
  });
});

describe('messages', () => {
  it('[OP10] a removed message leaves the log with its file, its edits and its quotes, and keeps its place', async () => {
    const secret = 'card 4111222233334444, I want to talk to a human';
    const { id } = await http.conversation();
    const path = `/v1/conversations/${id}`;
    const file = await upload('card.txt');
    const said = await http.call('POST', `${path}/messages`, {
      idempotencyKey: 'said-once',
      body: {
        author: { role: 'customer' },
        clientId: 'c1',
        parts: [
          { type: 'text', text: secret },
          { type: 'file', file: { id: file } },
        ],
      },
    });
    const message = `${path}/messages/${said.body.message.id}`;
    expect((await http.call('PATCH', message, { body: { text: `Sorry, ${secret}` } })).status).toBe(200);
    await http.call('POST', `${path}/handoff`, { body: {} });
    const onDisk = await files();
    expect((await held('4111222233334444')).length).toBeGreaterThan(2);

    expect((await http.call('DELETE', message)).status).toBe(204);
    expect((await http.call('DELETE', message)).status).toBe(204);

    expect(await held('4111222233334444')).toEqual([]);
    expect(await files()).toBe(onDisk - 1);
    const items = (await http.call('GET', `${path}/events`)).body.items as { event: { type: string } }[];
    expect(items.filter(({ event }) => event.type === 'message.redacted')).toHaveLength(1);
    expect(items[said.body.seq - 1]).toMatchObject({
      event: { message: { author: { role: 'customer' }, parts: [], redacted: true } },
    });
    expect((await http.call('DELETE', `${path}/messages/msg_none`)).status).toBe(404);
    const foreign = await http.otherWorkspace();
    expect((await http.call('DELETE', message, { key: foreign.key })).status).toBe(404);
  });

  it('[OP11] a message is changed by who said it, while it is open', async () => {
    const { id } = await http.conversation();
    const path = `/v1/conversations/${id}`;
    const said = await http.call('POST', `${path}/messages`, {
      body: { author: { role: 'customer' }, clientId: 'c1', text: 'Fridya' },
    });
    const message = `${path}/messages/${said.body.message.id}`;
    const agent = await http.makeAgent('agent');
    expect(await http.call('PATCH', message, { cookie: agent.cookie, body: { text: 'Monday' } })).toMatchObject({
      status: 403,
      body: { code: 'not_allowed' },
    });
    expect(await http.call('PATCH', message, { body: { text: 'Friday' } })).toMatchObject({
      status: 200,
      body: { seq: said.body.seq, message: { edited: true, parts: [{ text: 'Friday' }] } },
    });
    await http.call('POST', `${path}/close`, { body: {} });
    expect((await http.call('PATCH', message, { body: { text: 'late' } })).body.code).toBe('closed');
  });
});

describe('retention', () => {
  it('[OP12] what is older than the workspace wants is deleted, whole; the rest stays', async () => {
    const old = await talkative('old');
    const young = await talkative('young');
    const open = await talkative('open');
    for (const { path } of [old, young]) await http.call('POST', `${path}/close`, { body: {} });
    for (const { id } of [old, open])
      await http.pool.query(
        `update conversations set active_at = now() - interval '40 days', closed_at = closed_at - interval '40 days' where id = $1`,
        [id],
      );
    await http.pool.query("update customers set updated_at = now() - interval '40 days' where id = $1", [old.customer]);
    // Kept answers go by themselves after a day, long before the rest.
    await http.pool.query("update idempotency_keys set created_at = now() - interval '2 days'");
    const house = housekeeping();
    await house.sweep();
    expect((await http.call('GET', old.path)).status).toBe(200);

    expect(await http.call('PATCH', '/v1/workspace', { body: { retentionDays: 0 } })).toMatchObject({ status: 422 });
    expect(await http.call('PATCH', '/v1/workspace', { body: { retentionDays: 30 } })).toMatchObject({
      status: 200,
      body: { retentionDays: 30 },
    });
    const onDisk = await files();
    await house.sweep();
    expect((await http.call('GET', old.path)).status).toBe(404);
    expect(await held(old.id)).toEqual([]);
    expect(await held(old.customer)).toEqual([]);
    expect(await files()).toBe(onDisk - 1);
    expect((await http.call('GET', young.path)).status).toBe(200);
    expect((await http.call('GET', open.path)).status).toBe(200);
    expect(
      (await http.call('PATCH', '/v1/workspace', { body: { retentionDays: null } })).body.retentionDays,
    ).toBeNull();
  });

  it('[OP22] what a visitor uploaded and did not say goes after a day, whatever is kept', async () => {
    const { token, visitor } = (
      await http.call('POST', '/widget/v1/sessions', { key: null, body: { siteKey: SITE_KEY } })
    ).body;
    const ids = [];
    for (const name of ['said.txt', 'old.txt', 'young.txt'])
      ids.push(await upload(name, { key: token }, '/widget/v1/files'));
    const [said, old, young] = ids;
    const site = (await http.call('GET', '/v1/integrations?kind=widget')).body.items[0];
    const id = await openFor(
      { ...http.deps, pool: http.pool },
      { workspace: http.workspace, channel: site.id, customer: visitor.id },
    );
    const file = (await http.pool.query('select id, name, mime, size from files where id = $1', [said])).rows[0];
    await http.hub.ledger.commit(id, {
      type: 'say',
      author: { role: 'customer', id: visitor.id },
      parts: [{ type: 'file', file: { ...file, url: 'http://localhost/files/x/said.txt' } }],
    });
    await http.pool.query("update files set created_at = now() - interval '2 days' where id = any ($1)", [[said, old]]);
    const onDisk = await files();
    await housekeeping().sweep();
    const { rows } = await http.pool.query('select id from files where id = any ($1) order by id', [ids]);
    expect(rows.map((row) => row.id)).toEqual([said, young].sort());
    expect(await files()).toBe(onDisk - 1);
  });

  it('[OP12] one node at a time keeps house', async () => {
    const client = await http.pool.connect();
    try {
      await client.query('select pg_advisory_lock($1)', [0x686f757365]);
      expect(await housekeeping().sweep()).toBe(false);
    } finally {
      await client.query('select pg_advisory_unlock_all()');
      client.release();
    }
    expect(await housekeeping().sweep()).toBe(true);
  });
});

function housekeeping(): Housekeeping {
  return new Housekeeping({
    pool: http.pool,
    ledger: http.hub.ledger,
    filesFolder: join(http.dataDir, 'files'),
    log: http.deps.log,
  });
}
