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
  bot,
  CUSTOMER,
  cancel,
  close,
  DANA,
  decline,
  deskFailed,
  EVE,
  IN_LINE,
  INTERCOM,
  NOBODY_KNOWS,
  OTHER_BOT,
  offer,
  pass,
  pick,
  ROBOT,
  release,
  requeue,
  SALES,
  SECOND,
  SYSTEM,
  by as staff,
  take,
  text,
  tick,
  WITH_DANA,
  ZENDESK,
  ZOE,
} from '#test/cast.ts';
import { given } from '#test/given.ts';

const notice = (kind: string, words?: string) => ({
  type: 'message',
  message: { author: { role: 'system' }, notice: kind, ...(words ? { parts: text(words) } : {}) },
});
const controlTo = (holder: string, why?: string) => ({
  type: 'control.changed',
  to: { holder },
  ...(why ? { why } : {}),
});
/** Asked for a person at an outside desk. */
const AT_ZENDESK = [asks(ROBOT, 'bot_asked', { queue: BILLING, summary: 'Double charge' })];

describe('asking for a person', () => {
  it('[HO1] anybody may ask, for his own reason', () => {
    const who = [CUSTOMER, ROBOT, API, SYSTEM, staff(DANA)];
    for (const one of who) {
      given(ada('hi'))
        .when(asks(one, 'rule'))
        .leadsTo({ type: 'handoff.requested', handoff: 'hnd_1', reason: 'rule', by: one }, controlTo('queue', 'rule'))
        .now({ control: { holder: 'queue', epoch: 2 }, handoff: { phase: 'requested' } });
    }
  });

  it('[HO1] a bot only while it holds control', () => {
    given()
      .when(asks({ role: 'bot', id: OTHER_BOT }))
      .refused('control_lost');
    given(...WITH_DANA)
      .when(asks(ROBOT))
      .refused('control_lost');
    given()
      .when(asks(ROBOT, 'bot_asked', { epoch: 7 }))
      .refused('control_lost');
  });

  it('[HO1] there is no second one while one is open', () => {
    given(...IN_LINE)
      .when(asks())
      .refused('handoff_open');
    given(...WITH_DANA)
      .when(asks(API))
      .refused('handoff_open');
  });

  it('[HO1] on a closed conversation only the customer may, and within a week', () => {
    const closed = [ada('hi'), close(CUSTOMER)];
    given(...closed)
      .when(asks(API))
      .refused('closed');
    given(...closed)
      .when(asks())
      .leadsTo('conversation.reopened', controlTo('bot'), 'handoff.requested', controlTo('queue'));
    given(...closed)
      .after(8 * 86_400)
      .when(asks())
      .refused('closed');
  });

  it('[HO2] from the request on the bot is silent', () => {
    given(ada('hi'), asks())
      .when(bot('Hello!'))
      .refused('control_lost')
      .now({ control: { holder: 'queue' }, turns: [] });
  });

  it('[HO3] to the queue and desk that are named, else the default queue and its first desk', () => {
    given(asks()).now({ handoff: { queue: SALES, desk: null } });
    given(asks(API, 'api', { queue: BILLING })).now({ handoff: { queue: BILLING, desk: ZENDESK } });
    given(asks(API, 'api', { queue: BILLING, desk: INTERCOM, priority: 5, skills: ['vat'] })).now({
      handoff: { queue: BILLING, desk: INTERCOM, priority: 5, skills: ['vat'] },
    });
    given(asks(API, 'api', { queue: BILLING, desk: null })).now({ handoff: { desk: null } });
  });
});

describe('the desk', () => {
  it('[HO4] in the line the customer is told place and wait as far as they are known', () => {
    const story = given(asks()).when(acknowledge({ outlook: SECOND }));
    story
      .leadsTo(
        { type: 'handoff.queued', why: 'acknowledged', queue: SALES },
        { type: 'estimate.told', position: 2, ahead: 1, estimate: null },
        notice('connecting'),
      )
      .now({ control: { holder: 'queue', epoch: 2 }, handoff: { phase: 'queued', told: true } });
    expect(story.told[0]).toMatch(/1 person is ahead of you.*can't tell yet/);
  });

  it('[HO4] a desk that tells nothing promises nothing', () => {
    const story = given(asks()).when(acknowledge({ outlook: null }));
    story.leadsTo('handoff.queued', notice('connecting', "I'm connecting you with our team."));
  });

  it('[HO4] keeps the ticket of an outside desk', () => {
    given(...AT_ZENDESK)
      .when(acknowledge({ desk: ZENDESK, ticket: { id: '77' }, outlook: null }))
      .now({ handoff: { phase: 'queued', desk: ZENDESK, ticket: { id: '77' } } });
  });

  it('[HO5] an answer of a desk that was given up is refused', () => {
    const moved = [...AT_ZENDESK, deskFailed({ next: INTERCOM })];
    given(...moved)
      .when(acknowledge({ desk: ZENDESK, ticket: { id: '77' } }))
      .refused('wrong_phase')
      .when(deskFailed({ desk: ZENDESK }))
      .refused('wrong_phase')
      .when(acknowledge({ desk: INTERCOM, ticket: { id: 'i9' } }))
      .now({ handoff: { desk: INTERCOM, ticket: { id: 'i9' } } });
    given(...IN_LINE)
      .when(acknowledge())
      .refused('wrong_phase');
    given(...IN_LINE)
      .when(deskFailed())
      .refused('wrong_phase');
  });

  it('[HO6] a desk that fails hands on to the next, at the same age', () => {
    const story = given(...AT_ZENDESK);
    const since = story.at;
    story
      .when(deskFailed({ next: INTERCOM }))
      .leadsTo(
        { type: 'delivery.failed', side: `desk:${ZENDESK}`, detail: 'out of order' },
        { type: 'handoff.requested', handoff: 'hnd_1', desk: INTERCOM, retry: true, summary: 'Double charge' },
      )
      .when(deskFailed({ next: null }))
      .leadsTo('delivery.failed', { type: 'handoff.requested', desk: null })
      .when(deskFailed({ retry: true }))
      .leadsTo({ type: 'delivery.failed', side: 'desk:console' }, { type: 'handoff.requested', desk: null })
      .now({ handoff: { waitingSince: since, requestedAt: since, tries: 4 }, control: { epoch: 2 } });
  });

  it('[HO6] with no desk left the customer is told and the bot goes on', () => {
    given(ada('my invoice is wrong'), ...AT_ZENDESK)
      .when(deskFailed())
      .leadsTo(
        'delivery.failed',
        { type: 'handoff.ended', outcome: 'desk_failed' },
        notice('desk_failed'),
        controlTo('bot', 'desk_failed'),
      )
      .now({ handoff: null, turns: [{ seq: 2 }] });
  });
});

describe('offers', () => {
  it('[HO7] an offer asks one agent and moves nothing', () => {
    const story = given(...IN_LINE).when(offer(DANA));
    story
      .leadsTo({ type: 'handoff.offered', agent: DANA, expiresAt: story.at + 30_000 })
      .now({ control: { holder: 'queue', epoch: 2 }, handoff: { phase: 'offered', agent: DANA } })
      .when(offer(EVE))
      .refused('wrong_phase');
    given(asks()).when(offer(DANA)).refused('wrong_phase');
    given(...WITH_DANA)
      .when(offer(EVE))
      .refused('wrong_phase');
  });

  it('[HO7] for as long as the queue says', () => {
    const story = given(...AT_ZENDESK, acknowledge()).when(offer(DANA));
    story.leadsTo({ type: 'handoff.offered', expiresAt: story.at + 20_000 });
  });

  it('[HO8] control moves on accept', () => {
    given(...IN_LINE, offer(DANA))
      .when(accept(DANA))
      .leadsTo({ type: 'handoff.accepted', agent: DANA }, controlTo('agent', 'accepted'), {
        type: 'participant.joined',
        agent: DANA,
        role: 'owner',
      })
      .now({
        control: { holder: 'agent', agent: DANA, epoch: 3 },
        handoff: { phase: 'active', held: false, repliedAt: null },
        participants: [{ agent: DANA, role: 'owner' }],
      });
  });

  it('[HO8] only the agent who is asked, and until it expires', () => {
    given(...IN_LINE, offer(DANA))
      .when(accept(EVE))
      .refused('not_offered');
    given(...IN_LINE)
      .when(accept(DANA))
      .refused('not_offered');
    given(...IN_LINE, offer(DANA))
      .after(28)
      .when(accept(DANA))
      .leadsTo('handoff.accepted', 'control.changed', 'participant.joined');
    given(...IN_LINE, offer(DANA))
      .after(30)
      .when(accept(DANA))
      .refused('not_offered');
  });

  it('[HO8] a second accept is the first one again', () => {
    const story = given(...WITH_DANA);
    const accepted = story.log.find(({ event }) => event.type === 'handoff.accepted')?.seq ?? 0;
    story.when(accept(DANA)).repeats(accepted).when(accept(EVE)).refused('not_offered');
  });

  it('[HO9] an outside desk assigns without an offer, at any stage', () => {
    for (const before of [AT_ZENDESK, [...AT_ZENDESK, acknowledge({ ticket: { id: '77' } })]]) {
      given(...before)
        .when(assigned({ id: 'zd_7', name: 'Zoe' }))
        .leadsTo({ type: 'handoff.accepted', agent: ZOE }, controlTo('agent'), 'participant.joined')
        .now({ handoff: { phase: 'active', desk: ZENDESK } });
    }
    given(...IN_LINE, offer(EVE))
      .when(assigned(DANA))
      .now({ control: { agent: DANA }, handoff: { desk: null } });
  });

  it('[HO10] declined, the customer is in the line at his old place', () => {
    const story = given(...IN_LINE);
    const { handoff } = story.known;
    story
      .given([offer(DANA)])
      .when(decline(DANA))
      .leadsTo({ type: 'handoff.declined', agent: DANA })
      .now({ handoff: { ...handoff, passedOver: [{ agent: DANA.id, at: story.at }] }, control: { epoch: 2 } });
    given(...IN_LINE, offer(DANA))
      .when(decline(EVE))
      .refused('not_offered');
    given(...IN_LINE)
      .when(decline(DANA))
      .refused('not_offered');
  });
});

describe('leaving the line', () => {
  it('[HO11] customer, agent and API may cancel until somebody has accepted', () => {
    for (const [who, outcome] of [
      [CUSTOMER, 'cancelled_by_customer'],
      [API, 'superseded'],
      [staff(EVE), 'superseded'],
    ] as const) {
      for (const before of [[asks()], IN_LINE, [...IN_LINE, offer(DANA)]]) {
        given(...before)
          .when(cancel(who))
          .leadsTo({ type: 'handoff.ended', outcome, by: who }, notice('cancelled'), controlTo('bot', 'cancelled'));
      }
    }
    given(...IN_LINE)
      .when(cancel(ROBOT))
      .refused('not_allowed');
    given(...WITH_DANA)
      .when(cancel())
      .refused('wrong_phase');
    given().when(cancel()).refused('no_handoff');
    given(...IN_LINE)
      .when({ type: 'cancel', by: API, handoff: 'hnd_9' })
      .refused('no_handoff');
  });

  it('[HO12] "leave the line" leaves it, "keep waiting" changes nothing', () => {
    given(...IN_LINE)
      .when(ada(pick('wait:stop', 'Leave the line')))
      .leadsTo(
        'message',
        { type: 'handoff.ended', outcome: 'cancelled_by_customer' },
        notice('cancelled'),
        controlTo('bot'),
      )
      .now({ turns: [], unanswered: null });
    given(...IN_LINE)
      .when(ada(pick('wait:keep', 'Keep waiting')))
      .leadsTo('message')
      .now({ handoff: { phase: 'queued' }, unanswered: null });
  });

  it('[HO12] typed as well, right after the question', () => {
    const asked = () =>
      given(...IN_LINE)
        .after(700)
        .given([tick]);
    asked()
      .when(ada('no'))
      .leadsTo(
        { type: 'message', message: { parts: pick('wait:stop', 'no') } },
        'handoff.ended',
        notice('cancelled'),
        controlTo('bot'),
      );
    asked()
      .when(ada("yes, I'll wait"))
      .leadsTo({ type: 'message', message: { parts: pick('wait:keep', "yes, I'll wait") } })
      .now({ handoff: { asked: true, asking: false } })
      .when(ada('no'))
      .leadsTo({ type: 'message', message: { parts: text('no') } });
  });

  it('[HO13] a customer who has gone is taken out without a word', () => {
    given(...IN_LINE)
      .when({ type: 'abandon', handoff: 'hnd_1' })
      .leadsTo({ type: 'handoff.ended', outcome: 'abandoned' }, controlTo('bot', 'abandoned'));
    given(...WITH_DANA)
      .when({ type: 'abandon', handoff: 'hnd_1' })
      .refused('wrong_phase');
  });
});

describe('age and place', () => {
  it('[HO14] the age survives, the limits of waiting count anew', () => {
    const story = given(ada('hi'), asks());
    const since = story.at;
    story
      .given([acknowledge(), offer(DANA), accept(DANA)])
      .after(3_600)
      .given([requeue()])
      .now({ handoff: { phase: 'queued', waitingSince: since, queuedAt: story.at, front: true, requeues: 1 } });
    story.when(tick).leadsTo();
    story.given([offer(EVE), accept(EVE)]).after(3_600);
    story
      .given([pass(staff(EVE), { desk: ZENDESK, queue: BILLING })])
      .now({ handoff: { phase: 'requested', waitingSince: since, since: story.at, told: true } })
      .when(tick)
      .leadsTo();
  });

  it('[HO15] where he stands is told with the event first', () => {
    const told = { type: 'tell', handoff: 'hnd_1', outlook: SECOND } as const;
    given(...IN_LINE)
      .when(told)
      .leadsTo({ type: 'estimate.told', position: 2 }, notice('place'));
    given(...IN_LINE, offer(DANA))
      .when(told)
      .leadsTo('estimate.told', notice('place'));
    given(...WITH_DANA)
      .when(told)
      .refused('wrong_phase');
    given(asks()).when(told).refused('wrong_phase');
  });

  it('[HO15] after "connecting" he is told his place only', () => {
    given(asks())
      .after(2)
      .given([tick])
      .when(acknowledge({ outlook: SECOND }))
      .leadsTo('handoff.queued', 'estimate.told', notice('place'));
    given(asks())
      .after(2)
      .given([tick])
      .when(acknowledge({ outlook: null }))
      .leadsTo('handoff.queued');
  });

  it('[HO16] the handoff belongs to the desk of the agent who has it', () => {
    const atZendesk = [...AT_ZENDESK, acknowledge({ ticket: { id: '77' } })];
    given(...atZendesk, take(DANA)).now({ handoff: { desk: null, phase: 'active' } });
    expect(given(...atZendesk, take(DANA)).known.handoff).not.toHaveProperty('ticket');
    given(...atZendesk, assigned(ZOE)).now({ handoff: { desk: ZENDESK, ticket: { id: '77' } } });
    given(...atZendesk, take(ZOE, undefined, { ticket: { id: '78' } })).now({ handoff: { ticket: { id: '78' } } });
    given(ada('hi'), take(ZOE, undefined, { ticket: { id: '78' } })).now({
      handoff: { desk: ZENDESK, ticket: { id: '78' } },
    });
    given(...atZendesk, assigned(ZOE), requeue()).now({ handoff: { desk: ZENDESK, ticket: { id: '77' } } });
  });

  it('[HO17] a command about another handoff is refused', () => {
    const others = [
      acknowledge({ handoff: 'hnd_9' }),
      deskFailed({ handoff: 'hnd_9' }),
      offer(DANA, 'hnd_9'),
      accept(DANA, 'hnd_9'),
      requeue('agent_lost', 'hnd_9'),
      { type: 'decline', handoff: 'hnd_9', agent: DANA },
      { type: 'abandon', handoff: 'hnd_9' },
      { type: 'tell', handoff: 'hnd_9', outlook: NOBODY_KNOWS },
    ] as const;
    for (const command of others) {
      given(...IN_LINE)
        .when(command)
        .refused('no_handoff');
      given().when(command).refused('no_handoff');
    }
  });
});

describe('the whole way', () => {
  it('[CV8] one story, two handoffs, one outcome each', () => {
    const story = given(
      ada('I was charged twice'),
      ...WITH_DANA,
      agent(DANA, 'Refunded.'),
      release(staff(DANA), { note: 'refund promised' }),
      ada('thanks'),
      bot('You are welcome', { answers: 14 }),
      asks(),
      acknowledge({ handoff: 'hnd_2' }),
      cancel(),
    );
    const ends = story.log.flatMap(({ event }) =>
      event.type === 'handoff.ended' ? [[event.handoff, event.outcome]] : [],
    );
    expect(ends).toEqual([
      ['hnd_1', 'returned_to_bot'],
      ['hnd_2', 'cancelled_by_customer'],
    ]);
  });
});
