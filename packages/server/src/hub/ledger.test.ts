import { type Command, type ConversationId, type CustomerId, type IntegrationId, replay } from '@baton/core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wholeLog } from '#store/conversations.ts';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { type SeededWorkspace, seedWorkspace } from '#test/workspace.ts';
import { idMaker } from '#world';
import { Directory } from './directory.ts';
import { type Committed, Ledger, type Outcome, Unavailable } from './ledger.ts';

let database: TestDatabase;
let pool: pg.Pool;
let seed: SeededWorkspace;
const newId = idMaker(() => Date.now());
const log = { debug() {}, info() {}, warn() {}, error() {} };

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.connectionString, max: 4 });
  pool.on('error', () => {});
  seed = await seedWorkspace(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

function node(): Ledger {
  const world = { now: () => Date.now(), newId, fetch, log };
  return new Ledger({ pool, world, directory: new Directory({ pool, now: world.now }) });
}

async function opened(ledger: Ledger): Promise<ConversationId> {
  const id = newId('cnv');
  const { workspace, channel, bot, customer } = seed;
  expect((await ledger.open({ type: 'open', id, workspace, channel, customer, bot })).ok).toBe(true);
  return id;
}

function customerSays(text: string, clientId: string = newId('msg')): Command {
  return {
    type: 'say',
    author: { role: 'customer', id: seed.customer as CustomerId },
    parts: [{ type: 'text', text }],
    clientId,
  };
}

function ok(outcome: Outcome) {
  if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.code}`);
  return outcome;
}

describe('ledger', () => {
  test('[ST1] what is acknowledged is in the log, numbered from 1 without gaps', async () => {
    const ledger = node();
    const id = await opened(ledger);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, i) => ledger.commit(id, customerSays(`hello ${i}`))),
    );
    const stored = await wholeLog(pool, id);
    expect(stored.map((one) => one.seq)).toEqual(stored.map((_, i) => i + 1));
    for (const outcome of outcomes) {
      const { seq } = ok(outcome);
      expect(stored[seq - 1]?.event.type).toBeDefined();
    }
    expect(
      stored.filter((one) => one.event.type === 'message' && one.event.message.author.role === 'customer'),
    ).toHaveLength(50);
  });

  test('[ST2] the stored state is what a replay of the log gives', async () => {
    const ledger = node();
    const id = await opened(ledger);
    for (let i = 0; i < 80; i++) await ledger.commit(id, customerSays(`message ${i} about parcel ${i * 7}`));
    await ledger.commit(id, {
      type: 'request-handoff',
      by: { role: 'customer', id: seed.customer },
      reason: 'customer_asked',
    });
    const log = await wholeLog(pool, id);
    expect(await node().read(id)).toEqual(replay(null, log));
    expect(await ledger.read(id)).toEqual(replay(null, log));
  });

  test('[ST3] the same client id again changes nothing and gets the first answer, also long after', async () => {
    const ledger = node();
    const id = await opened(ledger);
    const first = ok(await ledger.commit(id, customerSays('once', 'c1')));
    const again = ok(await ledger.commit(id, customerSays('once', 'c1')));
    expect(again).toMatchObject({ seq: first.seq, repeated: true });
    for (let i = 0; i < 90; i++) await ledger.commit(id, customerSays(`filler number ${i} ${i * 13}`));
    const late = ok(await node().commit(id, customerSays('once', 'c1')));
    expect(late).toMatchObject({ seq: first.seq, repeated: true });
    expect((await wholeLog(pool, id)).filter((one) => one.key === 'customer:c1')).toHaveLength(1);
  });

  test('[ST3] one that comes again so late holds nobody else up: of many at once each gets its own answer', async () => {
    const ledger = node();
    const ids = await Promise.all(Array.from({ length: 12 }, () => opened(ledger)));
    const firsts = await Promise.all(
      ids.map(async (id) => ok(await ledger.commit(id, customerSays('once', 'c1'))).seq),
    );
    for (let i = 0; i < 20; i++)
      await Promise.all(ids.map((id) => ledger.commit(id, customerSays(`filler number ${i} ${i * 13}`))));
    const late = node();
    // Half of them again, the others with something new, all in one batch.
    const outcomes = await Promise.all(
      ids.map(async (id, index) => ok(await late.commit(id, customerSays('once', index % 2 === 0 ? 'c1' : 'c2')))),
    );
    expect(outcomes.map(({ repeated }) => repeated)).toEqual(ids.map((_, index) => index % 2 === 0));
    for (const [index, id] of ids.entries()) {
      if (index % 2 === 0) expect(outcomes[index]?.seq).toBe(firsts[index]);
      const log = await wholeLog(pool, id);
      expect(log.map(({ seq }) => seq)).toEqual(log.map((_, at) => at + 1));
      expect(await late.read(id)).toEqual(replay(null, log));
    }
  });

  test('[ST3] twice in one flush, with more between them than the state remembers: each is done once, both are answered', async () => {
    const ledger = node();
    const id = await opened(ledger);
    const commands = Array.from({ length: 40 }, (_, i) => customerSays(`line ${i}`, `twice-${i}`));
    const outcomes = await Promise.all([...commands, ...commands].map((command) => ledger.commit(id, command)));
    const seqs = outcomes.map((outcome) => ok(outcome).seq);
    expect(seqs.slice(40)).toEqual(seqs.slice(0, 40));
    expect(outcomes.slice(40).every((outcome) => ok(outcome).repeated)).toBe(true);
    const said = (await wholeLog(pool, id)).flatMap(({ event }) =>
      event.type === 'message' ? [event.message.clientId] : [],
    );
    expect(said).toEqual(commands.map((_, i) => `twice-${i}`));
    expect((await ledger.commit(id, customerSays('and on'))).ok).toBe(true);
  });

  test('[ST3] it is no refusal, though who said it may not say it any more', async () => {
    const ledger = node();
    const id = await opened(ledger);
    const dana = { id: 'agt_dana', name: 'Dana' };
    const by = { role: 'agent', agent: dana } as const;
    ok(await ledger.commit(id, { type: 'take', agent: dana }));
    const says: Command = {
      type: 'say',
      author: { role: 'agent', ...dana },
      parts: [{ type: 'text', text: 'On its way.' }],
      clientId: 'g1',
      epoch: (await ledger.read(id))?.control.epoch ?? 0,
    };
    const first = ok(await ledger.commit(id, says));
    for (let i = 0; i < 30; i++) await ledger.commit(id, customerSays(`filler number ${i} ${i * 13}`));
    ok(await ledger.commit(id, { type: 'release', by }));
    expect(ok(await ledger.commit(id, says))).toMatchObject({ seq: first.seq, repeated: true });
    expect(await ledger.commit(id, { ...says, clientId: 'g2' })).toMatchObject({ refusal: { code: 'control_lost' } });
  });

  test('[ST3] a key that no log can hold is new: what is refused under it is refused for good', async () => {
    const ledger = node();
    const id = await opened(ledger);
    const outcome = await ledger.commit(id, {
      type: 'decline',
      handoff: 'hnd_none',
      agent: { id: 'agt_dana', name: 'Dana' },
      key: 'a\0b',
    });
    expect(outcome).toMatchObject({ ok: false, refusal: { code: expect.any(String) } });
  });

  test('[ST3] what comes while it is looked up stays behind what came before it', async () => {
    const ledger = node();
    const id = await opened(ledger);
    ok(await ledger.commit(id, customerSays('once', 'c1')));
    for (let i = 0; i < 30; i++) await ledger.commit(id, customerSays(`filler number ${i} ${i * 13}`));
    // Sent again after a break: the first is in the log, the second is new; a third is typed while that is found out.
    const said = [ledger.commit(id, customerSays('once', 'c1')), ledger.commit(id, customerSays('second', 'c2'))];
    for (let i = 3; i < 60; i++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      said.push(ledger.commit(id, customerSays(`${i}th`, `c${i}`)));
    }
    const seqs = (await Promise.all(said)).map((outcome) => ok(outcome).seq);
    expect(seqs).toEqual([...seqs].sort((one, other) => one - other));
  });

  test('[ST3] also where the message had opened the conversation again', async () => {
    const ledger = node();
    const id = await opened(ledger);
    await ledger.commit(id, { type: 'close', by: { role: 'customer', id: seed.customer } });
    const first = ok(await ledger.commit(id, customerSays('back again', 'c1')));
    expect((await wholeLog(pool, id)).find((one) => one.seq === first.seq)?.event.type).toBe('message');
    for (let i = 0; i < 90; i++) await ledger.commit(id, customerSays(`filler number ${i} ${i * 13}`));
    await ledger.commit(id, { type: 'close', by: { role: 'customer', id: seed.customer } });
    expect(ok(await node().commit(id, customerSays('back again', 'c1')))).toMatchObject({
      seq: first.seq,
      repeated: true,
    });
  });

  test('[ST4] two nodes writing one conversation lose nothing and number without gaps', async () => {
    const [a, b] = [node(), node()];
    const id = await opened(a);
    const outcomes = await Promise.all(
      Array.from({ length: 120 }, (_, i) =>
        (i % 2 ? a : b).commit(id, customerSays(`from ${i % 2 ? 'a' : 'b'} ${i}`, `k${i}`)),
      ),
    );
    const seqs = outcomes.map((outcome) => ok(outcome).seq);
    expect(new Set(seqs).size).toBe(120);
    const log = await wholeLog(pool, id);
    expect(log.map((one) => one.seq)).toEqual(log.map((_, i) => i + 1));
    expect(log.filter((one) => one.key?.startsWith('customer:'))).toHaveLength(120);
  });

  test('[ST5] listeners hear of events after the commit, in order', async () => {
    const ledger = node();
    const heard: Committed[] = [];
    ledger.onCommitted((one) => heard.push(one));
    const id = await opened(ledger);
    await Promise.all(Array.from({ length: 30 }, (_, i) => ledger.commit(id, customerSays(`n ${i}`))));
    const seqs = heard.flatMap((one) => one.events.map((event) => event.seq));
    expect(seqs).toEqual(seqs.map((_, i) => i + 1));
    expect(heard.every((one) => one.json.length === one.events.length)).toBe(true);
  });

  test('[ST6] one conversation that the database refuses harms no other', async () => {
    const ledger = node();
    const good = await opened(ledger);
    const { workspace, bot, channel } = seed;
    const bad = newId('cnv');
    const results = await Promise.allSettled([
      ledger.open({
        type: 'open',
        id: bad,
        workspace,
        channel,
        customer: 'cus_nobody' as CustomerId,
        bot: bot as IntegrationId,
      }),
      ledger.commit(good, customerSays('still here')),
    ]);
    expect(results[0].status).toBe('rejected');
    expect(results[1].status).toBe('fulfilled');
    expect((await wholeLog(pool, good)).some((one) => one.event.type === 'message')).toBe(true);
  });

  test('[ST7] a database that is away gives every command back, and nothing is half done', async () => {
    const gone = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 500 });
    gone.on('error', () => {});
    const world = { now: () => Date.now(), newId, fetch, log };
    const ledger = new Ledger({ pool: gone, world, directory: new Directory({ pool: gone, now: world.now }) });
    await expect(ledger.commit(newId('cnv'), customerSays('hello'))).rejects.toBeInstanceOf(Unavailable);
    await gone.end();
  });

  test('[ST8] an unknown conversation is refused, and opening one twice too', async () => {
    const ledger = node();
    expect(await ledger.commit(newId('cnv'), customerSays('x'))).toMatchObject({
      ok: false,
      refusal: { code: 'not_found' },
    });
    const id = await opened(ledger);
    const { workspace, channel, bot, customer } = seed;
    expect(await node().open({ type: 'open', id, workspace, channel, customer, bot })).toMatchObject({
      ok: false,
      refusal: { code: 'exists' },
    });
  });

  test('[ST10] nobody is refused on a state that another node has moved on from', async () => {
    const [a, b] = [node(), node()];
    const id = await opened(a);
    expect((await b.read(id))?.seq).toBe(1);
    ok(await b.commit(id, customerSays('b knows this conversation')));
    ok(await a.commit(id, { type: 'take', agent: { id: 'agt_dana', name: 'Dana' } }));
    const says: Command = {
      type: 'say',
      author: { role: 'agent', id: 'agt_dana', name: 'Dana' },
      parts: [{ type: 'text', text: 'hi' }],
      clientId: 'x1',
    };
    ok(await b.commit(id, says));
  });

  test('[ST9] a handoff is in its table as it is in the state', async () => {
    const ledger = node();
    const id = await opened(ledger);
    await ledger.commit(id, {
      type: 'request-handoff',
      by: { role: 'customer', id: seed.customer },
      reason: 'customer_asked',
    });
    const handoff = (await ledger.read(id))?.handoff;
    await ledger.commit(id, {
      type: 'acknowledge',
      handoff: handoff?.id ?? 'hnd_',
      outlook: { availability: 'busy', position: 1, ahead: 0, estimate: null },
    });
    const agent = { id: 'agt_dana', name: 'Dana' };
    await ledger.commit(id, { type: 'take', agent });
    const active = await pool.query(
      'select phase, agent_id, told_position, accepted_at is not null as accepted from handoffs where conversation_id = $1',
      [id],
    );
    expect(active.rows).toEqual([{ phase: 'active', agent_id: 'agt_dana', told_position: 1, accepted: true }]);
    await ledger.commit(id, { type: 'release', by: { role: 'agent', agent }, note: 'Refund promised.' });
    const ended = await pool.query(
      'select phase, outcome, agent_id, ended_at is not null as over from handoffs where conversation_id = $1',
      [id],
    );
    expect(ended.rows).toEqual([{ phase: 'ended', outcome: 'returned_to_bot', agent_id: 'agt_dana', over: true }]);
    const cursors = await pool.query('select side, due_at is not null as due from cursors where conversation_id = $1', [
      id,
    ]);
    expect(cursors.rows).toEqual([{ side: `bot:${seed.bot}`, due: true }]);
  });
});
