import type { HandoffContext, ServerFrame } from '@baton/protocol';
import { expect, test } from 'vitest';
import {
  after,
  at,
  byAgent,
  byBot,
  DANA,
  event,
  frameOf,
  ME,
  NOON,
  OMAR,
  onTopOf,
  row,
  said,
  waits,
  welcome,
} from '#test/given.ts';
import { controlOf, isUnread, stanceOf } from './picture.ts';
import { dueOf, UNDO_MS } from './resolving.ts';
import type { Outgoing } from './state.ts';

const outgoing = (clientId: string, more: Partial<Outgoing> = {}) =>
  ({
    type: 'wrote',
    outgoing: {
      clientId,
      conversation: 'cnv_1',
      at: NOON,
      kind: 'reply',
      parts: [{ type: 'text', text: 'Hello' }],
      files: {},
      epoch: 3,
      state: 'sending',
      ...more,
    } as Outgoing,
  }) as const;
const offer = (handoff: string, expiresIn = 30): ServerFrame => ({
  type: 'offer',
  conversation: 'cnv_1',
  handoff: `hnd_${handoff}`,
  expiresAt: new Date(NOON + expiresIn * 1_000).toISOString(),
  context: {} as HandoffContext,
});
const moved = (seq: number, epoch: number, to: Parameters<typeof byAgent>[0] | 'bot') =>
  frameOf(
    'cnv_1',
    event(seq, {
      type: 'control.changed',
      from: { holder: 'queue' },
      to: to === 'bot' ? { holder: 'bot' } : { holder: 'agent', agent: to ?? DANA },
      epoch,
      why: 'test',
    }),
  );

test('[CN8] who holds control is known from whichever told it last, list or log', () => {
  const inbox = { type: 'inbox', conversation: row('1', { seq: 5, control: byBot(4) }) } as const;
  const logFirst = after(
    welcome,
    { type: 'timeline.opened', conversation: 'cnv_1', head: 5 },
    inbox,
    moved(6, 5, DANA),
  );
  expect(controlOf(logFirst, 'cnv_1')).toMatchObject({ holder: 'agent', epoch: 5 });
  const listLater = onTopOf(logFirst, { type: 'inbox', conversation: row('1', { seq: 9, control: byAgent(OMAR, 6) }) });
  expect(controlOf(listLater, 'cnv_1')).toMatchObject({ epoch: 6, agent: OMAR });
});

test('[CN8] what an agent is to a conversation follows from its holder', () => {
  expect(stanceOf(row('1'), byBot(), ME)).toEqual({ is: 'bot' });
  expect(stanceOf(row('1'), byAgent(), ME)).toEqual({ is: 'mine' });
  expect(stanceOf(row('1'), byAgent(OMAR), ME)).toEqual({ is: 'other', name: 'Omar Haddad' });
  expect(stanceOf(row('1', { status: 'closed' }), byAgent(), ME)).toEqual({ is: 'closed' });
});

test('[CN9] what was written stays until the log shows it, whichever comes first, the answer or the event', () => {
  const written = after(welcome, outgoing('a'));
  expect(written.outgoing).toHaveLength(1);
  const acked = onTopOf(written, { type: 'ack', clientId: 'a', seq: 7 });
  // Nobody follows this log here: the acknowledgement is all that comes.
  expect(acked.outgoing).toEqual([]);
  const following = onTopOf(written, frameOf('cnv_1', said(6, 'customer', 'hi')));
  const waiting = onTopOf(following, { type: 'ack', clientId: 'a', seq: 7 });
  expect(waiting.outgoing[0]).toMatchObject({ state: 'sent', seq: 7 });
  expect(onTopOf(waiting, frameOf('cnv_1', said(7, 'agent', 'Hello', { clientId: 'a' }))).outgoing).toEqual([]);
  expect(
    onTopOf(following, frameOf('cnv_1', said(7, 'agent', 'Hello', { clientId: 'a' })), {
      type: 'ack',
      clientId: 'a',
      seq: 7,
    }).outgoing,
  ).toEqual([]);
});

test('[CN9] a note goes when its acknowledged place in the log is reached', () => {
  const note = frameOf(
    'cnv_1',
    event(7, { type: 'note', note: { id: 'msg_7', author: { role: 'agent', ...DANA }, text: 'Hello' } }),
  );
  const state = after(welcome, frameOf('cnv_1', said(6, 'customer', 'hi')), outgoing('n', { kind: 'note' }), {
    type: 'ack',
    id: 'n',
    seq: 7,
  });
  expect(state.outgoing).toHaveLength(1);
  expect(onTopOf(state, note).outgoing).toEqual([]);
});

test('[CN10] what was refused is kept with the reason until its author decides', () => {
  const refused = after(welcome, outgoing('a'), {
    type: 'refused',
    clientId: 'a',
    code: 'control_lost',
    message: 'Omar answers now.',
  });
  expect(refused.outgoing[0]).toMatchObject({
    state: 'refused',
    code: 'control_lost',
    message: 'Omar answers now.',
    parts: [{ text: 'Hello' }],
  });
  expect(onTopOf(refused, { type: 'discarded', clientId: 'a' }).outgoing).toEqual([]);
});

test('[CN10] a session that ends leaves what was not sent', () => {
  const ended = after(welcome, outgoing('a'), { type: 'ended', reason: 'unauthorized' });
  expect(ended.outgoing).toHaveLength(1);
  expect(ended.rows).toEqual({});
});

test('[CN12] an offer stands until it is answered, withdrawn, or long over', () => {
  const state = after(welcome, offer('a'), offer('b', 40));
  expect(state.offers.map((one) => one.handoff)).toEqual(['hnd_a', 'hnd_b']);
  expect(
    onTopOf(state, { type: 'offer-gone', handoff: 'hnd_a', conversation: 'cnv_1', why: 'expired' }).offers,
  ).toHaveLength(1);
  expect(onTopOf(state, { type: 'offer.gone', handoff: 'hnd_a' }).offers).toHaveLength(1);
  expect(onTopOf(state, { type: 'moment', at: NOON + 35_000 }).offers).toHaveLength(2);
  expect(onTopOf(state, { type: 'moment', at: NOON + 41_000 }).offers).toHaveLength(1);
});

test('[CN12] the same offer again is one, and after a break only what is offered again still stands', () => {
  expect(after(welcome, offer('a'), offer('a')).offers).toHaveLength(1);
  expect(after(welcome, offer('a'), { type: 'lost', at: NOON }, welcome).offers).toEqual([]);
});

test('[CN13] typing ends with the message, with a word, and by itself after 7 seconds', () => {
  const typing = (on: boolean): ServerFrame => ({
    type: 'typing',
    conversation: 'cnv_1',
    who: { role: 'customer', id: 'cus_1' },
    on,
  });
  const state = after(welcome, typing(true));
  expect(state.typing.cnv_1).toHaveLength(1);
  expect(onTopOf(state, typing(false)).typing).toEqual({});
  expect(onTopOf(state, frameOf('cnv_1', said(3, 'customer', 'done'))).typing).toEqual({});
  expect(onTopOf(state, { type: 'moment', at: NOON + 6_000 }).typing.cnv_1).toHaveLength(1);
  expect(onTopOf(state, { type: 'moment', at: NOON + 9_000 }).typing).toEqual({});
});

test('[CN14] unread is what a customer wrote to this agent or to the queue, until it is looked at', () => {
  const last = { role: 'customer', text: 'hi', at: at(1), seq: 7 } as const;
  expect(isUnread(row('1', { control: byAgent(), last }), undefined, ME)).toBe(true);
  expect(isUnread(row('1', { control: byAgent(), last }), 7, ME)).toBe(false);
  expect(isUnread(waits('1', 0, { last }), undefined, ME)).toBe(true);
  expect(isUnread(row('1', { last }), undefined, ME)).toBe(false);
  expect(isUnread(row('1', { control: byAgent(OMAR), last }), undefined, ME)).toBe(false);
  const looked = after(
    welcome,
    { type: 'saw', conversation: 'cnv_1', seq: 7 },
    { type: 'saw', conversation: 'cnv_1', seq: 4 },
  );
  expect(looked.seen.cnv_1).toBe(7);
});

test('[CN15] the line: lost is told once, and a return is told apart from a first connection', () => {
  const first = after(welcome);
  expect(first.link).toMatchObject({ state: 'live', returned: false });
  const lost = onTopOf(first, { type: 'lost', at: NOON });
  expect(onTopOf(lost, { type: 'lost', at: NOON + 9 }).link).toBe(lost.link);
  expect(onTopOf(lost, welcome).link).toMatchObject({ state: 'live', returned: true });
});

test('[CN15] presence frames keep the team and oneself current', () => {
  const presence = (agent: typeof DANA): ServerFrame => ({
    type: 'presence',
    agent,
    state: 'away',
    capacity: 5,
    active: 2,
  });
  const state = after(welcome, presence(DANA), presence(OMAR));
  expect(state.me).toMatchObject({ presence: 'away', capacity: 5 });
  expect(state.team[OMAR.id]).toMatchObject({ state: 'away', active: 2 });
});

test('[CN17] read marks only go forward', () => {
  const read = (seq: number): ServerFrame => ({ type: 'read', conversation: 'cnv_1', who: 'customer', seq });
  expect(after(welcome, read(7), read(5)).marks.cnv_1).toEqual({ customer: 7, agent: 0 });
});

test('[CN58] what was resolved is to be told once, and not at all when the customer or the agent writes on or somebody else has it', () => {
  const resolve = { type: 'resolve', conversation: 'cnv_1', at: NOON } as const;
  const until = NOON + UNDO_MS;
  const once = after(welcome, resolve, { ...resolve, at: NOON + 1_000 });
  expect(once.resolving).toEqual([{ conversation: 'cnv_1', until }]);
  expect(dueOf(once, until - 1)).toEqual([]);
  expect(dueOf(once, until)).toHaveLength(1);
  // Her own last words come back as an event after she has resolved it.
  const own = onTopOf(once, frameOf('cnv_1', said(7, 'agent', 'Bye!')), frameOf('cnv_2', said(3, 'customer', 'Hello')));
  expect(own.resolving).toHaveLength(1);
  for (const more of [
    frameOf('cnv_1', said(7, 'customer', 'Wait')),
    moved(7, 4, 'bot'),
    outgoing('c1'),
    { type: 'unresolve', conversation: 'cnv_1' } as const,
  ])
    expect(onTopOf(once, more).resolving).toEqual([]);
});
