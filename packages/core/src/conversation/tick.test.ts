import { describe, expect, it } from 'vitest';
import type { QueueId } from '#ids.ts';
import {
  API,
  accept,
  acknowledge,
  ada,
  agent,
  asks,
  BILLING,
  BOT,
  barge,
  bot,
  cancel,
  close,
  DANA,
  EVE,
  hold,
  IN_LINE,
  INTERCOM,
  offer,
  opens,
  pass,
  pick,
  RULES,
  release,
  requeue,
  resume,
  SALES,
  by as staff,
  take,
  tick,
  WIDGET,
  WITH_DANA,
  ZENDESK,
} from '#test/cast.ts';
import { given, type Story, under } from '#test/given.ts';
import { deadlines, nextDeadline } from './deadlines.ts';
import type { Limits, QueueRules, Rules } from './rules.ts';

const controlTo = (holder: string) => ({ type: 'control.changed', to: { holder } });
const notice = (kind: string) => ({ type: 'message', message: { author: { role: 'system' }, notice: kind } });
const limits = (more: Partial<Limits>) => ({ ...RULES, limits: { ...RULES.limits, ...more } });
/** One second before nothing happens; then it does. */
function due(story: Story, seconds: number): Story {
  story
    .after(seconds - 2)
    .when(tick)
    .leadsTo();
  return story.when(tick);
}
const kinds = (story: Story) => deadlines(story.known, story.rules).map(({ kind }) => kind);

describe('deadlines', () => {
  it('[TM1] belong to a state and die with it', () => {
    expect(kinds(given())).toEqual(['bot_idle']);
    expect(kinds(given(ada('hi')))).toEqual(['bot_silent']);
    expect(kinds(given(asks()))).toEqual(['desk_notice', 'desk_try', 'desk_total']);
    expect(kinds(given(...IN_LINE))).toEqual(['queue_ask', 'queue_limit']);
    expect(kinds(given(...IN_LINE, offer(DANA)))).toEqual(['offer_expires']);
    expect(kinds(given(...WITH_DANA))).toEqual(['agent_silent_warn', 'agent_silent', 'human_idle']);
    expect(kinds(given(...WITH_DANA, agent(DANA, 'hi')))).toEqual(['human_idle']);
  });

  it('[TM1] the earliest is the next one', () => {
    const story = given(asks());
    expect(nextDeadline(story.known, RULES)).toBe(story.at + 1_500);
  });

  it('[TM1] what is due together is done in order, each on what the one before left', () => {
    given(asks())
      .after(100)
      .when(tick)
      .leadsTo(
        notice('connecting'),
        'delivery.failed',
        { type: 'handoff.requested', retry: true },
        { type: 'handoff.ended', outcome: 'desk_failed' },
        notice('desk_failed'),
        controlTo('bot'),
      );
  });

  it('[TM1] a queue’s own limits go before those of its workspace', () => {
    const story = given(asks(API, 'api', { queue: BILLING }), acknowledge(), offer(DANA));
    expect(nextDeadline(story.known, RULES)).toBe(story.at + 20_000);
    expect(kinds(under(limits({ queueAskSeconds: null, queueLimitSeconds: null }), ...IN_LINE))).toEqual([]);
  });

  it('[TM14] a closed conversation waits for nothing', () => {
    const story = given(ada('hi'), close(API));
    expect(nextDeadline(story.known, RULES)).toBeNull();
    story.after(1_000_000).when(tick).leadsTo();
  });
});

describe('the desk', () => {
  it('[TM2] a slow desk: the customer is told that he is being connected, once', () => {
    given(asks())
      .when(tick)
      .leadsTo()
      .when(tick)
      .leadsTo(notice('connecting'))
      .when(tick)
      .leadsTo()
      .now({ handoff: { phase: 'requested', told: true } });
  });

  it('[TM3] silent for 10 seconds: the next desk of the queue, then the last one again', () => {
    const story = given(asks(API, 'api', { queue: BILLING })).given([tick, tick]);
    story.after(8).when(tick);
    story.leadsTo({ type: 'delivery.failed', side: `desk:${ZENDESK}` }, { type: 'handoff.requested', desk: INTERCOM });
    story.after(9).when(tick).leadsTo('delivery.failed', { type: 'handoff.requested', desk: null });
    story
      .after(9)
      .when(tick)
      .leadsTo({ type: 'delivery.failed', side: 'desk:console' }, { type: 'handoff.requested', desk: null });
    story.when(acknowledge()).now({ handoff: { phase: 'queued' } });
  });

  it('[TM4] none for 60 seconds: the customer is told and the bot goes on', () => {
    const story = given(ada('hi'), asks()).given([tick, tick]);
    for (let tries = 0; tries < 5; tries++) story.after(9).given([tick]);
    story
      .after(9)
      .when(tick)
      .leadsTo({ type: 'handoff.ended', outcome: 'desk_failed' }, notice('desk_failed'), controlTo('bot'))
      .now({ turns: [{ seq: 2 }] });
  });
});

describe('the line', () => {
  it('[TM5] an offer expires, and the place is kept', () => {
    const story = given(...IN_LINE);
    const { handoff } = story.known;
    due(story.given([offer(DANA)]), 30)
      .leadsTo({ type: 'handoff.expired', agent: DANA })
      .now({ handoff: { ...handoff, passedOver: [{ agent: DANA.id }] } });
  });

  it('[TM6] after 10 minutes he is asked whether he wants to go on waiting, once', () => {
    const story = due(given(...IN_LINE), 600);
    story.leadsTo(notice('still_waiting'));
    expect(story.events[0]?.event).toMatchObject({
      message: { parts: [{}, { type: 'choices', choices: [{ id: 'wait:keep' }, {}, {}, {}] }] },
    });
    story.when(tick).leadsTo();
  });

  it('[TM6] again when he came back into the line', () => {
    const story = given(...IN_LINE)
      .after(700)
      .given([tick, offer(DANA), accept(DANA), requeue()]);
    due(story, 600).leadsTo(notice('still_waiting'));
  });

  it('[TM6] [TM7] who does something else meanwhile is not asked, and his place does not run out', () => {
    for (const choice of ['wait:bot', 'wait:message', 'wait:callback'])
      given(...IN_LINE, ada(pick(choice)))
        .after(7_200)
        .when(tick)
        .leadsTo()
        .now({ handoff: { phase: 'queued' } });
  });

  it('[TM6] who waits in the window again is asked after another ten minutes', () => {
    const story = given(...IN_LINE)
      .after(500)
      .given([ada(pick('wait:bot')), ada(pick('wait:keep'))]);
    story.after(300).when(tick).leadsTo();
    story.after(300).when(tick).leadsTo(notice('still_waiting'));
  });

  it('[TM7] after an hour it is over', () => {
    const story = given(ada('hi'), ...IN_LINE)
      .after(700)
      .given([tick]);
    story
      .after(3_000)
      .when(tick)
      .leadsTo({ type: 'handoff.ended', outcome: 'wait_limit' }, notice('wait_limit'), controlTo('bot'))
      .now({ turns: [{ seq: 2 }] });
  });

  it('[TM7] an hour with an agent who was lost is no hour of waiting', () => {
    given(...WITH_DANA, agent(DANA, 'hi'))
      .after(4_000)
      .given([requeue()])
      .when(tick)
      .leadsTo()
      .now({ handoff: { phase: 'queued', front: true } });
  });
});

describe('overflow', () => {
  const overflows = (queues: Rules['queues']) => ({ ...RULES, queues: { ...RULES.queues, ...queues } });
  const to = (queue: QueueId, afterSeconds = 300): QueueRules => ({
    desks: [null],
    limits: {},
    routing: { overflow: { queue, afterSeconds } },
  });

  it('[TM15] goes on in the other line, with its age', () => {
    const rules = overflows({ [SALES]: to('que_all'), que_all: { desks: [null], limits: {} } });
    const story = due(under(rules, ...IN_LINE), 300);
    const since = story.known.handoff?.waitingSince;
    story
      .leadsTo(
        { type: 'handoff.transferred', from: null, to: { queue: 'que_all' } },
        { type: 'handoff.queued', queue: 'que_all', desk: null, why: 'overflowed' },
        { type: 'control.changed', to: { holder: 'queue', queue: 'que_all' } },
      )
      .now({ handoff: { phase: 'queued', queue: 'que_all', waitingSince: since, requeues: 0 } });
  });

  it("[TM15] to another desk's queue: that desk is asked", () => {
    const rules = overflows({ [SALES]: to(BILLING) });
    due(under(rules, ...IN_LINE), 300)
      .leadsTo(
        { type: 'handoff.transferred' },
        { type: 'handoff.requested', queue: BILLING, desk: ZENDESK, retry: true, by: { role: 'system' } },
        { type: 'control.changed' },
      )
      .now({ handoff: { phase: 'requested', desk: ZENDESK } });
  });

  it('[TM15] two that overflow into each other are no circle, and one that does not exist is none', () => {
    const circle = overflows({ [SALES]: to('que_all'), que_all: to(SALES) });
    const story = under(circle, ...IN_LINE)
      .after(300)
      .given([tick]);
    expect(kinds(story)).toEqual(['queue_ask', 'queue_limit']);
    expect(kinds(under(overflows({ [SALES]: to('que_gone') }), ...IN_LINE))).not.toContain('overflow');
    expect(kinds(under(overflows({ [SALES]: to(SALES) }), ...IN_LINE))).not.toContain('overflow');
  });

  it('[TM15] not while the other one is closed, and not who does something else meanwhile', () => {
    const never = { zone: 'UTC', week: {}, exceptions: [] };
    const closed = overflows({ [SALES]: to('que_all'), que_all: { desks: [null], limits: {}, hours: never } });
    expect(kinds(under(closed, ...IN_LINE))).not.toContain('overflow');
    const open = overflows({ [SALES]: to('que_all'), que_all: { desks: [null], limits: {} } });
    expect(kinds(under(open, ...IN_LINE))).toContain('overflow');
    expect(kinds(under(open, ...IN_LINE, ada(pick('wait:message'))))).toEqual([]);
  });
});

describe('the agent', () => {
  it('[TM8] who says nothing is warned, then loses it', () => {
    const story = due(given(...WITH_DANA), 90);
    story.leadsTo({ type: 'note', warning: 'agent_silent' }).when(tick).leadsTo();
    story
      .after(90)
      .when(tick)
      .leadsTo(
        { type: 'handoff.queued', why: 'agent_silent', front: true },
        { type: 'participant.left', agent: DANA },
        controlTo('queue'),
        notice('agent_lost'),
      );
  });

  it('[TM8] the first word counts, and each new agent’s own', () => {
    given(...WITH_DANA, agent(DANA, 'hi'))
      .after(1_000)
      .when(tick)
      .leadsTo();
    const story = given(...WITH_DANA, agent(DANA, 'hi'), pass(staff(DANA), { agent: EVE }));
    due(story, 90).leadsTo({ type: 'note', warning: 'agent_silent' });
    given(...WITH_DANA, barge(EVE, 'hi'))
      .after(100)
      .when(tick)
      .leadsTo('note');
  });

  it('[TM9] on hold no silence counts', () => {
    const story = under(limits({ customerIdleSeconds: 300 }), ...WITH_DANA, hold(DANA));
    story.after(1_000).when(tick).leadsTo();
    due(story.given([resume(DANA)]), 90).leadsTo({ type: 'note', warning: 'agent_silent' });
    story
      .given([agent(DANA, 'one moment'), hold(DANA)])
      .after(1_000)
      .when(tick)
      .leadsTo();
    due(story.given([resume(DANA)]), 300).leadsTo(...CLOSED);
  });

  const CLOSED = [
    { type: 'handoff.ended', outcome: 'resolved' },
    'participant.left',
    controlTo('nobody'),
    'conversation.closed',
  ] as const;

  it('[TM10] a customer who does not answer this agent is taken to be helped', () => {
    const rules = limits({ customerIdleSeconds: 300 });
    due(under(rules, ...WITH_DANA, agent(DANA, 'Did that help?')), 300).leadsTo(...CLOSED);
    const waiting = under(rules, ...WITH_DANA, agent(DANA, 'hi'), ada('my order?'));
    expect(kinds(waiting)).not.toContain('customer_idle');
    const other = under(rules, ...WITH_DANA, agent(DANA, 'hi'), release(staff(DANA)))
      .after(5_000)
      .given([take(EVE)]);
    expect(kinds(other)).not.toContain('customer_idle');
    expect(kinds(given(...WITH_DANA, agent(DANA, 'hi')))).not.toContain('customer_idle');
  });

  const DAY = 86_400;
  it('[TM11] a day of nothing: closed where all was answered', () => {
    due(given(...WITH_DANA, ada('hi'), agent(DANA, 'hello')), DAY).leadsTo(...CLOSED);
  });

  it('[TM11] what was not goes back to the bot', () => {
    due(given(...WITH_DANA, agent(DANA, 'hello'), ada('my order?')), DAY)
      .leadsTo({ type: 'handoff.ended', outcome: 'agent_silent' }, 'participant.left', controlTo('bot'))
      .now({ turns: [{}] });
  });

  it('[TM11] or to the line where there is no bot', () => {
    const story = given(
      opens({ bot: null }),
      ada('hi'),
      acknowledge(),
      take(DANA),
      agent(DANA, 'hello'),
      ada('my order?'),
    );
    due(story, DAY).leadsTo(
      { type: 'handoff.queued', front: true },
      'participant.left',
      controlTo('queue'),
      notice('agent_lost'),
    );
  });
});

describe('the bot', () => {
  it('[TM12] silent for 15 seconds has failed at its turn', () => {
    due(given(ada('hi')), 15)
      .leadsTo(
        { type: 'bot.skipped', turn: 2, why: 'failed' },
        'flag.added',
        { type: 'handoff.requested', reason: 'bot_timeout' },
        controlTo('queue'),
      )
      .now({ unanswered: { seq: 2 } });
  });

  it('[TM12] counted from when it became its next', () => {
    const story = given(ada('one'), ada('two'))
      .after(12)
      .given([bot('1', { answers: 2 })]);
    due(story, 15).leadsTo({ type: 'bot.skipped', turn: 3 }, 'flag.added', 'handoff.requested', controlTo('queue'));
    const returned = given(ada('hi'), asks()).after(20).given([cancel()]);
    due(returned, 15).leadsTo({ type: 'bot.skipped', turn: 2 }, 'flag.added', 'handoff.requested', controlTo('queue'));
  });

  it('[TM12] a bot that owns its channel answers in its own time', () => {
    given(opens({ channel: BOT }), ada('hi'))
      .after(100_000)
      .when(tick)
      .leadsTo();
    expect(WIDGET).not.toBe(BOT);
  });

  it('[TM13] not a word for a day: closed', () => {
    due(given(ada('hi'), bot('hello')), 86_400).leadsTo(controlTo('nobody'), 'conversation.closed');
    due(given(opens({ bot: null })), 86_400).leadsTo('conversation.closed');
  });

  it('[TM13] what nobody has answered stays open until a person has looked', () => {
    const story = given(opens({ bot: null }), ada('hi'), { type: 'abandon', handoff: 'hnd_1' });
    story.now({ control: { holder: 'nobody' }, unanswered: { seq: 2 } });
    story.after(1_000_000).when(tick).leadsTo();
    expect(nextDeadline(story.known, RULES)).toBeNull();
  });
});
