import type { AgentId, ConversationId, Hours, NewId, QueueId } from '@baton/core';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newWebhookSecret } from '#kit/standard-webhooks.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { wholeLog } from '#store/conversations.ts';
import { mergeCustomer } from '#store/customers.ts';
import { Seal } from '#store/sealed.ts';
import { webhookPlace } from '#store/sealed-config.ts';
import { newToken } from '#store/secrets.ts';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { asks as asking, type Clock, commit, type LineNode, lineNode, makeAgent, until } from '#test/line-node.ts';
import { type SeededWorkspace, seedWorkspace } from '#test/workspace.ts';
import { agentRemoved } from './agent-removed.ts';
import type { AskHook } from './routing-hooks.ts';

let database: TestDatabase;
let pool: pg.Pool;
let seed: SeededWorkspace;
let nodes: LineNode[] = [];
const clock: Clock = { now: Date.now() };
let made = 0;
const newId: NewId = (prefix) => `${prefix}_${String(++made).padStart(12, '0')}${Math.random().toString(36).slice(2)}`;
const seal = new Seal(newToken());

function node(name = 'a', ask?: AskHook): LineNode {
  const one = lineNode(pool, clock, { name, newId, seal, ...(ask ? { ask } : {}) });
  nodes.push(one);
  return one;
}

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.connectionString, max: 12 });
  pool.on('error', () => {});
});
beforeEach(async () => {
  clock.now = Date.parse('2026-11-23T12:00:00Z');
  seed = await seedWorkspace(pool);
});
afterEach(async () => {
  await Promise.all(nodes.map((one) => one.stop()));
  nodes = [];
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const asks = (at: LineNode, more: Parameters<typeof asking>[4] = {}) => asking(at, seed, clock, newId, more);

async function consolesOf(agent: AgentId): Promise<number | null> {
  return (await pool.query('select from agent_presence where agent_id = $1', [agent])).rowCount;
}

async function online(at: LineNode, columns: Record<string, unknown> = {}): Promise<AgentId> {
  const id = await makeAgent(pool, seed, newId, columns);
  at.presence.connected(seed.workspace, id, `c_${id}`);
  await until(async () => (await consolesOf(id)) === 1);
  return id;
}

async function routing(at: LineNode, changes: object, queue: QueueId = seed.queue): Promise<void> {
  await pool.query('update queues set routing = routing || $3 where workspace_id = $1 and id = $2', [
    seed.workspace,
    queue,
    changes,
  ]);
  await at.directory.changed(seed.workspace);
}

async function hours(at: LineNode, one: Hours | null): Promise<void> {
  await pool.query('update queues set hours = $2 where workspace_id = $1', [seed.workspace, one]);
  await at.directory.changed(seed.workspace);
}

const handoff = async (at: LineNode, id: ConversationId) => (await at.ledger.readNow(id))?.handoff ?? null;
const offered = (at: LineNode, id: ConversationId, to?: AgentId) =>
  until(async () => {
    const open = await handoff(at, id);
    return open?.phase === 'offered' && (to === undefined || open.agent.id === to) && open;
  });
const waits = (at: LineNode, id: ConversationId) => until(async () => (await handoff(at, id))?.phase === 'queued');

async function accepts(at: LineNode, id: ConversationId, to?: AgentId): Promise<void> {
  const open = await offered(at, id, to);
  await commit(at, id, { type: 'accept', handoff: open.id, agent: open.agent });
}

/** Nothing more is under way: a view that was made after all that has happened offers nothing. */
async function nothingOffered(at: LineNode): Promise<void> {
  const view = await at.line.fresh(seed.workspace);
  expect(view.offers(clock.now)).toEqual([]);
}

const state = async (at: LineNode) => {
  const { state: now, opensAt } = (await at.line.fresh(seed.workspace)).availability(seed.queue);
  return opensAt === null ? now : `${now} until ${new Date(opensAt).toISOString()}`;
};

/** Mondays to Fridays from nine to five in Berlin: 08:00 to 16:00 UTC in winter. */
const OFFICE: Hours = {
  zone: 'Europe/Berlin',
  week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ from: '09:00', to: '17:00' }]])),
  exceptions: [],
};

describe('who is asked', () => {
  test('[QU41] the agent who had the customer last, though another has more room', async () => {
    const one = node();
    await routing(one, { stickySeconds: 120 });
    const first = await online(one, { capacity: 2 });
    const before = await asks(one);
    await accepts(one, before, first);
    await commit(one, before, { type: 'close', by: { role: 'system' }, outcome: 'resolved' });
    const other = await online(one, { capacity: 9 });
    const again = await asks(one);
    await offered(one, again, first);
    // He has left: the next one is asked at once.
    one.presence.gone(`c_${first}`);
    await until(async () => (await consolesOf(first)) === 0);
    const third = await asks(one);
    await offered(one, third, other);
  });

  test('[QU54] the agent who had a visitor has the customer who he turned out to be, and the other way round', async () => {
    const one = node();
    await routing(one, { stickySeconds: 120 });
    const first = await online(one, { capacity: 2 });
    const visitor = newId('cus');
    await pool.query('insert into customers (workspace_id, id) values ($1, $2)', [seed.workspace, visitor]);
    const as = (customer: typeof visitor) => asking(one, { ...seed, customer }, clock, newId);
    const before = await as(visitor);
    await accepts(one, before, first);
    await commit(one, before, { type: 'close', by: { role: 'system' }, outcome: 'resolved' });
    await online(one, { capacity: 9 });
    await mergeCustomer(pool, seed.workspace, visitor, seed.customer);
    await offered(one, await as(seed.customer), first);
    const open = await as(visitor);
    await waits(one, open);
    expect((await one.line.fresh(seed.workspace)).queued().map(({ lastAgent }) => lastAgent)).toEqual([first]);
  });

  test('[QU41] [QU42] skills, preferred skills and the language of the conversation', async () => {
    const one = node();
    const plain = await online(one, { skills: [], languages: ['en'], capacity: 9 });
    const german = await online(one, { skills: ['billing'], languages: ['de'], capacity: 1 });
    await offered(one, await asks(one, { locale: 'de-AT' }), german);
    const needs = await asks(one, { skills: ['billing'] });
    await waits(one, needs);
    await offered(one, await asks(one, { locale: 'en' }), plain);
    // Nobody online has it: that is not waited for.
    const wishes = await asks(one, { preferredSkills: ['tyres'] });
    await accepts(one, (await handoffOf(plain)) as ConversationId, plain);
    await offered(one, wishes, plain);
    expect((await handoff(one, needs))?.phase).toBe('queued');
  });

  test('[QU43] an email weighs half where it is said, and a capacity of 0 takes nothing', async () => {
    const one = node();
    await online(one, { capacity: 0 });
    expect(await state(one)).toBe('closed');
    const half = await online(one, { capacity: 1, weights: { widget: 0.5 } });
    await accepts(one, await asks(one), half);
    await accepts(one, await asks(one), half);
    const third = await asks(one);
    await waits(one, third);
    await nothingOffered(one);
    expect(await state(one)).toBe('busy');
  });

  test('[QU44] nobody is asked where agents pick; who takes it has it', async () => {
    const one = node();
    await routing(one, { strategy: 'manual' });
    const id = await asks(one);
    const dana = await online(one);
    await waits(one, id);
    await nothingOffered(one);
    await commit(one, id, { type: 'take', agent: { id: dana, name: 'Dana' } });
    expect((await handoff(one, id))?.phase).toBe('active');
  });

  /** The conversation that this agent is being asked for. */
  async function handoffOf(agent: AgentId): Promise<string | undefined> {
    const { rows } = await pool.query<{ id: string }>(
      "select conversation_id as id from handoffs where agent_id = $1 and phase = 'offered'",
      [agent],
    );
    return rows[0]?.id;
  }
});

describe('room', () => {
  test('[QU46] the slot is kept for the wrap-up, and free when he is ready', async () => {
    const one = node();
    await routing(one, { wrapUpSeconds: 30 });
    const dana = await online(one, { capacity: 1 });
    const first = await asks(one);
    await accepts(one, first);
    await commit(one, first, { type: 'close', by: { role: 'system' }, outcome: 'resolved' });
    const second = await asks(one);
    await waits(one, second);
    await nothingOffered(one);
    expect((await one.line.fresh(seed.workspace)).team).toMatchObject([{ wrapping: 1, load: 1, active: 0 }]);
    await one.presence.ready(seed.workspace, dana);
    await accepts(one, second, dana);
    await commit(one, second, { type: 'close', by: { role: 'system' }, outcome: 'resolved' });
    const third = await asks(one);
    await waits(one, third);
    // Time alone is enough.
    clock.now += 31_000;
    await one.presence.beat();
    await offered(one, third, dana);
  });

  test('[QU46] his own wrap-up time counts before that of the queue', async () => {
    const one = node();
    await routing(one, { wrapUpSeconds: 30 });
    await online(one, { capacity: 1, wrap_up_seconds: 0 });
    const first = await asks(one);
    await accepts(one, first);
    await commit(one, first, { type: 'close', by: { role: 'system' }, outcome: 'resolved' });
    await offered(one, await asks(one));
  });

  test('[QU45] a clock that is set back keeps nobody in his wrap-up', async () => {
    const one = node();
    await routing(one, { wrapUpSeconds: 30 });
    const dana = await online(one, { capacity: 1 });
    const first = await asks(one);
    await accepts(one, first);
    await commit(one, first, { type: 'close', by: { role: 'system' }, outcome: 'resolved' });
    clock.now -= 3_600_000;
    const second = await asks(one);
    await offered(one, second, dana);
  });

  test('[QU47] who is in a break is asked for nothing and says when he is back', async () => {
    const one = node();
    const dana = await online(one);
    const backAt = clock.now + 600_000;
    await one.presence.set(seed.workspace, dana, { presence: 'break', backAt });
    const id = await asks(one);
    await waits(one, id);
    expect(await state(one)).toBe(`closed until ${new Date(backAt).toISOString()}`);
    await one.presence.set(seed.workspace, dana, { presence: 'online' });
    await offered(one, id, dana);
  });

  test.each([
    ['away', null],
    ['break', 600_000],
    ['offline', null],
  ] as const)(
    '[QU55] who goes %s while he is asked is asked no more: the next one is, at once',
    async (presence, pause) => {
      const one = node();
      const dana = await online(one);
      const id = await asks(one);
      await offered(one, id, dana);
      const eli = await online(one);
      const backAt = pause === null ? null : clock.now + pause;
      await one.presence.set(seed.workspace, dana, { presence, backAt });
      await offered(one, id, eli);
      const declined = (await wholeLog(pool, id)).filter(({ event }) => event.type === 'handoff.declined');
      expect(declined).toMatchObject([{ event: { agent: { id: dana }, why: 'away' } }]);
    },
  );

  test('[QU55] who was asked in the moment in which he went away is found by the next look', async () => {
    const one = node();
    const dana = await online(one);
    const id = await asks(one);
    await offered(one, id, dana);
    // Another node was handing out while he chose.
    await pool.query("update agents set presence = 'away' where id = $1", [dana]);
    await one.presence.sweep();
    await waits(one, id);
  });

  test('[QU50] an agent who is removed while he is asked: the next one is asked', async () => {
    const one = node();
    const dana = await online(one, { capacity: 2 });
    const had = await asks(one);
    await accepts(one, had, dana);
    const asked = await asks(one);
    await offered(one, asked, dana);
    const eli = await online(one, { capacity: 1 });
    const waiting = await asks(one);
    await accepts(one, waiting, eli);
    await pool.query('update agents set disabled_at = now() where id = $1', [dana]);
    await agentRemoved({ pool, ledger: one.ledger }, dana);
    await agentRemoved({ pool, ledger: one.ledger }, dana);
    expect(await handoff(one, asked)).toMatchObject({ phase: 'queued', requeues: 0 });
    expect(await handoff(one, had)).toMatchObject({ phase: 'queued', front: true, requeues: 1 });
    await commit(one, waiting, { type: 'close', by: { role: 'system' }, outcome: 'resolved' });
    await offered(one, had, eli);
  });
});

describe('hours', () => {
  test('[QU48] a queue is closed outside its hours, whoever is online, and says when it opens', async () => {
    const one = node();
    await hours(one, OFFICE);
    const dana = await online(one);
    expect(await until(async () => (await state(one)) === 'available')).toBe(true);
    clock.now = Date.parse('2026-11-23T16:00:00Z');
    expect(await state(one)).toBe('closed until 2026-11-24T08:00:00.000Z');
    clock.now = Date.parse('2026-11-27T18:00:00Z');
    await one.presence.beat();
    expect(await state(one)).toBe('closed until 2026-11-30T08:00:00.000Z');
    const id = await asks(one);
    await waits(one, id);
    await nothingOffered(one);
    clock.now = Date.parse('2026-11-30T08:00:01Z');
    await one.presence.beat();
    await offered(one, id, dana);
  });

  test('[QU48] who was in the line before it closed is served by whoever is still there', async () => {
    const one = node();
    await hours(one, OFFICE);
    clock.now = Date.parse('2026-11-23T15:59:00Z');
    const id = await asks(one);
    await waits(one, id);
    clock.now = Date.parse('2026-11-23T16:01:00Z');
    const late = await asks(one);
    await waits(one, late);
    const dana = await online(one);
    await offered(one, id, dana);
    const view = await one.line.fresh(seed.workspace);
    expect(view.outlook(seed.queue, (await handoff(one, late))?.id ?? null)).toMatchObject({
      availability: 'closed',
      opens: { at: Date.parse('2026-11-24T08:00:00Z'), zone: 'Europe/Berlin' },
    });
  });

  test('[QU48] nobody is online: the roster says who comes, and not before it is open', async () => {
    const one = node();
    const [dana, eli] = [await makeAgent(pool, seed, newId), await makeAgent(pool, seed, newId)];
    const plan = (agent: AgentId, from: string, to: string) =>
      pool.query(
        "insert into shifts (workspace_id, id, agent_id, starts_at, ends_at, zone) values ($1, $2, $3, $4, $5, 'UTC')",
        [seed.workspace, newId('shf'), agent, from, to],
      );
    await plan(dana, '2026-11-23T14:00:00Z', '2026-11-23T18:00:00Z');
    await plan(eli, '2026-11-23T13:30:00Z', '2026-11-23T18:00:00Z');
    await one.directory.changed(seed.workspace);
    expect(await state(one)).toBe('closed until 2026-11-23T13:30:00.000Z');
    // Only Dana serves this queue.
    await pool.query('update queues set agents = $2 where workspace_id = $1', [seed.workspace, [dana]]);
    await one.directory.changed(seed.workspace);
    expect(await state(one)).toBe('closed until 2026-11-23T14:00:00.000Z');
    await hours(one, { zone: 'UTC', week: { mon: [{ from: '08:00', to: '13:00' }] }, exceptions: [] });
    expect(await state(one)).toBe('closed until 2026-11-30T08:00:00.000Z');
  });

  test('[QU23] [QU48] what is changed on one node is right on another within a second', async () => {
    const [a, b] = [node('a'), node('b')];
    expect(await state(b)).toBe('closed');
    a.directory.onChanged((workspace) => b.directory.look(workspace));
    const seen = () => b.line.view(seed.workspace).then((view) => view.availability(seed.queue));
    await hours(a, {
      zone: 'UTC',
      week: {},
      exceptions: [{ date: '2026-11-24', open: [{ from: '09:00', to: '10:00' }] }],
    });
    await until(async () => (await seen()).opensAt === Date.parse('2026-11-24T09:00:00Z'));
    await hours(a, null);
    const dana = await online(a);
    await until(async () => (await seen()).state === 'available');
    await a.presence.set(seed.workspace, dana, { presence: 'away' });
    await until(async () => (await seen()).state === 'closed');
  });
});

describe('the line', () => {
  test('[TM15] overflows to agents of another queue, with its age', async () => {
    const one = node();
    const all = newId('que');
    const eli = await online(one);
    await pool.query('update queues set agents = $2 where workspace_id = $1', [seed.workspace, []]);
    await pool.query('insert into queues (workspace_id, id, name, agents) values ($1, $2, $3, $4)', [
      seed.workspace,
      all,
      'Everybody',
      [eli],
    ]);
    await routing(one, { overflow: { queue: all, afterSeconds: 60 } });
    const id = await asks(one);
    await waits(one, id);
    const since = (await handoff(one, id))?.waitingSince;
    clock.now += 61_000;
    await one.presence.beat();
    await commit(one, id, { type: 'tick' });
    await offered(one, id, eli);
    expect(await handoff(one, id)).toMatchObject({ queue: all, waitingSince: since, overflowedFrom: [seed.queue] });
  });

  test('[QU51] a node that dies while it hands out loses nobody', async () => {
    const id = await (async () => {
      const first = lineNode(pool, clock, { name: 'dead', newId });
      const one = await asks(first);
      await waits(first, one);
      await first.stop();
      return one;
    })();
    // It held the lock of this line, and its connection is still open: nobody may hand out.
    const dead = await pool.connect();
    await dead.query('begin');
    await dead.query("select pg_advisory_xact_lock(hashtextextended('dispatch:' || $1, 0))", [seed.workspace]);
    const other = node('b');
    const dana = await online(other);
    await other.line.fresh(seed.workspace);
    expect((await handoff(other, id))?.phase).toBe('queued');
    // The database sees that the connection is gone.
    dead.on('error', () => {});
    dead.release(true);
    await offered(other, id, dana);
  });
});

describe('a routing hook', () => {
  /** An endpoint whose answers the test gives. */
  async function hooked(answer: (asked: { waiting: { handoff: string }[]; agents: { id: string }[] }) => unknown) {
    const asked: string[] = [];
    const one = node('a', async (webhook, _id, body) => {
      asked.push(webhook.url);
      return await answer(JSON.parse(body));
    });
    const id = newId('whk');
    const secret = seal.close(newWebhookSecret(), webhookPlace({ workspace: seed.workspace, id }));
    await pool.query('insert into webhooks (workspace_id, id, url, events, secret) values ($1, $2, $3, $4, $5)', [
      seed.workspace,
      id,
      'https://routing.example/who',
      ['routing.asked'],
      secret,
    ]);
    await routing(one, { hook: id });
    return { one, asked };
  }

  test('[QU49] says who gets whom', async () => {
    const { one, asked } = await hooked(({ waiting, agents }) => ({
      offers: [{ handoff: waiting[0]?.handoff, agent: agents.at(-1)?.id }],
    }));
    const team = [await online(one, { capacity: 9 }), await online(one, { capacity: 1 })];
    await until(async () => (await one.line.fresh(seed.workspace)).staff(seed.queue).online === 2);
    const id = await asks(one);
    const { agent } = await offered(one, id);
    expect(asked).toContain('https://routing.example/who');
    expect(team).toContain(agent.id);
  });

  test('[QU49] cannot choose who is not free, and what it does not choose waits', async () => {
    let calls = 0;
    const { one } = await hooked(({ waiting }) => {
      calls++;
      return { offers: [{ handoff: waiting[0]?.handoff, agent: 'agt_nobody' }, null, { handoff: 'hnd_x', agent: 1 }] };
    });
    await online(one);
    const id = await asks(one);
    await until(async () => calls > 1);
    expect((await handoff(one, id))?.phase).toBe('queued');
  });

  test.each([
    ['is slow or down', () => Promise.reject(new AdapterFailure('retry', 'no answer in time'))],
    ['answers nonsense', () => 'yes'],
  ])('[QU49] that %s: handed out as usual', async (_, answer) => {
    const { one, asked } = await hooked(answer);
    const dana = await online(one);
    await accepts(one, await asks(one), dana);
    await offered(one, await asks(one), dana);
    // It is left alone for a while.
    expect(asked).toHaveLength(1);
  });
});
