import type { EventItem, ServerFrameOf } from '@baton/protocol';
import { describe, expect, test } from 'vitest';
import { controlOf, faultsOf, type Record } from './verdict.ts';
import { Witness } from './witness.ts';

type Event = EventItem['event'];
type Role = 'customer' | 'bot' | 'agent';

const opened: Event = { type: 'conversation.opened', id: 'cnv_1', bot: 'int_bot' };
const said = (role: Role, clientId: string, epoch = 1): Event => ({
  type: 'message',
  message: { id: 'msg_1', author: { role, id: 'x' }, parts: [{ type: 'text', text: clientId }], clientId, epoch },
});
const control = (holder: 'bot' | 'queue' | 'agent', epoch: number): Event => ({
  type: 'control.changed',
  from: { holder: 'bot' },
  to: holder === 'agent' ? { holder, agent: { id: 'agt_dana', name: 'Dana' } } : { holder },
  epoch,
  why: 'test',
});
const log = (...events: Event[]): EventItem[] =>
  events.map((event, index) => ({ seq: index + 1, at: '2026-11-22T12:00:00.000Z', event }));
const ack = (clientId: string, seq: number): ServerFrameOf<'ack'> => ({ type: 'ack', clientId, seq });

/** A side that has said and had acknowledged these, and received those. */
function side(sent: [clientId: string, seq: number][], received: number[]): Witness {
  const witness = new Witness();
  for (const [clientId, seq] of sent) {
    witness.said(clientId);
    witness.acknowledged(ack(clientId, seq));
  }
  for (const seq of received) witness.received(seq);
  return witness;
}

/** The customer asks, the bot answers, an agent takes over and answers. */
const GOOD = log(
  opened,
  said('customer', 'c1'),
  said('bot', 'b1'),
  said('customer', 'c2'),
  control('queue', 2),
  control('agent', 3),
  said('agent', 'a1', 3),
);
const record = (change: Partial<Record> = {}): Record => ({
  conversation: 'cnv_1',
  log: GOOD,
  customer: side(
    [
      ['c1', 2],
      ['c2', 4],
    ],
    [1, 2, 3, 4, 5, 6, 7],
  ),
  stints: [{ agent: 'agt_dana', witness: side([['a1', 7]], [1, 2, 3, 4, 5, 6, 7]), from: 6, to: 7 }],
  ...change,
});
const kinds = (change: Partial<Record>) => faultsOf(record(change)).map(({ kind }) => kind);

test('a conversation in which everything arrived has no fault', () => {
  expect(faultsOf(record())).toEqual([]);
});

describe('what was sent', () => {
  test('[SM1] an acknowledged message that is not in the log is lost', () => {
    const customer = side(
      [
        ['c1', 2],
        ['c2', 4],
        ['c3', 8],
      ],
      [2, 3, 4, 7],
    );
    expect(kinds({ customer })).toEqual(['lost']);
  });

  test('[SM1] a message that got no answer and is not in the log is lost', () => {
    const customer = side(
      [
        ['c1', 2],
        ['c2', 4],
      ],
      [2, 3, 4, 7],
    );
    customer.said('c3');
    expect(kinds({ customer })).toEqual(['lost']);
  });

  test('[SM1] a refused message is not lost, unless it is in the log all the same', () => {
    const customer = side(
      [
        ['c1', 2],
        ['c2', 4],
      ],
      [2, 3, 4, 7],
    );
    customer.said('c3');
    customer.refused({ type: 'refused', clientId: 'c3', code: 'too_long', message: '' });
    expect(kinds({ customer })).toEqual([]);
    const refused = side([['c1', 2]], [2, 3, 4, 7]);
    refused.said('c2');
    refused.refused({ type: 'refused', clientId: 'c2', code: 'too_long', message: '' });
    expect(kinds({ customer: refused })).toEqual(['doubled']);
  });

  test('[SM1] acknowledged under another seq than the one of the log: the sender was told a lie', () => {
    expect(
      kinds({
        customer: side(
          [
            ['c1', 2],
            ['c2', 5],
          ],
          [2, 3, 4, 7],
        ),
      }),
    ).toEqual(['lost']);
  });

  test('[SM1] twice in the log, or acknowledged under two seqs, is doubled', () => {
    const twice = log(opened, said('customer', 'c1'), said('customer', 'c1'));
    const customer = side([['c1', 2]], [2, 3]);
    expect(kinds({ log: twice, customer, stints: [] })).toEqual(['doubled']);
    customer.acknowledged(ack('c1', 3));
    expect(kinds({ log: twice, customer, stints: [] })).toEqual(['doubled', 'doubled']);
  });

  test('[SM1] what was sent first is first in the log', () => {
    const turned = log(opened, said('customer', 'c2'), said('customer', 'c1'));
    const customer = side(
      [
        ['c1', 3],
        ['c2', 2],
      ],
      [2, 3],
    );
    expect(kinds({ log: turned, customer, stints: [] })).toEqual(['outOfOrder']);
  });

  test('[SM1] a gap in the log is out of order', () => {
    const gap = GOOD.filter(({ seq }) => seq !== 5);
    expect(kinds({ log: gap })).toContain('outOfOrder');
  });
});

describe('what was received', () => {
  const sent: [string, number][] = [
    ['c1', 2],
    ['c2', 4],
  ];

  test('[SM2] a message that never came to the customer is lost; events that are not for him are not', () => {
    expect(kinds({ customer: side(sent, [2, 3, 4]) })).toEqual(['lost']);
    expect(kinds({ customer: side(sent, [2, 3, 4, 7]) })).toEqual([]);
  });

  test('[SM2] the same seq twice on one connection is doubled, an older one out of order', () => {
    expect(kinds({ customer: side(sent, [2, 3, 4, 4, 7]) })).toEqual(['doubled']);
    expect(kinds({ customer: side(sent, [2, 4, 3, 7]) })).toEqual(['outOfOrder']);
  });

  test('[SM2] after a cut only what is new may come', () => {
    const resumed = side(sent, [2, 3, 4]);
    resumed.connected(4);
    resumed.received(7);
    expect(kinds({ customer: resumed })).toEqual([]);
    const again = side(sent, [2, 3, 4]);
    again.connected(4);
    for (const seq of [4, 7]) again.received(seq);
    expect(kinds({ customer: again })).toEqual(['doubled']);
  });

  test('[SM3] the agent has everything of his time, and what was said before', () => {
    const stint = (received: number[]) => [{ agent: 'agt_dana', witness: side([['a1', 7]], received), from: 6, to: 7 }];
    expect(kinds({ stints: stint([4, 5, 6, 7]) })).toEqual(['lost', 'lost']);
    expect(kinds({ stints: stint([2, 3, 4, 6]) })).toEqual(['lost']);
    expect(kinds({ stints: stint([2, 3, 4, 6, 7]) })).toEqual([]);
  });
});

describe('bot over human', () => {
  test('[SM4] a bot that answers while an agent or the line has control', () => {
    const over = log(
      opened,
      said('customer', 'c1'),
      control('queue', 2),
      said('bot', 'b1'),
      control('agent', 3),
      said('bot', 'b2'),
    );
    const customer = side([['c1', 2]], [2, 4, 6]);
    expect(kinds({ log: over, customer, stints: [] })).toEqual(['botOverHuman', 'botOverHuman']);
  });

  test('[SM4] an answer that the bot wrote before it lost control, sent when it has it again', () => {
    const late = log(
      opened,
      said('customer', 'c1'),
      control('agent', 2),
      control('bot', 3),
      said('bot', 'b1', 1),
      said('bot', 'b2', 3),
    );
    const customer = side([['c1', 2]], [2, 5, 6]);
    expect(kinds({ log: late, customer, stints: [] })).toEqual(['botOverHuman']);
  });
});

test('control of agents is read off the log, stretch by stretch', () => {
  const twice = log(opened, control('agent', 2), control('bot', 3), control('agent', 4));
  expect(controlOf(twice)).toEqual([
    { agent: 'agt_dana', from: 2, to: 3 },
    { agent: 'agt_dana', from: 4, to: Number.POSITIVE_INFINITY },
  ]);
});
