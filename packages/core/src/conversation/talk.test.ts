import { describe, expect, it } from 'vitest';
import type { EscalationPolicy } from '#escalation/policy.ts';
import { MAX_PARTS, MAX_TEXT, type Part } from '#message/message.ts';
import {
  ADA,
  ada,
  agent,
  asks,
  BOT,
  barge,
  bot,
  CUSTOMER,
  cancel,
  close,
  DANA,
  EVE,
  IN_LINE,
  keyed,
  note,
  OTHER_BOT,
  opens,
  pass,
  pick,
  ROBOT,
  RULES,
  release,
  by as staff,
  take,
  text,
  tick,
  WITH_DANA,
  whisper,
} from '#test/cast.ts';
import { given, under } from '#test/given.ts';
import { MOST_TURNS } from './state.ts';

const HANDED_OFF = ['handoff.requested', { type: 'control.changed', to: { holder: 'queue' } }] as const;
const said = (words: string, more: object = {}) => ({ type: 'message', message: { parts: text(words), ...more } });
const notice = (kind: string) => ({ type: 'message', message: { author: { role: 'system' }, notice: kind } });

/** The default policy with other actions. */
function policy(actions: Partial<Record<keyof EscalationPolicy['signals'], 'flag' | 'offer' | 'handoff'>>) {
  const { escalation } = RULES;
  const signals = { ...escalation.signals };
  for (const [kind, action] of Object.entries(actions)) {
    const key = kind as keyof typeof signals;
    signals[key] = { ...signals[key], action };
  }
  return { ...RULES, escalation: { ...escalation, signals } };
}

describe('who may speak', () => {
  it('[CV16] a bot speaks while it holds control, and only then', () => {
    given(ada('hi'))
      .when(bot('Hello Ada!'))
      .leadsTo(said('Hello Ada!', { author: { role: 'bot', id: BOT }, epoch: 1 }));
    given(...IN_LINE)
      .when(bot('wait!'))
      .refused('control_lost');
    given(...WITH_DANA)
      .when(bot('wait!'))
      .refused('control_lost');
    given(ada('hi'))
      .when(bot('me too', { author: { role: 'bot', id: OTHER_BOT } }))
      .refused('control_lost');
  });

  it('[CV16] an agent speaks while he holds control, and only then', () => {
    given(...WITH_DANA)
      .when(agent(DANA, 'I am Dana'))
      .leadsTo(said('I am Dana', { author: { name: 'Dana' } }));
    given(...WITH_DANA)
      .when(agent(EVE, 'no, me'))
      .refused('control_lost');
    given().when(agent(DANA, 'hello')).refused('control_lost');
    given(...IN_LINE)
      .when(agent(DANA, 'hello'))
      .refused('control_lost');
  });

  it('[CV16] nobody speaks in the name of Baton', () => {
    given()
      .when({ type: 'say', author: { role: 'system', id: 'system' }, parts: text('You are connected') })
      .refused('not_allowed');
  });

  it('[CV2] a late answer of the bot never lands on top of a human, and is told who holds control', () => {
    const story = given(ada('hi'), ...WITH_DANA, release(staff(DANA)));
    story.when(bot('this was for your first question', { epoch: 1 })).refused('control_lost');
    expect(story.decision).toMatchObject({ refused: { control: { holder: 'bot', epoch: 4 } } });
    story.when(bot('and this is for now', { epoch: 4 })).leadsTo('message');
  });

  it('[CV17] what a customer writes to the bot is its turn, in order', () => {
    given(ada('hi'))
      .when(ada('where is my parcel'))
      .leadsTo(said('where is my parcel', { turn: true }))
      .now({ turns: [{ seq: 2 }, { seq: 3 }], unanswered: { seq: 2, upTo: 3 } });
  });

  it('[CV17] in the line and with an agent it is there for whoever answers, and no turn of the bot', () => {
    for (const before of [IN_LINE, WITH_DANA]) {
      const story = given(...before)
        .when(ada('hello?'))
        .leadsTo(said('hello?'));
      expect(story.events[0]?.event).not.toHaveProperty('message.turn');
      story.now({ turns: [], unanswered: { seq: story.known.seq, upTo: story.known.seq } });
    }
  });

  it('[CV17] on a channel without a bot it asks for a person', () => {
    given(opens({ bot: null }))
      .when(ada('hi'))
      .leadsTo(said('hi'), { type: 'handoff.requested', reason: 'rule' }, { type: 'control.changed' });
  });

  it('[CV18] refuses what is empty, too long, or in too many parts', () => {
    given().when(ada('  \n ')).refused('empty');
    given().when(ada([])).refused('empty');
    given()
      .when(ada([{ type: 'choices', choices: [{ id: 'a', label: 'A' }] }]))
      .refused('empty');
    given()
      .when(ada('x'.repeat(MAX_TEXT)))
      .leadsTo('message');
    given()
      .when(ada('x'.repeat(MAX_TEXT + 1)))
      .refused('too_long');
    given()
      .when(ada(Array.from({ length: MAX_PARTS + 1 }, () => ({ type: 'text', text: 'x' }))))
      .refused('too_many_parts');
    given(...WITH_DANA)
      .when(agent(DANA, ' '))
      .refused('empty');
    given(...WITH_DANA)
      .when(barge(EVE, ''))
      .refused('empty');
  });

  it('[CV15] texts are made fit to be stored, wherever they stand', () => {
    given()
      .when(ada('a\0b\uD800c'))
      .leadsTo(said('ab\uFFFDc', { turn: true }));
    given()
      .when(asks(ROBOT, 'bot_asked', { summary: 'x\0y', evidence: [{ kind: 'k', quote: '\0"', words: ['\uDC00'] }] }))
      .leadsTo(
        { type: 'handoff.requested', summary: 'xy', evidence: [{ quote: '"', words: ['\uFFFD'] }] },
        'control.changed',
      );
    given()
      .when({ type: 'update-customer', by: ROBOT, changes: { attributes: { 'pl\0an': 'go\0ld' } } })
      .leadsTo({ type: 'customer.updated', changes: { attributes: { plan: 'gold' } } });
    const command = ada('clean \u{1F600} text');
    given().when(command).leadsTo(said('clean \u{1F600} text'));
  });
});

describe('what calls for a person', () => {
  it('[CV19] a customer who asks for a person gets one, and the bot no turn', () => {
    const story = given(ada('hi')).when(ada('I want to talk to a human'));
    story.leadsTo(
      said('I want to talk to a human', { author: ADA }),
      { type: 'flag.added', flag: { name: 'asked_for_human', by: 'rule' } },
      { type: 'handoff.requested', reason: 'customer_asked', by: { role: 'system' }, evidence: [{ seq: 3 }] },
      { type: 'control.changed', to: { holder: 'queue' } },
    );
    expect(story.events[0]?.event).not.toHaveProperty('message.turn');
  });

  it('[CV19] where the policy says so the customer is asked first', () => {
    under(policy({ asked_for_human: 'offer' }))
      .when(ada('I want to talk to a human'))
      .leadsTo('message', 'flag.added', notice('proposal'), { type: 'proposal.made', reason: 'customer_asked' })
      .now({ control: { holder: 'bot' }, proposal: { reason: 'customer_asked' }, turns: [] });
  });

  it('[CV19] where the policy says so it is only flagged, once, and stays with the bot', () => {
    under(policy({ asked_for_human: 'flag' }))
      .when(ada('I want to talk to a human'))
      .leadsTo(said('I want to talk to a human', { turn: true }), 'flag.added')
      .when(ada('Can I speak to an agent please?'))
      .leadsTo({ type: 'message', message: { turn: true } });
  });

  const PROPOSED = [ada('There is a wrong charge on my card')];

  it('[CV20] a yes asks for a person with what the question was about', () => {
    given(...PROPOSED)
      .when(ada(pick('handoff:yes', 'Yes, please')))
      .leadsTo(
        said('Yes, please'),
        {
          type: 'handoff.requested',
          reason: 'restricted_topic',
          by: CUSTOMER,
          evidence: [{ kind: 'topic:billing', seq: 2 }],
        },
        { type: 'control.changed', to: { holder: 'queue' } },
      )
      .now({ unanswered: { seq: 2, upTo: 2 } });
  });

  it('[CV20] a no is answered by Baton and goes no further', () => {
    const story = given(...PROPOSED)
      .when(ada(pick('handoff:no', 'No, thank you')))
      .leadsTo(said('No, thank you'), notice('proposal_declined'))
      .now({ proposal: null, turns: [], unanswered: null, control: { holder: 'bot' } });
    expect(story.told).toEqual(['All right. You can ask for a person at any time.']);
  });

  it('[CV20] a no to Baton leaves what the bot was asked before with the bot', () => {
    given(ada('where is my parcel'), ...PROPOSED, ada('no thanks')).now({
      turns: [{ seq: 2 }],
      unanswered: { seq: 2, upTo: 2 },
    });
  });

  it('[CV20] any other message lets the question drop', () => {
    given(...PROPOSED)
      .when(ada('it was order 1001'))
      .leadsTo(said('it was order 1001', { turn: true }))
      .now({ proposal: null, turns: [{ seq: 6 }], unanswered: { seq: 2, upTo: 6 } })
      .when(ada('yes'))
      .leadsTo(said('yes', { turn: true }));
  });

  it('[CV21] a typed yes or no answers the question and is logged as that choice', () => {
    given(...PROPOSED)
      .when(ada('Yes please!'))
      .leadsTo({ type: 'message', message: { parts: pick('handoff:yes', 'Yes please!') } }, ...HANDED_OFF);
    given(...PROPOSED)
      .when(ada('nope'))
      .leadsTo({ type: 'message', message: { parts: pick('handoff:no', 'nope') } }, notice('proposal_declined'));
  });

  it('[CV21] a no to a question of the bot is an ordinary message', () => {
    given(ada('hi'), bot('Did that help?'))
      .when(ada('no'))
      .leadsTo({ type: 'message', message: { parts: text('no'), turn: true } });
  });

  it('[CV21] a yes to what the bot said since is an ordinary message too', () => {
    given(ada('where is my parcel'), ...PROPOSED, bot('It is on its way. Did that help?', { answers: 2 }))
      .when(ada('yes'))
      .leadsTo({ type: 'message', message: { parts: text('yes'), turn: true } });
  });

  it('[CV21] "connect me" pressed late still counts, a late "no" is only a word', () => {
    given(...PROPOSED, ada('wait'))
      .when(ada(pick('handoff:yes')))
      .leadsTo(
        'message',
        { type: 'handoff.requested', reason: 'customer_asked', evidence: [{ kind: 'asked_for_human' }] },
        'control.changed',
      );
    given(...PROPOSED, ada('wait'))
      .when(ada(pick('handoff:no')))
      .leadsTo({ type: 'message', message: { turn: true } });
    given(...WITH_DANA)
      .when(ada(pick('handoff:yes')))
      .leadsTo('message');
  });
});

describe('what the bot owes', () => {
  const TWO = [ada('one'), ada('two')];

  it('[CV22] an answer settles the message that it names and those before', () => {
    given(...TWO, bot('1', { answers: 2 })).now({ turns: [{ seq: 3 }], unanswered: { seq: 3, upTo: 3 } });
    given(...TWO, bot('both', { answers: 3 })).now({ turns: [], unanswered: null });
    given(...TWO, bot('both', { answers: 2 }), bot('again', { answers: 2 })).now({ turns: [{ seq: 3 }] });
  });

  it('[CV22] the clock of the next turn starts with the answer to the one before', () => {
    const story = given(...TWO)
      .after(10)
      .when(bot('1', { answers: 2 }));
    story.now({ turns: [{ seq: 3, at: story.at }] });
  });

  it('[CV22] an answer that names nothing settles all', () => {
    given(...TWO, bot('both')).now({ turns: [], unanswered: null });
  });

  it('[CV22] nothing to say, on purpose, settles too', () => {
    given(ada('thanks'))
      .when({ type: 'bot-skipped', turn: 2, epoch: 1 })
      .leadsTo({ type: 'bot.skipped', turn: 2, why: 'noop' })
      .now({ turns: [], unanswered: null })
      .when({ type: 'bot-skipped', turn: 2, epoch: 1 })
      .leadsTo();
    given(...WITH_DANA)
      .when({ type: 'bot-skipped', turn: 2, epoch: 3 })
      .refused('control_lost');
  });

  const FAILS = { type: 'bot-failed', turn: 2, epoch: 1, why: 'bot_error', detail: 'HTTP 500' } as const;

  it('[CV23] a failing bot leads to a person, with what failed as evidence', () => {
    given(ada('hi'))
      .when(FAILS)
      .leadsTo(
        { type: 'bot.skipped', turn: 2, why: 'failed', detail: 'HTTP 500' },
        { type: 'flag.added', flag: { name: 'bot_error' } },
        { type: 'handoff.requested', reason: 'bot_error', evidence: [{ kind: 'bot_error', seq: 2 }] },
        'control.changed',
      )
      .now({ unanswered: { seq: 2, upTo: 2 } });
  });

  it('[CV23] or to a question, or to an apology; never to silence', () => {
    under(policy({ bot_error: 'offer' }), ada('hi'))
      .when(FAILS)
      .leadsTo('bot.skipped', 'flag.added', notice('proposal'), { type: 'proposal.made', reason: 'bot_error' });
    const story = under(policy({ bot_error: 'flag' }), ada('hi'))
      .when(FAILS)
      .leadsTo('bot.skipped', 'flag.added', notice('apology'))
      .now({ control: { holder: 'bot' }, turns: [], unanswered: { seq: 2, upTo: 2 } });
    expect(story.told[0]).toContain("I'm sorry");
  });

  it('[CV23] a failure that comes late changes nothing', () => {
    given(ada('hi'), bot('hello')).when(FAILS).leadsTo();
    given(...WITH_DANA)
      .when(FAILS)
      .refused('control_lost');
  });

  it('[CV24] on return the newest unanswered message is the turn of the bot', () => {
    const story = given(asks(), ada('where is my parcel?'), ada('hello?'));
    const newest = story.known.seq;
    story
      .when(cancel())
      .leadsTo('handoff.ended', notice('cancelled'), { type: 'control.changed', to: { holder: 'bot', bot: BOT } })
      .now({ turns: [{ seq: newest, at: story.at }], unanswered: { seq: newest - 1, upTo: newest } })
      .when(bot('It is on its way.', { answers: newest }))
      .leadsTo('message')
      .now({ turns: [], unanswered: null });
  });

  it('[CV24] what an agent has answered is not asked of the bot again', () => {
    given(ada('hi'), ...WITH_DANA, ada('my order?'), agent(DANA, 'Sent today.'), release(staff(DANA))).now({
      turns: [],
      unanswered: null,
    });
  });

  it('[CV24] a pass from bot to bot takes it along', () => {
    given(...TWO, pass(ROBOT, { bot: OTHER_BOT })).now({ turns: [{ seq: 3 }], unanswered: { seq: 2, upTo: 3 } });
  });

  it('[CV24] a bot that owes too much is given the newest in place of the last', () => {
    const many = Array.from({ length: MOST_TURNS + 5 }, (_, index) =>
      ada(`message number ${index} about ${index * 7}`),
    );
    const story = given(...many);
    expect(story.known.turns).toHaveLength(MOST_TURNS);
    expect(story.known.turns.at(-1)?.seq).toBe(story.known.seq);
    story.when(bot('all of it', { answers: story.known.seq })).now({ turns: [], unanswered: null });
  });

  it('[CV25] who leaves the line takes back his request for a person, and nothing else', () => {
    given(ada('I want to talk to a human'), cancel()).now({
      control: { holder: 'bot' },
      turns: [],
      unanswered: null,
    });
    const story = given(ada('I want to talk to a human'), ada('and where is my parcel?'));
    const question = story.known.seq;
    story.given([cancel()]).now({ turns: [{ seq: question }] });
    given(ada('I want to talk to a human'), { type: 'abandon', handoff: 'hnd_1' }).now({ turns: [{ seq: 2 }] });
  });
});

describe('from the side', () => {
  it('[CV26] a barge is one message and changes nobody’s right to answer', () => {
    const story = given(ada('hi'));
    const before = story.known;
    story
      .when(barge(DANA, 'The shop is closed today.'))
      .leadsTo(said('The shop is closed today.', { barge: true, author: { name: 'Dana' } }))
      .now({ control: before.control, turns: before.turns, unanswered: before.unanswered, handoff: null });
    given(...WITH_DANA, ada('hm'))
      .when(barge(EVE, 'hi'))
      .now({ control: { agent: DANA }, unanswered: {}, handoff: { repliedAt: null } });
  });

  it('[CV26] the owner’s own is an ordinary message', () => {
    const story = given(...WITH_DANA).when(barge(DANA, 'hi'));
    expect(story.events[0]?.event).not.toHaveProperty('message.barge');
    story.now({ unanswered: null });
    given(close(CUSTOMER)).when(barge(DANA, 'hi')).refused('closed');
  });

  it('[CV27] notes and whispers at any time, by staff and bots', () => {
    given()
      .when(note(DANA, 'careful'))
      .leadsTo({ type: 'note', note: { text: 'careful', author: { name: 'Dana' } } })
      .when(whisper(DANA, 'offer a voucher'))
      .leadsTo({ type: 'note', note: { text: 'offer a voucher', whisper: true } })
      .when({ type: 'note', author: { role: 'bot', id: BOT }, text: 'looked at the order' })
      .leadsTo('note')
      .when({ type: 'note', author: ADA, text: 'psst' })
      .refused('not_allowed')
      .when(note(DANA, ' '))
      .refused('empty')
      .when(note(DANA, 'x'.repeat(MAX_TEXT + 1)))
      .refused('too_long')
      .given([close(CUSTOMER)])
      .when(note(DANA, 'for the next time'))
      .leadsTo('note');
  });

  it('[CV28] edits while it is open, redacts at any time', () => {
    given(bot('By Fridya'))
      .when({ type: 'edit', message: 'msg_1', parts: text('By Friday'), by: ROBOT })
      .leadsTo({ type: 'message.edited', message: 'msg_1', parts: text('By Friday') })
      .when({ type: 'edit', message: 'msg_1', parts: text(''), by: ROBOT })
      .refused('empty')
      .given([close(CUSTOMER)])
      .when({ type: 'edit', message: 'msg_1', parts: text('no'), by: ROBOT })
      .refused('closed')
      .when({ type: 'redact', message: 'msg_1', by: staff(DANA) })
      .leadsTo('message.redacted');
    const story = given(ada('my card is 4111'), bot('Never write card numbers like 4111 here', { answers: 2 }));
    expect(JSON.stringify(story.state)).toContain('4111');
    story.given([{ type: 'redact', message: 'msg_1', by: staff(DANA) }]);
    expect(JSON.stringify(story.state)).not.toContain('4111');
  });
});

describe('keys', () => {
  it('[CV11] the same client id twice is one message, with the answer of the first', () => {
    given(ada('hi', { clientId: 'c1' }))
      .when(ada('hi', { clientId: 'c1' }))
      .repeats(2)
      .when(ada('hi', { clientId: 'c2' }))
      .leadsTo('message');
    given(take(DANA), barge(DANA, 'x'), agent(DANA, 'hi', { clientId: 'c1' }))
      .when({ type: 'barge', agent: DANA, parts: text('hi'), clientId: 'c1' })
      .repeats(7);
  });

  it('[CV11] two senders may choose the same client id', () => {
    given(ada('hi', { clientId: '1' }))
      .when(bot('hello', { clientId: '1' }))
      .leadsTo('message');
  });

  it('[CV11] any command may carry a key, and then comes once', () => {
    given(keyed(asks(), 'k1')).when(keyed(asks(), 'k1')).repeats(2);
    given(keyed(opens(), 'o1')).when(keyed(opens(), 'o1')).repeats(1);
    given(keyed(tick, 't')).when(keyed(tick, 't')).leadsTo();
  });

  it('[CV11] what was said is answered by its own place, also where the conversation had to be opened again', () => {
    const story = given(ada('hi'), close(CUSTOMER)).when(ada('one more thing', { clientId: 'c9' }));
    story.leadsTo('conversation.reopened', 'control.changed', said('one more thing', { turn: true }));
    expect(story.decision).toMatchObject({ seq: story.known.seq });
    story.when(ada('one more thing', { clientId: 'c9' })).repeats(story.known.seq);
  });
});

describe('a bot that asks itself', () => {
  const asks: Part[] = [
    { type: 'text', text: 'I do not know that. Shall I connect you with a person?' },
    {
      type: 'choices',
      choices: [
        { id: 'handoff:yes', label: 'Yes' },
        { id: 'handoff:no', label: 'No' },
      ],
    },
  ];

  it('[ES20] a typed yes is understood, with the words as evidence', () => {
    given(ada('what about the blue one?'), bot('', { parts: asks }))
      .when(ada('yes please'))
      .leadsTo(said('yes please'), { type: 'handoff.requested', reason: 'customer_asked' }, 'control.changed');
  });

  it('[ES20] Baton does not ask the same again at the next turn', () => {
    const fallback = { bot: { fallback: true } };
    given(
      ada('what about the blue one?'),
      bot('Sorry?', fallback),
      ada('the blue one I saw'),
      bot('', { parts: asks, ...fallback }),
    )
      .when(ada('it was on your page'))
      .leadsTo(said('it was on your page', { turn: true }), 'flag.added');
  });
});
