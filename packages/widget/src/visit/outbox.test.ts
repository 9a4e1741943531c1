import { expect, test } from 'vitest';
import { FakeStorage } from '#test/fake-storage.ts';
import { CNV, pending } from '#test/given.ts';
import { Memory } from './memory.ts';
import { frameOf, OutboxStore } from './outbox.ts';

const PAGE = { url: 'https://shop.example/', title: 'Shop' };
const HOUR = 3_600_000;

test('[WG13] what waits is there again after a reload, in order; what arrived is not', () => {
  const storage = new FakeStorage();
  const store = () => new OutboxStore(new Memory('site_1', () => storage));
  const [a, b, c] = [pending('1-a'), pending('2-b'), pending('3-c')];
  store().keep([], [a, b, c]);
  store().keep([a, b, c], [{ ...a, fate: { is: 'accepted' } }, b, c]);
  expect(
    store()
      .load(a.at + 1)
      .map((one) => one.key),
  ).toEqual(['2-b', '3-c']);
  store().keep([b, c], [c]);
  expect(
    store()
      .load(a.at + 1)
      .map((one) => one.key),
  ).toEqual(['3-c']);
});

test('[WG13] two tabs do not lose what the other one keeps', () => {
  const storage = new FakeStorage();
  const tab = () => new OutboxStore(new Memory('site_1', () => storage));
  const [one, other] = [tab(), tab()];
  one.keep([], [pending('1-a')]);
  other.keep([], [pending('2-b')]);
  one.keep([pending('1-a')], []);
  expect(
    tab()
      .load(pending('1-a').at, 'old')
      .map(({ key }) => key),
  ).toEqual(['2-b']);
});

test('[WG13] words that waited for half a day are not sent by themselves; other wishes are forgotten', () => {
  const storage = new FakeStorage();
  const store = new OutboxStore(new Memory('site_1', () => storage));
  const ask = pending('2-b', { what: 'ask-human' });
  store.keep([], [pending('1-a'), ask]);
  expect(store.load(ask.at + 13 * HOUR)).toMatchObject([{ key: '1-a', fate: { is: 'refused', code: 'stale' } }]);
});

test('[WG14] a broken entry of somebody else harms nobody', () => {
  const storage = new FakeStorage();
  storage.setItem('baton:site_1:out:x', '{"half":');
  storage.setItem('baton:site_1:out:y', '42');
  expect(new OutboxStore(new Memory('site_1', () => storage)).load(0)).toEqual([]);
});

test('[WG14] without storage it is remembered as long as the page lives', () => {
  const memory = new Memory('site_1', () => {
    throw new DOMException('Blocked.', 'SecurityError');
  });
  memory.set('token', 't');
  expect(memory.get('token')).toBe('t');
  expect(memory.keys('tok')).toEqual(['token']);
  memory.set('token', null);
  expect(memory.get('token')).toBeNull();
});

test('[WG14] a full storage is as good as none', () => {
  const storage = new FakeStorage();
  const memory = new Memory('site_1', () => storage);
  storage.full = true;
  memory.set('token', 't');
  expect(memory.get('token')).toBe('t');
});

test('[WG7] a first message names no conversation; the next ones name the one that it opened', () => {
  const first = { ...pending('k1'), conversation: null };
  expect(frameOf(first, null, PAGE)).not.toHaveProperty('conversation');
  expect(frameOf(first, CNV, PAGE)).toMatchObject({ type: 'say', clientId: 'k1', conversation: CNV, page: PAGE });
  expect(frameOf({ ...first, wish: { what: 'cancel' } }, null, PAGE)).toBeNull();
});

test('[WG7] a file is sent by its id', () => {
  const file = { id: 'fil_1', name: 'a.png', mime: 'image/png', size: 1, url: '/files/fil_1' } as const;
  const frame = frameOf(pending('k1', { what: 'say', parts: [{ type: 'file', file }] }), CNV, PAGE);
  expect(frame).toMatchObject({ parts: [{ type: 'file', file: { id: 'fil_1' } }] });
});
