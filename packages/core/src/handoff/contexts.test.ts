import { describe, expect, it } from 'vitest';
import type { ConversationEvent, Logged } from '#conversation/events.ts';
import type { Author, Message, Part } from '#message/message.ts';
import { transcript, transcriptText } from '#message/transcript.ts';
import { type ContextInput, handoffContext } from './context.ts';
import { promisesIn, promisesInNote } from './promises.ts';
import { returnContext } from './return-context.ts';

const ADA: Author = { role: 'customer', id: 'cus_1', name: 'Ada' };
const BOT: Author = { role: 'bot', id: 'int_bot', name: 'Shop Bot' };
const DANA: Author = { role: 'agent', id: 'agt_1', name: 'Dana' };
const SYSTEM: Author = { role: 'system', id: 'system', name: 'Assistant' };
const START = 1_795_343_460_000;

/** A log: each event a minute after the one before. */
function log(...events: ConversationEvent[]): Logged[] {
  return events.map((event, index) => ({ seq: index + 1, at: START + index * 60_000, event }));
}

let made = 0;
function said(author: Author, text: string, more: Partial<Message> = {}): ConversationEvent {
  made++;
  return {
    type: 'message',
    message: {
      id: `msg_${made}`,
      author,
      parts: [{ type: 'text', text }],
      epoch: 1,
      ...(author.role === 'customer' ? { turn: true as const } : {}),
      ...more,
    },
  };
}

const opened: ConversationEvent = {
  type: 'conversation.opened',
  id: 'cnv_1',
  workspace: 'wsp_1',
  channel: 'int_web',
  customer: 'cus_1',
  bot: 'int_bot',
};
const requested: ConversationEvent = {
  type: 'handoff.requested',
  handoff: 'hnd_1',
  reason: 'customer_asked',
  evidence: [],
  by: { role: 'system' },
  queue: 'que_1',
  desk: null,
  priority: 0,
  skills: [],
};
const accepted: ConversationEvent = {
  type: 'handoff.accepted',
  handoff: 'hnd_1',
  agent: { id: 'agt_1', name: 'Dana' },
};
const returned = (note?: string): ConversationEvent => ({
  type: 'handoff.ended',
  handoff: 'hnd_1',
  outcome: 'returned_to_bot',
  by: { role: 'agent', agent: { id: 'agt_1', name: 'Dana' } },
  ...(note ? { note } : {}),
});

function contextOf(events: Logged[], handoff: Partial<ContextInput['handoff']> = {}) {
  return handoffContext({
    conversation: { id: 'cnv_1', channel: 'int_web', locale: 'en', flags: [{ name: 'vip', at: START, by: 'api' }] },
    handoff: {
      id: 'hnd_1',
      reason: 'customer_asked',
      evidence: [{ kind: 'asked_for_human', quote: 'get me a person' }],
      waitingSince: START,
      queue: 'que_1',
      priority: 2,
      skills: ['billing'],
      ...handoff,
    },
    events,
    customer: {
      id: 'cus_1',
      name: 'Ada',
      email: 'ada@example.com',
      phone: null,
      externalId: null,
      verified: true,
      attributes: { plan: 'gold' },
    },
    page: { url: 'https://shop.example/orders' },
    channel: { kind: 'widget', name: 'Shop' },
    earlier: [],
  });
}

describe('transcript', () => {
  it('[HC1] has everything that was said, in order, and nothing that was noted', () => {
    const lines = transcript(
      log(
        opened,
        said(ADA, 'Hello'),
        said(BOT, 'Hi Ada'),
        { type: 'note', note: { id: 'msg_n', author: DANA, text: 'careful' } },
        said(SYSTEM, 'Dana joined'),
        said(DANA, 'How can I help?'),
      ),
    );
    expect(lines.map(({ seq, role, name, text }) => [seq, role, name, text])).toEqual([
      [2, 'customer', 'Ada', 'Hello'],
      [3, 'bot', 'Shop Bot', 'Hi Ada'],
      [5, 'system', 'Assistant', 'Dana joined'],
      [6, 'agent', 'Dana', 'How can I help?'],
    ]);
  });

  it('[HC1] shows a message as it was edited last, and hides what was redacted', () => {
    const lines = transcript(
      log(
        said(ADA, 'my card is 4111', { id: 'msg_card' }),
        said(DANA, 'By Fridya', { id: 'msg_typo' }),
        {
          type: 'message.edited',
          message: 'msg_typo',
          parts: [{ type: 'text', text: 'By Friday' }],
          by: { role: 'system' },
        },
        { type: 'message.redacted', message: 'msg_card', by: { role: 'system' } },
        {
          type: 'message.edited',
          message: 'msg_card',
          parts: [{ type: 'text', text: '4111 again' }],
          by: { role: 'system' },
        },
      ),
    );
    expect(lines.map(({ text }) => text)).toEqual(['(removed)', 'By Friday']);
    expect(JSON.stringify(lines)).not.toContain('4111');
  });

  it('[HC1] gives what was said before Baton its own time and no seq', () => {
    expect(transcript(log(said(ADA, 'Hi', { imported: true, saidAt: 5 })))).toEqual([
      { role: 'customer', name: 'Ada', text: 'Hi', at: 5 },
    ]);
  });

  it('[HC2] reads well as text: days, times, speakers, choices, more than one line', () => {
    const choices: Part[] = [
      { type: 'text', text: 'Which one?\nPick:' },
      {
        type: 'choices',
        choices: [
          { id: 'a', label: 'Order 1' },
          { id: 'b', label: 'Order 2' },
        ],
      },
    ];
    const lines = transcript(
      log(said(ADA, 'Charged twice'), said(BOT, '', { parts: choices }), said(SYSTEM, 'Dana joined')),
    );
    lines.push({ role: 'agent', text: 'Back again', at: START + 86_400_000 });
    expect(transcriptText(lines)).toBe(
      [
        '2026-11-22 (UTC)',
        '10:31 Ada (customer): Charged twice',
        '10:32 Shop Bot (bot): Which one?',
        '      Pick:',
        '      [Order 1] [Order 2]',
        '10:33 · Dana joined',
        '',
        '2026-11-23 (UTC)',
        '10:31 agent: Back again',
      ].join('\n'),
    );
    expect(transcriptText(lines.slice(0, 1), { zone: { name: 'Asia/Kolkata', offsetMinutes: 330 } })).toBe(
      '2026-11-22 (Asia/Kolkata)\n16:01 Ada (customer): Charged twice',
    );
  });

  it('[HC2] knows the calendar', () => {
    for (const iso of [
      '1970-01-01T00:00',
      '1999-12-31T23:59',
      '2000-02-29T12:00',
      '2023-03-01T00:00',
      '2024-02-29T23:59',
      '2024-12-31T00:00',
      '2100-02-28T23:59',
      '2100-03-01T00:00',
      '1969-12-31T23:59',
    ]) {
      const text = transcriptText([{ role: 'system', text: 'x', at: Date.parse(`${iso}:30Z`) }]);
      expect(text).toBe(`${iso.slice(0, 10)} (UTC)\n${iso.slice(11)} · x`);
    }
  });
});

describe('handoffContext', () => {
  const events = log(
    opened,
    said(ADA, 'hi there'),
    said(BOT, 'Hello! How can I help?', { answers: 2 }),
    said(ADA, 'I was charged twice for order 1001'),
    said(BOT, 'You can see your orders in your account.', {
      answers: 4,
      bot: {
        sources: [{ title: 'Your orders' }],
        tools: [
          { name: 'find_order', ok: true },
          { name: 'refund', ok: false },
        ],
      },
    }),
    said(ADA, 'I was charged twice for order 1001, both on Monday'),
    said(BOT, "Sorry, I didn't get that.", { answers: 6, bot: { fallback: true } }),
    said(ADA, 'hello??'),
    { type: 'bot.skipped', turn: 8, why: 'failed', detail: 'time-out' },
    said(ADA, 'get me a person'),
    requested,
  );

  it('[HC3] carries reason, evidence, flags, customer, page, channel and the whole transcript', () => {
    expect(contextOf(events)).toMatchObject({
      handoff: 'hnd_1',
      conversation: 'cnv_1',
      reason: 'customer_asked',
      evidence: [{ quote: 'get me a person' }],
      queue: 'que_1',
      priority: 2,
      skills: ['billing'],
      customer: { name: 'Ada', verified: true, attributes: { plan: 'gold' } },
      page: { url: 'https://shop.example/orders' },
      language: 'en',
      channel: { id: 'int_web', kind: 'widget', name: 'Shop' },
      flags: [{ name: 'vip' }],
    });
    expect(contextOf(events).transcript).toHaveLength(8);
  });

  it('[HC4] pairs each question to the bot with its answers, sources and tools', () => {
    expect(contextOf(events).botTried).toEqual([
      { seq: 2, asked: 'hi there', answered: 'Hello! How can I help?', fallback: false, sources: [], tools: [] },
      {
        seq: 4,
        asked: 'I was charged twice for order 1001',
        answered: 'You can see your orders in your account.',
        fallback: false,
        sources: ['Your orders'],
        tools: ['find_order', 'refund (failed)'],
      },
      {
        seq: 6,
        asked: 'I was charged twice for order 1001, both on Monday',
        answered: "Sorry, I didn't get that.",
        fallback: true,
        sources: [],
        tools: [],
      },
      { seq: 8, asked: 'hello??', answered: null, fallback: true, sources: [], tools: [] },
      { seq: 10, asked: 'get me a person', answered: null, fallback: false, sources: [], tools: [] },
    ]);
  });

  it('[HC4] pairs an imported conversation by its order', () => {
    const imported = log(
      said(ADA, 'Where is it?', { imported: true }),
      said(BOT, 'On its way.', { imported: true }),
      said(BOT, 'Anything else?', { imported: true }),
    );
    expect(contextOf(imported).botTried).toMatchObject([
      { asked: 'Where is it?', answered: 'On its way.\nAnything else?' },
    ]);
  });

  it("[HC5] sums up in the customer's own words", () => {
    expect(contextOf(events).summary).toBe(
      'The customer asked: “I was charged twice for order 1001”. Now, asked 2 times: “I was charged twice for order 1001, both on Monday”. The bot had no answer 2 times and last answered: “You can see your orders in your account.” Handed off because the customer asked for a person: “get me a person”.',
    );
  });

  it('[HC5] invents nothing: silent customers, no bot, no evidence', () => {
    expect(contextOf(log(opened, requested), { reason: 'api', evidence: [] }).summary).toBe(
      'Handed off by request of another system.',
    );
    expect(contextOf(log(said(ADA, 'agent please')), { evidence: [] }).summary).toBe(
      'The bot has not answered. Handed off because the customer asked for a person.',
    );
  });

  it('[HC5] a tapped answer is no question of the customer', () => {
    const tapped = said(ADA, 'Go on with the assistant');
    if (tapped.type === 'message')
      tapped.message.parts = [{ type: 'text', text: 'Go on with the assistant', choice: 'wait:bot' }];
    expect(
      contextOf(log(opened, said(ADA, 'where is my parcel 1001'), tapped), { evidence: [] }).summary,
    ).not.toContain('Go on with');
  });

  it("[HC5] keeps the bot's own summary", () => {
    expect(contextOf(events, { summary: 'Double charge, wants it back.' }).summary).toBe(
      'Double charge, wants it back.',
    );
  });
});

describe('returnContext', () => {
  it('[HC6] tells what the human said and promised, and up to where it is handled', () => {
    const events = log(
      requested,
      accepted,
      said(DANA, 'Hi Ada. I have refunded the second charge. You will receive it within 5 days.'),
      said(ADA, 'Great. And my other order?'),
      said(DANA, 'Let me look.', { barge: true }),
      said(ADA, 'Thanks'),
      returned('Refund done. Promised a call tomorrow.'),
      said(BOT, 'Anything else?'),
    );
    expect(returnContext({ handoff: 'hnd_1', events })).toEqual({
      handoff: 'hnd_1',
      outcome: 'returned_to_bot',
      agent: { id: 'agt_1', name: 'Dana' },
      note: 'Refund done. Promised a call tomorrow.',
      said: [
        {
          seq: 3,
          name: 'Dana',
          text: 'Hi Ada. I have refunded the second charge. You will receive it within 5 days.',
          at: START + 120_000,
        },
        { seq: 5, name: 'Dana', text: 'Let me look.', at: START + 240_000 },
      ],
      promised: [
        'I have refunded the second charge.',
        'You will receive it within 5 days.',
        'Promised a call tomorrow.',
      ],
      handledUpTo: 5,
      endedAt: START + 360_000,
    });
  });

  it('[HC7] counts as handled what was there when an agent took it, and nothing where none did', () => {
    expect(
      returnContext({
        handoff: 'hnd_1',
        events: log(opened, said(ADA, 'hi'), requested, accepted, said(ADA, 'hello?'), returned()),
      }),
    ).toMatchObject({ handledUpTo: 4, said: [], note: null });
    const cancelled: ConversationEvent = {
      type: 'handoff.ended',
      handoff: 'hnd_1',
      outcome: 'cancelled_by_customer',
      by: { role: 'system' },
    };
    expect(returnContext({ handoff: 'hnd_1', events: log(requested, cancelled) })).toMatchObject({
      handledUpTo: 0,
      agent: null,
    });
    expect(returnContext({ handoff: 'hnd_1', events: log(requested, accepted) })).toBeNull();
  });

  it('[HC6] leaves out what belongs to another handoff and what was redacted', () => {
    const events = log(
      said(DANA, 'I will call you tomorrow.'),
      requested,
      accepted,
      said(DANA, 'I will refund you today.', { id: 'msg_gone' }),
      { type: 'message.redacted', message: 'msg_gone', by: { role: 'system' } },
      returned(),
    );
    expect(returnContext({ handoff: 'hnd_1', events })).toMatchObject({ said: [], promised: [], handledUpTo: 3 });
  });
});

describe('promises', () => {
  it('[HC8] finds sentences that bind the business', () => {
    for (const sentence of [
      "I'll refund the second charge.",
      'We will get back to you by Friday.',
      "We'll have it ready within 2 hours.",
      'I’m going to send you a new label.',
      'You will receive an email shortly.',
      "You'll get your money back in 3-5 business days.",
      'You should receive the replacement by Monday.',
      'I have issued a credit of $40.00 to your account.',
      "I've just cancelled the order.",
      'I refunded it.',
      'It is out, I promise to call you tomorrow.',
      'We guarantee that it works.',
      'A refund of 12.50 EUR will be processed today.',
      'Your parcel will arrive tomorrow.',
    ]) {
      expect([sentence, promisesIn(`Hello. ${sentence} Bye.`)]).toEqual([sentence, [sentence]]);
    }
    expect(promisesInNote('Told him no. Promised free shipping next time.')).toEqual([
      'Promised free shipping next time.',
    ]);
  });

  it('[HC8] finds none where there is none', () => {
    for (const sentence of [
      'Will you send me the order number?',
      'Shall I refund it?',
      'I cannot promise that.',
      'I don’t promise anything.',
      "I won't be able to refund this.",
      'We will not replace it.',
      'You will not receive another one.',
      'I have not issued a refund.',
      'Can you call us by Friday?',
      'Did you receive my email?',
      'I understand how annoying this is.',
      'Please send a picture.',
      'You will need your order number.',
      'If you have a receipt, that helps.',
      'I will be honest with you.',
    ]) {
      expect([sentence, promisesIn(sentence)]).toEqual([sentence, []]);
    }
  });
});
