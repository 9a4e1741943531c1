import { type ConversationId, type CustomerId, type HandoffId, type IntegrationId, textOf } from '@baton/core';
import type { WebhookBotTurn } from '@baton/protocol/schemas';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWebhookTwin, type WebhookTwin } from '#adapters/bots/webhook/twin.ts';
import { createBot } from '#adapters/registry.ts';
import { guardedFetch } from '#kit/guard.ts';
import { newWebhookSecret } from '#kit/standard-webhooks.ts';
import { serveTwin, type TwinServer } from '#kit/twin-server.ts';
import { articlesOf } from '#store/articles.ts';
import { wholeLog } from '#store/conversations.ts';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { type SeededWorkspace, seedWorkspace } from '#test/workspace.ts';
import { realWorld } from '#world';
import type { ReplyOutcome } from './bot-replies.ts';
import { assembleHub, type Hub } from './hub.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const net = guardedFetch('loopback');
let database: TestDatabase;
let pool: pg.Pool;
let seed: SeededWorkspace;
let twin: WebhookTwin;
let hub: Hub;
let door: TwinServer;
/** What each later post came to. */
let outcomes: ReplyOutcome[];
/** Moves the hub's clock on. */
let later = 0;

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.connectionString, max: 6 });
  pool.on('error', () => {});
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  await net.close();
});

beforeEach(async () => {
  later = 0;
  outcomes = [];
  seed = await seedWorkspace(pool);
  const secret: string = newWebhookSecret();
  const real = realWorld(log, net.fetch);
  const world = { ...real, now: () => real.now() + later };
  twin = await startWebhookTwin({ secret, now: world.now });
  const config = { url: twin.url, secret, timeoutSeconds: 20 };
  await pool.query(`update integrations set kind = 'webhook', name = 'Robin', config = $2 where id = $1`, [
    seed.bot,
    config,
  ]);
  // Stands for the route of http/: it hands token, actions and key on.
  door = await serveTwin(async (request, body, response) => {
    const { token, actions } = JSON.parse(body) as { token: string; actions: unknown };
    const key = request.headers['idempotency-key'];
    const outcome = await hub.replies?.take({ token, actions, ...(typeof key === 'string' ? { key } : {}) });
    if (outcome) outcomes.push(outcome);
    response.writeHead(outcome?.ok ? 200 : 409).end(JSON.stringify(outcome));
  });
  hub = assembleHub({
    pool,
    world,
    replies: { secret: 'a secret key of the server', publicUrl: () => door.url },
    makeBot: (workspace, { id, name, kind, config: stored }) =>
      createBot({ kind, config: stored }, { id, name, world, articles: articlesOf(pool, workspace, world.now) }),
  });
  await hub.directory.load([seed.workspace]);
  hub.start();
});
afterEach(async () => {
  await hub.stop();
  await door.close();
  await twin.close();
});

async function opened(): Promise<ConversationId> {
  const id: ConversationId = `cnv_${seed.workspace.slice(4)}${Math.random().toString(36).slice(2, 8)}`;
  const { workspace, channel, bot, customer } = seed;
  const outcome = await hub.ledger.open({ type: 'open', id, workspace, channel, customer, bot });
  expect(outcome.ok).toBe(true);
  return id;
}

async function customerSays(id: ConversationId, text: string): Promise<void> {
  const author = { role: 'customer', id: seed.customer as CustomerId } as const;
  const outcome = await hub.ledger.commit(id, {
    type: 'say',
    author,
    parts: [{ type: 'text', text }],
    clientId: `c${Math.random()}`,
  });
  expect(outcome.ok).toBe(true);
}

/** The bot's words so far, in order. */
async function botWords(id: ConversationId): Promise<string[]> {
  const events = await wholeLog(pool, id);
  return events.flatMap(({ event }) =>
    event.type === 'message' && event.message.author.role === 'bot' ? [textOf(event.message.parts)] : [],
  );
}

async function types(id: ConversationId): Promise<string[]> {
  return (await wholeLog(pool, id)).map(({ event }) => event.type);
}

async function turnOf(count = 1): Promise<WebhookBotTurn> {
  await expect.poll(() => twin.turns.length).toBeGreaterThanOrEqual(count);
  const asked = twin.turns[count - 1];
  if (!asked) throw new Error('The bot was not asked.');
  return asked.turn;
}

const say = (text: string) => [{ type: 'say', text }];

describe('a webhook bot on the hub', () => {
  it('[BT1] says once what it answers inline', async () => {
    const id = await opened();
    twin.behave({ inline: { actions: [...say('One'), ...say('Two')] } });
    await customerSays(id, 'hello');
    await expect.poll(() => botWords(id)).toEqual(['One', 'Two']);
  });

  it('[BT23] answers later, in several posts', async () => {
    const id = await opened();
    twin.behave({ later: true });
    await customerSays(id, 'hello');
    const turn = await turnOf();
    await twin.post(turn, [{ type: 'typing' }]);
    await twin.post(turn, [{ type: 'set', tags: ['slow'] }]);
    await twin.post(turn, say('Let me see ...'));
    await twin.post(turn, say('Here it is.'));
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    expect(await botWords(id)).toEqual(['Let me see ...', 'Here it is.']);
    expect((await hub.ledger.read(id))?.turns).toEqual([]);
    expect((await hub.ledger.read(id))?.flags.map(({ name }) => name)).toEqual(['slow']);
  });

  it('[BT22] a post that comes twice changes nothing the second time and gets the first answer', async () => {
    const id = await opened();
    twin.behave({ later: true });
    await customerSays(id, 'hello');
    const turn = await turnOf();
    await twin.post(turn, say('Hi'), 'k1');
    await twin.post(turn, say('Hi'), 'k1');
    await twin.post(turn, say('Hi'));
    await twin.post(turn, say('Hi'));
    await twin.post(turn, say('Hi'), 'k2');
    expect(await botWords(id)).toEqual(['Hi', 'Hi', 'Hi']);
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[3]).toEqual(outcomes[2]);
  });

  it('[BT22] also when its own handoff has moved control on', async () => {
    const id = await opened();
    twin.behave({ later: true });
    await customerSays(id, 'hello');
    const turn = await turnOf();
    const actions = [...say('A colleague knows.'), { type: 'handoff', summary: 'He said hello', queue: 'Support' }];
    await twin.post(turn, actions);
    await twin.post(turn, actions);
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[0]?.ok).toBe(true);
    expect(await botWords(id)).toEqual(['A colleague knows.']);
    expect((await types(id)).filter((type) => type === 'handoff.requested')).toHaveLength(1);
    expect((await hub.ledger.read(id))?.handoff).toMatchObject({
      reason: 'bot_asked',
      summary: 'He said hello',
      queue: seed.queue,
    });
  });

  it('[BT21] what comes after control has moved on is refused, whatever it asks for', async () => {
    const id = await opened();
    twin.behave({ later: true });
    await customerSays(id, 'hello');
    const turn = await turnOf();
    await hub.ledger.commit(id, { type: 'take', agent: { id: 'agt_dana', name: 'Dana' } });
    const before = await types(id);
    for (const actions of [
      say('Too late'),
      [{ type: 'close' }],
      [{ type: 'set', tags: ['x'] }],
      [{ type: 'handoff' }],
      [{ type: 'typing' }],
    ])
      await twin.post(turn, actions);
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code))).toEqual(Array(5).fill('control_lost'));
    expect(await types(id)).toEqual(before);
  });

  it('[BT21] nor does an answer to an old turn count after the human has given control back', async () => {
    const id = await opened();
    twin.behave({ later: true });
    await customerSays(id, 'hello');
    const turn = await turnOf();
    const dana = { id: 'agt_dana', name: 'Dana' };
    await hub.ledger.commit(id, { type: 'take', agent: dana });
    await hub.ledger.commit(id, {
      type: 'say',
      author: { role: 'agent', ...dana },
      parts: [{ type: 'text', text: 'I will call you tomorrow.' }],
    });
    await hub.ledger.commit(id, { type: 'release', by: { role: 'agent', agent: dana }, note: 'all done' });
    await twin.post(turn, say('Too late'));
    expect(outcomes).toMatchObject([{ ok: false, code: 'control_lost' }]);
    const returned = await turnOf(2);
    expect(returned).toMatchObject({
      type: 'conversation.returned',
      message: null,
      returned: { agent: 'Dana', note: 'all done', promised: ['I will call you tomorrow.'] },
    });
    expect(returned.epoch).toBeGreaterThan(turn.epoch);
  });

  it('[BT20] a token is good for its own turn and for an hour; a forged one is refused', async () => {
    const id = await opened();
    twin.behave({ later: true });
    await customerSays(id, 'hello');
    const turn = await turnOf();
    const [body, signature] = (turn.reply_token ?? '').split('.');
    const claim = JSON.parse(Buffer.from(body ?? '', 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claim, bot: 'int_other' })).toString('base64url');
    for (const token of ['', 'x', 'a.b', 'a.b.c', `${forged}.${signature}`, `${body}.${signature}x`, `${body}.`]) {
      await twin.post({ ...turn, reply_token: token }, say('Let me in'));
    }
    later = 3_600_001;
    await twin.post(turn, say('Hello?'));
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code))).toEqual(Array(8).fill('token_invalid'));
    expect(await botWords(id)).toEqual([]);
  });

  it('[BT16] nonsense posted later is refused with the field that is wrong', async () => {
    const id = await opened();
    twin.behave({ later: true });
    await customerSays(id, 'hello');
    await twin.post(await turnOf(), [{ type: 'say', text: 7 }]);
    expect(outcomes).toMatchObject([
      { ok: false, code: 'invalid', message: expect.stringContaining('actions.0.text') },
    ]);
  });

  it('[BT13] a bot that fails twice leads to a person, never to silence', async () => {
    const id = await opened();
    twin.fault('error');
    twin.fault('error');
    await customerSays(id, 'hello');
    await expect.poll(() => types(id)).toContain('handoff.requested');
    const handoff: { id: HandoffId; reason: string } | null | undefined = (await hub.ledger.read(id))?.handoff;
    expect(handoff?.reason).toBe('bot_error');
    expect(new Set(twin.turns.map(({ delivery }) => delivery)).size).toBe(1);
  });
});

it('[BT54] a bot of an unknown kind is named', () => {
  const deps = {
    id: 'int_x' as IntegrationId,
    name: 'X',
    world: realWorld(log, fetch),
    articles: articlesOf(pool, 'wsp_x', () => 0),
  };
  expect(() => createBot({ kind: 'oracle', config: {} }, deps)).toThrow(
    'There is no bot of the kind "oracle". Use one of: house, webhook.',
  );
});
