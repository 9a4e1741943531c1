import type { ClientFrame, ServerFrame } from '@baton/protocol';
import type { Feed, FeedState } from '@baton/sdk';
import { beforeEach, expect, test, vi } from 'vitest';
import { byAgent, NOON, row, said, welcome } from '#test/given.ts';
import type { Call } from './api.ts';
import { Drafts } from './drafts.ts';
import { Lists } from './lists.ts';
import { Live, NotConnected, Refused } from './live.ts';
import { Logs } from './logs.ts';
import { rememberSeen } from './seen.ts';
import { Writing } from './writing.ts';

/** A feed in the hand of the test. */
class HeldFeed {
  state: FeedState = { is: 'live', over: 'socket' };
  readonly sent: ClientFrame[] = [];
  #frame: (frame: ServerFrame) => void = () => {};
  #state: (state: FeedState) => void = () => {};

  start() {}
  stop() {}
  onFrame(listener: (frame: ServerFrame) => void) {
    this.#frame = listener;
  }
  onState(listener: (state: FeedState) => void) {
    this.#state = listener;
  }
  send(frame: ClientFrame): boolean {
    if (this.state.is !== 'live') return false;
    this.sent.push(frame);
    return true;
  }
  comes(...frames: ServerFrame[]) {
    for (const frame of frames) this.#frame(frame);
  }
  becomes(state: FeedState) {
    this.state = state;
    this.#state(state);
  }
  last<T extends ClientFrame['type']>(type: T): Extract<ClientFrame, { type: T }> {
    const found = this.sent.findLast((frame): frame is Extract<ClientFrame, { type: T }> => frame.type === type);
    if (!found) throw new Error(`no ${type} was sent`);
    return found;
  }
}

class HeldStorage {
  readonly items = new Map<string, string>();
  getItem(key: string) {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    this.items.set(key, value);
  }
}

let feed: HeldFeed;
let storage: HeldStorage;
let live: Live;
let answers: Map<string, unknown>;
let asked: string[];
let ended: number;
let ids: number;

function makeLive(): Live {
  const call: Call = async (method, path, options) => {
    const query = new URLSearchParams(
      Object.entries(options?.query ?? {}).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, String(value)]],
      ),
    );
    const what = `${method} ${path}${query.size > 0 ? `?${query}` : ''}`;
    asked.push(what);
    const found = [...answers].find(([key]) => what.startsWith(key));
    if (!found) throw new Error(`nobody answers ${what}`);
    return found[1] as never;
  };
  return new Live({
    feed: feed as unknown as Feed,
    call,
    onEnded: () => ended++,
    now: () => NOON,
    newId: () => `id${++ids}`,
  });
}

beforeEach(() => {
  feed = new HeldFeed();
  storage = new HeldStorage();
  answers = new Map();
  asked = [];
  ended = 0;
  ids = 0;
  live = makeLive();
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test('[CN11] a deed is done when the hub says so, and says why when it does not', async () => {
  const done = live.ask({ type: 'take', conversation: 'cnv_1' });
  feed.comes({ type: 'ack', id: 'id1', seq: 4 });
  expect(await done).toMatchObject({ seq: 4 });
  const refused = live.ask({ type: 'take', conversation: 'cnv_1' });
  feed.comes({ type: 'refused', id: 'id2', code: 'held_by_agent', message: 'Omar answers here.' });
  await expect(refused).rejects.toMatchObject({ code: 'held_by_agent', message: 'Omar answers here.' });
  await expect(refused).rejects.toBeInstanceOf(Refused);
});

test('[CN11] without a line nothing is asked, and a line that breaks leaves no deed hanging', async () => {
  const hanging = live.ask({ type: 'take', conversation: 'cnv_1' });
  feed.becomes({ is: 'waiting', attempt: 1, until: 0 });
  await expect(hanging).rejects.toBeInstanceOf(NotConnected);
  await expect(live.ask({ type: 'take', conversation: 'cnv_1' })).rejects.toBeInstanceOf(NotConnected);
  expect(live.state.link.state).toBe('lost');
});

test('[CN15] a session that ends is told once', () => {
  feed.becomes({ is: 'stopped', why: 'unauthorized' });
  expect(ended).toBe(1);
  expect(live.state.link).toEqual({ state: 'ended', reason: 'unauthorized' });
});

test('[CN9] what is not acknowledged is sent again after a break, in order and under the same ids, also after a reload', () => {
  const writing = new Writing(live, storage, 'agt_dana');
  writing.write({ conversation: 'cnv_1', kind: 'reply', parts: [{ type: 'text', text: 'one' }], files: {} });
  feed.becomes({ is: 'waiting', attempt: 1, until: 0 });
  writing.write({ conversation: 'cnv_1', kind: 'note', parts: [{ type: 'text', text: 'two' }], files: {} });
  const reloaded = new Writing(makeLive(), storage, 'agt_dana');
  for (const one of [writing, reloaded]) {
    expect(one.unanswered()).toEqual([
      { type: 'say', clientId: 'id1', conversation: 'cnv_1', parts: [{ type: 'text', text: 'one' }] },
      { type: 'note', id: 'id2', conversation: 'cnv_1', text: 'two' },
    ]);
  }
  // Another agent at the same screen does not send them.
  expect(new Writing(makeLive(), storage, 'agt_omar').unanswered()).toEqual([]);
});

test('[CN9] what was acknowledged is not shown again after a reload', () => {
  const writing = new Writing(live, storage, 'agt_dana');
  feed.comes({ type: 'event', conversation: 'cnv_1', ...said(3, 'customer', 'hi') });
  writing.write({ conversation: 'cnv_1', kind: 'note', parts: [{ type: 'text', text: 'one' }], files: {} });
  feed.comes({ type: 'ack', id: 'id1', seq: 4 });
  expect(live.state.outgoing).toHaveLength(1);
  const reloaded = makeLive();
  new Writing(reloaded, storage, 'agt_dana');
  expect(reloaded.state.outgoing).toEqual([]);
});

test('[CN9] what the hub cannot take just now is not refused, and goes again under its id', () => {
  vi.useFakeTimers();
  const writing = new Writing(live, storage, 'agt_dana');
  writing.write({ conversation: 'cnv_1', kind: 'reply', parts: [{ type: 'text', text: 'one' }], files: {} });
  feed.comes({
    type: 'refused',
    clientId: 'id1',
    code: 'unavailable',
    message: 'The database is away.',
    retryAfterMs: 500,
  });
  expect(live.state.outgoing[0]?.state).toBe('sending');
  vi.advanceTimersByTime(500);
  expect(feed.sent.filter((frame) => frame.type === 'say' && frame.clientId === 'id1')).toHaveLength(2);
  vi.useRealTimers();
});

test('[CN28] screens are told of a burst at once and then together; what must be kept hears of each', () => {
  vi.useFakeTimers();
  let drawn = 0;
  let kept = 0;
  live.subscribe(() => drawn++);
  live.onChange(() => kept++);
  for (let seq = 1; seq <= 100; seq++) feed.comes({ type: 'inbox', conversation: row('1', { seq }) });
  expect([drawn, kept]).toEqual([1, 100]);
  vi.advanceTimersByTime(50);
  expect(drawn).toBe(2);
  vi.useRealTimers();
});

test('[CN10] a reply carries the epoch under which it was written, and goes again under a new id and epoch', () => {
  const writing = new Writing(live, storage, 'agt_dana');
  feed.comes(welcome, { type: 'inbox', conversation: row('1', { control: byAgent(undefined, 5) }) });
  writing.write({ conversation: 'cnv_1', kind: 'reply', parts: [{ type: 'text', text: 'hello' }], files: {} });
  expect(feed.last('say')).toMatchObject({ clientId: 'id1', epoch: 5 });
  feed.comes({ type: 'refused', clientId: 'id1', code: 'control_lost', message: 'no' });
  expect(writing.unanswered()).toEqual([]);
  feed.comes({ type: 'inbox', conversation: row('1', { seq: 9, control: byAgent(undefined, 7) }) });
  const [refused] = live.state.outgoing;
  if (refused) writing.again(refused);
  expect(feed.last('say')).toMatchObject({ clientId: 'id2', epoch: 7 });
});

test('[CN13] typing is said once every few seconds, not with every key', () => {
  const writing = new Writing(live, storage, 'agt_dana');
  for (let key = 0; key < 5; key++) writing.typing('cnv_1', true);
  writing.typing('cnv_1', false);
  writing.typing('cnv_1', false);
  expect(feed.sent).toEqual([
    { type: 'typing', conversation: 'cnv_1', on: true },
    { type: 'typing', conversation: 'cnv_1', on: false },
  ]);
});

test('[CN5] the lists that are worked off are loaded to their end; the others by the page', async () => {
  answers.set('GET /v1/conversations?status=open&holder=queue&limit=100&after=p2', { items: [], next: null });
  answers.set('GET /v1/conversations?status=open&holder=queue', { items: [], next: 'p2' });
  answers.set('GET /v1/conversations?status=open&holder=bot', { items: [row('1')], next: 'more' });
  answers.set('GET /v1/conversations', { items: [], next: null });
  new Lists(live);
  feed.comes(welcome);
  await settled();
  await settled();
  expect(asked.filter((what) => what.includes('holder=queue'))).toHaveLength(2);
  expect(live.state.lists.queue).toMatchObject({ state: 'loaded', more: false });
  expect(live.state.lists.bot).toMatchObject({ state: 'loaded', more: true });
  expect(live.state.lists.closed).toEqual({ state: 'unasked' });
});

test('[CN3] every list in use is asked again after a break', async () => {
  answers.set('GET /v1/conversations', { items: [], next: null });
  const lists = new Lists(live);
  feed.comes(welcome);
  lists.use('closed');
  await settled();
  asked.length = 0;
  feed.comes(welcome);
  await settled();
  expect(asked.some((what) => what.includes('status=closed'))).toBe(true);
  expect(asked.some((what) => what.includes('holder=queue'))).toBe(true);
});

test('[CN5] a list that cannot be read says so and is asked again', async () => {
  new Lists(live);
  feed.comes(welcome);
  await settled();
  expect(live.state.lists.queue).toMatchObject({ state: 'failed', message: expect.stringContaining('nobody answers') });
});

test('[CN7] a log is opened at its end and read back by pages, without asking for what is here', async () => {
  const logs = new Logs(live);
  feed.comes(welcome, { type: 'inbox', conversation: row('1', { seq: 1_000 }) });
  logs.open('cnv_1', 1_000);
  expect(feed.last('follow')).toMatchObject({ conversation: 'cnv_1', after: 850 });
  for (let seq = 851; seq <= 1_000; seq++)
    feed.comes({ type: 'event', conversation: 'cnv_1', ...said(seq, 'customer', 'x') });
  feed.comes({ type: 'ack', id: feed.last('follow').id ?? '' });
  answers.set('GET /v1/conversations/cnv_1/events?after=700&limit=150', {
    items: Array.from({ length: 150 }, (_, at) => said(701 + at, 'customer', 'y')),
  });
  await logs.older('cnv_1');
  expect(live.state.timelines.cnv_1?.events).toHaveLength(300);
});

test('[CN7] what is far back is read up to, also while a page is being read, and after one that failed', async () => {
  const logs = new Logs(live);
  feed.comes(welcome, { type: 'inbox', conversation: row('1', { seq: 1_000 }) });
  logs.open('cnv_1', 1_000);
  for (let seq = 851; seq <= 1_000; seq++)
    feed.comes({ type: 'event', conversation: 'cnv_1', ...said(seq, 'customer', 'x') });
  const pages = (from: number, to: number) => ({
    items: Array.from({ length: to - from + 1 }, (_, at) => said(from + at, 'customer', 'y')),
  });
  await logs.reach('cnv_1', 400);
  expect(live.state.timelines.cnv_1).toMatchObject({ older: 'failed' });
  answers.set('GET /v1/conversations/cnv_1/events?after=700&limit=150', pages(701, 850));
  answers.set('GET /v1/conversations/cnv_1/events?after=379&limit=321', pages(380, 700));
  // The timeline has just asked for a page by itself.
  void logs.older('cnv_1');
  await logs.reach('cnv_1', 400);
  expect(live.state.timelines.cnv_1?.events[0]?.seq).toBe(380);
});

test('[CN7] a log that the hub follows already is read where it is empty, and the agent’s own is not left', async () => {
  const logs = new Logs(live);
  feed.comes(welcome, { type: 'inbox', conversation: row('1', { seq: 3, control: byAgent() }) });
  answers.set('GET /v1/conversations/cnv_1/events', { items: [1, 2, 3].map((seq) => said(seq, 'customer', 'z')) });
  const close = logs.open('cnv_1', 3);
  feed.comes({ type: 'ack', id: feed.last('follow').id ?? '' });
  await settled();
  expect(live.state.timelines.cnv_1).toMatchObject({ ready: true, events: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] });
  close();
  expect(feed.sent.some((frame) => frame.type === 'unfollow')).toBe(false);
});

test('[CN6] a log with a gap is read from where it ends', async () => {
  const logs = new Logs(live);
  feed.comes(welcome, { type: 'inbox', conversation: row('1', { seq: 2 }) });
  logs.open('cnv_1', 2);
  feed.comes({ type: 'event', conversation: 'cnv_1', ...said(1, 'customer', 'a') });
  answers.set('GET /v1/conversations/cnv_1/events?after=1', {
    items: [2, 3, 4].map((seq) => said(seq, 'customer', 'b')),
  });
  feed.comes({ type: 'event', conversation: 'cnv_1', ...said(4, 'customer', 'b') });
  await settled();
  expect(live.state.timelines.cnv_1?.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  expect(live.state.timelines.cnv_1?.behind).toBe(false);
});

test('[CN7] a log that is opened without a line is asked for when it is back, from its end', () => {
  const logs = new Logs(live);
  feed.comes(welcome, { type: 'inbox', conversation: row('1', { seq: 5_000 }) });
  feed.state = { is: 'waiting', attempt: 1, until: 0 };
  logs.open('cnv_1', 5_000);
  feed.state = { is: 'live', over: 'socket' };
  feed.comes(welcome);
  expect(feed.last('follow')).toMatchObject({ conversation: 'cnv_1', after: 4_850 });
});

test('[CN16] drafts are kept per conversation and kind, apart for each agent, also after a reload', () => {
  const drafts = new Drafts(storage, 'agt_dana');
  drafts.set('cnv_1', 'reply', 'half a sen');
  drafts.set('cnv_1', 'note', 'call back');
  const reloaded = new Drafts(storage, 'agt_dana');
  expect([reloaded.get('cnv_1', 'reply'), reloaded.get('cnv_1', 'note'), reloaded.get('cnv_2', 'reply')]).toEqual([
    'half a sen',
    'call back',
    '',
  ]);
  expect(new Drafts(storage, 'agt_omar').get('cnv_1', 'reply')).toBe('');
  reloaded.set('cnv_1', 'reply', '');
  expect(new Drafts(storage, 'agt_dana').get('cnv_1', 'reply')).toBe('');
});

test('[CN14] how far one has looked outlives a reload', () => {
  rememberSeen(live, storage, 'agt_dana');
  live.dispatch({ type: 'saw', conversation: 'cnv_1', seq: 9 });
  const reloaded = makeLive();
  rememberSeen(reloaded, storage, 'agt_dana');
  expect(reloaded.state.seen).toEqual({ cnv_1: 9 });
});

test('[CN16] storage that is blocked or damaged takes nothing away from the page', () => {
  storage.items.set('baton.drafts.agt_dana', '{nonsense');
  storage.items.set('baton.outgoing.agt_dana', 'nonsense');
  expect(new Drafts(storage, 'agt_dana').get('cnv_1', 'reply')).toBe('');
  expect(new Writing(live, storage, 'agt_dana').unanswered()).toEqual([]);
  const blocked = {
    getItem: () => null,
    setItem: () => {
      throw new Error('QuotaExceeded');
    },
  };
  const drafts = new Drafts(blocked, 'agt_dana');
  drafts.set('cnv_1', 'reply', 'still here');
  expect(drafts.get('cnv_1', 'reply')).toBe('still here');
});
