import type { AgentRef, Command, ConversationId, CustomerId } from '@baton/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { smtpMailer } from '#adapters/mailers/smtp/smtp.ts';
import { type Lease, leaseDue } from '#store/cursors.ts';
import { moveReadMarks } from '#store/read-marks.ts';
import { type MailServer, mailServer } from '#test/mail-server.ts';
import { type TestSide, testSide } from '#test/side.ts';
import { realWorld } from '#world';
import { mailSide } from './mail-side.ts';

const DANA: AgentRef = { id: 'agt_dana', name: 'Dana' };
let side: TestSide;
let post: MailServer;
/** Ahead of the clock on the wall. */
let ahead = 0;
let made = 0;

beforeAll(async () => {
  [side, post] = await Promise.all([testSide(), mailServer()]);
  await side.agent(DANA.id, DANA.name);
});
beforeEach(() => {
  ahead = 0;
  post.letters.length = 0;
});
afterAll(() => Promise.all([side.stop(), post.close()]));

/** A customer who wants to be answered later, and the agent who has him now. */
async function gone(email: string | null = 'ada@example.com') {
  const customer: CustomerId = await side.customer(`cus_mail${++made}`);
  await side.pool.query('update customers set email = $2, name = $3 where id = $1', [customer, email, 'Ada']);
  const id: ConversationId = `cnv_mail${made}`;
  const { seed, hub } = side;
  await hub.ledger.open({
    type: 'open',
    id,
    workspace: seed.workspace,
    channel: seed.channel,
    customer,
    bot: null,
    page: { url: 'https://shop.example/help' },
  });
  const commit = async (command: Command) => {
    const outcome = await hub.ledger.commit(id, command);
    if (!outcome.ok) expect.fail(outcome.refusal.code);
  };
  const says = (text: string, choice?: string) =>
    commit({
      type: 'say',
      author: { role: 'customer', id: customer },
      parts: [{ type: 'text', text, ...(choice ? { choice } : {}) }],
    });
  await says('My parcel is lost');
  await expect.poll(async () => (await hub.ledger.read(id))?.handoff?.phase).toBe('queued');
  await says('Answer me later', 'wait:callback');
  await commit({ type: 'take', agent: DANA });
  const answers = (text: string) =>
    commit({ type: 'say', author: { role: 'agent', ...DANA }, parts: [{ type: 'text', text }] });
  return { id, answers };
}

/** Does what is due, once. @returns how many cursors were */
async function deliver(): Promise<number> {
  const { pool, hub } = side;
  const world = realWorld({ debug() {}, info() {}, warn() {}, error() {} }, fetch);
  const work = mailSide({
    pool,
    world: { ...world, now: () => Date.now() + ahead },
    ledger: hub.ledger,
    mailer: smtpMailer({ url: post.url, from: 'Ambleton <help@ambleton.example>' }),
    publicUrl: () => 'https://chat.example',
  });
  await pool.query(`update cursors set due_at = now() where side like 'mail:%' and due_at is not null`);
  const leases: Lease[] = await leaseDue(pool, 'test', 'mail:', 10);
  for (const lease of leases) await work(lease);
  return leases.length;
}

const failures = async (id: ConversationId) => {
  const { rows } = await side.pool.query(
    `select event ->> 'kind' as kind from events where conversation_id = $1 and type = 'delivery.failed'`,
    [id],
  );
  return rows.map(({ kind }) => kind);
};

describe('letters', () => {
  test('[WA9] what an agent wrote goes out as one letter once the customer had time to read it himself', async () => {
    const { answers } = await gone();
    await answers('It is on its way.');
    await answers('You will have it on Friday.');
    expect(await deliver()).toBe(1);
    expect(post.letters).toEqual([]);
    ahead = 121_000;
    await deliver();
    expect(post.letters).toHaveLength(1);
    const [{ to, raw } = { to: [], raw: '' }] = post.letters;
    expect(to).toEqual(['ada@example.com']);
    for (const words of ['Hello Ada,', 'Dana has answered you:', 'It is on its way.', 'You will have it on Friday.'])
      expect(raw).toContain(words);
    expect(raw).toContain('https://shop.example/help');
    // No machine answers it, and ours reads no mail: there is nothing to go round in circles.
    expect(raw).toMatch(/^Auto-Submitted: auto-generated/m);
    expect(raw).toMatch(/^Message-ID: <cnv_mail\d+\.\d+@chat\.example>/m);
    expect(await deliver()).toBe(0);
    await answers('Anything else?');
    await deliver();
    ahead = 300_000;
    await deliver();
    expect(post.letters).toHaveLength(2);
    expect(post.letters[1]?.raw).not.toContain('It is on its way.');
  });

  test('[WA9] nothing goes out to who has read it, or whose address nobody knows', async () => {
    const reader = await gone();
    await reader.answers('Here you are.');
    await moveReadMarks(side.pool, [{ conversation: reader.id, side: 'customer', seq: 1_000 }]);
    const stranger = await gone(null);
    await stranger.answers('Here you are.');
    ahead = 600_000;
    expect(await deliver()).toBe(2);
    expect(await deliver()).toBe(0);
    expect(post.letters).toEqual([]);
  });

  test('[WA9] a mail server that says "later" is asked again; one that says no is told to the agent', async () => {
    const { id, answers } = await gone();
    await answers('It is on its way.');
    ahead = 600_000;
    post.refusals.push(451, 550);
    await deliver();
    expect([post.letters.length, await failures(id)]).toEqual([0, []]);
    await deliver();
    expect([post.letters.length, await failures(id)]).toEqual([0, ['rejected']]);
    expect(await deliver()).toBe(0);
  });

  test('[WA9] a mail server that is not there is asked again', async () => {
    const { id, answers } = await gone();
    await answers('It is on its way.');
    ahead = 600_000;
    const { url } = post;
    post.url = 'smtp://127.0.0.1:1';
    await deliver();
    post.url = url;
    expect(await failures(id)).toEqual([]);
    await deliver();
    expect(post.letters).toHaveLength(1);
  });
});
