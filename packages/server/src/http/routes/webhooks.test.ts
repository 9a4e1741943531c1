import type { AgentId, ConversationId, HandoffId } from '@baton/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_LIMITS } from '#http/limits.ts';
import { verifyWebhook } from '#kit/standard-webhooks.ts';
import { advance, finish, leaseDue } from '#store/cursors.ts';
import { rewind } from '#store/webhooks.ts';
import { type Came, type TestEndpoint, testEndpoint } from '#test/endpoint.ts';
import { type TestHttp, testHttp } from '#test/http.ts';

let http: TestHttp;
let endpoint: TestEndpoint;
beforeAll(async () => {
  endpoint = await testEndpoint();
  http = await testHttp({ reach: 'any' }, NO_LIMITS, { webhooks: true });
});
beforeEach(() => {
  endpoint.came.length = 0;
  endpoint.answers.length = 0;
});
// What one test has to tell is not told into the next.
afterEach(async () => {
  const due = `select 1 from cursors join webhooks on side in ('webhook:' || id, 'reply:' || id) where url = $1 and due_at is not null`;
  await expect.poll(async () => (await http.pool.query(due, [endpoint.url])).rowCount).toBe(0);
});
afterAll(async () => {
  await http.stop();
  await endpoint.stop();
});

const DANA = { id: 'agt_dana' as AgentId, name: 'Dana' };

const taken = (came: readonly Came[]) => came.filter(({ status }) => status < 300).map(({ body }) => body);
const typesOf = (came: readonly Came[]) => taken(came).map(({ type }) => type);

async function accept(handoff: { id: string; conversation: string }): Promise<void> {
  const outcome = await http.hub.ledger.commit(handoff.conversation as ConversationId, {
    type: 'accept',
    handoff: handoff.id as HandoffId,
    agent: DANA,
    direct: true,
  });
  expect(outcome.ok).toBe(true);
}

async function says(conversation: string, text: string): Promise<void> {
  const outcome = await http.hub.ledger.commit(conversation as ConversationId, {
    type: 'say',
    author: { role: 'agent', ...DANA },
    parts: [{ type: 'text', text }],
  });
  expect(outcome.ok).toBe(true);
}

describe('replyWebhook', () => {
  it('[WH4] hears what people say and do from its handoff on, signed, and nothing that its bot said itself', async () => {
    const { handoff, conversation, replyWebhook } = await http.handoff({
      transcript: [
        { role: 'customer', text: 'Hello' },
        { role: 'agent', text: 'An old answer', name: 'Eve' },
      ],
      replyWebhook: endpoint.url,
    });
    expect(replyWebhook).toMatchObject({ url: endpoint.url, secret: expect.stringMatching(/^whsec_/) });
    await accept(handoff);
    await http.call('POST', `/v1/conversations/${conversation.id}/messages`, {
      body: { author: { role: 'customer' }, text: 'Are you there?', clientId: 'c1' },
    });
    await http.call('POST', `/v1/conversations/${conversation.id}/flags`, { body: { name: 'vip' } });
    await says(conversation.id, 'Yes, I am Dana.');
    await http.call('POST', `/v1/conversations/${conversation.id}/return`, { body: { note: 'Refunded.' } });
    await endpoint.until(
      (came) => typesOf(came).at(-1) === 'control.changed' && typesOf(came).includes('handoff.ended'),
      'the return',
    );

    const heard = taken(endpoint.came);
    expect(typesOf(endpoint.came)).toContain('handoff.accepted');
    expect(heard[0]).toMatchObject({ type: 'handoff.requested', conversation: conversation.id });
    expect(heard.filter(({ type }) => type === 'message').map(({ event }) => event.message.author.role)).not.toContain(
      'customer',
    );
    const said = heard.flatMap(({ event }) =>
      event.message?.author.role === 'agent' ? event.message.parts[0].text : [],
    );
    expect(said).toEqual(['Yes, I am Dana.']);
    const seqs = heard.map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    for (const { headers, raw } of endpoint.came)
      expect(verifyWebhook([replyWebhook?.secret ?? ''], headers, raw, Date.now()).ok).toBe(true);

    // What the bot needs to go on.
    const { body } = await http.call('GET', `/v1/conversations/${conversation.id}/context`);
    expect(body.returned).toMatchObject({
      outcome: 'returned_to_bot',
      note: 'Refunded.',
      agent: DANA,
      said: [{ name: 'Dana', text: 'Yes, I am Dana.' }],
    });
    expect(body.handoff.transcript.length).toBeGreaterThan(2);
    const short = (await http.call('GET', `/v1/conversations/${conversation.id}/context?transcript=none`)).body;
    expect(short.handoff).toEqual({ ...body.handoff, transcript: [] });
    const now = (await http.call('GET', `/v1/conversations/${conversation.id}`)).body;
    expect(now).toMatchObject({ handoff: null, lastHandoff: { id: handoff.id, outcome: 'returned_to_bot' } });
  });

  it("[WH4] ends with a later handoff that names another one, and is in nobody else's list", async () => {
    const other = await testEndpoint();
    const first = await http.handoff({ replyWebhook: endpoint.url });
    const { id } = first.conversation;
    await accept(first.handoff);
    await http.call('POST', `/v1/conversations/${id}/return`, { body: {} });
    const second = await http.call('POST', `/v1/conversations/${id}/handoff`, { body: { replyWebhook: other.url } });
    expect(second).toMatchObject({ status: 201, body: { replyWebhook: { url: other.url } } });
    await accept(second.body.handoff);
    await says(id, 'To the second.');
    await other.until((came) => typesOf(came).at(-1) === 'message', 'the message at the second endpoint');
    expect(taken(other.came)[0]).toMatchObject({
      type: 'handoff.requested',
      event: { handoff: second.body.handoff.id },
    });
    await endpoint.until((came) => typesOf(came).includes('handoff.ended'), 'the end of the first');
    expect(taken(endpoint.came).every(({ seq }) => seq < taken(other.came)[0].seq)).toBe(true);
    expect((await http.call('GET', '/v1/webhooks')).body.items).toEqual([]);
    await other.stop();
  });

  it('[WH4] does not hear of the handoff that names another one where that comes while it is being told', async () => {
    const other = await testEndpoint();
    const { handoff, conversation } = await http.handoff({ replyWebhook: endpoint.url });
    await endpoint.until((came) => typesOf(came).includes('handoff.queued'), 'the first handoff');
    const { directory } = http.hub;
    const { webhookNow } = directory;
    const meanwhile = vi.spyOn(directory, 'webhookNow').mockImplementationOnce(async (...of) => {
      await http.call('POST', `/v1/conversations/${conversation.id}/return`, { body: {} });
      await http.call('POST', `/v1/conversations/${conversation.id}/handoff`, { body: { replyWebhook: other.url } });
      return webhookNow.apply(directory, of);
    });
    await accept(handoff);
    await other.until((came) => typesOf(came).includes('handoff.queued'), 'the second handoff');
    await endpoint.until((came) => typesOf(came).includes('handoff.ended'), 'the end of the first');
    expect(meanwhile).toHaveBeenCalled();
    expect(typesOf(endpoint.came).filter((type) => type === 'handoff.requested')).toHaveLength(1);
    meanwhile.mockRestore();
    await other.stop();
  });

  it('[WH4, AP5] is one endpoint with one secret when the request is made again, and a private one is refused', async () => {
    const body = { customer: { name: 'Ada' }, replyWebhook: endpoint.url };
    const [one, again] = [
      await http.call('POST', '/v1/handoffs', { body, idempotencyKey: 'reply-1' }),
      await http.call('POST', '/v1/handoffs', { body, idempotencyKey: 'reply-1' }),
    ];
    expect(again.body).toEqual(one.body);
    const { rows } = await http.pool.query('select body::text as text from idempotency_keys where key like $1', [
      '%reply-1',
    ]);
    expect(rows[0].text).not.toContain('whsec_');
    expect(rows[0].text).toContain(`"${one.body.conversation.id}"`);
    const shown = (await http.call('GET', `/v1/handoffs/${one.body.handoff.id}`)).body.replyWebhook;
    expect(shown).toEqual({ id: one.body.replyWebhook.id, url: endpoint.url });
    const strict = await testHttp();
    const refused = await strict.call('POST', '/v1/handoffs', { body });
    expect(refused).toMatchObject({ status: 422, body: { code: 'address_private' } });
    expect((await strict.call('GET', '/v1/handoffs')).body.items).toEqual([]);
    await strict.stop();
  });
});

describe('deliveries', () => {
  async function webhook(events = ['message']) {
    const { body } = await http.call('POST', '/v1/webhooks', { body: { url: endpoint.url, events } });
    return body as { id: string; secret: string };
  }
  const deliveries = async (id: string, query = '') =>
    (await http.call('GET', `/v1/webhooks/${id}/deliveries${query}`)).body.items as {
      event: string;
      seq: number;
      status: string;
      attempts: number;
    }[];
  const remove = (id: string) => http.call('DELETE', `/v1/webhooks/${id}`);

  it('[WH5, WH6] are listed with their tries, and sent again one by one or since a moment', async () => {
    const { id } = await webhook();
    const since = new Date().toISOString();
    endpoint.answers.push(500);
    const { id: conversation } = await http.conversation();
    for (const clientId of ['a', 'b', 'c'])
      await http.call('POST', `/v1/conversations/${conversation}/messages`, {
        body: { author: { role: 'customer' }, text: clientId, clientId },
      });
    await endpoint.until((came) => taken(came).length >= 3, 'three messages');
    const statuses = async () => (await deliveries(id)).map(({ status }) => status);
    await expect.poll(statuses).toEqual(['sent', 'sent', 'sent']);
    const list = await deliveries(id, `?conversation=${conversation}`);
    expect(list.at(-1)).toMatchObject({ attempts: 2, type: 'message', error: null });
    const paged = (await http.call('GET', `/v1/webhooks/${id}/deliveries?limit=2`)).body;
    const rest = (await http.call('GET', `/v1/webhooks/${id}/deliveries?limit=2&after=${paged.next}`)).body;
    expect([...paged.items, ...rest.items].map(({ seq }: { seq: number }) => seq)).toEqual(list.map(({ seq }) => seq));
    const ofConversation = (await http.call('GET', `/v1/conversations/${conversation}/deliveries?side=webhook:${id}`))
      .body;
    expect(ofConversation.items).toHaveLength(3);

    endpoint.came.length = 0;
    const one = await http.call('POST', `/v1/webhooks/${id}/replay`, { body: { event: list[0]?.event } });
    expect(one).toMatchObject({ status: 200, body: { ok: true } });
    expect(endpoint.came.map(({ id: event }) => event)).toEqual([list[0]?.event]);

    endpoint.came.length = 0;
    const all = await http.call('POST', `/v1/webhooks/${id}/replay`, { body: { since } });
    expect(all).toMatchObject({ status: 202, body: { conversations: 1 } });
    await endpoint.until((came) => came.length >= 3, 'all of them again');
    expect(endpoint.came.map(({ id: event }) => event)).toEqual(list.map(({ event }) => event).reverse());
    for (const body of [{}, { event: 'evt_nonsense' }, { event: list[0]?.event, since }])
      expect((await http.call('POST', `/v1/webhooks/${id}/replay`, { body })).status).toBe(422);
    await remove(id);
  });

  it('[WH6] a cursor that is put back while somebody is at it stays there', async () => {
    const { id: conversation } = await http.conversation();
    // Of a kind that no worker takes.
    const side = 'elsewhere:whk_1';
    await http.pool.query('insert into cursors (conversation_id, side, seq, due_at) values ($1, $2, 1, now())', [
      conversation,
      side,
    ]);
    const [lease] = await leaseDue(http.pool, 'node', 'elsewhere:', 1);
    if (!lease) throw new Error('It was not due.');
    await rewind(http.pool, http.workspace, { side, conversation, since: new Date(0) });
    expect(await advance(http.pool, lease, 2)).toBe(false);
    await finish(http.pool, lease, 2);
    const [again] = await leaseDue(http.pool, 'node', 'elsewhere:', 1);
    expect(again?.seq).toBe(0);
  });

  it('[WH7] a test says what came back, and health tells since when an endpoint fails', async () => {
    const { id, secret } = await webhook();
    expect((await http.call('POST', `/v1/webhooks/${id}/test`, { body: {} })).body).toMatchObject({ ok: true });
    const [test] = endpoint.came;
    expect(test?.body.type).toBe('webhook.test');
    expect(verifyWebhook([secret], test?.headers ?? {}, test?.raw ?? '', Date.now()).ok).toBe(true);
    endpoint.answers.push(410);
    expect((await http.call('POST', `/v1/webhooks/${id}/test`, { body: {} })).body).toMatchObject({ ok: false });

    endpoint.answers.push(500);
    await http.pool.query("update webhooks set failing_since = now() - interval '6 days' where id = $1", [id]);
    const { id: conversation } = await http.conversation();
    await http.call('POST', `/v1/conversations/${conversation}/messages`, {
      body: { author: { role: 'customer' }, text: 'hi', clientId: 'x' },
    });
    await expect.poll(async () => (await http.call('GET', `/v1/webhooks/${id}`)).body.enabled).toBe(false);
    const off = (await http.call('GET', `/v1/webhooks/${id}`)).body;
    expect(off.health).toMatchObject({ disabledAt: expect.any(String), lastError: expect.stringContaining('500') });
    await expect
      .poll(async () => (await http.call('GET', `/v1/audit?target=${id}&action=webhook.disabled`)).body.items.length)
      .toBe(1);
    const on = (await http.call('PATCH', `/v1/webhooks/${id}`, { body: { enabled: true } })).body;
    expect(on).toMatchObject({ enabled: true, health: { disabledAt: null, failingSince: null } });
    await remove(id);
  });

  it('[WH8] what comes while an endpoint is paused is no try, and comes afterwards', async () => {
    const { id } = await webhook();
    http.hub.circuits.health(id as `whk_${string}`).pausedUntil = Date.now() + 700;
    const { id: conversation } = await http.conversation();
    await http.call('POST', `/v1/conversations/${conversation}/messages`, {
      body: { author: { role: 'customer' }, text: 'hi', clientId: 'y' },
    });
    await endpoint.until((came) => came.length === 1, 'the message');
    await expect.poll(async () => (await deliveries(id))[0]?.attempts).toBe(1);
    await remove(id);
  });
});
