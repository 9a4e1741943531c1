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
  close,
  DANA,
  EVE,
  hold,
  note,
  offer,
  opens,
  pass,
  RULES,
  release,
  resume,
  SALES,
  SECOND,
  by as staff,
  take,
  text,
  whisper,
  ZENDESK,
  ZOE,
} from '#test/cast.ts';
import { given, type Story, under } from '#test/given.ts';
import { forCustomer, isForAll } from './audience.ts';
import type { ConversationEvent } from './events.ts';

/** What the customer sees of the last step. */
const seen = (story: Story) => story.events.flatMap(({ event }) => forCustomer(event) ?? []);
const all = (story: Story) => story.log.flatMap(({ event }) => forCustomer(event) ?? []);

describe('what a customer sees', () => {
  it('[AU1] nothing that is said or known among staff', () => {
    const hidden: ConversationEvent[] = [
      ...given(note(DANA, 'careful')).events.map(({ event }) => event),
      ...given(whisper(DANA, 'offer a voucher')).events.map(({ event }) => event),
      ...given({ type: 'flag', name: 'vip', by: API }).events.map(({ event }) => event),
      ...given({ type: 'flag', name: 'vip', by: API }, { type: 'unflag', name: 'vip', by: API }).events.map(
        ({ event }) => event,
      ),
      { type: 'proposal.made', reason: 'frustration', evidence: [] },
      { type: 'bot.skipped', turn: 2, why: 'failed', detail: 'HTTP 500' },
      ...given(asks(), acknowledge(), offer(DANA)).events.map(({ event }) => event),
      { type: 'handoff.declined', handoff: 'hnd_1', agent: DANA },
      { type: 'handoff.expired', handoff: 'hnd_1', agent: DANA },
      { type: 'customer.updated', customer: 'cus_ada', changes: { score: 3 }, by: API },
      { type: 'delivery.failed', side: 'desk:int_zendesk', seq: 1, kind: 'auth', detail: 'token' },
    ];
    for (const event of hidden) expect([event.type, forCustomer(event)]).toEqual([event.type, null]);
  });

  it('[AU2] a message as it was said, without what the bot reports of it', () => {
    const report = { fallback: true, confidence: 0.1, intent: 'refund', sources: [{ title: 'internal' }] };
    const [answer] = seen(given(ada('hi'), bot('I do not know', { answers: 2, bot: report, clientId: 'b1' })));
    expect(answer).toEqual({
      type: 'message',
      message: {
        id: 'msg_2',
        author: { role: 'bot', id: BOT },
        parts: text('I do not know'),
        epoch: 1,
        clientId: 'b1',
      },
    });
    expect(seen(given(ada('hi', { clientId: 'c1' })))[0]).not.toHaveProperty('message.turn');
  });

  it('[AU2] neither the desk of an agent nor that he spoke from the side', () => {
    const [line] = seen(given(barge(ZOE, 'Hello')));
    expect(line).toMatchObject({ message: { author: { role: 'agent', id: ZOE.id, name: 'Zoe' } } });
    expect(JSON.stringify(line)).not.toMatch(/barge|int_zendesk/);
  });

  it('[AU2] what is the same for all is given as it is', () => {
    const plain = given(take(DANA), agent(DANA, 'Hello')).events[0]?.event;
    expect(plain && forCustomer(plain)).toBe(plain);
    expect(plain?.type === 'message' && isForAll(plain.message)).toBe(true);
  });

  it('[AU3] who holds control, never why', () => {
    const changes = (story: Story) => seen(story).filter((event) => event.type === 'control.changed');
    expect(changes(given(asks(API, 'frustration', { queue: BILLING })))).toEqual([
      { type: 'control.changed', from: { holder: 'bot' }, to: { holder: 'queue' }, epoch: 2, why: '' },
    ]);
    expect(changes(given(take(ZOE)))).toEqual([
      {
        type: 'control.changed',
        from: { holder: 'bot' },
        to: { holder: 'agent', agent: { id: 'zd_7', name: 'Zoe' } },
        epoch: 2,
        why: '',
      },
    ]);
  });

  it('[AU4] the one who answers him comes and goes, watchers do not', () => {
    const comings = all(
      given({ type: 'watch', agent: EVE }, take(DANA), { type: 'unwatch', agent: EVE }, release(staff(DANA))),
    ).filter((event) => event.type === 'participant.joined' || event.type === 'participant.left');
    expect(comings).toMatchObject([
      { type: 'participant.joined', agent: DANA },
      { type: 'participant.left', agent: DANA },
    ]);
  });

  it('[AU5] that there is a handoff, and nothing of its inside', () => {
    const story = given(
      asks(API, 'frustration', {
        queue: BILLING,
        evidence: [{ kind: 'anger', quote: 'ANGRY' }],
        priority: 9,
        skills: ['SKILL'],
        summary: 'SUMMARY',
      }),
      acknowledge({ ticket: { id: 'TICKET' }, outlook: SECOND }),
      assigned(ZOE),
      hold(ZOE),
      resume(ZOE),
      pass(staff(ZOE), { agent: DANA }, { note: 'NOTE' }),
      pass(staff(DANA), { desk: ZENDESK, queue: SALES }, { note: 'NOTE' }),
      take(EVE, undefined, { ticket: { id: 'TICKET' } }),
      release(staff(EVE), { note: 'NOTE' }),
    );
    const visible = all(story);
    const types = visible.map(({ type }) => type).filter((type) => type.startsWith('handoff.'));
    expect(new Set(types)).toEqual(
      new Set([
        'handoff.requested',
        'handoff.queued',
        'handoff.accepted',
        'handoff.held',
        'handoff.resumed',
        'handoff.transferred',
        'handoff.ended',
      ]),
    );
    expect(JSON.stringify(visible)).not.toMatch(
      /ANGRY|SKILL|SUMMARY|TICKET|NOTE|frustration|anger|priority|que_|int_zendesk/,
    );
    expect(visible.at(-3)).toEqual({ type: 'handoff.ended', handoff: 'hnd_1', outcome: 'returned_to_bot' });
  });

  it('[AU6] of the opening neither attributes nor page', () => {
    const [opened] = all(
      given(opens({ attributes: { risk: 0.9 }, page: { url: 'https://shop.example' }, locale: 'de' })),
    );
    expect(opened).toMatchObject({ type: 'conversation.opened', id: 'cnv_1', locale: 'de', bot: BOT });
    expect(JSON.stringify(opened)).not.toMatch(/risk|shop/);
  });

  it('[AU7] who did it by kind, and agents as the house', () => {
    const edited = given(bot('Fridya'), { type: 'edit', message: 'msg_1', parts: text('Friday'), by: staff(DANA) });
    expect(seen(edited)).toEqual([
      { type: 'message.edited', message: 'msg_1', parts: text('Friday'), by: { role: 'system' } },
    ]);
    expect(seen(given(close(API))).at(-1)).toEqual({ type: 'conversation.closed', by: { role: 'api' } });
    expect(seen(given(bot('x'), { type: 'redact', message: 'msg_1', by: staff(EVE) }))).toMatchObject([
      { by: { role: 'system' } },
    ]);
  });

  it('[AU8] what he is told of place, wait and rating', () => {
    const told = given(asks(), acknowledge({ outlook: SECOND })).events.map(({ event }) => event);
    expect(told.map(forCustomer).slice(1)).toEqual(told.slice(1));
    expect(seen(given(close(API), { type: 'rate', score: 4 }))).toEqual([
      { type: 'rating.given', score: 4, handoff: null },
    ]);
    expect(under(RULES, asks(), acknowledge(), offer(DANA), accept(DANA)).events).toHaveLength(3);
  });
});
