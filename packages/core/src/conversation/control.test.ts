import { describe, expect, it } from 'vitest';
import {
  API,
  acknowledge,
  ada,
  agent,
  asks,
  assigned,
  BILLING,
  BOT,
  CUSTOMER,
  cancel,
  close,
  DANA,
  EVE,
  FRED,
  hold,
  IN_LINE,
  INTERCOM,
  OTHER_BOT,
  offer,
  opens,
  pass,
  ROBOT,
  release,
  requeue,
  resume,
  SALES,
  SYSTEM,
  by as staff,
  TYRES,
  take,
  tick,
  WITH_DANA,
  ZENDESK,
  ZOE,
} from '#test/cast.ts';
import { given, type Story } from '#test/given.ts';
import type { Command } from './commands.ts';
import { LOOP_LIMIT } from './rules.ts';

const controlTo = (holder: string, why?: string) => ({
  type: 'control.changed',
  to: { holder },
  ...(why ? { why } : {}),
});
const SEATED = [controlTo('agent'), { type: 'participant.joined', role: 'owner' }];

describe('one holder', () => {
  it('[CV1] begins with the bot of its channel, or with nobody', () => {
    given().now({ control: { holder: 'bot', bot: BOT, epoch: 1 }, status: 'open' });
    given(opens({ bot: null })).now({ control: { holder: 'nobody', epoch: 1 } });
  });

  it('[CV2] every change adds 1 to the epoch, and nothing else does', () => {
    const story = given(ada('hi'), ...IN_LINE, offer(DANA)).now({ control: { epoch: 2 } });
    story
      .given([{ type: 'accept', handoff: 'hnd_1', agent: DANA }])
      .now({ control: { epoch: 3 } })
      .given([agent(DANA, 'hi'), hold(DANA)])
      .now({ control: { epoch: 3 } })
      .given([release(staff(DANA))])
      .now({ control: { epoch: 4 } });
  });

  it('[CV2] every command under an old epoch is refused, only never a customer', () => {
    const story = given(...WITH_DANA);
    story.when(agent(DANA, 'hi', { epoch: 2 })).refused('control_lost');
    story.when(release(staff(DANA), { epoch: 2 })).refused('control_lost');
    story.when(pass(staff(DANA), { agent: EVE }, { epoch: 2 })).refused('control_lost');
    story.when({ type: 'bot-failed', turn: 1, epoch: 1, why: 'bot_error', detail: '' }).refused('control_lost');
    story.when(ada('hello', { epoch: 1 })).leadsTo('message');
    given(ada('hi'))
      .when(asks(API, 'api', { epoch: 3 }))
      .refused('control_lost')
      .when(asks(CUSTOMER, 'customer_asked', { epoch: 3 }))
      .leadsTo('handoff.requested', 'control.changed');
  });
});

describe('take', () => {
  it('[CV29] from the bot: a handoff, active at once', () => {
    given(ada('hi'))
      .when(take(DANA))
      .leadsTo({ type: 'handoff.requested', reason: 'agent_took_over', by: staff(DANA) }, 'handoff.accepted', ...SEATED)
      .now({ control: { holder: 'agent', agent: DANA }, handoff: { phase: 'active', queue: SALES, desk: null } });
  });

  it('[CV29] from the line, at whatever stage, and from nobody', () => {
    for (const before of [[asks()], IN_LINE, [...IN_LINE, offer(EVE)]]) {
      given(...before)
        .when(take(DANA))
        .leadsTo('handoff.accepted', ...SEATED);
    }
    given(opens({ bot: null }))
      .when(take(DANA))
      .leadsTo('handoff.requested', 'handoff.accepted', ...SEATED);
  });

  it('[CV29] from another agent only on purpose', () => {
    given(...WITH_DANA)
      .when(take(EVE))
      .refused('held_by_agent')
      .when(take(EVE, true))
      .leadsTo(
        { type: 'handoff.transferred', from: DANA, to: { agent: EVE } },
        { type: 'participant.left', agent: DANA },
        ...SEATED,
      )
      .now({ control: { agent: EVE }, handoff: { id: 'hnd_1', agent: EVE, repliedAt: null } });
    given(...WITH_DANA)
      .when(take(DANA))
      .leadsTo();
    given(close(CUSTOMER)).when(take(DANA)).refused('closed');
  });

  it('[CV29] an agent of an outside desk takes for his desk', () => {
    given()
      .when(take(ZOE))
      .now({ handoff: { desk: ZENDESK } });
  });
});

describe('pass', () => {
  it('[CV30] to another agent, by the one in control, his desk or the API', () => {
    for (const who of [staff(DANA), API, SYSTEM]) {
      given(...WITH_DANA)
        .when(pass(who, { agent: EVE }, { note: 'knows VAT' }))
        .leadsTo(
          { type: 'handoff.transferred', from: DANA, to: { agent: EVE }, note: 'knows VAT' },
          { type: 'participant.left', agent: DANA },
          ...SEATED,
        );
    }
    given(...WITH_DANA)
      .when(pass(staff(DANA), { agent: DANA }))
      .refused('same_party')
      .when(pass(staff(FRED), { agent: EVE }))
      .refused('not_owner')
      .when(pass(ROBOT, { agent: EVE }))
      .refused('not_owner');
    given()
      .when(pass(API, { agent: EVE }))
      .refused('not_owner');
    given(close(API))
      .when(pass(API, { agent: EVE }))
      .refused('closed');
  });

  it('[CV31] to a queue: into its line, at the age that he has', () => {
    const story = given(asks());
    const since = story.at;
    story
      .given([acknowledge(), take(DANA)])
      .after(600)
      .when(pass(staff(DANA), { queue: BILLING }, { note: 'an invoice' }))
      .leadsTo(
        { type: 'handoff.transferred', from: DANA, to: { queue: BILLING }, note: 'an invoice' },
        { type: 'handoff.queued', queue: BILLING, desk: null, why: 'transferred' },
        { type: 'participant.left', agent: DANA },
        controlTo('queue', 'transferred'),
      )
      .now({ control: { queue: BILLING }, handoff: { phase: 'queued', waitingSince: since, passedOver: [] } });
  });

  it('[CV31] to a queue that the present desk does not serve: its first desk is asked', () => {
    given(...WITH_DANA)
      .when(pass(staff(DANA), { queue: TYRES }))
      .leadsTo(
        { type: 'handoff.transferred', to: { queue: TYRES } },
        { type: 'handoff.requested', handoff: 'hnd_1', queue: TYRES, desk: INTERCOM, retry: true },
        'participant.left',
        controlTo('queue'),
      );
  });

  it('[CV31] to another desk: it is asked first, with all that is known', () => {
    given(asks(API, 'frustration', { summary: 'Angry', priority: 3, skills: ['vat'] }), acknowledge(), take(DANA))
      .when(pass(staff(DANA), { desk: ZENDESK, queue: BILLING }))
      .leadsTo(
        'handoff.transferred',
        {
          type: 'handoff.requested',
          desk: ZENDESK,
          queue: BILLING,
          reason: 'frustration',
          summary: 'Angry',
          priority: 3,
          skills: ['vat'],
          retry: true,
        },
        'participant.left',
        controlTo('queue'),
      )
      .now({ handoff: { phase: 'requested', told: true } });
  });

  it('[CV32] bot to bot, with the word for the other one as a whisper', () => {
    given(ada('hi'))
      .when(pass(ROBOT, { bot: OTHER_BOT }, { note: 'asks about tyres' }))
      .leadsTo(
        { type: 'note', note: { whisper: true, text: 'asks about tyres', author: ROBOT } },
        controlTo('bot', 'passed'),
      )
      .now({ control: { bot: OTHER_BOT }, turns: [{ seq: 2 }], bot: BOT });
    for (const who of [API, staff(DANA), SYSTEM])
      given()
        .when(pass(who, { bot: OTHER_BOT }))
        .leadsTo(controlTo('bot', 'passed'));
  });

  it('[CV32] not by a customer, by a bot without control, or to the bot that has it', () => {
    given()
      .when(pass(CUSTOMER, { bot: OTHER_BOT }))
      .refused('not_allowed')
      .when(pass({ role: 'bot', id: OTHER_BOT }, { bot: OTHER_BOT }))
      .refused('control_lost')
      .when(pass(ROBOT, { bot: BOT }))
      .refused('same_party')
      .when(pass({ role: 'bot', id: OTHER_BOT }, { queue: SALES }))
      .refused('control_lost');
    given(...WITH_DANA)
      .when(pass(ROBOT, { bot: OTHER_BOT }))
      .refused('control_lost');
    given(...IN_LINE)
      .when(pass(API, { bot: OTHER_BOT }))
      .refused('not_owner');
  });

  it('[CV32] bot to queue is asking for a person', () => {
    given()
      .when(pass(ROBOT, { queue: BILLING }, { note: 'wants a refund' }))
      .leadsTo(
        { type: 'handoff.requested', reason: 'bot_asked', queue: BILLING, desk: ZENDESK, summary: 'wants a refund' },
        controlTo('queue'),
      );
    given()
      .when(pass(API, { desk: ZENDESK, queue: SALES }))
      .leadsTo({ type: 'handoff.requested', reason: 'api', queue: SALES, desk: ZENDESK }, controlTo('queue'));
    given()
      .when(pass(staff(DANA), { queue: SALES }))
      .refused('not_owner');
  });

  it('[CV33] an agent who names a bot returns to that one', () => {
    given(...WITH_DANA)
      .when(pass(staff(DANA), { bot: OTHER_BOT }, { note: 'tyres' }))
      .leadsTo(
        { type: 'handoff.ended', outcome: 'returned_to_bot', note: 'tyres' },
        'participant.left',
        controlTo('bot'),
      )
      .now({ control: { bot: OTHER_BOT } });
  });
});

describe('back', () => {
  it('[CV33] released to the bot, with a note', () => {
    for (const who of [staff(DANA), API, SYSTEM]) {
      given(...WITH_DANA)
        .when(release(who, { note: 'Refund promised.' }))
        .leadsTo(
          { type: 'handoff.ended', outcome: 'returned_to_bot', by: who, note: 'Refund promised.' },
          { type: 'participant.left', agent: DANA },
          controlTo('bot', 'returned_to_bot'),
        )
        .now({ handoff: null, ended: { id: 'hnd_1', agent: DANA, outcome: 'returned_to_bot' } });
    }
    given(...WITH_DANA)
      .when(release(staff(EVE)))
      .refused('not_owner')
      .when(release(CUSTOMER))
      .refused('not_owner');
    given(...IN_LINE)
      .when(release(API))
      .refused('not_owner');
    given(opens({ bot: null }), take(DANA))
      .when(release(staff(DANA)))
      .refused('no_bot');
  });

  it('[CV34] put back at the front, and told, when the agent was lost', () => {
    const story = given(...WITH_DANA).when(requeue());
    story
      .leadsTo(
        { type: 'handoff.queued', why: 'agent_lost', front: true },
        { type: 'participant.left', agent: DANA },
        controlTo('queue', 'agent_lost'),
        { type: 'message', message: { notice: 'agent_lost' } },
      )
      .now({ handoff: { front: true, passedOver: [{ agent: DANA.id }] } });
    given(...WITH_DANA)
      .when(requeue('requeued'))
      .leadsTo('handoff.queued', 'participant.left', controlTo('queue'))
      .now({ handoff: { front: false } });
    given(...IN_LINE)
      .when(requeue())
      .refused('wrong_phase');
  });

  it('[CV34] who names the agent that was lost takes it from nobody else', () => {
    const lost: Command = { type: 'requeue', handoff: 'hnd_1', why: 'agent_lost', agent: DANA.id };
    given(...WITH_DANA, take(EVE, true))
      .when(lost)
      .refused('not_owner');
    given(...WITH_DANA)
      .when(lost)
      .leadsTo('handoff.queued', 'participant.left', controlTo('queue'), 'message');
  });

  it('[CV35] held and resumed by the agent in control', () => {
    given(...WITH_DANA)
      .when(hold(DANA))
      .leadsTo({ type: 'handoff.held', agent: DANA })
      .when(hold(DANA))
      .leadsTo()
      .when(resume(EVE))
      .refused('not_owner')
      .when(resume(DANA))
      .leadsTo({ type: 'handoff.resumed', agent: DANA })
      .when(resume(DANA))
      .leadsTo();
    given(...IN_LINE)
      .when(hold(DANA))
      .refused('not_owner');
  });

  it('[CV6] what was written while control changed is there for whoever gets it', () => {
    given(asks(), ada('my order is 1001'), acknowledge(), ada('hello?'), offer(DANA), ada('anybody?'))
      .when({ type: 'accept', handoff: 'hnd_1', agent: DANA })
      .now({ unanswered: { seq: 4 } })
      .given([requeue(), take(EVE)])
      .now({ unanswered: { seq: 4 } })
      .given([agent(EVE, 'Here I am')])
      .now({ unanswered: null });
  });
});

/** Asked for a person and left the line again, over and over: each round changes control twice. */
function rounds(story: Story, count: number): Story {
  for (let round = 0; round < count; round++) story.given([asks(API, 'api'), cancel()]);
  return story;
}

describe('loop guard', () => {
  const stopped = () => rounds(given(ada('hi')), LOOP_LIMIT / 2).when(asks(ROBOT, 'bot_asked'));

  it('[CV9] machines that go in circles are stopped where a person sees it', () => {
    const story = stopped();
    story
      .leadsTo({ type: 'flag.added', flag: { name: 'loop_guard', by: 'system' } }, controlTo('nobody', 'loop_guard'), {
        type: 'message',
        message: { notice: 'loop_guard' },
      })
      .now({ control: { holder: 'nobody' }, handoff: null, unanswered: { seq: 2 } });
    expect(story.told[0]).toContain('marked for our team');
    story
      .when(ada('hello?'))
      .leadsTo('message')
      .now({ control: { holder: 'nobody' } });
  });

  it('[CV9] on every way: cancelled, lost, passed, returned, failed', () => {
    const almost = () => rounds(given(), LOOP_LIMIT / 2 - 1);
    const LOOPED = { type: 'flag.added', flag: { name: 'loop_guard' } };
    almost()
      .given([asks(), acknowledge({ handoff: 'hnd_6' }), take(DANA)])
      .when(requeue('agent_lost', 'hnd_6'))
      .leadsTo(
        { type: 'handoff.ended', outcome: 'loop_guard' },
        'participant.left',
        LOOPED,
        controlTo('nobody'),
        'message',
      );
    for (const command of [
      release(API),
      pass(SYSTEM, { agent: FRED }),
      pass(API, { queue: BILLING }),
      pass(API, { bot: OTHER_BOT }),
    ]) {
      almost()
        .given([take(DANA), take(EVE, true)])
        .when(command)
        .leadsTo(
          { type: 'handoff.ended', outcome: 'loop_guard' },
          'participant.left',
          LOOPED,
          controlTo('nobody'),
          'message',
        );
    }
    rounds(given(), LOOP_LIMIT / 2)
      .when(pass(ROBOT, { bot: OTHER_BOT }))
      .leadsTo(LOOPED, controlTo('nobody'), 'message');
    rounds(given(), LOOP_LIMIT / 2)
      .given([take(DANA), close(staff(DANA))])
      .when(ada('hi again'))
      .leadsTo('conversation.reopened', LOOPED, 'message', 'message');
  });

  it('[CV9] the window passes', () => {
    rounds(given(), LOOP_LIMIT / 2)
      .after(600)
      .when(asks(ROBOT, 'bot_asked'))
      .leadsTo('handoff.requested', 'control.changed');
  });

  it('[CV36] people move control as often as they like', () => {
    const story = rounds(given(), LOOP_LIMIT / 2);
    story.given([take(DANA), pass(staff(DANA), { agent: EVE }), pass(staff(EVE), { queue: SALES }), take(DANA)]);
    story.when(release(staff(DANA))).leadsTo('handoff.ended', 'participant.left', controlTo('bot'));
  });

  it('[CV36] an agent who takes over or closes lowers the flag', () => {
    const lowered = { type: 'flag.removed', name: 'loop_guard', by: staff(DANA) };
    stopped()
      .when(take(DANA))
      .leadsTo('handoff.requested', 'handoff.accepted', ...SEATED, lowered);
    stopped()
      .when(close(staff(DANA)))
      .leadsTo(lowered, 'conversation.closed');
  });

  it('[CV36] a customer who asks for a person meanwhile is told to wait; later he begins anew', () => {
    stopped().when(asks()).refused('loop_guard');
    stopped()
      .given([close(CUSTOMER)])
      .after(700)
      .when(ada('hi again'))
      .leadsTo('conversation.reopened', { type: 'flag.removed', name: 'loop_guard' }, controlTo('bot'), 'message');
  });

  it('[CV36] without a bot he gets a person again once a person has looked', () => {
    const story = rounds(given(opens({ bot: null })), LOOP_LIMIT / 2).when(ada('hi'));
    story.leadsTo('message', 'flag.added', { type: 'message', message: { notice: 'loop_guard' } });
    story.when(ada('hello?')).leadsTo('message');
    story
      .given([take(DANA), close(staff(DANA))])
      .after(700)
      .when(ada('me again'))
      .leadsTo('conversation.reopened', 'message', 'handoff.requested', 'control.changed');
  });

  it('[CV36] a tick after it changes nothing', () => {
    stopped().when(tick).leadsTo();
    given(...IN_LINE, assigned(DANA))
      .when(tick)
      .leadsTo();
  });
});
