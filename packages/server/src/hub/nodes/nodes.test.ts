import type { AgentId, ConversationId } from '@baton/core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PostgresBus } from '#adapters/buses/postgres.ts';
import { CuttableBus } from '#test/cuttable-bus.ts';
import { type TestSide, type TestSocket, testSide } from '#test/side.ts';

const quiet = { debug() {}, info() {}, warn() {}, error: console.error };
const TIMINGS = {
  // Nobody is taken for dead because this machine is busy: who dies here is made old by hand.
  presence: { beatMs: 100, staleMs: 60_000, sweepMs: 100, agentGraceMs: 1_000, offerGraceMs: 200 },
  nodes: { compareMs: 600, cutMs: 100 },
};

/** Two nodes on one database, and a switch in the bus of each. */
let a: TestSide;
let b: TestSide;
let busA: CuttableBus;
let busB: CuttableBus;
let count = 0;

beforeAll(async () => {
  const bus = (connectionString: string) => new CuttableBus(new PostgresBus({ connectionString, log: quiet }));
  a = await testSide(undefined, TIMINGS, { bus: (at) => (busA = bus(at)) });
  b = await testSide(undefined, TIMINGS, { beside: a, bus: (at) => (busB = bus(at)) });
  await until(() => a.hub.nodes.stats.peers === 1 && b.hub.nodes.stats.peers === 1);
});
afterEach(() => {
  for (const bus of [busA, busB]) bus.mend();
});
afterAll(async () => {
  await b.stop();
  await a.stop();
});

async function until(condition: () => boolean | Promise<boolean>, ms = 25_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function visitor(at: TestSide) {
  const token = `visitor:${await at.customer(`cus_nd${++count}`)}`;
  return { token, socket: await at.connect(token) };
}

async function agentOn(at: TestSide, name: string, hello: { inbox?: boolean } = {}) {
  const id = await at.agent(`agt_nd${++count}`, name);
  return { id, name, socket: await at.connect(`agent:${id}:${name}`, hello) };
}

/** Says until somebody has heard the last of it. */
async function heard(socket: TestSocket, text: string): Promise<void> {
  await socket.until(() => (socket.texts().includes(text) ? true : undefined), `"${text}"`);
}

/** A customer on `from` whom an agent on `to` has taken. */
async function relayed(from: TestSide, to: TestSide) {
  const agent = await agentOn(to, 'Dana');
  const { socket: customer, token } = await visitor(from);
  customer.say('first', 'hello there');
  const { conversation } = await customer.next('ack');
  if (!conversation) throw new Error('no conversation');
  agent.socket.send({ type: 'take', conversation, id: 'take' });
  await agent.socket.next('ack', (ack) => ack.id === 'take');
  await agent.socket.until(() => (agent.socket.texts().includes('hello there') ? true : undefined), 'the log');
  return { agent: agent.socket, agentId: agent.id, customer, token, conversation };
}

const lines = (who: string, n: number) => Array.from({ length: n }, (_, i) => `${who} line ${i}`);
const ofRole = (socket: TestSocket, who: string) => socket.texts().filter((text) => text.startsWith(`${who} line`));

describe('two nodes', () => {
  test('[ND1] what is written on one node reaches readers on the other, both ways, in order and once', async () => {
    const { agent, customer, conversation } = await relayed(a, b);
    for (let i = 0; i < 60; i++) {
      customer.say(`c${i}`, `customer line ${i}`, conversation);
      agent.say(`g${i}`, `agent line ${i}`, conversation);
      if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await Promise.all([heard(agent, 'customer line 59'), heard(customer, 'agent line 59')]);
    for (const socket of [agent, customer]) {
      await socket.until(
        () => (ofRole(socket, 'agent').length >= 60 && ofRole(socket, 'customer').length >= 60 ? true : undefined),
        'all',
      );
      expect(ofRole(socket, 'customer')).toEqual(lines('customer', 60));
      expect(ofRole(socket, 'agent')).toEqual(lines('agent', 60));
      const seqs = socket.seqs();
      expect(seqs).toEqual([...new Set(seqs)].sort((x, y) => x - y));
    }
  });

  test('[ND2] an agent is asked on his node for a customer on another, and told when it is over', async () => {
    const { socket: agent, id } = await agentOn(b, 'Sam');
    const { socket: customer } = await visitor(a);
    customer.say('h', 'I want to talk to a human please');
    await customer.next('ack');
    agent.send({ type: 'presence', state: 'online', capacity: 1, id: 'p' });
    const offer = await agent.next('offer');
    expect(offer.context.transcript.some(({ text }) => text.includes('human'))).toBe(true);
    customer.send({ type: 'cancel', conversation: offer.conversation, id: 'never mind' });
    const gone = await agent.next('offer-gone', ({ handoff }) => handoff === offer.handoff);
    // By the notice; where a look at the database was quicker, it is known that it is over, and not why.
    expect(['cancelled_by_customer', 'ended']).toContain(gone.why);
    agent.send({ type: 'presence', state: 'offline', id: 'q' });
    await until(async () =>
      (await b.hub.line.fresh(b.seed.workspace)).team.every((one) => one.agent.id !== id || one.presence === 'offline'),
    );
  });

  test('[ND3] typing and read marks are shown on the other node', async () => {
    const { agent, customer, conversation } = await relayed(a, b);
    customer.send({ type: 'typing', conversation });
    expect(await agent.next('typing', ({ who }) => who.role === 'customer')).toMatchObject({ on: true, conversation });
    agent.send({ type: 'typing', conversation });
    await customer.next('typing', ({ who }) => who.role === 'agent');
    agent.send({ type: 'read', conversation, seq: 2 });
    expect(await customer.next('read')).toMatchObject({ who: 'agent', seq: 2 });
  });

  test('[ND4] places in the line follow what happens on the other node', async () => {
    const [{ socket: first }, { socket: second }] = [await visitor(a), await visitor(b)];
    first.say('1', 'I want to talk to a human please');
    const { conversation } = await first.next('ack');
    await first.next('queue', ({ position }) => position === 1);
    second.say('2', 'I want to talk to a human please');
    await second.next('queue', ({ position }) => position === 2);
    first.send({ type: 'cancel', conversation, id: 'gone' });
    await second.next('queue', ({ position }) => position === 1);
    second.send({ type: 'cancel', conversation: (await second.next('ack')).conversation, id: 'gone' });
  });

  test('[ND5] a conversation that one window opens shows in the other window of the customer', async () => {
    const { socket: one, token } = await visitor(a);
    const two = await b.connect(token);
    one.say('x', 'from the first window');
    await heard(two, 'from the first window');
  });

  test('[ND6] lists of conversations follow', async () => {
    const { socket: agent } = await agentOn(b, 'Noor', { inbox: true });
    const { socket: customer } = await visitor(a);
    customer.say('x', 'hello lists');
    const { conversation } = await customer.next('ack');
    await agent.next('inbox', ({ conversation: one }) => one.id === conversation);
  });

  test('[ND7] who takes over on another node has control; the agent before is told at once', async () => {
    const { agent, customer, conversation } = await relayed(a, a);
    const { socket: other, id } = await agentOn(b, 'Mira');
    other.send({ type: 'take', conversation, force: true, id: 't' });
    await other.next('ack', (ack) => ack.id === 't');
    await agent.next(
      'event',
      ({ event }) => event.type === 'control.changed' && event.to.holder === 'agent' && event.to.agent?.id === id,
    );
    agent.say('late', 'am I too late?', conversation);
    expect(await agent.next('refused')).toMatchObject({ clientId: 'late', code: 'control_lost' });
    other.say('now', 'I am here now', conversation);
    await heard(customer, 'I am here now');
  });

  test('[ND8] what is configured on one node is known on the other', async () => {
    const { workspace } = a.seed;
    await b.hub.directory.load([workspace]);
    await a.pool.query(`insert into queues (workspace_id, id, name) values ($1, 'que_new', 'New here')`, [workspace]);
    await a.hub.directory.changed(workspace);
    await until(() => b.hub.directory.queues(workspace).some(({ name }) => name === 'New here'));
  });
});

describe('without the bus', () => {
  test.each(['known', 'lossy'] as const)(
    '[ND9] messages, offers, windows and lists come a moment later (%s)',
    async (how) => {
      const relay = await relayed(a, b);
      const { socket: agent } = await agentOn(b, 'Ines', { inbox: true });
      const { socket: one, token } = await visitor(a);
      const two = await b.connect(token);
      busB.cut(how);
      if (how === 'known') await until(async () => !(await aKnowsThatBIsDeaf()));
      relay.customer.say('deaf1', 'does anybody hear me', relay.conversation);
      await heard(relay.agent, 'does anybody hear me');
      relay.agent.say('deaf2', 'I hear you well', relay.conversation);
      await heard(relay.customer, 'I hear you well');
      if (how === 'known') {
        one.say('deaf3', 'the other window shows this');
        await heard(two, 'the other window shows this');
        const { conversation } = await one.next('ack');
        await agent.next('inbox', ({ conversation: listed }) => listed.id === conversation);
      }
      const { socket: asking } = await visitor(a);
      asking.say('h', 'I want to talk to a human please');
      const { conversation } = await asking.next('ack');
      agent.send({ type: 'presence', state: 'online', capacity: 1, id: 'p' });
      const offer = await agent.next('offer', (one) => one.conversation === conversation);
      asking.send({ type: 'cancel', conversation, id: 'no' });
      await agent.next('offer-gone', ({ handoff }) => handoff === offer.handoff);
      agent.send({ type: 'presence', state: 'offline', id: 'q' });
      await agent.next('ack', (ack) => ack.id === 'q');
    },
  );

  test('[ND10] a node that does not hear tells nobody what is old', async () => {
    const { conversation, customer } = await relayed(b, a);
    await b.hub.ledger.read(conversation);
    busB.cut('known');
    const outcome = await a.hub.ledger.commit(conversation, { type: 'release', by: { role: 'system' } });
    if (!outcome.ok) throw new Error('not released');
    expect((await b.hub.ledger.read(conversation))?.control.holder).toBe('bot');
    customer.say('after', 'and now?', conversation);
    await customer.next('ack', ({ clientId }) => clientId === 'after');
    expect((await a.hub.ledger.read(conversation, outcome.seq + 1))?.seq).toBeGreaterThan(outcome.seq);
  });

  test('[ND11] who comes back hears of what was said meanwhile', async () => {
    const { agent, customer, conversation } = await relayed(a, b);
    for (const bus of [busA, busB]) bus.cut('known');
    for (let i = 0; i < 5; i++) customer.say(`m${i}`, `customer line ${i}`, conversation);
    for (const bus of [busA, busB]) bus.mend();
    await heard(agent, 'customer line 4');
    expect(ofRole(agent, 'customer')).toEqual(lines('customer', 5));
  });

  async function aKnowsThatBIsDeaf(): Promise<boolean> {
    const { rows } = await a.pool.query<{ deaf: boolean }>('select bool_or(not hears) as deaf from nodes');
    return rows[0]?.deaf === false;
  }
});

describe('a node that dies', () => {
  test('[ND12] its agents’ conversations go back to the line after the grace, and are given to an agent elsewhere', async () => {
    const dying = await testSide(undefined, TIMINGS, {
      beside: a,
      bus: (connectionString) => new PostgresBus({ connectionString, log: quiet }),
    });
    await until(() => a.hub.nodes.stats.peers === 2);
    const { customer, conversation, agentId } = await relayed(a, dying);
    await dying.die();
    const aWhileAgo = `update agent_presence set seen_at = now() - interval '2 minutes' where agent_id = $1`;
    await a.pool.query(aWhileAgo, [agentId]);
    const { socket: other, id } = await agentOn(b, 'Tom');
    other.send({ type: 'presence', state: 'online', capacity: 1, id: 'p' });
    const offer = await other.next('offer', (one) => one.conversation === conversation);
    other.send({ type: 'accept', handoff: offer.handoff, id: 'acc' });
    await other.next('ack', (ack) => ack.id === 'acc');
    await heardOf(customer, id);
    other.say('hi', 'I go on from here', conversation);
    await heard(customer, 'I go on from here');
    await a.pool.query(
      `update nodes set seen_at = now() - interval '1 minute' where id not in (select id from nodes order by started_at limit 2)`,
    );
    await until(() => a.hub.nodes.stats.peers === 1);
    other.send({ type: 'presence', state: 'offline', id: 'q' });
  });

  async function heardOf(customer: TestSocket, id: AgentId): Promise<void> {
    await customer.next('event', ({ event }) => event.type === 'participant.joined' && event.agent.id === id);
  }
});

describe('a node alone', () => {
  test('[ND13] says nothing and looks at nothing', async () => {
    let bus: CuttableBus | undefined;
    const alone = await testSide(undefined, TIMINGS, {
      bus: (connectionString) => (bus = new CuttableBus(new PostgresBus({ connectionString, log: quiet }))),
    });
    try {
      await until(() => bus?.up === true);
      await until(() => bus?.sent === 1);
      const { agent, customer, conversation } = await relayed(alone, alone);
      for (let i = 0; i < 20; i++) customer.say(`m${i}`, `customer line ${i}`, conversation);
      await heard(agent, 'customer line 19');
      expect(bus?.sent).toBe(1);
      expect(alone.hub.nodes.stats.events).toBe(0);
    } finally {
      await alone.stop();
    }
  });

  test('[ND14] a write that ended in doubt and was done is shown to the readers', async () => {
    const alone = await testSide(undefined, TIMINGS);
    try {
      const { agent, customer, conversation } = await relayed(alone, alone);
      const { pool } = alone;
      const query = pool.query.bind(pool);
      let done = false;
      // Done, and then the connection breaks before it could be told.
      Object.assign(pool, {
        async query(...args: Parameters<typeof query>) {
          const answer = await query(...args);
          if ((args[0] as { name?: string }).name?.startsWith('flush')) {
            Object.assign(pool, { query });
            done = true;
            throw new Error('Connection terminated unexpectedly');
          }
          return answer;
        },
      });
      customer.say('doubt', 'was this written?', conversation);
      expect(await customer.next('refused')).toMatchObject({ clientId: 'doubt', code: 'unavailable' });
      expect(done).toBe(true);
      await heard(agent, 'was this written?');
      customer.say('doubt', 'was this written?', conversation);
      const ack = await customer.next('ack', ({ clientId }) => clientId === 'doubt');
      expect(await seqOf(alone, conversation, 'was this written?')).toEqual([ack.seq]);
    } finally {
      await alone.stop();
    }
  });

  async function seqOf(side: TestSide, conversation: ConversationId, text: string): Promise<number[]> {
    const { rows } = await side.pool.query<{ seq: number }>(
      'select seq from events where conversation_id = $1 and event::text like $2',
      [conversation, `%${text}%`],
    );
    return rows.map(({ seq }) => seq);
  }
});

test('[ND18] what is known in memory is not given out where the log is known to be further', async () => {
  const { conversation } = await relayed(a, a);
  await b.hub.ledger.commit(conversation, { type: 'flag', name: 'seen', by: { role: 'api', id: 'key_1' } });
  busB.cut('lossy');
  const outcome = await a.hub.ledger.commit(conversation, {
    type: 'flag',
    name: 'vip',
    by: { role: 'api', id: 'key_1' },
  });
  if (!outcome.ok) throw new Error('not flagged');
  const known = await b.hub.ledger.read(conversation, outcome.seq);
  expect(known?.flags.map(({ name }) => name)).toEqual(['seen', 'vip']);
  const more = await a.hub.ledger.commit(conversation, {
    type: 'flag',
    name: 'late',
    by: { role: 'api', id: 'key_1' },
  });
  if (!more.ok) throw new Error('not flagged');
  // Who wrote by way of one node asks another at once.
  expect((await b.hub.ledger.readNow(conversation))?.seq).toBe(more.seq);
});
