import { describe, expect, it } from 'vitest';
import {
  API,
  accept,
  acknowledge,
  ada,
  agent,
  asks,
  assigned,
  BILLING,
  BOT,
  barge,
  bot,
  cancel,
  close,
  DANA,
  deskFailed,
  EVE,
  hold,
  IN_LINE,
  INTERCOM,
  note,
  OTHER_BOT,
  offer,
  opens,
  pass,
  ROBOT,
  release,
  requeue,
  SALES,
  by as staff,
  take,
  text,
  tick,
  WITH_DANA,
  ZENDESK,
  ZOE,
} from '#test/cast.ts';
import { given, type Story } from '#test/given.ts';
import type { Command } from './commands.ts';
import { react } from './react.ts';

/** What follows from a command outside the log, as words. */
function follows(story: Story, command: Command): string[] {
  const before = story.known;
  story.when(command);
  return react(before, story.events, story.known).map((effect) =>
    effect.type === 'wake' ? effect.side : `line:${effect.queue}`,
  );
}

const AT_ZENDESK = [asks(ROBOT, 'bot_asked', { queue: BILLING }), acknowledge({ ticket: { id: '77' } })];
const ZENDESK_SIDE = `desk:${ZENDESK}`;

describe('the bot', () => {
  it('[HO18] is woken for a turn, and not while it has no control', () => {
    expect(follows(given(), ada('hi'))).toEqual([`bot:${BOT}`]);
    expect(follows(given(...IN_LINE), ada('hi'))).toEqual([]);
    expect(follows(given(...WITH_DANA), ada('hi'))).toEqual([]);
    expect(follows(given(ada('hi')), note(DANA, 'x'))).toEqual([]);
  });

  it('[HO18] is woken when it gets control, also another one', () => {
    expect(follows(given(...WITH_DANA), release(staff(DANA)))).toEqual([`bot:${BOT}`, `line:${SALES}`]);
    expect(follows(given(), pass(ROBOT, { bot: OTHER_BOT }))).toEqual([`bot:${OTHER_BOT}`]);
  });

  it('[HO18] is woken when the message after an answer is its next', () => {
    expect(follows(given(ada('one'), ada('two')), bot('1', { answers: 2 }))).toEqual([`bot:${BOT}`]);
    expect(follows(given(ada('one'), ada('two')), bot('both'))).toEqual([]);
  });

  it('[HO18] is not called where it owns the channel', () => {
    expect(follows(given(opens({ channel: BOT })), ada('hi'))).toEqual([]);
  });
});

describe('the line', () => {
  it('[HO18, CV7] is looked at after every step, the one that was left too', () => {
    expect(follows(given(), asks())).toEqual([`line:${SALES}`]);
    for (const [before, command] of [
      [[asks()], acknowledge()],
      [IN_LINE, offer(DANA)],
      [[...IN_LINE, offer(DANA)], accept(DANA)],
      [IN_LINE, cancel()],
      [IN_LINE, { type: 'abandon', handoff: 'hnd_1' }],
      [WITH_DANA, hold(DANA)],
      [WITH_DANA, close(API)],
      [WITH_DANA, requeue()],
      [IN_LINE, take(DANA)],
    ] as const) {
      expect(follows(given(...before), command)).toContain(`line:${SALES}`);
    }
    expect(follows(given(...WITH_DANA), pass(staff(DANA), { queue: BILLING }))).toEqual([
      `line:${SALES}`,
      `line:${BILLING}`,
    ]);
  });
});

describe('an outside desk', () => {
  it('[CV4] hears of the handoff and of all that others say while it has it', () => {
    expect(follows(given(), asks(API, 'api', { queue: BILLING }))).toEqual([ZENDESK_SIDE, `line:${BILLING}`]);
    expect(follows(given(...AT_ZENDESK), ada('hello?'))).toEqual([ZENDESK_SIDE]);
    const active = () => given(...AT_ZENDESK, assigned(ZOE));
    expect(follows(active(), ada('hello?'))).toEqual([ZENDESK_SIDE]);
    expect(follows(active(), barge(DANA, 'hi'))).toEqual([ZENDESK_SIDE]);
    expect(follows(active(), { type: 'redact', message: 'msg_1', by: API })).toEqual([ZENDESK_SIDE]);
  });

  it('[CV4] not of what its own agents said, nor of notes', () => {
    const active = () => given(...AT_ZENDESK, assigned(ZOE));
    expect(follows(active(), agent(ZOE, 'Hello'))).toEqual([]);
    expect(follows(active(), note(DANA, 'x'))).toEqual([]);
    expect(follows(given(bot('x')), { type: 'edit', message: 'msg_1', parts: text('y'), by: ROBOT })).toEqual([]);
  });

  it('[CV7] is told when it is left behind: by the next desk, a transfer, an agent of ours, the customer, the clock', () => {
    const active = [...AT_ZENDESK, assigned(ZOE)];
    const next = follows(given(asks(API, 'api', { queue: BILLING })), deskFailed({ next: INTERCOM }));
    expect(next).toEqual([ZENDESK_SIDE, `desk:${INTERCOM}`, `line:${BILLING}`]);
    expect(follows(given(...active), pass(staff(ZOE), { desk: INTERCOM, queue: BILLING }))).toContain(ZENDESK_SIDE);
    expect(follows(given(...AT_ZENDESK), take(DANA))).toContain(ZENDESK_SIDE);
    expect(follows(given(...active), take(EVE, true))).toContain(ZENDESK_SIDE);
    expect(follows(given(...AT_ZENDESK), cancel())).toContain(ZENDESK_SIDE);
    expect(follows(given(...active), release(API))).toContain(ZENDESK_SIDE);
    expect(follows(given(...active), close(API))).toContain(ZENDESK_SIDE);
    expect(follows(given(...AT_ZENDESK).after(4_000), tick)).toContain(ZENDESK_SIDE);
  });

  it('[CV7] also where it had it only between two events that are told at once', () => {
    const story = given(...WITH_DANA);
    const before = story.known;
    const from = story.log.length;
    story.given([pass(staff(DANA), { agent: ZOE }), pass(staff(ZOE), { agent: DANA })]);
    expect(react(before, story.log.slice(from), story.known)).toContainEqual({ type: 'wake', side: ZENDESK_SIDE });
  });
});
