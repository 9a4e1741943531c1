import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type TestSide, TestSocket, testSide } from '#test/side.ts';

let side: TestSide;
let visitors = 0;
beforeAll(async () => {
  side = await testSide();
});
afterAll(() => side.stop());

async function visitor() {
  const token = `visitor:${await side.customer(`cus_rt${++visitors}`)}`;
  return { token, socket: await side.connect(token) };
}

describe('sockets', () => {
  test('[RT1] the first frame is hello, and a token that is not known is refused', async () => {
    const early = new TestSocket(new WebSocket(`${side.url}/widget/v1/realtime`));
    await early.opened;
    early.send({ type: 'ping' });
    expect((await early.next('refused')).code).toBe('hello_first');
    expect(await early.closed()).toBe(1008);
    const foreign = new TestSocket(new WebSocket(`${side.url}/widget/v1/realtime`));
    await foreign.opened;
    foreign.send({ type: 'hello', token: 'nonsense' });
    expect((await foreign.next('refused')).code).toBe('token_invalid');
    expect(await foreign.closed()).toBe(4401);
  });

  test('[RT2] a first message opens the conversation and is acknowledged with its seq', async () => {
    const { socket } = await visitor();
    socket.say('a1', 'Hello there');
    const ack = await socket.next('ack');
    expect(ack.clientId).toBe('a1');
    const event = await socket.next('event', ({ event }) => event.type === 'message');
    expect(event).toMatchObject({ conversation: ack.conversation, seq: ack.seq });
  });

  test('[RT16] the id of a frame is one that a log can hold', async () => {
    const { socket } = await visitor();
    for (const id of ['a\0b', '\ud800', 'x'.repeat(101)]) {
      socket.send({ type: 'ping', id });
      expect((await socket.next('refused')).code, JSON.stringify(id)).toBe('bad_frame');
    }
    socket.send({ type: 'ping', id: 'two words 📎' });
    await socket.next('pong');
  });

  test('[RT3] the same client id again is one message with one seq, also without naming the conversation', async () => {
    const { socket, token } = await visitor();
    socket.say('same', 'once only');
    const first = await socket.next('ack');
    const again = await side.connect(token);
    again.say('same', 'once only');
    expect(await again.next('ack')).toMatchObject({ conversation: first.conversation, seq: first.seq });
    await again.until(() => again.texts().includes('once only') || undefined, 'the message');
    expect(again.texts().filter((text) => text === 'once only')).toHaveLength(1);
  });

  test('[RT4] two tabs that write at once share one conversation and see each other', async () => {
    const { socket: one, token } = await visitor();
    const two = await side.connect(token);
    one.say('t1', 'from one');
    two.say('t2', 'from two');
    const [a, b] = [await one.next('ack'), await two.next('ack')];
    expect(a.conversation).toBe(b.conversation);
    for (const tab of [one, two]) await tab.until(() => (tab.texts().length >= 2 ? true : undefined), 'both texts');
  });

  test('[RT5] frames sent in one breath are written in their order', async () => {
    const { socket } = await visitor();
    for (let i = 0; i < 40; i++) socket.say(`o${i}`, `line ${i} of the parcel list`);
    await socket.until(
      () => (socket.frames.filter((frame) => frame.type === 'ack').length === 40 ? true : undefined),
      '40 acks',
    );
    // Who said it is told first, then everybody who reads along.
    const lines = () => socket.texts().filter((text) => text.startsWith('line'));
    const said = await socket.until(() => (lines().length >= 40 ? lines() : undefined), '40 lines');
    expect(said).toEqual(Array.from({ length: 40 }, (_, i) => `line ${i} of the parcel list`));
    const seqs = socket.seqs();
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  test('[RT6] a reader resumes by seq: nothing is missed, nothing comes twice', async () => {
    const { socket, token } = await visitor();
    socket.say('r0', 'zero');
    const { conversation } = await socket.next('ack');
    for (let i = 1; i <= 10; i++) socket.say(`r${i}`, `number ${i} is it`, conversation);
    await socket.next('ack', ({ clientId }) => clientId === 'r10');
    // It has read up to the fifth of them, as far as anybody is told.
    const { seq: last } = await socket.next('event', ({ event }) => JSON.stringify(event).includes('number 5 is it'));
    const seen = socket.seqs().filter((seq) => seq <= last);
    socket.terminate();
    const other = await side.connect(token);
    for (let i = 11; i <= 20; i++) other.say(`r${i}`, `number ${i} is it`, conversation);
    await other.until(() => (other.texts().includes('number 20 is it') ? true : undefined), 'twenty');
    const back = await side.connect(token, { since: { [conversation as `cnv_${string}`]: last } });
    await back.until(() => (back.texts().includes('number 20 is it') ? true : undefined), 'the rest');
    const whole = [...seen, ...back.seqs()];
    expect(new Set(whole).size).toBe(whole.length);
    expect(whole).toEqual([...whole].sort((a, b) => a - b));
    const texts = back.texts().filter((text) => text.startsWith('number'));
    expect(texts).toEqual(Array.from({ length: 15 }, (_, i) => `number ${i + 6} is it`));
  });

  test('[RT7] a visitor reaches no conversation but his own', async () => {
    const { socket: mine } = await visitor();
    mine.say('m', 'my secret');
    const { conversation } = await mine.next('ack');
    const { socket: other } = await visitor();
    for (const frame of [
      { type: 'say', clientId: 'x', conversation, parts: [{ type: 'text', text: 'intruder' }] },
      { type: 'read', conversation, seq: 1 },
      { type: 'typing', conversation },
      { type: 'cancel', conversation },
    ]) {
      other.send(frame);
      expect((await other.next('refused')).code).toBe('not_found');
    }
    for (const type of ['watch', 'take', 'note', 'release'] as const) {
      other.send({ type, conversation, ...(type === 'note' ? { text: 'n' } : {}) });
      expect((await other.next('refused')).code).toBe('not_allowed');
    }
    expect(other.texts()).toEqual([]);
  });

  test('[RT8] bad frames are refused with what is wrong, and the connection stays', async () => {
    const { socket } = await visitor();
    socket.ws.send('{nonsense');
    expect((await socket.next('refused')).code).toBe('bad_json');
    socket.send({ type: 'say', clientId: 'c', parts: [{ type: 'text', text: 'x' }], surprise: true });
    expect(await socket.next('refused')).toMatchObject({ code: 'bad_frame', clientId: 'c' });
    socket.send({ type: 'say', clientId: 'long', parts: [{ type: 'text', text: 'x'.repeat(8_001) }] });
    const long = await socket.next('refused');
    expect(long.clientId).toBe('long');
    expect(long.message).toMatch(/8[ ,]?000/);
    socket.send({ type: 'nonsense' });
    expect((await socket.next('refused')).code).toBe('bad_frame');
    socket.send({ type: 'ping' });
    await socket.next('pong');
  });

  test('[RT9] a frame that is too big ends the connection, and no other', async () => {
    const { socket } = await visitor();
    const { socket: other } = await visitor();
    socket.ws.send(`{"type":"say","clientId":"b","parts":[{"type":"text","text":"${'x'.repeat(70_000)}"}]}`);
    expect(await socket.closed()).toBe(1009);
    other.send({ type: 'ping' });
    await other.next('pong');
  });
});

describe('customer and agent', () => {
  test('[RT10] offer, accept, relay both ways, typing and read marks; the customer sees no staff event', async () => {
    const agentId = await side.agent('agt_rt1', 'Dana');
    const agent = await side.connect(`agent:${agentId}:Dana`);
    const { socket: customer } = await visitor();
    customer.say('c1', 'I want to talk to a human please');
    const { conversation } = await customer.next('ack');
    agent.send({ type: 'presence', state: 'online', capacity: 2, id: 'p' });
    const offer = await agent.next('offer');
    expect(offer.conversation).toBe(conversation);
    expect(offer.context.reason).toBe('customer_asked');
    expect(offer.context.evidence[0]?.quote).toContain('human');
    expect(offer.context.transcript.some((line) => line.text.includes('human'))).toBe(true);
    agent.send({ type: 'accept', handoff: offer.handoff, id: 'acc' });
    await agent.next('ack', (ack) => ack.id === 'acc');
    await customer.next('event', ({ event }) => event.type === 'participant.joined' && event.agent.name === 'Dana');
    agent.say('g1', 'Hi, Dana here', conversation);
    await customer.until(() => (customer.texts().includes('Hi, Dana here') ? true : undefined), 'the agent');
    customer.say('c2', 'Hello Dana', conversation);
    await agent.until(() => (agent.texts().includes('Hello Dana') ? true : undefined), 'the customer');
    agent.send({ type: 'typing', conversation });
    expect(await customer.next('typing', ({ who }) => who.role === 'agent')).toMatchObject({ on: true });
    customer.send({ type: 'read', conversation, seq: 3 });
    expect(await agent.next('read')).toMatchObject({ who: 'customer', seq: 3 });
    agent.send({ type: 'note', conversation, text: 'a secret note', id: 'n' });
    await agent.next('ack', (ack) => ack.id === 'n');
    agent.send({ type: 'flag', conversation, name: 'vip', id: 'f' });
    await agent.next('ack', (ack) => ack.id === 'f');
    customer.say('c3', 'last one', conversation);
    await customer.until(() => (customer.texts().includes('last one') ? true : undefined), 'the last');
    const seen = JSON.stringify(customer.frames);
    expect(seen).not.toContain('secret');
    expect(customer.frames.flatMap((frame) => (frame.type === 'event' ? [frame.event.type] : []))).not.toContain(
      'flag.added',
    );
    expect(seen).not.toContain('evidence');
  });

  test('[SM3] an agent who gets a conversation back reads what was said without her', async () => {
    const [ines, sam] = [await side.agent('agt_back1', 'Ines'), await side.agent('agt_back2', 'Sam')];
    const [first, second] = [await side.connect(`agent:${ines}:Ines`), await side.connect(`agent:${sam}:Sam`)];
    const { socket: customer } = await visitor();
    customer.say('b1', 'hello');
    const { conversation } = await customer.next('ack');
    if (!conversation) throw new Error('no conversation');
    first.send({ type: 'take', conversation, id: 'take' });
    first.send({ type: 'pass', conversation, to: { agent: sam }, id: 'pass' });
    await first.next('ack', ({ id }) => id === 'pass');
    first.send({ type: 'unfollow', conversation });
    await second.next('event', ({ event }) => event.type === 'control.changed' && event.to.holder === 'agent');
    second.say('b2', 'Sam here', conversation);
    await customer.until(() => (customer.texts().includes('Sam here') ? true : undefined), 'Sam');
    customer.say('b3', 'Thank you, Sam', conversation);
    await customer.next('ack', ({ clientId }) => clientId === 'b3');
    second.send({ type: 'pass', conversation, to: { agent: ines }, id: 'back' });
    await second.next('ack', ({ id }) => id === 'back');
    first.send({ type: 'follow', conversation, after: Math.max(...first.seqs()) });
    await first.until(() => (first.texts().includes('Thank you, Sam') ? true : undefined), 'what was said meanwhile');
    // She had looked away, so the log may come from its beginning again; by its numbers it is whole.
    const seqs = [...new Set(first.seqs())].sort((a, b) => a - b);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect([...new Set(first.texts())].filter((text) => /Sam/.test(text))).toEqual(['Sam here', 'Thank you, Sam']);
  });

  test('[RT11] who is not the holder is told who is', async () => {
    const agent = await side.connect(`agent:${await side.agent('agt_rt2', 'Sam')}:Sam`);
    const { socket: customer } = await visitor();
    customer.say('h1', 'hello');
    const { conversation } = await customer.next('ack');
    agent.say('no', 'I write without control', conversation);
    expect(await agent.next('refused')).toMatchObject({
      clientId: 'no',
      code: 'control_lost',
      holder: { holder: 'bot' },
    });
    agent.send({ type: 'watch', conversation, id: 'w' });
    await agent.next('ack', (ack) => ack.id === 'w');
    await agent.until(() => (agent.texts().includes('hello') ? true : undefined), 'the log');
    agent.send({ type: 'take', conversation, id: 't' });
    await agent.next('ack', (ack) => ack.id === 't');
    agent.say('yes', 'now I may', conversation);
    await customer.until(() => (customer.texts().includes('now I may') ? true : undefined), 'the agent');
  });

  test('[RT12] what an agent sends again under the same id is done once', async () => {
    const token = `agent:${await side.agent('agt_rt12', 'Noor')}:Noor`;
    const agent = await side.connect(token);
    const { socket: customer } = await visitor();
    customer.say('k1', 'hello again');
    const { conversation } = await customer.next('ack');
    if (!conversation) throw new Error('no conversation');
    const note = { type: 'note', conversation, text: 'only once', id: 'n1' } as const;
    agent.send(note);
    const first = await agent.next('ack', (ack) => ack.id === 'n1');
    const again = await side.connect(token, { since: { [conversation]: 0 } });
    again.send(note);
    expect(await again.next('ack', (ack) => ack.id === 'n1')).toMatchObject({ seq: first.seq });
    const notes = () => again.frames.filter((frame) => frame.type === 'event' && frame.event.type === 'note');
    await again.until(() => notes().length > 0 || undefined, 'the note');
    expect(notes()).toHaveLength(1);
  });
});

describe('a session that begins', () => {
  test('[RT13] is told nothing before its welcome, and what happened meanwhile after it, once', async () => {
    const id = await side.agent('agt_rt13', 'Ines');
    const { socket: customer } = await visitor();
    customer.say('w1', 'before the welcome');
    const { conversation } = await customer.next('ack');
    if (!conversation) throw new Error('no conversation');
    const agent = await side.connect(`agent:${id}:Ines`);
    agent.send({ type: 'take', conversation, id: 't' });
    await agent.next('ack', (ack) => ack.id === 't');
    await agent.until(() => (agent.texts().includes('before the welcome') ? true : undefined), 'the log');
    const since = Math.max(...agent.seqs());
    agent.terminate();
    const back = new TestSocket(new WebSocket(`${side.url}/v1/realtime`));
    await back.opened;
    back.send({ type: 'hello', token: `agent:${id}:Ines`, since: { [conversation]: since } });
    // Somebody tells all sessions at the very moment at which this one begins.
    while (!back.frames.some((frame) => frame.type === 'welcome')) {
      side.hub.nodes.doubt();
      customer.say(`w${Math.random()}`, 'while it begins', conversation);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await back.until(() => (back.texts().includes('while it begins') ? true : undefined), 'the rest');
    expect(back.frames.findIndex((frame) => frame.type === 'event')).toBeGreaterThan(
      back.frames.findIndex((frame) => frame.type === 'welcome'),
    );
    const seqs = back.seqs();
    expect(Math.min(...seqs)).toBe(since + 1);
    expect(new Set(seqs).size).toBe(seqs.length);
    back.terminate();
  });
});
