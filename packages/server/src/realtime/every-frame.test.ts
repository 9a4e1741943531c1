// Every client frame of the schema, sent by everybody who may not: nobody, visitors, lesser roles, other workspaces.
import { randomBytes } from 'node:crypto';
import type { ServerFrame } from '@baton/protocol';
import { ClientFrame } from '@baton/protocol/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { saveKey } from '#store/keys.ts';
import { hashToken } from '#store/secrets.ts';
import { KEY, type RunningBaton, runBaton } from '#test/baton.ts';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { sampleOf } from '#test/sample.ts';
import { TestSocket } from '#test/side.ts';

/** In the conversation that nobody else may see. */
const WORDS = 'nobody but us may read this';
const PING = { type: 'ping' };

let database: TestDatabase;
let run: RunningBaton;
let strangerKey: string;
/** A conversation of a customer who waits for a person, and what belongs to it. */
let secret: { conversation: string; handoff: string };
let visitor: string;
let other: string;

beforeAll(async () => {
  database = await testDatabase();
  run = await runBaton(database.connectionString);
  const customer = await run.visitor();
  visitor = customer.token;
  other = (await run.visitor()).token;
  const socket = await run.socket({ visitor });
  socket.say('first', WORDS);
  const { conversation } = await socket.next('ack');
  socket.send({ type: 'ask-human', conversation });
  await socket.next('ack');
  // In the line nothing more happens to it by itself.
  await socket.next('event', ({ event }) => event.type === 'handoff.queued');
  const { body } = await run.ask('GET', '/v1/handoffs');
  secret = { conversation: conversation as string, handoff: body.items[0].id };
  strangerKey = await keyOf(await anotherWorkspace(), ['admin']);
});
afterAll(async () => {
  await run.stop();
  await database.drop();
});

async function anotherWorkspace(): Promise<`wsp_${string}`> {
  const { pool } = run.baton;
  await pool.query(`insert into workspaces (id, name, default_queue) values ('wsp_other', 'Other', 'que_other')`);
  await pool.query(`insert into queues (workspace_id, id, name) values ('wsp_other', 'que_other', 'Support')`);
  return 'wsp_other';
}

async function keyOf(workspace: `wsp_${string}`, scopes: readonly string[]): Promise<string> {
  const key = `baton_${randomBytes(12).toString('hex')}`;
  const id = `key_${randomBytes(6).toString('hex')}` as const;
  await saveKey(run.baton.pool, { id, workspace, name: scopes.join(' '), scopes, hash: hashToken(key) });
  return key;
}

/** A frame of each type, about the secret conversation. */
function frames(): [type: string, frame: Record<string, unknown>][] {
  const schema = z.toJSONSchema(ClientFrame, { io: 'input' });
  return ClientFrame.options.map((option) => {
    const type = option.shape.type.value;
    const frame = sampleOf(schema, (one) => one.properties?.['type']?.const === type) as Record<string, unknown>;
    const named = 'conversation' in option.shape ? { conversation: secret.conversation } : {};
    const asked = 'handoff' in option.shape ? { handoff: secret.handoff } : {};
    const parts = 'parts' in option.shape ? { parts: [{ type: 'text', text: 'an intruder' }] } : {};
    return [type, { ...frame, ...named, ...asked, ...parts, id: `walk-${type}` }];
  });
}

/** Sends one frame after the other, and everything that came back. */
async function walk(
  socket: TestSocket,
  only: (type: string) => boolean = () => true,
): Promise<Map<string, ServerFrame>> {
  const answers = new Map<string, ServerFrame>();
  for (const [type, frame] of frames()) {
    if (type === 'ping' || !only(type)) continue;
    socket.send(frame);
    // Answered in order: the pong comes after the answer, also where there is none (typing, read).
    socket.send(PING);
    await socket.next('pong');
    const id = String(frame['clientId'] ?? frame['id']);
    const answer = socket.frames.findLast((one) => one.type !== 'event' && idOf(one) === id);
    if (answer) answers.set(type, answer);
  }
  return answers;
}

function idOf(frame: ServerFrame): string | undefined {
  const { clientId, id } = frame as { clientId?: string; id?: string };
  return clientId ?? id;
}

/** About its own self, not about the conversation. */
const OWN = new Set(['hello', 'ping', 'presence', 'unfollow']);

async function untouched<T>(work: () => Promise<T>): Promise<T> {
  const log = async () =>
    (
      await run.baton.pool.query('select seq, type from events where conversation_id = $1 order by seq', [
        secret.conversation,
      ])
    ).rows;
  const before = await log();
  const result = await work();
  expect(await log()).toEqual(before);
  return result;
}

describe('who may send what', () => {
  it('[SE9] nobody gets an answer to any frame before hello', async () => {
    for (const path of ['/v1/realtime', '/widget/v1/realtime']) {
      for (const [type, frame] of frames()) {
        const socket = new TestSocket(new WebSocket(run.url.replace('http', 'ws') + path));
        await socket.opened;
        socket.send(frame);
        expect([1008, 4401], `${path} ${type}`).toContain(await socket.closed());
        expect(socket.frames.map(({ type: told }) => told)).toEqual(['refused']);
      }
    }
  });

  it.each([
    [
      'a visitor of another conversation',
      () => run.socket({ visitor: other }, { since: { [secret.conversation]: 0 } }),
    ],
    ['a key of another workspace', () => run.socket({ key: strangerKey }, { since: { [secret.conversation]: 0 } })],
  ])('[SE9] %s changes nothing, and hears nothing, by any frame', async (_, open) => {
    const socket = await open();
    const answers = await untouched(() => walk(socket));
    for (const [type, answer] of answers)
      if (!OWN.has(type)) expect(answer, `${type}: ${JSON.stringify(answer)}`).toMatchObject({ type: 'refused' });
    expect(JSON.stringify(socket.frames)).not.toContain(WORDS);
    expect(socket.frames.filter(({ type }) => type === 'event')).toEqual([]);
  });

  it('[SE9] a visitor sends no frame of staff, not even in his own conversation', async () => {
    const socket = await run.socket({ visitor });
    const his = new Set(['hello', 'say', 'typing', 'read', 'ask-human', 'cancel', 'close', 'rate']);
    const answers = await untouched(() => walk(socket, (type) => !his.has(type)));
    expect(answers.size).toBeGreaterThan(10);
    for (const [type, answer] of answers) expect(answer, type).toMatchObject({ type: 'refused', code: 'not_allowed' });
  });

  it('[SE9] a key reads with conversations:read only, and writes with conversations:write only', async () => {
    const workspace = (await run.ask('GET', '/v1/workspace')).body.id;
    const none = await run.socket(
      { key: await keyOf(workspace, ['availability:read', 'handoffs:write']) },
      { since: { [secret.conversation]: 0 } },
    );
    const refused = await untouched(() => walk(none));
    for (const [type, answer] of refused) if (!OWN.has(type)) expect(answer, type).toMatchObject({ type: 'refused' });
    expect(none.frames.filter(({ type }) => type === 'event')).toEqual([]);

    const reader = await run.socket({ key: await keyOf(workspace, ['conversations:read']) });
    await untouched(() => walk(reader, (type) => type !== 'follow'));
    reader.send({ type: 'follow', conversation: secret.conversation, after: 0 });
    await reader.next('event');
  });

  it('[SE9] an agent of the workspace is heard; what is not his to do is refused', async () => {
    const agent = await run.socket({ cookie: (await run.agent('agent')).cookie });
    const answers = await walk(agent, (type) =>
      ['ask-human', 'cancel', 'rate', 'decline', 'release', 'follow'].includes(type),
    );
    expect(answers.get('follow')).toMatchObject({ type: 'ack' });
    for (const type of ['ask-human', 'cancel', 'rate']) expect(answers.get(type)).toMatchObject({ type: 'refused' });
  });
});

it('[SE8] taking a conversation from a colleague by force is noted; taking what nobody has is not', async () => {
  const [first, second] = [await run.agent('agent'), await run.agent('agent')];
  const taker = await run.socket({ cookie: first.cookie });
  taker.send({ type: 'take', id: 't', conversation: secret.conversation });
  expect(await taker.next('ack')).toMatchObject({ id: 't' });
  const other = await run.socket({ cookie: second.cookie });
  other.send({ type: 'take', id: 'u', conversation: secret.conversation, force: true });
  expect(await other.next('ack')).toMatchObject({ id: 'u' });
  const entries = async () => (await run.ask('GET', '/v1/audit?action=take.force')).body.items;
  const deadline = Date.now() + 25_000;
  while ((await entries()).length === 0 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await entries()).toMatchObject([{ actor: { kind: 'agent', id: second.id }, target: secret.conversation }]);
});

it('[SE10] [SE17] a socket ends soon after its login, its key, its agent or its site is no longer good, and is a use of its key', async () => {
  const { cookie, id } = await run.agent('agent');
  const gone = await run.agent('agent');
  const made = await run.ask('POST', '/v1/keys', { name: 'short', scopes: ['conversations:read'] });
  const [byKey, byCookie, disabled, stays] = await Promise.all([
    run.socket({ key: made.body.key }),
    run.socket({ cookie }),
    run.socket({ cookie: gone.cookie }),
    run.socket({ key: KEY }),
  ]);
  const site = await run.ask('POST', '/v1/integrations', {
    side: 'channel',
    kind: 'widget',
    name: 'Off soon',
    config: {},
  });
  const visit = await run.ask('POST', '/widget/v1/sessions', { siteKey: site.body.siteKey }, null);
  const shut = await run.socket({ visitor: visit.body.token });
  await run.ask('PATCH', `/v1/integrations/${site.body.id}`, { enabled: false });
  await run.ask('DELETE', `/v1/keys/${made.body.id}`);
  await run.ask('DELETE', '/v1/session', undefined, { cookie });
  await run.ask('DELETE', `/v1/agents/${gone.id}`);
  await run.baton.pool.query('update api_keys set last_used_at = null');
  const codes = [byKey, byCookie, disabled, shut].map((one) =>
    one.until(() => one.closeCode ?? undefined, `the end of ${id}`),
  );
  // A browser may have a new cookie by now, and comes back: who has none is refused then.
  expect(await Promise.all(codes)).toEqual([4401, 1012, 1012, 1012]);
  expect(byCookie.frames.at(-1)).toMatchObject({ type: 'bye', reason: 'token_expired' });
  const back = new TestSocket(new WebSocket(`${run.url.replace('http', 'ws')}/v1/realtime`, { headers: { cookie } }));
  await back.opened;
  back.send({ type: 'hello' });
  expect(await back.closed()).toBe(4401);
  expect(stays.closeCode).toBeNull();
  // A socket is a use of its key, however long ago its hello was.
  const used = async () =>
    (await run.baton.pool.query('select 1 from api_keys where last_used_at is not null and revoked_at is null'))
      .rowCount;
  const deadline = Date.now() + 25_000;
  while ((await used()) === 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await used()).toBeGreaterThan(0);
});

it('[SE12] a client that says it has seen more than there is hears what there is, and harms no other reader', async () => {
  const { token } = await run.visitor();
  const mine = await run.socket({ visitor: token });
  mine.say('mine', 'Hello');
  const { conversation } = await mine.next('ack');
  const liar = await run.socket({ visitor: token }, { since: { [conversation as string]: 2_147_483_000 } });
  await liar.next('event');
  liar.send(PING);
  await liar.next('pong');
  const honest = await run.socket({ key: KEY });
  honest.send({ type: 'follow', conversation, after: 0, id: 'f' });
  await honest.next('ack');
  mine.say('later', 'Are you there?');
  await honest.until(() => honest.texts().includes('Are you there?') || undefined, 'what was said later');
  await liar.until(() => liar.texts().includes('Are you there?') || undefined, 'the same');
});

it('[SE3] a visitor who sends too much is told when to go on, and nothing of it was done', async () => {
  const own = await testDatabase();
  const limited = await runBaton(own.connectionString, { config: { rateLimits: 0.1 } });
  const socket = await limited.socket({ visitor: (await limited.visitor()).token });
  for (let i = 0; i < 20; i++) socket.say(`c${i}`, `message ${i}`);
  const refused = await socket.next('refused');
  expect(refused).toMatchObject({ code: 'rate_limited', clientId: expect.any(String) });
  expect(refused.retryAfterMs).toBeGreaterThan(0);
  await socket.until(
    () => socket.frames.filter(({ type }) => type === 'refused' || type === 'ack').length >= 20 || undefined,
    'all answers',
  );
  const { rows } = await limited.baton.pool.query(
    `select count(*)::int as said from events where type = 'message' and event->'message'->'author'->>'role' = 'customer'`,
  );
  expect(rows[0].said).toBe(socket.frames.filter(({ type }) => type === 'ack').length);
  await limited.stop();
  await own.drop();
});
