import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestSide, testSide } from '#test/side.ts';

describe('what a dead node had leased', () => {
  let side: TestSide;
  /** Turns that the bot was asked for; the first ones fail with this. */
  const asked: string[] = [];
  let failure: Error | null = null;
  beforeAll(async () => {
    side = await testSide((_workspace, { id, name }) => ({
      id,
      name,
      can: { whispers: false, streams: false, later: false },
      answer: async ({ message }) => {
        asked.push(message?.text ?? '');
        return {
          kind: 'actions',
          actions: [{ type: 'say', parts: [{ type: 'text', text: `You said: ${message?.text}` }] }],
        };
      },
    }));
  });
  afterAll(() => side.stop());

  async function lease(conversation: string, node: string): Promise<void> {
    await side.pool.query(
      `update cursors set seq = 1, due_at = now(), lease = $2, leased_until = now() + interval '1 minute' where conversation_id = $1`,
      [conversation, node],
    );
  }

  test('[CR5] is taken up by a node that lives, long before the lease runs out', async () => {
    const socket = await side.connect(`visitor:${await side.customer('cus_cw1')}`);
    await side.pool.query(
      `insert into nodes (id, hears, key_check) values ('nod_lives', true, ''), ('nod_died', true, '')`,
    );
    await side.pool.query(`update nodes set seen_at = now() - interval '15 seconds' where id = 'nod_died'`);
    socket.say('a', 'an old question');
    const { conversation = 'cnv_' } = await socket.next('ack');
    await socket.until(() => (socket.texts().includes('You said: an old question') ? true : undefined), 'the answer');
    const before = asked.length;
    await lease(conversation, 'nod_lives');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { rows } = await side.pool.query<{ lease: string }>('select lease from cursors where conversation_id = $1', [
      conversation,
    ]);
    expect(rows[0]?.lease).toBe('nod_lives');
    await lease(conversation, 'nod_died');
    await expect
      .poll(
        async () =>
          (await side.pool.query('select lease, due_at from cursors where conversation_id = $1', [conversation]))
            .rows[0],
      )
      .toEqual({ lease: null, due_at: null });
    // Its turn was settled: nobody is asked twice.
    expect(asked.length).toBe(before);
  });

  test('[CR6] work that a database broke off is taken up again at once, not when the lease runs out', async () => {
    const socket = await side.connect(`visitor:${await side.customer('cus_cw2')}`);
    failure = Object.assign(new Error('Connection terminated unexpectedly'), {});
    const { pool } = side;
    const query = pool.query.bind(pool);
    Object.assign(pool, {
      query(...args: Parameters<typeof query>) {
        const broken = failure;
        if (!broken || (args[0] as { name?: string }).name !== 'advance-cursor') return query(...args);
        failure = null;
        return Promise.reject(broken);
      },
    });
    socket.say('b', 'does it go on?');
    await socket.until(() => (socket.texts().includes('You said: does it go on?') ? true : undefined), 'the answer');
    const { conversation } = await socket.next('ack');
    await expect
      .poll(
        async () =>
          (await query('select due_at from cursors where conversation_id = $1', [conversation])).rows[0]?.due_at,
      )
      .toBeNull();
    expect(failure).toBeNull();
    expect(socket.texts().filter((text) => text.startsWith('You said'))).toHaveLength(1);
  });
});
