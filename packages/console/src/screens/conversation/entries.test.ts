import type { ConversationEvent, EventItem } from '@baton/protocol';
import { describe, expect, test } from 'vitest';
import type { Outgoing } from '#data/state.ts';
import { at, DANA, event, ME, OMAR, said } from '#test/given.ts';
import { type Entry, entriesOf } from './entries.ts';
import { isHeld } from './held.ts';
import { lineOf, type Names } from './lines.ts';

const names: Names = {
  me: ME,
  channel: 'Website',
  queue: (id) => (id === 'que_b' ? 'Billing' : undefined),
  reason: () => undefined,
};
const entries = (events: EventItem[], more: Partial<Parameters<typeof entriesOf>[0]> = {}) =>
  entriesOf({ events, outgoing: [], names, marks: undefined, unreadFrom: null, ...more });
const line = (one: ConversationEvent) => lineOf(one, names);
const words = (all: Entry[]) => all.flatMap((entry) => (entry.kind === 'line' ? [entry.line.text] : []));

const asked: ConversationEvent = {
  type: 'handoff.requested',
  handoff: 'hnd_1',
  reason: 'customer_asked',
  evidence: [{ kind: 'asked_for_human', seq: 3, quote: 'get me a human now', words: ['human'], score: 0.9 }],
};
const accepted: ConversationEvent = { type: 'handoff.accepted', handoff: 'hnd_1', agent: DANA };
const owner = { type: 'participant.joined', agent: DANA, role: 'owner' } as const;
const control = {
  type: 'control.changed',
  from: { holder: 'queue' },
  to: { holder: 'agent', agent: DANA },
  epoch: 3,
  why: 'accepted',
} as const;

describe('lines', () => {
  test('[CN18] a handoff says its reason and the words that it rests on, and where they stand', () => {
    expect(line(asked)).toMatchObject({
      text: 'Handed off',
      detail: 'Asked for a person',
      quote: { text: 'get me a human now', seq: 3 },
    });
  });

  test('[CN18] one happening is one line: control and owner move with the acceptance', () => {
    const all = entries([
      event(4, asked),
      event(5, { type: 'handoff.queued', handoff: 'hnd_1', why: 'acknowledged' }),
      event(6, accepted),
      event(7, control),
      event(8, owner),
    ]);
    expect(words(all)).toEqual(['Handed off', 'You accepted']);
  });

  test('[CN18] a taking over is told as such, not as a request and an acceptance', () => {
    const taken = entries([
      event(4, { type: 'handoff.requested', handoff: 'hnd_2', reason: 'agent_took_over' }),
      event(5, { ...accepted, handoff: 'hnd_2', agent: OMAR }),
    ]);
    expect(words(taken)).toEqual(['Omar Haddad took over']);
  });

  test('[CN18] returns, transfers and ends carry the note among staff', () => {
    expect(
      line({
        type: 'handoff.ended',
        handoff: 'hnd_1',
        outcome: 'returned_to_bot',
        by: { role: 'agent', agent: OMAR },
        note: 'Refund by Friday.',
      }),
    ).toMatchObject({ text: 'Omar Haddad returned it to the bot', note: 'Refund by Friday.' });
    expect(
      line({ type: 'handoff.transferred', handoff: 'hnd_1', from: DANA, to: { queue: 'que_b' }, note: 'Your field.' }),
    ).toMatchObject({ text: 'You passed it to the queue Billing', note: 'Your field.' });
    expect(line({ type: 'handoff.transferred', handoff: 'hnd_1', from: OMAR, to: { agent: DANA } })).toMatchObject({
      text: 'Omar Haddad passed it to you',
    });
    expect(line({ type: 'handoff.ended', handoff: 'hnd_1', outcome: 'resolved' })).toBeNull();
    expect(line({ type: 'handoff.ended', handoff: 'hnd_1', outcome: 'resolved', note: 'Paid back.' })).toMatchObject({
      note: 'Paid back.',
    });
    expect(
      line({ type: 'conversation.closed', by: { role: 'agent', agent: DANA }, outcome: 'resolved' }),
    ).toMatchObject({ text: 'Resolved by you' });
  });

  test('[CN18] what the customer was told is told as it was: a range, or that nobody knows', () => {
    const told = (
      estimate: {
        p50Seconds: number;
        lowSeconds: number;
        highSeconds: number;
        coverage: number;
        basis: string;
        asOf: string;
      } | null,
    ) => line({ type: 'estimate.told', handoff: 'hnd_1', position: 2, ahead: 1, estimate })?.text;
    expect(
      told({ p50Seconds: 150, lowSeconds: 120, highSeconds: 240, coverage: 0.8, basis: 'measured', asOf: at(0) }),
    ).toBe('Told the customer: number 2 in line, about 2 to 4 minutes');
    expect(told(null)).toBe('Told the customer: number 2 in line, the wait is not known yet');
  });

  test('[CN18] flags that are raised together stand in one line', () => {
    const flag = (seq: number, name: string) =>
      event(seq, {
        type: 'flag.added',
        flag: { name, by: 'rule', evidence: { kind: 'anger', quote: 'ridiculous', seq: 2 } },
      });
    const all = entries([flag(3, 'frustrated'), flag(4, 'asked_for_human'), event(5, asked)]);
    expect(words(all)).toEqual(['Flags: frustrated, asked for human', 'Handed off']);
  });

  test('[CN18] trouble is red: the loop guard, a failed bot, what was not delivered', () => {
    expect(
      line({ type: 'control.changed', from: { holder: 'bot' }, to: { holder: 'nobody' }, epoch: 9, why: 'loop_guard' })
        ?.tone,
    ).toBe('bad');
    expect(line({ type: 'bot.skipped', turn: 3, why: 'failed', detail: 'HTTP 500' })).toMatchObject({
      tone: 'bad',
      detail: 'HTTP 500',
    });
    expect(
      line({ type: 'delivery.failed', side: 'channel:int_1', seq: 3, kind: 'rejected', detail: 'blocked' }),
    ).toMatchObject({ tone: 'bad', text: 'Not delivered to the channel' });
    expect(line({ type: 'bot.skipped', turn: 3, why: 'noop' })).toBeNull();
  });
});

describe('entries', () => {
  test('[CN17] customer, bot, agent, Baton, notes and whispers are told apart', () => {
    const note = (seq: number, more: object) =>
      event(seq, {
        type: 'note',
        note: { id: `msg_${seq}`, author: { role: 'agent', ...DANA }, text: 'psst', ...more },
      });
    const all = entries([
      said(1, 'customer', 'a'),
      said(2, 'bot', 'b'),
      said(3, 'agent', 'c'),
      said(4, 'system', 'd'),
      note(5, {}),
      note(6, { whisper: true }),
    ]);
    expect(
      all.map((entry) =>
        entry.kind === 'message'
          ? entry.message.author.role
          : entry.kind === 'note'
            ? entry.whisper
              ? 'whisper'
              : 'note'
            : entry.kind,
      ),
    ).toEqual(['customer', 'bot', 'agent', 'system', 'note', 'whisper']);
  });

  test('[CN17] messages of one author within minutes stand together; others, days and happenings part them', () => {
    const all = entries([
      said(1, 'customer', 'a', {}, 0),
      said(2, 'customer', 'b', {}, 1),
      said(3, 'customer', 'c', {}, 30),
      event(4, asked, 31),
      said(5, 'customer', 'd', {}, 31),
    ]);
    const groups = all.flatMap((entry) => (entry.kind === 'message' ? [[entry.first, entry.last]] : []));
    expect(groups).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
    const nextDay = entries([said(1, 'customer', 'a', {}, 0), said(2, 'customer', 'b', {}, 24 * 60)]);
    expect(nextDay.map((entry) => entry.day !== undefined)).toEqual([true, true]);
  });

  test('[CN17] an edited message shows its last words, a removed one none', () => {
    const all = entries([
      said(1, 'agent', 'first'),
      said(2, 'agent', 'secret'),
      event(3, { type: 'message.edited', message: 'msg_1', parts: [{ type: 'text', text: 'second' }] }),
      event(4, { type: 'message.edited', message: 'msg_1', parts: [{ type: 'text', text: 'third' }] }),
      event(5, { type: 'message.redacted', message: 'msg_2' }),
    ]);
    expect(all).toMatchObject([
      { message: { edited: true, parts: [{ text: 'third' }] } },
      { message: { redacted: true, parts: [] } },
    ]);
    expect(JSON.stringify(all)).not.toContain('secret');
  });

  test('[CN19] "seen" stands below the last message that the customer has read, "sent" below the last that he has not', () => {
    const receipts = (customer: number, ...more: EventItem[]) =>
      entries(
        [said(1, 'customer', 'a'), said(2, 'agent', 'b'), said(3, 'agent', 'c'), said(4, 'agent', 'd'), ...more],
        { marks: { customer, agent: 0 } },
      ).map((entry) => (entry.kind === 'message' ? entry.receipt : undefined));
    expect(receipts(0)).toEqual([undefined, undefined, undefined, 'sent']);
    expect(receipts(2)).toEqual([undefined, 'seen', undefined, 'sent']);
    expect(receipts(4)).toEqual([undefined, undefined, undefined, 'seen']);
    // He has answered: nothing needs to be said.
    expect(receipts(0, said(5, 'customer', 'e'))).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  test('[CN19] what did not reach a side says so', () => {
    const all = entries([
      said(1, 'agent', 'a'),
      event(2, {
        type: 'delivery.failed',
        side: 'channel:int_1',
        seq: 1,
        kind: 'rejected',
        detail: 'The number is blocked.',
      }),
    ]);
    // Said at the message, and not a second time below it.
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ failed: 'The number is blocked.' });
  });

  test('[CN14] what came since the agent last looked begins with a mark', () => {
    const all = entries([said(1, 'customer', 'a'), said(2, 'customer', 'b'), said(3, 'customer', 'c')], {
      unreadFrom: 2,
    });
    expect(all.map((entry) => entry.unread ?? false)).toEqual([false, true, false]);
  });

  test('[CN9] a message keeps its key from the moment it was written, so that it does not flicker', () => {
    const outgoing: Outgoing = {
      clientId: 'mine',
      conversation: 'cnv_1',
      at: 0,
      kind: 'reply',
      parts: [{ type: 'text', text: 'hello' }],
      files: {},
      epoch: 3,
      state: 'sending',
    };
    expect(entries([], { outgoing: [outgoing] })[0]?.key).toBe('mine');
    expect(entries([said(1, 'agent', 'hello', { clientId: 'mine' })])[0]?.key).toBe('mine');
  });

  test('[CN20] ten thousand events have keys that stay when older ones come before them', () => {
    const events = Array.from({ length: 10_000 }, (_, at) =>
      said(at + 1, at % 2 ? 'agent' : 'customer', `text ${at}`, {}, at),
    );
    const all = entries(events);
    const part = entries(events.slice(5_000));
    expect(new Set(all.map((entry) => entry.key)).size).toBe(all.length);
    expect(all.slice(5_000).map((entry) => entry.key)).toEqual(part.map((entry) => entry.key));
  });
});

test('[CN18] on hold is what the log last said of it', () => {
  const held = event(4, { type: 'handoff.held', handoff: 'hnd_1', agent: DANA });
  expect(isHeld([held])).toBe(true);
  expect(isHeld([held, said(5, 'customer', 'hello?')])).toBe(true);
  expect(isHeld([held, event(5, { type: 'handoff.resumed', handoff: 'hnd_1', agent: DANA })])).toBe(false);
  expect(isHeld([held, event(5, { type: 'handoff.ended', handoff: 'hnd_1', outcome: 'resolved' })])).toBe(false);
  expect(isHeld(undefined)).toBe(false);
});
