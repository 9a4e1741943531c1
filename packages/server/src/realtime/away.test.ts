import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type TestSide, TestSocket, testSide } from '#test/side.ts';

/** A database that can be switched off under a server. */
class Switch {
  readonly #pool: TestSide['pool'];
  readonly #query: TestSide['pool']['query'];
  readonly #connect: TestSide['pool']['connect'];

  constructor(pool: TestSide['pool']) {
    this.#pool = pool;
    this.#query = pool.query;
    this.#connect = pool.connect;
  }

  off(): void {
    const refused = () =>
      Promise.reject(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' }));
    Object.assign(this.#pool, { query: refused, connect: refused });
  }

  on(): void {
    Object.assign(this.#pool, { query: this.#query, connect: this.#connect });
  }
}

describe('a database that goes away while the server runs', () => {
  let side: TestSide;
  let database: Switch;
  let count = 0;
  beforeAll(async () => {
    side = await testSide();
    database = new Switch(side.pool);
  });
  afterAll(() => side.stop());

  async function visitor() {
    const token = `visitor:${await side.customer(`cus_aw${++count}`)}`;
    const socket = await side.connect(token);
    socket.say('hello', 'hello there');
    const { conversation } = await socket.next('ack');
    if (!conversation) throw new Error('no conversation');
    return { token, socket, conversation };
  }

  test('[CR1] a message is refused for now, the connection stays, and sent again it is there once', async () => {
    const { socket, conversation } = await visitor();
    database.off();
    socket.say('m1', 'said in the dark', conversation);
    expect(await socket.next('refused')).toMatchObject({ clientId: 'm1', code: 'unavailable', retryAfterMs: 2_000 });
    socket.say('m1', 'said in the dark', conversation);
    await socket.next('refused', ({ clientId }) => clientId === 'm1');
    database.on();
    socket.say('m1', 'said in the dark', conversation);
    await socket.next('ack', ({ clientId }) => clientId === 'm1');
    await socket.until(() => (socket.texts().includes('said in the dark') ? true : undefined), 'the message');
    expect(socket.texts().filter((text) => text === 'said in the dark')).toHaveLength(1);
  });

  test('[CR2] what is refused for now holds back what was said after it, so that the order stays', async () => {
    const { socket, conversation } = await visitor();
    database.off();
    socket.say('one', 'first of three', conversation);
    await socket.next('refused', ({ clientId }) => clientId === 'one');
    database.on();
    socket.say('two', 'second of three', conversation);
    expect(await socket.next('refused', ({ clientId }) => clientId === 'two')).toMatchObject({ code: 'unavailable' });
    for (const [id, text] of [
      ['one', 'first of three'],
      ['two', 'second of three'],
      ['three', 'third of three'],
    ] as const)
      socket.say(id, text, conversation);
    await socket.next('ack', ({ clientId }) => clientId === 'three');
    await socket.until(() => (socket.texts().includes('third of three') ? true : undefined), 'all');
    expect(socket.texts().filter((text) => text.endsWith('of three'))).toEqual([
      'first of three',
      'second of three',
      'third of three',
    ]);
  });

  test('[CR3] a hello is answered with when to come back', async () => {
    const { token } = await visitor();
    database.off();
    const socket = new TestSocket(new WebSocket(`${side.url}/widget/v1/realtime`));
    await socket.opened;
    socket.send({ type: 'hello', token });
    expect(await socket.next('bye')).toMatchObject({ reason: 'unavailable', retryAfterMs: 2_000 });
    expect(await socket.closed()).toBe(1012);
    database.on();
    const again = await side.connect(token);
    again.send({ type: 'ping' });
    await again.next('pong');
  });

  test('[CR4] a reader whom the database left standing is brought along when it is back', async () => {
    const { token, conversation, socket: writer } = await visitor();
    const reader = await side.connect(token, { since: { [conversation]: 1 } });
    await reader.until(() => (reader.texts().includes('hello there') ? true : undefined), 'the first');
    // He catches up while the database is away.
    const feed = side.realtime.feed;
    const seen: string[] = [];
    database.off();
    const { place } = feed.follow(
      conversation,
      Object.assign(
        { audience: 'customer' as const, send: (text: string) => void seen.push(text), full: () => false },
        { sees: () => false },
      ),
      0,
    );
    await reader.until(() => (place.state === 'lagging' ? true : undefined), 'a failure');
    database.on();
    writer.say('later', 'it is back', conversation);
    await reader.until(() => (seen.some((text) => text.includes('it is back')) ? true : undefined), 'the reader');
    expect(seen.some((text) => text.includes('hello there'))).toBe(true);
    feed.unfollow(place);
  });
});
