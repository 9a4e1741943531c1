import { describe, expect, it } from 'vitest';
import type { Outlook } from '#queue/outlook.ts';
import {
  API,
  accept,
  acknowledge,
  ada,
  agent,
  asks,
  BILLING,
  bot,
  by,
  CUSTOMER,
  cancel,
  close,
  DANA,
  EVE,
  IN_LINE,
  OTHER_BOT,
  offer,
  opens,
  pass,
  pick,
  ROBOT,
  RULES,
  requeue,
  SALES,
  take,
  text,
  tick,
  WIDGET,
} from '#test/cast.ts';
import { given, under } from '#test/given.ts';
import { react } from './react.ts';
import type { Rules } from './rules.ts';

const notice = (kind: string) => ({ type: 'message', message: { author: { role: 'system' }, notice: kind } });
const how = (meanwhile: string | null) => ({ type: 'handoff.meanwhile', handoff: 'hnd_1', meanwhile, by: CUSTOMER });
const controlTo = (holder: string) => ({ type: 'control.changed', to: { holder }, why: 'meanwhile' });

const CLOSED: Outlook = { availability: 'closed', position: 1, ahead: 0, estimate: null };
const lasting = (lowSeconds: number): Outlook => ({
  availability: 'busy',
  position: 9,
  ahead: 8,
  estimate: { lowSeconds, p50Seconds: 2_000, highSeconds: 3_000, coverage: 0.8, basis: 'measured', asOf: 1 },
});
const choicesOf = (story: ReturnType<typeof given>) =>
  story.events.flatMap(({ event }) =>
    event.type === 'message'
      ? event.message.parts.flatMap((part) => (part.type === 'choices' ? part.choices.map(({ id }) => id) : []))
      : [],
  );

describe('a long wait', () => {
  it('[WA1] is asked about at once where nobody is there, or where even the short end is past the limit', () => {
    const closed = given(asks()).when(acknowledge({ outlook: CLOSED }));
    closed.leadsTo('handoff.queued', 'estimate.told', notice('connecting'), notice('still_waiting'));
    expect(choicesOf(closed)).toEqual(['wait:message', 'wait:bot']);
    const long = given(asks()).when(acknowledge({ outlook: lasting(600) }));
    long.leadsTo('handoff.queued', 'estimate.told', notice('connecting'), notice('still_waiting'));
    expect(choicesOf(long)).toEqual(['wait:keep', 'wait:bot', 'wait:message', 'wait:callback']);
    given(asks())
      .when(acknowledge({ outlook: lasting(599) }))
      .leadsTo('handoff.queued', 'estimate.told', notice('connecting'));
  });

  it('[WA1] without a bot nobody is offered to go on with it', () => {
    const story = given(opens({ bot: null }), asks()).when(acknowledge({ outlook: CLOSED }));
    expect(choicesOf(story)).toEqual(['wait:message']);
    story
      .when(ada(pick('wait:bot')))
      .leadsTo('message')
      .now({ control: { holder: 'queue' } });
  });

  it('[WA2] with nobody there a typed "no" is an ordinary message: it was no question of yes or no', () => {
    given(asks(), acknowledge({ outlook: CLOSED }))
      .when(ada('no'))
      .leadsTo({ type: 'message', message: { parts: text('no') } })
      .now({ handoff: { phase: 'queued' } });
  });
});

describe('going on with the bot', () => {
  const withBot = () => given(ada('where is my parcel'), bot('It is on its way.'), ...IN_LINE, ada(pick('wait:bot')));

  it('[WA3] the bot answers again, and the place is kept', () => {
    given(...IN_LINE)
      .when(ada(pick('wait:bot')))
      .leadsTo('message', how('with_bot'), notice('meanwhile'), controlTo('bot'))
      .now({ handoff: { phase: 'queued', meanwhile: 'with_bot' }, control: { holder: 'bot' }, turns: [] });
    const since = given(...IN_LINE).known.handoff?.waitingSince;
    given(...IN_LINE, ada(pick('wait:bot'))).now({ handoff: { waitingSince: since } });
    withBot()
      .when(ada('and can I change the address'))
      .leadsTo({ type: 'message', message: { turn: true } })
      .when(bot('Yes, in your account.'))
      .leadsTo('message');
  });

  it('[WA3] what made him ask for a person is not handed to the bot as a question; what he wrote since is', () => {
    given(ada('I want to talk to a human'), acknowledge(), ada(pick('wait:bot'))).now({ turns: [], unanswered: null });
    given(...IN_LINE, ada('my order is 1001'), ada(pick('wait:bot'))).now({ turns: [{}] });
  });

  it('[WA4] when his turn comes an agent is asked as ever; on accepting he has control, and the bot is silent', () => {
    withBot()
      .given([ada('is it late?'), offer(DANA)])
      .now({ handoff: { phase: 'offered', meanwhile: 'with_bot' }, control: { holder: 'bot' } })
      .when(accept(DANA))
      .now({ handoff: { phase: 'active' }, control: { holder: 'agent', agent: DANA }, turns: [], unanswered: {} })
      .when(bot('It is not.'))
      .refused('control_lost');
    withBot()
      .when(take(EVE))
      .now({ handoff: { phase: 'active', agent: EVE } });
  });

  it('[WA5] asking for a person again is waiting for him in silence; there is no second handoff and no proposal', () => {
    for (const command of [asks(CUSTOMER), asks(ROBOT, 'bot_asked'), asks(API, 'api'), ada('let me talk to a human')]) {
      const story = withBot().when(command);
      expect(story.events.map(({ event }) => event.type)).not.toContain('handoff.requested');
      story.now({ handoff: { id: 'hnd_1', phase: 'queued' }, control: { holder: 'queue' } });
      expect(story.known.handoff).not.toHaveProperty('meanwhile');
    }
    const repeating = withBot();
    for (let times = 0; times < 6; times++)
      repeating
        .given([ada('it was order 1001')])
        .given([bot("Sorry, I didn't get that.", { bot: { fallback: true } })]);
    expect(repeating.log.some(({ event }) => event.type === 'proposal.made')).toBe(false);
  });

  it('[WA6] a bot that solves it ends it: the place is free, and the outcome says so', () => {
    withBot()
      .when(close(ROBOT))
      .leadsTo({ type: 'handoff.ended', outcome: 'resolved', by: ROBOT }, 'control.changed', 'conversation.closed');
  });

  it('[WA6] leaving the line, or being passed to another bot, leaves the bot in control', () => {
    withBot()
      .when(cancel())
      .leadsTo({ type: 'handoff.ended', outcome: 'cancelled_by_customer' }, notice('cancelled'))
      .now({ control: { holder: 'bot' } });
    withBot()
      .when(pass(API, { bot: OTHER_BOT }))
      .now({ handoff: { phase: 'queued', meanwhile: 'with_bot' }, control: { holder: 'bot', bot: OTHER_BOT } });
  });
});

describe('leaving a message, being called back', () => {
  it('[WA9] it stays known whoever has it: an agent who is lost or passes it on leaves nobody out of the line', () => {
    const left = [...IN_LINE, ada(pick('wait:message')), offer(DANA), accept(DANA)];
    given(...left).now({ handoff: { phase: 'active', meanwhile: 'message' } });
    given(...left, requeue())
      .now({ handoff: { phase: 'queued', front: true, meanwhile: 'message' } })
      .when({ type: 'abandon', handoff: 'hnd_1' })
      .leadsTo();
    given(...left, pass(by(DANA), { queue: BILLING })).now({ handoff: { phase: 'queued', meanwhile: 'message' } });
    const withBot = given(...IN_LINE, ada(pick('wait:bot')), offer(DANA), accept(DANA));
    expect(withBot.known.handoff).not.toHaveProperty('meanwhile');
  });

  it('[WA9] what an agent answers follows by mail, as long as he may be gone', () => {
    const wakes = (story: ReturnType<typeof given>) =>
      react(null, story.events, story.known).flatMap((effect) => (effect.type === 'wake' ? [effect.side] : []));
    const mail = `mail:${WIDGET}`;
    const left = [...IN_LINE, ada(pick('wait:callback')), offer(DANA), accept(DANA)];
    expect(wakes(given(...left).when(agent(DANA, 'It is on its way.')))).toContain(mail);
    expect(wakes(given(...left).when(ada('thanks')))).not.toContain(mail);
    expect(wakes(given(...IN_LINE, offer(DANA), accept(DANA)).when(agent(DANA, 'Hello')))).not.toContain(mail);
  });

  it('[WA7] he keeps his place and need not stay: that he has gone takes nobody out of the line', () => {
    for (const choice of ['message', 'callback'])
      given(...IN_LINE)
        .when(ada(pick(`wait:${choice}`)))
        .leadsTo('message', how(choice), notice('meanwhile'))
        .when({ type: 'abandon', handoff: 'hnd_1' })
        .leadsTo()
        .when(ada('My order is 1001, please look at it.'))
        .leadsTo('message')
        .now({ handoff: { phase: 'queued', meanwhile: choice }, control: { holder: 'queue' }, unanswered: {} });
    given(...IN_LINE, ada(pick('wait:bot')))
      .when({ type: 'abandon', handoff: 'hnd_1' })
      .leadsTo({ type: 'handoff.ended', outcome: 'abandoned' });
  });

  it('[WA8] he may change his mind, also with an old button; the same again changes nothing', () => {
    given(...IN_LINE, ada(pick('wait:message')))
      .when(ada(pick('wait:message')))
      .leadsTo('message')
      .when(ada(pick('wait:bot')))
      .leadsTo('message', how('with_bot'), notice('meanwhile'), controlTo('bot'))
      .when(ada(pick('wait:callback')))
      .leadsTo('message', how('callback'), notice('meanwhile'), controlTo('queue'))
      .when(ada(pick('wait:keep')))
      .leadsTo('message', how(null), notice('meanwhile'))
      .when(tick)
      .leadsTo();
    given(ada('hi'))
      .when(ada(pick('wait:bot')))
      .leadsTo({ type: 'message', message: { turn: true } });
  });

  it('[WA10] nobody of them is moved to another queue by time', () => {
    const queues: Rules['queues'] = {
      ...RULES.queues,
      [SALES]: { desks: [null], limits: {}, routing: { overflow: { queue: BILLING, afterSeconds: 60 } } },
    };
    for (const choice of ['wait:bot', 'wait:message', 'wait:callback'])
      under({ ...RULES, queues }, ...IN_LINE, ada(pick(choice)))
        .after(300)
        .when(tick)
        .leadsTo();
    under({ ...RULES, queues }, ...IN_LINE)
      .after(300)
      .when(tick)
      .now({ handoff: { queue: BILLING } });
  });
});
