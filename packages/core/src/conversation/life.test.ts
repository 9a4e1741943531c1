import { describe, expect, it } from 'vitest';
import { TEXT_KEPT, TURNS_KEPT } from '#escalation/memory.ts';
import {
  ADA,
  API,
  accept,
  acknowledge,
  ada,
  agent,
  asks,
  BOT,
  bot,
  CUSTOMER,
  cancel,
  close,
  DANA,
  EVE,
  IN_LINE,
  note,
  OTHER_BOT,
  offer,
  opens,
  ROBOT,
  RULES,
  release,
  SYSTEM,
  by as staff,
  take,
  text,
  tick,
  WITH_DANA,
} from '#test/cast.ts';
import { counter, given, START } from '#test/given.ts';
import { decide } from './decide.ts';
import { evolve, replay } from './evolve.ts';
import { KEYS_KEPT, MOST_FLAGS } from './state.ts';

const DAY = 86_400;
const controlTo = (holder: string) => ({ type: 'control.changed', to: { holder } });
const rates = (score: number, comment?: string) => ({ type: 'rate', score, ...(comment ? { comment } : {}) }) as const;

describe('beginning', () => {
  it('[CV37] opened once, with what is known', () => {
    const page = { url: 'https://shop.example/orders' };
    given(opens({ locale: 'de', page, attributes: { plan: 'gold' } }))
      .now({ locale: 'de', seq: 1, status: 'open', turns: [], unanswered: null })
      .when(opens())
      .refused('exists');
    const decision = decide(null, opens({ page }), { at: START, newId: counter(), rules: RULES });
    expect(decision).toMatchObject({ events: [{ seq: 1, event: { type: 'conversation.opened', page } }] });
  });

  it('[CV37] an unknown conversation is refused, whatever is asked', () => {
    for (const command of [ada('hi'), take(DANA), tick, close(API)])
      expect(decide(null, command, { at: START, newId: counter(), rules: RULES })).toMatchObject({
        refused: { code: 'not_found' },
      });
  });

  it('[CV37] what was said before is in the log, and nobody owes it an answer', () => {
    const transcript = [
      { author: ADA, parts: text('Where is my parcel?'), saidAt: START - 60_000 },
      { author: { role: 'bot', id: BOT } as const, parts: text('I do not know.') },
      { author: { role: 'agent', id: 'x', name: 'Xi' } as const, parts: text('Let me look.') },
      { author: ADA, parts: text('hello?') },
    ];
    const story = given(opens({ transcript }));
    expect(story.log.map(({ seq, event }) => [seq, event.type])).toEqual([
      [1, 'conversation.opened'],
      [2, 'message'],
      [3, 'message'],
      [4, 'message'],
      [5, 'message'],
    ]);
    expect(story.log[1]?.event).toMatchObject({ message: { imported: true, saidAt: START - 60_000 } });
    story.now({ seq: 5, turns: [], unanswered: null, lastAgentAt: null, memory: { count: 0 } });
  });

  it('[CV10] a log begins with its opening, and has one', () => {
    expect(() => evolve(null, { seq: 1, at: START, event: { type: 'conversation.reopened', by: SYSTEM } })).toThrow();
    const story = given();
    expect(() => replay(story.state, story.log)).toThrow();
  });
});

describe('end', () => {
  it('[CV38] everything ends: the handoff, presences, control', () => {
    given(...WITH_DANA, { type: 'watch', agent: EVE })
      .when(close(staff(DANA), { outcome: 'converted_to_ticket', note: 'CRM 4711' }))
      .leadsTo(
        { type: 'handoff.ended', outcome: 'converted_to_ticket', note: 'CRM 4711' },
        { type: 'participant.left', agent: DANA, role: 'owner' },
        { type: 'participant.left', agent: EVE, role: 'watcher' },
        controlTo('nobody'),
        { type: 'conversation.closed', by: staff(DANA), outcome: 'converted_to_ticket' },
      )
      .now({ status: 'closed', handoff: null, participants: [], unanswered: null });
  });

  it('[CV38] ends as the closer says, else as it looks', () => {
    const outcomeOf = (...commands: Parameters<typeof given>) => given(...commands).known.ended?.outcome;
    expect(outcomeOf(...IN_LINE, close(CUSTOMER))).toBe('cancelled_by_customer');
    expect(outcomeOf(...WITH_DANA, close(CUSTOMER))).toBe('resolved');
    expect(outcomeOf(...IN_LINE, close(staff(DANA)))).toBe('resolved');
    expect(outcomeOf(...IN_LINE, close(API, { outcome: 'unavailable' }))).toBe('unavailable');
    const story = given(ada('hi')).when(close(ROBOT));
    expect(story.events.at(-1)?.event).not.toHaveProperty('outcome');
  });

  it('[CV38] a note that is left with no handoff is kept', () => {
    given()
      .when(close(staff(DANA), { note: 'spam' }))
      .leadsTo({ type: 'note', note: { text: 'spam' } }, controlTo('nobody'), 'conversation.closed');
  });

  it('[CV38] by the holder, customer, API and Baton; by agents where no other agent holds it', () => {
    for (const who of [ROBOT, CUSTOMER, API, SYSTEM, staff(DANA)])
      given().when(close(who)).leadsTo(controlTo('nobody'), 'conversation.closed');
    given()
      .when(close({ role: 'bot', id: OTHER_BOT }))
      .refused('not_owner');
    given(...IN_LINE)
      .when(close(ROBOT))
      .refused('not_owner');
    given(...WITH_DANA)
      .when(close(staff(EVE)))
      .refused('not_owner');
    given(close(API))
      .when(close(staff(EVE)))
      .leadsTo();
  });

  it('[CV39] what is closed is closed for bots, agents and control', () => {
    const story = given(...WITH_DANA, close(staff(DANA)));
    const refused = [
      bot('hi'),
      agent(DANA, 'hi'),
      take(DANA),
      asks(API),
      release(staff(DANA)),
      { type: 'hold', agent: DANA } as const,
      { type: 'barge', agent: DANA, parts: text('hi') } as const,
    ];
    for (const command of refused) story.when(command).refused('closed');
    story.when(cancel()).refused('no_handoff');
  });

  it('[CV39] a customer who writes again opens it, and the bot has it', () => {
    given(ada('hi'), close(CUSTOMER))
      .after(6 * DAY)
      .when(ada('one more thing'))
      .leadsTo({ type: 'conversation.reopened', by: CUSTOMER }, controlTo('bot'), {
        type: 'message',
        message: { turn: true, epoch: 3 },
      })
      .now({ status: 'open', closedAt: null, turns: [{ seq: 7 }], ended: null });
    given(opens({ bot: null }), close(API))
      .when(ada('hi'))
      .leadsTo('conversation.reopened', 'message', 'handoff.requested', controlTo('queue'));
  });

  it('[CV39] agents, their desks and the API open it again at any time', () => {
    for (const who of [staff(DANA), API, SYSTEM])
      given(ada('hi'), close(CUSTOMER))
        .after(30 * DAY)
        .when({ type: 'reopen', by: who })
        .leadsTo({ type: 'conversation.reopened', by: who }, controlTo('bot'))
        .when({ type: 'reopen', by: who })
        .leadsTo();
    given(close(CUSTOMER)).when({ type: 'reopen', by: ROBOT }).refused('not_allowed');
    given(close(CUSTOMER)).when({ type: 'reopen', by: CUSTOMER }).refused('not_allowed');
  });

  it('[CV39] after a week he opens a new one', () => {
    given(ada('hi'), close(CUSTOMER))
      .after(7 * DAY)
      .when(ada('one more thing'))
      .refused('closed');
  });
});

describe('rating', () => {
  it('[CV40] once the conversation is over', () => {
    given(...WITH_DANA, close(staff(DANA)))
      .when(rates(5, 'quick!'))
      .leadsTo({ type: 'rating.given', score: 5, comment: 'quick!', handoff: 'hnd_1' })
      .when(rates(1))
      .refused('already_rated');
    given(close(CUSTOMER)).when(rates(3)).leadsTo({ type: 'rating.given', score: 3, handoff: null });
  });

  it('[CV40] or the stretch with an agent, each anew', () => {
    const story = given(...WITH_DANA, release(staff(DANA)));
    story.when(rates(4)).leadsTo({ type: 'rating.given', handoff: 'hnd_1' }).when(rates(4)).refused('already_rated');
    story.given([take(EVE), release(staff(EVE))]);
    story.when(rates(2)).leadsTo({ type: 'rating.given', handoff: 'hnd_2' });
    story.given([asks(), cancel()]).when(rates(2)).refused('not_closed');
  });

  it('[CV40] from 1 to 5, and not while nothing is over', () => {
    given().when(rates(5)).refused('not_closed');
    given(...IN_LINE, cancel())
      .when(rates(5))
      .refused('not_closed');
    for (const score of [0, 6, 2.5, Number.NaN]) given(close(API)).when(rates(score)).refused('bad_rating');
  });

  it('[CV40] a conversation that was opened again may be rated again', () => {
    given(close(CUSTOMER), rates(1), ada('hi'), close(CUSTOMER)).when(rates(5)).leadsTo('rating.given');
  });
});

describe('around the talking', () => {
  it('[CV41] a flag is raised and lowered once', () => {
    given()
      .when({ type: 'flag', name: 'vip', by: API, evidence: { kind: 'crm' } })
      .leadsTo({ type: 'flag.added', flag: { name: 'vip', by: 'api', evidence: { kind: 'crm' } } })
      .when({ type: 'flag', name: 'vip', by: staff(DANA) })
      .leadsTo()
      .now({ flags: [{ name: 'vip', by: 'api' }] })
      .when({ type: 'unflag', name: 'vip', by: staff(DANA) })
      .leadsTo('flag.removed')
      .when({ type: 'unflag', name: 'vip', by: staff(DANA) })
      .leadsTo();
    given().when({ type: 'flag', name: 'vip', by: CUSTOMER }).refused('not_allowed');
  });

  it('[CV41] at most so many', () => {
    const flags = Array.from({ length: MOST_FLAGS }, (_, index) => ({
      type: 'flag' as const,
      name: `flag ${index}`,
      by: ROBOT,
    }));
    given(...flags)
      .when({ type: 'flag', name: 'one more', by: ROBOT })
      .refused('not_allowed')
      .when(ada('I want to talk to a human'))
      .leadsTo('message', 'flag.added', 'handoff.requested', 'control.changed');
  });

  it('[CV42] watching is being there without control', () => {
    given()
      .when({ type: 'watch', agent: EVE })
      .leadsTo({ type: 'participant.joined', agent: EVE, role: 'watcher' })
      .when({ type: 'watch', agent: EVE })
      .leadsTo()
      .when(take(EVE))
      .leadsTo(
        'handoff.requested',
        'handoff.accepted',
        { type: 'participant.left', role: 'watcher' },
        controlTo('agent'),
        { type: 'participant.joined', agent: EVE, role: 'owner' },
      )
      .now({ participants: [{ agent: EVE, role: 'owner' }] })
      .when({ type: 'unwatch', agent: EVE })
      .leadsTo()
      .when({ type: 'watch', agent: EVE })
      .leadsTo();
    given({ type: 'watch', agent: EVE })
      .when({ type: 'unwatch', agent: EVE })
      .leadsTo({ type: 'participant.left', agent: EVE, role: 'watcher' });
  });

  it('[CV43] what became known and what failed is written down at any time', () => {
    for (const before of [[], WITH_DANA, [close(API)]]) {
      given(...before)
        .when({ type: 'update-customer', by: ROBOT, changes: { email: 'ada@example.com' } })
        .leadsTo({ type: 'customer.updated', customer: 'cus_ada', changes: { email: 'ada@example.com' }, by: ROBOT })
        .when({ type: 'delivery-failed', side: 'channel:int_widget', seq: 2, kind: 'rejected', detail: 'gone' })
        .leadsTo({ type: 'delivery.failed', side: 'channel:int_widget', seq: 2, kind: 'rejected' });
    }
  });
});

describe('state', () => {
  it('[CV3] events are numbered from 1 without gaps', () => {
    const story = given(
      ada('hi'),
      ...WITH_DANA,
      agent(DANA, 'hello'),
      release(staff(DANA)),
      close(CUSTOMER),
      ada('hi'),
    );
    expect(story.log.map(({ seq }) => seq)).toEqual(story.log.map((_, index) => index + 1));
  });

  it('[CV10] a replay gives the state, from the beginning and from any point', () => {
    const story = given(
      ada('hi', { clientId: 'c1' }),
      bot('hello', { answers: 2 }),
      ada('I want to talk to a human'),
      acknowledge(),
      offer(DANA),
      accept(DANA),
      agent(DANA, 'hello'),
      note(DANA, 'careful'),
      release(staff(DANA), { note: 'done' }),
      close(CUSTOMER),
    );
    for (let at = 0; at <= story.log.length; at++) {
      const stored = JSON.parse(JSON.stringify(replay(null, story.log.slice(0, at))));
      expect(replay(stored, story.log.slice(at))).toEqual(story.state);
    }
  });

  it('[CV14] stays small over 10,000 messages', { timeout: 60_000 }, () => {
    const story = given();
    for (let index = 0; index < 10_000; index++) {
      const words = `${index} ${'long words '.repeat(index % 20 ? 2 : 60)}`;
      story.when(index % 3 ? ada(words, { clientId: `c${index}` }) : bot(words));
    }
    const { state } = story;
    expect(state?.keys).toHaveLength(KEYS_KEPT);
    expect(state?.memory.turns).toHaveLength(TURNS_KEPT);
    expect(JSON.stringify(state).length).toBeLessThan(8 * TEXT_KEPT + KEYS_KEPT * 60 + 4_000);
  });
});
