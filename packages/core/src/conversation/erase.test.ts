import { describe, expect, it } from 'vitest';
import { ADA, ada, BOT, bot, DANA, IN_LINE, note, by as staff, text, tick, WITH_DANA } from '#test/cast.ts';
import { given } from '#test/given.ts';
import { withoutMessage, withoutWords } from './erase.ts';
import type { ConversationEvent } from './events.ts';

const ERASE = { type: 'erase', by: staff(DANA) } as const;
/** Stands in everything that somebody wrote or that is known of the customer. */
const SECRET = 'hunter2';

const WORDY: ConversationEvent[] = [
  {
    type: 'conversation.opened',
    id: 'cnv_1',
    workspace: 'wsp_1',
    channel: 'int_1',
    customer: 'cus_1',
    bot: null,
    page: { url: `https://shop.example/${SECRET}` },
    attributes: { plan: SECRET },
  },
  {
    type: 'message',
    message: {
      id: 'msg_1',
      author: { ...ADA, name: SECRET },
      parts: text(SECRET),
      epoch: 1,
    },
  },
  {
    type: 'message',
    message: {
      id: 'msg_2',
      author: { role: 'bot', id: BOT },
      parts: text(SECRET),
      epoch: 1,
      bot: { tools: [{ name: 'look-up', ok: true, detail: SECRET }] },
    },
  },
  { type: 'message.edited', message: 'msg_1', parts: text(SECRET), by: { role: 'system' } },
  { type: 'note', note: { id: 'msg_3', author: { role: 'agent', ...DANA }, text: SECRET } },
  { type: 'flag.added', flag: { name: 'vip', by: 'rule', evidence: { kind: 'anger', seq: 2, quote: SECRET } } },
  { type: 'proposal.made', reason: 'frustration', evidence: [{ kind: 'anger', quote: SECRET, words: [SECRET] }] },
  { type: 'bot.skipped', turn: 2, why: 'failed', detail: SECRET },
  {
    type: 'handoff.requested',
    handoff: 'hnd_1',
    reason: 'frustration',
    evidence: [{ kind: 'anger', seq: 2, quote: SECRET }],
    by: { role: 'system' },
    queue: 'que_1',
    desk: null,
    priority: 0,
    skills: [],
    summary: SECRET,
  },
  { type: 'handoff.transferred', handoff: 'hnd_1', from: DANA, to: { queue: 'que_1' }, note: SECRET },
  { type: 'handoff.ended', handoff: 'hnd_1', outcome: 'resolved', by: { role: 'system' }, note: SECRET },
  { type: 'customer.updated', customer: 'cus_1', changes: { name: SECRET }, by: { role: 'system' } },
  { type: 'rating.given', score: 1, comment: SECRET, handoff: null },
  { type: 'delivery.failed', side: 'desk:int_2', seq: 2, kind: 'rejected', detail: SECRET },
];

describe('erasing a customer', () => {
  it('[CV44] ends an open conversation, whoever holds it, and is the last event', () => {
    for (const before of [[ada('hi')], IN_LINE, WITH_DANA]) {
      const { state } = given(...before, ERASE);
      expect(state).toMatchObject({ status: 'closed', handoff: null, control: { holder: 'nobody' }, erased: true });
    }
    given(...WITH_DANA)
      .when(ERASE)
      .leadsTo('handoff.ended', 'participant.left', 'control.changed', 'conversation.closed', 'customer.erased')
      .when(ERASE)
      .leadsTo()
      .when(tick)
      .leadsTo()
      .when(ada('hello again'))
      .refused('closed')
      .when(note(DANA, 'he was rude'))
      .refused('closed')
      .when({ type: 'reopen', by: staff(DANA) })
      .refused('closed');
  });

  it('[CV45] leaves no word in the state', () => {
    const story = given(ada(SECRET), bot(`You said ${SECRET}`, { answers: 2 }), {
      type: 'flag',
      name: 'leak',
      by: staff(DANA),
      evidence: { kind: 'api', quote: SECRET, detail: SECRET },
    });
    expect(JSON.stringify(story.state)).toContain(SECRET);
    story.given([ERASE]);
    expect(JSON.stringify(story.state)).not.toContain(SECRET);
    expect(story.state?.flags).toMatchObject([{ name: 'leak' }]);
  });

  it('[CV45] leaves no word in any event, and each its type and its actors', () => {
    for (const event of WORDY) {
      expect(JSON.stringify(event)).toContain(SECRET);
      const bare = withoutWords(event);
      expect(JSON.stringify(bare)).not.toContain(SECRET);
      expect(bare.type).toBe(event.type);
      expect(withoutWords(bare)).toEqual(bare);
    }
  });
});

describe('redacting a message', () => {
  it('[CV46] takes its words, those of its edits, and what quoted it', () => {
    const said = WORDY[1];
    const edited = WORDY[3];
    const flagged = WORDY[5];
    const requested = WORDY[8];
    for (const event of [said, edited, flagged])
      expect(JSON.stringify(event && withoutMessage(event, 'msg_1', 2))).not.toContain(SECRET);
    expect(requested && withoutMessage(requested, 'msg_1', 2)).toMatchObject({
      evidence: [{ kind: 'anger', seq: 2 }],
      summary: SECRET,
    });
    for (const event of WORDY) expect(withoutMessage(event, 'msg_9', 99)).toEqual(event);
  });

  it('[CV46] takes its quotes out of the open handoff', () => {
    const story = given(ada('Let me talk to a human about 4111'));
    const asked = story.state?.handoff?.evidence[0]?.seq;
    if (asked === undefined) throw new Error('Nobody was asked for.');
    expect(JSON.stringify(story.state)).toContain('4111');
    story.given([{ type: 'redact', message: 'msg_1', seq: asked, by: staff(DANA) }]);
    expect(JSON.stringify(story.state)).not.toContain('4111');
  });
});
