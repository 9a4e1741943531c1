import type { ClientFrame, ServerFrame } from '@baton/protocol';
import { describe, expect, test } from 'vitest';
import { FakeClock, settled } from '#test/fake-clock.ts';
import { FakeNetwork, said } from '#test/fake-network.ts';
import { Feed, type FeedOptions } from './feed.ts';

function setUp(options: Partial<FeedOptions> = {}) {
  const clock = new FakeClock();
  const network = new FakeNetwork();
  let wake = () => {};
  const feed = new Feed({
    addresses: {
      socket: 'wss://baton.test/rt',
      stream: 'https://baton.test/stream',
      frames: 'https://baton.test/frames',
    },
    token: () => 'tok',
    WebSocket: network.WebSocket,
    fetch: network.fetch,
    clock,
    random: () => 1,
    wakes: (callback) => {
      wake = callback;
      return () => {
        wake = () => {};
      };
    },
    ...options,
  });
  const frames: ServerFrame[] = [];
  feed.onFrame((frame) => frames.push(frame));
  const seqs = () => frames.flatMap((frame) => (frame.type === 'event' ? [frame.seq] : []));
  return { feed, clock, network, frames, seqs, wake: () => wake() };
}

const say = (clientId: string): ClientFrame => ({
  type: 'say',
  clientId,
  conversation: 'cnv_1',
  parts: [{ type: 'text', text: clientId }],
});

describe('resuming', () => {
  test('[FD1] the hello carries the token and the highest seq of each conversation', async () => {
    const { feed, network, clock } = setUp();
    feed.seen('cnv_1', 4);
    feed.start();
    await clock.pass(0);
    await network.socket.welcome();
    expect(network.socket.sent[0]).toEqual({ type: 'hello', token: 'tok', since: { cnv_1: 4 } });
    network.socket.tell(said(6, 'a'));
    network.socket.drop();
    await clock.pass(1_000);
    await network.socket.open();
    expect(network.socket.sent[0]).toMatchObject({ since: { cnv_1: 6 } });
  });

  test('[FD1] what comes a second time is not handed out again', async () => {
    const { feed, network, clock, seqs } = setUp();
    feed.start();
    await clock.pass(0);
    await network.socket.welcome();
    for (const seq of [1, 2, 5, 2, 5, 6]) network.socket.tell(said(seq, 'x'));
    expect(seqs()).toEqual([1, 2, 5, 6]);
  });

  test('[FD1] following from an earlier seq reads that conversation again', async () => {
    const { feed, network, clock, seqs } = setUp();
    feed.start();
    await clock.pass(0);
    await network.socket.welcome();
    network.socket.tell(said(3, 'x'));
    feed.send({ type: 'follow', conversation: 'cnv_1', after: 0 });
    for (const seq of [1, 2, 3]) network.socket.tell(said(seq, 'x'));
    expect(seqs()).toEqual([3, 1, 2, 3]);
    feed.send({ type: 'unfollow', conversation: 'cnv_1' });
    network.socket.drop();
    await clock.pass(1_000);
    await network.socket.open();
    expect(network.socket.sent[0]).toMatchObject({ since: {} });
  });

  test('[FD2] what is not acknowledged is sent again after each welcome, in order, before anything else', async () => {
    const kept = [say('a'), say('b')];
    const { feed, network, clock } = setUp({ resend: () => kept });
    feed.onState((state) => {
      if (state.is === 'live') queueMicrotask(() => feed.send(say('c')));
    });
    feed.start();
    await clock.pass(0);
    expect(feed.send(say('early'))).toBe(false);
    await network.socket.welcome();
    await settled();
    const ids = network.socket.sent.map((frame) => ('clientId' in frame ? frame.clientId : frame.type));
    expect(ids).toEqual(['hello', 'a', 'b', 'c']);
  });
});

describe('reconnecting', () => {
  test('[FD3] waits longer each time, up to 15 seconds, and starts anew after a good connection', async () => {
    const { feed, network, clock } = setUp({ addresses: { socket: 'wss://baton.test/rt' } });
    network.socketsBlocked = true;
    feed.start();
    const waits: number[] = [];
    feed.onState((state) => {
      if (state.is === 'waiting') waits.push(state.until - clock.now());
    });
    await clock.pass(60_000);
    expect(waits.slice(0, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    network.socketsBlocked = false;
    await clock.pass(15_000);
    await network.socket.welcome();
    await clock.pass(5_000);
    network.socket.drop();
    expect(waits.at(-1)).toBe(500);
  });

  test('[FD3] a server that welcomes and drops at once is not hammered', async () => {
    const { feed, network, clock } = setUp();
    feed.start();
    for (let round = 0; round < 4; round++) {
      await clock.pass(round === 0 ? 0 : 8_000);
      await network.socket.welcome();
      network.socket.drop();
    }
    expect(feed.state).toMatchObject({ is: 'waiting', attempt: 4 });
  });

  test('[FD4] the network is back or the tab is shown: it tries at once', async () => {
    const { feed, network, clock, wake } = setUp();
    network.socketsBlocked = true;
    network.streamStatus = 503;
    feed.start();
    await clock.pass(5_000);
    expect(feed.state.is).toBe('waiting');
    network.socketsBlocked = false;
    wake();
    await settled();
    await network.socket.welcome();
    expect(feed.state).toEqual({ is: 'live', over: 'socket' });
  });

  test('[FD5] a server that says goodbye names the pause, and no wake shortens it', async () => {
    const { feed, network, clock, wake } = setUp();
    feed.start();
    await clock.pass(0);
    await network.socket.welcome();
    network.socket.tell({ type: 'bye', reason: 'restart', retryAfterMs: 7_000 });
    wake();
    await clock.pass(6_999);
    expect(network.sockets).toHaveLength(1);
    await clock.pass(1);
    expect(network.sockets).toHaveLength(2);
  });

  test('[FD6] a refused token is asked for anew; without a token to offer the feed stops and says why', async () => {
    const asked: boolean[] = [];
    const { feed, network, clock } = setUp({
      token: (refused) => {
        asked.push(refused);
        return asked.length < 3 ? `tok${asked.length}` : null;
      },
    });
    feed.start();
    await clock.pass(0);
    await network.socket.open();
    network.socket.tell({ type: 'refused', code: 'token_expired', message: 'Start a new session.' });
    network.socket.drop(4401);
    await clock.pass(1_000);
    await network.socket.open();
    expect(network.socket.sent[0]).toMatchObject({ token: 'tok2' });
    network.socket.drop(4401);
    await clock.pass(2_000);
    expect(asked).toEqual([false, true, true]);
    expect(feed.state).toEqual({ is: 'stopped', why: 'unauthorized' });
  });

  test('[FD3] an opening that hangs is given up after 10 seconds', async () => {
    const { feed, network, clock } = setUp();
    feed.start();
    await clock.pass(0);
    await network.socket.open();
    await clock.pass(10_000);
    expect(network.socket.closed).toBe(true);
    await clock.pass(1_000);
    expect(network.sockets).toHaveLength(2);
  });
});

describe('heartbeat', () => {
  test('[FD7] pings every 20 seconds; without any answer the link is dead after 30', async () => {
    const { feed, network, clock } = setUp();
    feed.start();
    await clock.pass(0);
    await network.socket.welcome();
    await clock.pass(20_000);
    expect(network.socket.sent.at(-1)).toEqual({ type: 'ping' });
    network.socket.tell({ type: 'pong' });
    await clock.pass(20_000);
    expect(network.socket.sent.filter((frame) => frame.type === 'ping')).toHaveLength(2);
    await clock.pass(9_999);
    expect(feed.state.is).toBe('live');
    await clock.pass(1);
    expect(feed.state.is).toBe('waiting');
  });

  test('[FD7] any frame is a sign of life', async () => {
    const { feed, network, clock } = setUp();
    feed.start();
    await clock.pass(0);
    await network.socket.welcome();
    await clock.pass(25_000);
    network.socket.tell(said(1, 'x'));
    await clock.pass(5_000);
    expect(feed.state.is).toBe('live');
  });

  test('[FD7] a laptop that wakes up knows within 5 seconds whether its link is still there', async () => {
    const { feed, network, clock, wake } = setUp();
    feed.start();
    await clock.pass(0);
    await network.socket.welcome();
    wake();
    await clock.pass(5_000);
    expect(feed.state.is).toBe('waiting');
  });
});

describe('where WebSockets are blocked', () => {
  async function overStream(options: Partial<FeedOptions> = {}) {
    const world = setUp(options);
    world.network.socketsBlocked = true;
    world.feed.seen('cnv_1', 3);
    world.feed.start();
    await world.clock.pass(1_000 + 2_000);
    world.network.stream.tell({
      type: 'welcome',
      me: { role: 'visitor', id: 'cus_1' },
      conversation: 'cnv_1',
      heartbeatSeconds: 20,
      server: 'test',
    });
    await settled();
    return world;
  }

  test('[FD8] after two sockets that did not open it reads a stream, with the same token and since', async () => {
    const { feed, network, seqs } = await overStream();
    expect(network.sockets).toHaveLength(2);
    expect(feed.state).toEqual({ is: 'live', over: 'stream' });
    expect(network.stream.headers.get('authorization')).toBe('Bearer tok');
    expect(network.stream.url.searchParams.get('since')).toBe('{"cnv_1":3}');
    network.stream.tell(said(4, 'cut'));
    network.stream.write(`data: ${JSON.stringify(said(5, 'in two')).slice(0, 20)}`);
    network.stream.write(`${JSON.stringify(said(5, 'in two')).slice(20)}\n\n`);
    await settled();
    expect(seqs()).toEqual([4, 5]);
  });

  test('[FD8] client frames are posted one batch at a time, in order; the answers come as frames', async () => {
    const { feed, network, frames } = await overStream();
    for (const id of ['a', 'b', 'c']) feed.send(say(id));
    await settled();
    await settled();
    const posted = network.posts.flat().map((frame) => ('clientId' in frame ? frame.clientId : ''));
    expect(posted).toEqual(['a', 'b', 'c']);
    expect(frames.flatMap((frame) => (frame.type === 'ack' ? [frame.clientId] : []))).toEqual(['a', 'b', 'c']);
  });

  test('[FD8] a post that fails ends the link, and what was kept is sent again', async () => {
    const kept = [say('a')];
    const world = await overStream({ resend: () => kept });
    world.network.onPost = () => ({ status: 503, body: {} });
    world.feed.send(say('b'));
    await settled();
    await settled();
    expect(world.feed.state.is).toBe('waiting');
  });

  test('[FD8] a post that the server does not take is refused, not repeated for ever', async () => {
    const { feed, network, frames } = await overStream();
    network.onPost = () => ({ status: 400, body: { code: 'bad_frame', detail: 'Too long.' } });
    feed.send(say('a'));
    await settled();
    await settled();
    expect(frames.at(-1)).toEqual({ type: 'refused', clientId: 'a', code: 'bad_frame', message: 'Too long.' });
    expect(feed.state.is).toBe('live');
  });

  test('[FD9] a stream that says nothing for 30 seconds is dead; a comment is a sign of life', async () => {
    const { feed, network, clock } = await overStream();
    await clock.pass(19_000);
    network.stream.write(': still here\n\n');
    await clock.pass(12_000);
    expect(feed.state.is).toBe('live');
    await clock.pass(30_000);
    expect(network.stream.open).toBe(false);
  });

  test('[FD9] sockets are tried again later, and the feed moves over when one is welcomed, without a double', async () => {
    const { feed, network, clock, seqs } = await overStream();
    network.socketsBlocked = false;
    network.stream.tell(said(4, 'by stream'));
    network.stream.write(': alive\n\n');
    await clock.pass(15_000);
    network.stream.write(': alive\n\n');
    await clock.pass(15_000);
    await network.socket.welcome();
    expect(feed.state).toEqual({ is: 'live', over: 'socket' });
    expect(network.stream.open).toBe(false);
    network.socket.tell(said(4, 'by socket'));
    network.socket.tell(said(5, 'by socket'));
    expect(seqs()).toEqual([4, 5]);
  });

  test('[FD9] a socket that still does not open leaves the stream alone', async () => {
    const { feed, network, clock } = await overStream();
    for (let round = 0; round < 4; round++) {
      network.stream.write(': alive\n\n');
      await clock.pass(15_000);
    }
    expect(network.sockets).toHaveLength(3);
    expect(feed.state).toEqual({ is: 'live', over: 'stream' });
  });

  test('[FD8] a server without a stream is only asked once', async () => {
    const world = setUp();
    world.network.socketsBlocked = true;
    world.network.streamStatus = 404;
    world.feed.start();
    await world.clock.pass(60_000);
    world.network.socketsBlocked = false;
    await world.clock.pass(15_000);
    await world.network.socket.welcome();
    expect(world.feed.state).toEqual({ is: 'live', over: 'socket' });
  });
});

test('[FD10] a stopped feed is silent, and goes on where it was when started again', async () => {
  const { feed, network, clock, seqs } = setUp();
  feed.start();
  await clock.pass(0);
  await network.socket.welcome();
  network.socket.tell(said(1, 'x'));
  feed.stop();
  expect(network.socket.closed).toBe(true);
  network.socket.tell(said(2, 'late'));
  await clock.pass(60_000);
  expect(network.sockets).toHaveLength(1);
  expect(seqs()).toEqual([1]);
  feed.start();
  await clock.pass(0);
  await network.socket.open();
  expect(network.socket.sent[0]).toMatchObject({ since: { cnv_1: 1 } });
});
