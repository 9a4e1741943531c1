import type { ConversationSummary } from '@baton/protocol';
import { expect, test } from 'vitest';
import { after, at, byAgent, byQueue, event, frameOf, OMAR, onTopOf, row, said, waits, welcome } from '#test/given.ts';
import { countIn } from './rows.ts';
import type { State } from './state.ts';
import type { Action } from './store.ts';
import { rowsOf, type View } from './views.ts';

const inbox = (conversation: ConversationSummary) => ({ type: 'inbox', conversation }) as const;
const ids = (state: State, view: View) => rowsOf(state, view).map((one) => one.id);
const came = (
  state: State,
  view: View,
  items: ConversationSummary[],
  more: Partial<Action & { type: 'list.came' }> = {},
): State => onTopOf(state, { type: 'list.came', view, items, next: null, after: null, beat: state.beat, ...more });

test('[CN1] the summary with the higher seq stays, whichever way it came', () => {
  const newer = inbox(row('1', { seq: 9, flags: ['vip'] }));
  expect(after(welcome, newer, inbox(row('1', { seq: 8 }))).rows.cnv_1?.summary.flags).toEqual(['vip']);
  const asked = after(welcome);
  const told = onTopOf(asked, newer);
  expect(came(told, 'bot', [row('1', { seq: 8 })], { beat: asked.beat }).rows.cnv_1?.summary.flags).toEqual(['vip']);
});

test('[CN1] of two with the same seq the one told last stays, and a list that was asked before does not undo it', () => {
  const asked = after(welcome);
  const told = onTopOf(asked, inbox(row('1', { seq: 5, flags: ['new'] })));
  expect(onTopOf(told, inbox(row('1', { seq: 5 }))).rows.cnv_1?.summary.flags).toEqual([]);
  expect(came(told, 'bot', [row('1', { seq: 5 })], { beat: asked.beat }).rows.cnv_1?.summary.flags).toEqual(['new']);
});

test('[CN1] what was read alone, without what was said, takes nobody the words from his row', () => {
  const last = { role: 'customer', text: 'Hello?', at: at(4), seq: 4 } as const;
  const listed = after(welcome, inbox(row('1', { seq: 5, last, waiting: true })));
  const alone: Action = { type: 'rows.came', rows: [row('1', { seq: 5, flags: ['vip'] })], beat: listed.beat };
  expect(onTopOf(listed, alone).rows.cnv_1?.summary).toMatchObject({ last, waiting: true, flags: ['vip'] });
});

test('[CN2] a message that comes as an event moves its row at once', () => {
  const mine = inbox(row('1', { control: byAgent(), seq: 5 }));
  const state = after(welcome, mine, frameOf('cnv_1', said(6, 'customer', 'Are you there?')));
  expect(state.rows.cnv_1?.summary).toMatchObject({
    seq: 6,
    waiting: true,
    activeAt: at(6),
    last: { role: 'customer', text: 'Are you there?', seq: 6 },
  });
  const answered = onTopOf(state, frameOf('cnv_1', said(7, 'agent', 'Yes')));
  expect(answered.rows.cnv_1?.summary).toMatchObject({ waiting: false, last: { role: 'agent', text: 'Yes' } });
});

test('[CN2] what Baton itself says takes the place of nobody else', () => {
  const state = after(
    welcome,
    inbox(row('1', { seq: 5 })),
    frameOf('cnv_1', said(6, 'customer', 'Hello')),
    frameOf('cnv_1', said(7, 'system', 'You are next.')),
  );
  expect(state.rows.cnv_1?.summary).toMatchObject({ seq: 7, waiting: true, last: { text: 'Hello' } });
});

test('[CN2] a summary from before such a message changes everything but the message', () => {
  const state = after(
    welcome,
    inbox(row('1', { seq: 5 })),
    frameOf('cnv_1', said(7, 'customer', 'Newest')),
    inbox(row('1', { seq: 6, control: byQueue() })),
  );
  expect(state.rows.cnv_1?.summary).toMatchObject({ control: { holder: 'queue' }, seq: 7, last: { text: 'Newest' } });
});

test('[CN3] what left a list while nobody told us is dropped when the list is read again', () => {
  const state = after(welcome, inbox(waits('1', 0)), inbox(waits('2', 1)), inbox(row('3')));
  const again = came(state, 'queue', [waits('2', 1)]);
  expect(ids(again, 'queue')).toEqual(['cnv_2']);
  // It belongs to another list, about which this page says nothing.
  expect(ids(again, 'bot')).toEqual(['cnv_3']);
});

test('[CN3] what was told after the list had been asked for is not dropped', () => {
  const asked = after(welcome, inbox(waits('1', 0)));
  const told = onTopOf(asked, inbox(waits('2', 1)));
  expect(ids(came(told, 'queue', [waits('1', 0)], { beat: asked.beat }), 'queue')).toEqual(['cnv_1', 'cnv_2']);
});

test('[CN3] a page speaks only for its span: older rows of earlier pages stay', () => {
  const rows = [5, 4, 3, 2, 1].map((minute) => row(String(minute), { activeAt: at(minute), openedAt: at(minute) }));
  const [five, four, three, two, one] = rows as [
    ConversationSummary,
    ConversationSummary,
    ConversationSummary,
    ConversationSummary,
    ConversationSummary,
  ];
  const first = came(after(welcome), 'all', [five, four], { next: 'p2' });
  const all = came(first, 'all', [three, two, one], { after: 'p2' });
  expect(ids(all, 'all')).toHaveLength(5);
  // The first page again: the fourth has left, what is older than the page is not its business.
  const again = came(all, 'all', [five, three], { next: 'p2' });
  expect(ids(again, 'all')).toEqual(['cnv_5', 'cnv_3', 'cnv_2', 'cnv_1']);
});

test('[CN4] who waits longest is first in the queue; elsewhere what moved last', () => {
  const state = after(
    welcome,
    inbox(waits('young', 9, { activeAt: at(9) })),
    inbox(waits('old', 1, { activeAt: at(30) })),
  );
  expect(ids(state, 'queue')).toEqual(['cnv_old', 'cnv_young']);
  const bots = after(welcome, inbox(row('1', { activeAt: at(1) })), inbox(row('2', { activeAt: at(2) })));
  expect(ids(bots, 'bot')).toEqual(['cnv_2', 'cnv_1']);
});

test('[CN4] each conversation is in the lists of its state, and what the loop guard stopped stands in the queue', () => {
  const state = after(
    welcome,
    inbox(row('mine', { control: byAgent() })),
    inbox(row('his', { control: byAgent(OMAR) })),
    inbox(row('stopped', { control: { holder: 'nobody', epoch: 9, since: at(0) }, flags: ['loop_guard'] })),
    inbox(row('done', { status: 'closed', control: { holder: 'nobody', epoch: 2, since: at(0) } })),
  );
  expect(ids(state, 'mine')).toEqual(['cnv_mine']);
  expect(ids(state, 'queue')).toEqual(['cnv_stopped']);
  expect(ids(state, 'closed')).toEqual(['cnv_done']);
  expect(ids(state, 'all').sort()).toEqual(['cnv_his', 'cnv_mine', 'cnv_stopped']);
});

test('[CN3] what the loop guard stopped is asked for apart: neither answer speaks for the other', () => {
  const stopped = (id: string) =>
    row(id, { control: { holder: 'nobody', epoch: 9, since: at(0) }, flags: ['loop_guard'] });
  const state = after(welcome, inbox(stopped('1')), inbox(stopped('2')), inbox(waits('3', 0)));
  expect(ids(came(state, 'queue', [waits('3', 0)]), 'queue').sort()).toEqual(['cnv_1', 'cnv_2', 'cnv_3']);
  const asked = onTopOf(state, { type: 'stopped.came', rows: [stopped('2')], beat: state.beat });
  expect(ids(asked, 'queue').sort()).toEqual(['cnv_2', 'cnv_3']);
});

test('[CN5] a count is true, or says that there are more', () => {
  const unasked = after(welcome, inbox(waits('1', 0)));
  expect(countIn(unasked, 'queue')).toBeNull();
  const part = came(after(welcome), 'bot', [row('1')], { next: 'p2' });
  expect(countIn(part, 'bot')).toEqual({ count: 1, more: true });
  expect(countIn(came(unasked, 'queue', [waits('1', 0)]), 'queue')).toEqual({ count: 1, more: false });
});

test('[CN1] an event of a conversation that no list knows makes no row', () => {
  expect(
    after(welcome, frameOf('cnv_x', event(3, { type: 'flag.removed', name: 'vip', by: { role: 'system' } }))).rows,
  ).toEqual({});
});
