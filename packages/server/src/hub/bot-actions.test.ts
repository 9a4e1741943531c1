import { describe, expect, it } from 'vitest';
import type { BotAction } from '#ports/bot.ts';
import { type Answering, commandsOf, turnId } from './bot-actions.ts';

const to: Answering = {
  conversation: 'cnv_1',
  seq: 5,
  epoch: 3,
  message: { seq: 5, text: 'I want my money back' },
  bot: { id: 'int_bot', name: 'Robin' },
  queues: [
    { id: 'que_1', name: 'Support' },
    { id: 'que_2', name: 'Billing' },
  ],
};
const by = { role: 'bot', id: 'int_bot' };
const hello: BotAction = { type: 'say', parts: [{ type: 'text', text: 'Hello' }] };

describe('what a bot wants becomes commands', () => {
  it('[BT1] each has a key made of conversation, turn, control and place', () => {
    const actions: BotAction[] = [hello, hello, { type: 'set', attributes: { a: 1 }, flags: ['vip', 'vip'] }];
    expect(commandsOf(to, actions).map(({ key }) => key)).toEqual([
      'bot:cnv_1:5:3:0',
      'bot:cnv_1:5:3:1',
      'bot:cnv_1:5:3:2:attributes',
      'bot:cnv_1:5:3:2:flag:vip',
    ]);
    expect(commandsOf(to, actions)).toEqual(commandsOf(to, actions));
    expect(turnId('cnv_1', 5, 4)).not.toBe(turnId('cnv_1', 5, 3));
  });

  it('[BT1] a later post has keys of its own', () => {
    const keys = (post: string) => commandsOf({ ...to, post }, [hello]).map(({ key }) => key);
    expect(keys('a')).toEqual(['bot:cnv_1:5:3:a:0']);
    expect(keys('a')).not.toEqual(keys('b'));
  });

  it('[BT4] what it says carries the epoch of its turn, and the message that it answers', () => {
    expect(commandsOf(to, [{ ...hello, report: { fallback: true } }])).toEqual([
      {
        type: 'say',
        author: { ...by, name: 'Robin' },
        parts: hello.parts,
        epoch: 3,
        answers: 5,
        bot: { fallback: true },
        key: 'bot:cnv_1:5:3:0',
      },
    ]);
    expect(commandsOf({ ...to, message: null }, [hello])[0]).not.toHaveProperty('answers');
  });

  it('[BT2] a handoff goes last and only once, whatever the order', () => {
    const actions: BotAction[] = [
      { type: 'handoff', summary: 'Wants a refund' },
      hello,
      { type: 'close' },
      { type: 'handoff' },
    ];
    expect(commandsOf(to, actions).map(({ type }) => type)).toEqual(['say', 'request-handoff']);
    expect(commandsOf(to, [hello, { type: 'close' }]).map(({ type }) => type)).toEqual(['say', 'close']);
  });

  it('[BT4] a handoff says why: reason, evidence, summary', () => {
    const action: BotAction = {
      type: 'handoff',
      reason: 'low_confidence',
      detail: 'Not sure at all',
      summary: 'S',
      queue: ' billing ',
      priority: 2,
      skills: ['de'],
      collected: { order: 'AM1' },
    };
    expect(commandsOf(to, [action])).toEqual([
      {
        type: 'update-customer',
        by,
        epoch: 3,
        changes: { attributes: { order: 'AM1' } },
        key: 'bot:cnv_1:5:3:0:attributes',
      },
      {
        type: 'request-handoff',
        by,
        reason: 'low_confidence',
        epoch: 3,
        evidence: [{ kind: 'low_confidence', seq: 5, quote: 'I want my money back', detail: 'Not sure at all' }],
        queue: 'que_2',
        priority: 2,
        skills: ['de'],
        summary: 'S',
        key: 'bot:cnv_1:5:3:0',
      },
    ]);
  });

  it('[BT5] an unknown queue leads to the default one, and the agent is told', () => {
    const [command] = commandsOf(to, [{ type: 'handoff', queue: 'Sales' }]);
    expect(command).not.toHaveProperty('queue');
    expect(command).toMatchObject({
      reason: 'bot_asked',
      evidence: [
        { kind: 'bot_asked' },
        { kind: 'unknown_queue', detail: 'Robin asked for the queue "Sales", which does not exist.' },
      ],
    });
    expect(commandsOf(to, [{ type: 'handoff', queue: 'que_1' }])[0]).toMatchObject({ queue: 'que_1' });
  });

  it('[BT3] an answer that leaves the turn open skips it', () => {
    const skipped = { type: 'bot-skipped', turn: 5, epoch: 3, key: 'bot:cnv_1:5:3:skip' };
    expect(commandsOf(to, [{ type: 'noop' }])).toEqual([skipped]);
    expect(commandsOf(to, [])).toEqual([skipped]);
    expect(commandsOf(to, [{ type: 'set', flags: ['vip'] }]).map(({ type }) => type)).toEqual(['flag', 'bot-skipped']);
    expect(commandsOf(to, [hello, { type: 'noop' }]).map(({ type }) => type)).toEqual(['say']);
  });

  it('[BT3] a later post that only sets something may be followed by another', () => {
    expect(commandsOf({ ...to, post: 'a' }, [{ type: 'set', flags: ['vip'] }]).map(({ type }) => type)).toEqual([
      'flag',
    ]);
    expect(commandsOf({ ...to, post: 'a' }, [])).toEqual([]);
    expect(commandsOf({ ...to, post: 'a' }, [{ type: 'noop' }]).map(({ type }) => type)).toEqual(['bot-skipped']);
  });
});
