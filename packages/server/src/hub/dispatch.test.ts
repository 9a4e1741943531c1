import type { AgentId, Command, ConversationEvent, ConversationId, CustomerId, NewId, QueueId } from '@baton/core';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadConversations, wholeLog } from '#store/conversations.ts';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { type SeededWorkspace, seedWorkspace } from '#test/workspace.ts';
import { Directory } from './directory.ts';
import { Dispatch } from './dispatch.ts';
import { Ledger } from './ledger.ts';
import { Line } from './line.ts';
import { Presence } from './presence.ts';
import { type Signal, Signals } from './signals.ts';

let database: TestDatabase;
let pool: pg.Pool;
let seed: SeededWorkspace;
let nodes: Node[] = [];
/** All nodes share a clock that only the test moves. */
let now = Date.now();
let made = 0;
const newId: NewId = (prefix) => `${prefix}_${String(++made).padStart(12, '0')}${Math.random().toString(36).slice(2)}`;
const log = { debug() {}, info() {}, warn() {}, error() {} };

interface Node {
  ledger: Ledger;
  line: Line;
  dispatch: Dispatch;
  presence: Presence;
  signals: Signal[];
  stop(): Promise<void>;
}

/** A server without sockets and HTTP: all of the hub that moves the line. */
function node(name = 'a'): Node {
  const world = { now: () => now, newId, fetch, log };
  const directory = new Directory({ pool, now: world.now });
  const ledger = new Ledger({ pool, world, directory });
  const line = new Line({ pool, world, directory, ledger, timings: { spacingMs: 1, pollMs: 50, measureMs: 0 } });
  const dispatch = new Dispatch({ pool, world, ledger, line });
  const bus = new Signals();
  const signals: Signal[] = [];
  bus.on((signal) => signals.push(signal));
  const presence = new Presence({ pool, world, ledger, line, signals: bus, node: name, isDirect: () => true });
  line.start();
  const made: Node = {
    ledger,
    line,
    dispatch,
    presence,
    signals,
    async stop() {
      await presence.stop();
      await dispatch.stop();
      await line.stop();
    },
  };
  nodes.push(made);
  return made;
}

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.connectionString, max: 12 });
  pool.on('error', () => {});
});
beforeEach(async () => {
  now = Date.now();
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

async function agent(name: string, more: { capacity?: number; presence?: string } = {}): Promise<AgentId> {
  const id = newId('agt');
  await pool.query(
    'insert into agents (workspace_id, id, email, name, presence, capacity) values ($1, $2, $3, $4, $5, $6)',
    [seed.workspace, id, `${id}@example.com`, name, more.presence ?? 'online', more.capacity ?? 3],
  );
  return id;
}

async function conversation({ ledger }: Node): Promise<ConversationId> {
  const id = newId('cnv');
  const { workspace, channel, bot, customer } = seed;
  await ledger.open({ type: 'open', id, workspace, channel, customer, bot });
  return id;
}

/** A customer who asks for a person. Each a little later than the one before. */
async function asks(at: Node, more: { queue?: QueueId; priority?: number } = {}): Promise<ConversationId> {
  const id = await conversation(at);
  now += 10;
  await commit(at, id, {
    type: 'request-handoff',
    by: { role: 'customer', id: seed.customer as CustomerId },
    reason: 'customer_asked',
    ...more,
  });
  return id;
}

async function commit({ ledger }: Node, id: ConversationId, command: Command) {
  const outcome = await ledger.commit(id, command);
  if (!outcome.ok) throw new Error(`${command.type} was refused: ${outcome.refusal.code}`);
  return outcome;
}

async function until<T>(what: () => Promise<T | null | undefined | false>, seconds = 25): Promise<T> {
  const end = performance.now() + seconds * 1_000;
  for (;;) {
    const found = await what();
    if (found) return found;
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const handoff = async (at: Node, id: ConversationId) => (await at.ledger.read(id))?.handoff ?? null;

function offered(at: Node, id: ConversationId, to?: AgentId) {
  return until(async () => {
    const open = await handoff(at, id);
    return open?.phase === 'offered' && (to === undefined || open.agent.id === to) ? open : null;
  });
}

async function accepts(at: Node, id: ConversationId) {
  const open = await offered(at, id);
  await commit(at, id, { type: 'accept', handoff: open.id, agent: open.agent });
  return open;
}

async function events<T extends ConversationEvent['type']>(id: ConversationId, type: T) {
  const found = (await wholeLog(pool, id)).map(({ event }) => event);
  return found.filter((event): event is Extract<ConversationEvent, { type: T }> => event.type === type);
}

async function told(id: ConversationId): Promise<string[]> {
  const messages = await events(id, 'message');
  return messages.flatMap(({ message }) =>
    message.author.role === 'system' ? message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])) : [],
  );
}

describe('dispatch', () => {
  test('[QU20] a handoff to our console is acknowledged at once, with place and wait as known', async () => {
    const one = node();
    const first = await asks(one);
    await until(async () => (await handoff(one, first))?.phase === 'queued');
    expect(await told(first)).toEqual([
      "Nobody from our team is online right now. I have kept your place in the line; I can't tell yet how long it will take.",
      'What would you like to do until then? You keep your place in any case.',
    ]);
    const dana = await agent('Dana', { capacity: 1 });
    one.presence.connected(seed.workspace, dana, 'c1');
    await accepts(one, first);
    const second = await asks(one);
    const third = await asks(one);
    for (const id of [second, third]) await until(async () => (await told(id)).length === 1);
    expect(await told(second)).toEqual([
      expect.stringMatching(/^Let me connect you with a member of our team\. You are next, (about|less)/),
    ]);
    expect(await told(third)).toEqual([
      expect.stringMatching(/^Let me connect you with a member of our team\. 1 person is ahead of you, about/),
    ]);
    expect(await events(third, 'estimate.told')).toMatchObject([
      { position: 2, ahead: 1, estimate: { basis: 'prior', coverage: 0.8 } },
    ]);
  });

  test('[QU20] what a node that died left unacknowledged is acknowledged by another', async () => {
    const world = { now: () => now, newId, fetch, log };
    const alone = new Ledger({ pool, world, directory: new Directory({ pool, now: world.now }) });
    const id = newId('cnv');
    const { workspace, channel, bot, customer } = seed;
    await alone.open({ type: 'open', id, workspace, channel, customer, bot });
    await alone.commit(id, {
      type: 'request-handoff',
      by: { role: 'customer', id: customer },
      reason: 'customer_asked',
    });
    now += 2_000;
    const one = node();
    one.line.changed(workspace);
    await until(async () => (await handoff(one, id))?.phase === 'queued');
  });

  test('[QU21] everybody waiting is offered as soon as somebody is free, longest waiting first', async () => {
    const one = node();
    const customers = [await asks(one), await asks(one), await asks(one)];
    const urgent = await asks(one, { priority: 1 });
    for (const id of [...customers, urgent]) await until(async () => (await handoff(one, id))?.phase === 'queued');
    const dana = await agent('Dana', { capacity: 2 });
    one.presence.connected(seed.workspace, dana, 'c1');
    const order: ConversationId[] = [];
    for (let i = 0; i < 4; i++) {
      const next = await until(async () => {
        for (const id of [...customers, urgent]) if ((await handoff(one, id))?.phase === 'offered') return id;
        return null;
      });
      order.push(next);
      await accepts(one, next);
      const busy = (await one.line.fresh(seed.workspace)).team[0];
      expect(busy?.load).toBeLessThanOrEqual(2);
      if (i > 0)
        await commit(one, order[i - 1] as ConversationId, {
          type: 'close',
          by: { role: 'system' },
          outcome: 'resolved',
        });
    }
    expect(order).toEqual([urgent, ...customers]);
  });

  test('[QU21] who declines is passed over, the next one is asked', async () => {
    const one = node();
    const [dana, eli] = [await agent('Dana'), await agent('Eli', { capacity: 6 })];
    one.presence.connected(seed.workspace, dana, 'c1');
    const id = await asks(one);
    const first = await offered(one, id, dana);
    one.presence.connected(seed.workspace, eli, 'c2');
    await commit(one, id, { type: 'decline', handoff: first.id, agent: first.agent });
    await offered(one, id, eli);
  });

  test('[QU21] who declined is asked again after the pass-over time, without anything else happening', async () => {
    const one = node();
    const dana = await agent('Dana');
    one.presence.connected(seed.workspace, dana, 'c1');
    const id = await asks(one);
    const first = await offered(one, id, dana);
    await commit(one, id, { type: 'decline', handoff: first.id, agent: first.agent });
    await one.line.fresh(seed.workspace);
    expect((await handoff(one, id))?.phase).toBe('queued');
    now += 61_000;
    await one.presence.beat();
    await offered(one, id, dana);
  });

  test('[QU22] two nodes ring an agent once, and nobody is over capacity', async () => {
    const [a, b] = [node('a'), node('b')];
    const customers = await Promise.all(Array.from({ length: 12 }, (_, i) => asks(i % 2 ? a : b)));
    const team = [
      await agent('Dana', { capacity: 2 }),
      await agent('Eli', { capacity: 2 }),
      await agent('Finn', { capacity: 1 }),
    ];
    for (const [i, id] of team.entries()) (i % 2 ? a : b).presence.connected(seed.workspace, id, `c${i}`);
    const rings = async () => {
      const { rows } = await pool.query<{ agent: string; offered: number; load: number }>(
        `select agent_id as agent, count(*) filter (where phase = 'offered')::int as offered, count(*)::int as load
         from handoffs where workspace_id = $1 and phase in ('offered', 'active') group by 1`,
        [seed.workspace],
      );
      return rows;
    };
    const accepted = new Set<ConversationId>();
    await until(async () => {
      for (const { agent: who, offered: open, load } of await rings()) {
        expect(open).toBeLessThanOrEqual(1);
        expect(load).toBeLessThanOrEqual(who === team[2] ? 1 : 2);
      }
      for (const id of customers.filter((one) => !accepted.has(one))) {
        const open = (await loadConversations(pool, [id])).get(id)?.state.handoff;
        if (open?.phase !== 'offered') continue;
        const outcome = await b.ledger.commit(id, { type: 'accept', handoff: open.id, agent: open.agent });
        if (outcome.ok) accepted.add(id);
      }
      return accepted.size === 5;
    });
    expect((await rings()).reduce((sum, { load }) => sum + load, 0)).toBe(5);
  });

  test('[QU23] places, availability and waits follow every change, on every node', async () => {
    const [a, b] = [node('a'), node('b')];
    const heard = new Map<ConversationId, number | null>();
    b.line.onMoved((moved) => {
      for (const one of moved) heard.set(one.conversation, one.outlook.position);
    });
    b.line.changed(seed.workspace);
    const [first, second, third] = [await asks(a), await asks(a), await asks(a)];
    await until(async () => heard.get(third) === 3 && heard.get(second) === 2);
    await commit(a, first, { type: 'cancel', by: { role: 'customer', id: seed.customer } });
    await until(async () => heard.get(third) === 2 && heard.get(second) === 1);
    expect(await b.line.availability(seed.workspace, seed.queue)).toMatchObject({ state: 'closed', waiting: 2 });
    const dana = await agent('Dana', { capacity: 3 });
    a.presence.connected(seed.workspace, dana, 'c1');
    await until(async () => (await b.line.availability(seed.workspace, seed.queue)).agentsOnline === 1);
  });

  test('[QU23] estimates rest on what was measured in this queue', async () => {
    const one = node();
    const dana = await agent('Dana', { capacity: 1 });
    one.presence.connected(seed.workspace, dana, 'c1');
    for (let i = 0; i < 5; i++) {
      const id = await asks(one);
      await offered(one, id);
      now += 8_000;
      await accepts(one, id);
      now += 300_000;
      await one.presence.beat();
      await commit(one, id, { type: 'close', by: { role: 'system' }, outcome: 'resolved' });
    }
    const waiting = await asks(one);
    await accepts(one, waiting);
    const next = await asks(one);
    const outlook = await until(async () => {
      const found = (await one.line.fresh(seed.workspace)).outlook(seed.queue, (await handoff(one, next))?.id ?? null);
      return found.estimate && found;
    });
    expect(outlook).toMatchObject({ availability: 'busy', position: 1, ahead: 0, estimate: { basis: 'measured' } });
    // All conversations took 300 s and all answers 8 s, and this one has just begun.
    expect(outlook.estimate?.p50Seconds).toBeGreaterThan(280);
    expect(outlook.estimate?.p50Seconds).toBeLessThan(340);
  });

  test('[QU24] who comes back to the line is told where he stands', async () => {
    const one = node();
    const dana = await agent('Dana');
    one.presence.connected(seed.workspace, dana, 'c1');
    const id = await asks(one);
    await accepts(one, id);
    await one.presence.set(seed.workspace, dana, { presence: 'away' });
    const open = await handoff(one, id);
    await commit(one, id, { type: 'requeue', handoff: open?.id ?? 'hnd_', why: 'agent_lost' });
    await until(async () => (await events(id, 'estimate.told')).length === 2);
    expect(await told(id)).toContainEqual(expect.stringMatching(/^(You are next|Nobody from our team)/));
  });
});

describe('presence of agents', () => {
  test('[QU30] an agent is there while a console of his is connected, as he chose', async () => {
    const one = node();
    const dana = await agent('Dana', { presence: 'away' });
    one.presence.connected(seed.workspace, dana, 'c1');
    one.presence.connected(seed.workspace, dana, 'c2');
    const presence = async () => (await one.line.fresh(seed.workspace)).team.find((row) => row.agent.id === dana);
    await until(async () => (await presence())?.presence === 'away');
    await one.presence.set(seed.workspace, dana, { presence: 'online', capacity: 7 });
    await until(async () => (await presence())?.presence === 'online');
    expect((await presence())?.capacity).toBe(7);
    one.presence.gone('c1');
    one.presence.gone('c1');
    await one.line.fresh(seed.workspace);
    expect((await presence())?.presence).toBe('online');
    one.presence.gone('c2');
    await until(async () => (await presence())?.presence === 'offline');
    const states = () => one.signals.flatMap((signal) => (signal.type === 'presence' ? [signal.state] : []));
    await until(async () => states().at(-1) === 'offline');
    expect(states()).toContain('online');
  });

  test('[QU30] who goes away in the moment in which his node says that he is there has gone', async () => {
    const one = node();
    const dana = await agent('Dana');
    one.presence.connected(seed.workspace, dana, 'c1');
    const rows = async () => (await pool.query('select from agent_presence where agent_id = $1', [dana])).rowCount;
    await until(async () => (await rows()) === 1);
    // Nobody waits for a connection to be opened.
    await Promise.all(Array.from({ length: 4 }, rows));
    const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;
    const slow = Promise.withResolvers<void>();
    const said = vi.spyOn(pool, 'query').mockImplementationOnce(async (...args: unknown[]) => {
      await slow.promise;
      return query(...args);
    });
    const beat = one.presence.beat();
    one.presence.gone('c1');
    // Time enough to overtake it.
    for (let i = 0; i < 5; i++) await rows();
    slow.resolve();
    await beat;
    said.mockRestore();
    await one.presence.stop();
    expect(await rows()).toBe(0);
  });

  test('[QU31] conversations of an agent who is gone for the grace go back to the front, once', async () => {
    const [a, b] = [node('a'), node('b')];
    const dana = await agent('Dana');
    a.presence.connected(seed.workspace, dana, 'c1');
    const id = await asks(a);
    await accepts(a, id);
    const waiting = await asks(a);
    a.presence.gone('c1');
    await until(
      async () => (await pool.query('select from agent_presence where agent_id = $1', [dana])).rowCount === 0,
    );
    now += 59_000;
    await a.presence.sweep();
    expect((await handoff(a, id))?.phase).toBe('active');
    now += 2_000;
    await Promise.all([a.presence.sweep(), b.presence.sweep()]);
    await until(async () => (await handoff(a, id))?.phase === 'queued');
    const view = await a.line.fresh(seed.workspace);
    expect(view.position((await handoff(a, id))?.id ?? 'hnd_')?.position).toBe(1);
    expect(view.position((await handoff(a, waiting))?.id ?? 'hnd_')?.position).toBe(2);
    expect((await events(id, 'handoff.queued')).map(({ why }) => why)).toEqual(['acknowledged', 'agent_lost']);
    expect((await told(id)).some((text) => text.includes('lost the connection'))).toBe(true);
  });

  test('[QU31] who comes back within the grace keeps his conversations', async () => {
    const one = node();
    const dana = await agent('Dana');
    one.presence.connected(seed.workspace, dana, 'c1');
    const id = await asks(one);
    await accepts(one, id);
    one.presence.gone('c1');
    now += 50_000;
    one.presence.connected(seed.workspace, dana, 'c2');
    await until(
      async () => (await pool.query('select from agent_presence where connection = $1', ['c2'])).rowCount === 1,
    );
    now += 40_000;
    await one.presence.beat();
    await one.presence.sweep();
    expect((await handoff(one, id))?.phase).toBe('active');
  });

  test('[QU32] an offer to an agent who is gone lapses, and the next one is asked', async () => {
    const one = node();
    const dana = await agent('Dana');
    one.presence.connected(seed.workspace, dana, 'c1');
    const id = await asks(one);
    await offered(one, id, dana);
    const eli = await agent('Eli');
    one.presence.connected(seed.workspace, eli, 'c2');
    one.presence.gone('c1');
    await until(
      async () => (await pool.query('select from agent_presence where agent_id = $1', [dana])).rowCount === 0,
    );
    now += 2_000;
    await one.presence.sweep();
    await offered(one, id, eli);
  });

  test('[QU33] agents of a node that died are gone when their rows run out; agents without a connection are never lost', async () => {
    const [dead, alive] = [node('dead'), node('alive')];
    const dana = await agent('Dana');
    const byApi = await agent('Api');
    dead.presence.connected(seed.workspace, dana, 'c1');
    const id = await asks(dead);
    await accepts(dead, id);
    const taken = await conversation(dead);
    await commit(dead, taken, { type: 'take', agent: { id: byApi, name: 'Api' } });
    now += 46_000;
    await alive.presence.sweep();
    expect((await handoff(alive, id))?.phase).toBe('active');
    now += 15_000;
    await alive.presence.sweep();
    expect((await handoff(alive, id))?.phase).toBe('queued');
    expect((await handoff(alive, taken))?.phase).toBe('active');
  });

  test('[QU33] a connection that another node took for dead is there again with the next beat', async () => {
    const [a, b] = [node('a'), node('b')];
    const dana = await agent('Dana');
    a.presence.connected(seed.workspace, dana, 'c1');
    await until(
      async () => (await pool.query('select from agent_presence where agent_id = $1', [dana])).rowCount === 1,
    );
    now += 50_000;
    await b.presence.sweep();
    expect((await b.line.fresh(seed.workspace)).team[0]?.presence).toBe('offline');
    await a.presence.beat();
    expect((await b.line.fresh(seed.workspace)).team[0]?.presence).toBe('online');
  });

  test('[QU34] after a restart everybody gets the grace to come back', async () => {
    const before = node('before');
    const dana = await agent('Dana');
    before.presence.connected(seed.workspace, dana, 'c1');
    before.presence.visitorConnected('cnv_none', 'v0');
    const id = await asks(before);
    await accepts(before, id);
    const waits = await asks(before);
    await until(async () => (await handoff(before, waits))?.phase !== 'requested');
    await before.presence.stop();
    now += 3_600_000;
    const after = node('after');
    await after.presence.sweep();
    expect((await handoff(after, id))?.phase).toBe('active');
    expect(await handoff(after, waits)).not.toBeNull();
    now += 61_000;
    await after.presence.sweep();
    expect((await handoff(after, id))?.phase).toBe('queued');
    now += 300_000;
    await after.presence.sweep();
    expect(await handoff(after, waits)).toBeNull();
  });
});

describe('presence of customers', () => {
  test('[QU35] who leaves the page keeps his place for the abandon time, then it is free', async () => {
    const one = node();
    const id = await conversation(one);
    one.presence.visitorConnected(id, 'v1');
    await commit(one, id, {
      type: 'request-handoff',
      by: { role: 'customer', id: seed.customer },
      reason: 'customer_asked',
    });
    now += 400_000;
    await one.presence.beat();
    await one.presence.sweep();
    expect(await handoff(one, id)).not.toBeNull();
    one.presence.visitorGone(id, 'v1');
    one.presence.visitorGone(id, 'v1');
    await until(
      async () =>
        (await pool.query('select from visitor_presence where conversation_id = $1 and gone_at is not null', [id]))
          .rowCount === 1,
    );
    now += 299_000;
    await one.presence.sweep();
    expect(await handoff(one, id)).not.toBeNull();
    now += 2_000;
    await one.presence.sweep();
    expect(await handoff(one, id)).toBeNull();
    expect(await events(id, 'handoff.ended')).toMatchObject([{ outcome: 'abandoned' }]);
    expect((await one.ledger.read(id))?.control.holder).toBe('bot');
    await one.presence.sweep();
    expect((await pool.query('select from visitor_presence where conversation_id = $1', [id])).rowCount).toBe(0);
  });

  test('[WA7] who left a message keeps his place however long he is gone, and is answered in his turn', async () => {
    const one = node();
    const id = await asks(one);
    await until(async () => (await handoff(one, id))?.phase === 'queued');
    one.presence.visitorConnected(id, 'v1');
    const says = (text: string, choice?: string) =>
      commit(one, id, {
        type: 'say',
        author: { role: 'customer', id: seed.customer },
        parts: [{ type: 'text', text, ...(choice ? { choice } : {}) }],
      });
    await says('Leave a message', 'wait:message');
    await says('My parcel 1001 is lost.');
    one.presence.visitorGone(id, 'v1');
    now += 7_200_000;
    await one.presence.sweep();
    expect(await handoff(one, id)).toMatchObject({ phase: 'queued', meanwhile: 'message' });
    const dana = await agent('Dana', { capacity: 1 });
    one.presence.connected(seed.workspace, dana, 'c1');
    await until(async () => (await handoff(one, id))?.phase === 'offered');
    const { rows } = await pool.query('select meanwhile from handoffs where conversation_id = $1', [id]);
    expect(rows).toEqual([{ meanwhile: 'message' }]);
  });

  test('[QU35] who comes back, on whichever node, keeps his place', async () => {
    const [a, b] = [node('a'), node('b')];
    const id = await conversation(a);
    a.presence.visitorConnected(id, 'v1');
    await commit(a, id, {
      type: 'request-handoff',
      by: { role: 'customer', id: seed.customer },
      reason: 'customer_asked',
    });
    a.presence.visitorGone(id, 'v1');
    now += 200_000;
    b.presence.visitorConnected(id, 'v2');
    await until(
      async () =>
        (await pool.query("select from visitor_presence where conversation_id = $1 and node = 'b'", [id])).rowCount ===
        1,
    );
    now += 200_000;
    await b.presence.beat();
    await Promise.all([a.presence.sweep(), b.presence.sweep()]);
    expect(await handoff(a, id)).not.toBeNull();
  });

  test('[CR8] who waits and of whom nobody knows whether he is there does not wait for ever', async () => {
    const one = node();
    const id = await asks(one);
    await until(
      async () => (await pool.query('select from visitor_presence where conversation_id = $1', [id])).rowCount === 1,
    );
    // The server died before it could say so.
    await pool.query('delete from visitor_presence where conversation_id = $1', [id]);
    now += 60_000;
    await one.presence.sweep();
    expect(await handoff(one, id)).not.toBeNull();
    now += 301_000;
    await one.presence.sweep();
    expect(await handoff(one, id)).toBeNull();
  });

  test('[QU35] who was gone already when the handoff began is not waited for', async () => {
    const one = node();
    const id = await asks(one);
    await until(
      async () => (await pool.query('select from visitor_presence where conversation_id = $1', [id])).rowCount === 1,
    );
    now += 301_000;
    await one.presence.sweep();
    expect(await handoff(one, id)).toBeNull();
  });
});
