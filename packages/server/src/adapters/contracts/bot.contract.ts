import { faultOfParts } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, TWIN_RETRY_SECONDS } from '#kit/twin-server.ts';
import type { Bot, BotAction, BotAnswer, BotCall, BotTurn } from '#ports/bot.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { failureOf } from './failure-of.ts';

/** A bot under test, with the other side where it has one. */
export interface BotSubject {
  bot: Bot;
  twin?: {
    /** The next call goes wrong. */
    fault(fault: Fault): void;
    /** Everything that the other side was told in the last call, as text. */
    told(): string;
  };
  close(): Promise<void>;
}

/**
 * What every bot does, whoever made it: the definition of a bot's adapter. `question` is one that it can answer;
 * `outside` says that it calls somebody, whom the twin stands for; `knows: false` that we cannot see what becomes of the
 * return context, because the bot is not ours.
 */
export function botContract(
  name: string,
  {
    question,
    outside,
    knows = true,
    create,
  }: { question: string; outside: boolean; knows?: boolean; create: CreateBot },
): void {
  describe(`${name} is a bot`, () => {
    let subject: BotSubject;
    beforeEach(async () => {
      subject = await create(PATIENT_SECONDS);
    });
    afterEach(() => subject.close());

    it('[BT10] answers a turn with actions that can be done as they stand', async () => {
      const actions = actionsOf(await subject.bot.answer(turn(question), quietly()));
      expect(actions.length).toBeGreaterThan(0);
      for (const action of actions) if (action.type === 'say') expect(faultOfParts(action.parts)).toBeNull();
      expect(wordsOf(actions)).not.toBe('');
    });

    it('[BT11] answers the same turn again, with the same id at the other side', async () => {
      const same = turn(question);
      const first = actionsOf(await subject.bot.answer(same, quietly()));
      const before = subject.twin?.told();
      expect(actionsOf(await subject.bot.answer(same, quietly()))).toEqual(first);
      if (before !== undefined) expect(subject.twin?.told()).toBe(before);
    });

    it('[BT17] says nothing new about what a person has dealt with, and never shows the note', async () => {
      const actions = actionsOf(await subject.bot.answer(returnedTurn(), quietly()));
      for (const action of actions) expect(['say', 'noop', 'set']).toContain(action.type);
      expect(wordsOf(actions)).not.toContain('chargeback risk');
      expect(wordsOf(actions)).not.toContain('stamped by accounting');
    });

    if (knows)
      it('[BT17] knows what a person said and promised when the customer goes on', async () => {
        const returned = returnedTurn();
        const next: BotTurn = {
          ...turn('when do i get my refund?', 25),
          history: returned.history,
          returned: returned.returned,
        };
        const told = wordsOf(actionsOf(await subject.bot.answer(next, quietly())));
        const known = subject.twin ? subject.twin.told() : told;
        expect(known).toContain('You will see it on your statement within 5 days.');
      });

    it('[BT18] uses a whisper and does not repeat it', async () => {
      if (!subject.bot.can.whispers) return;
      const whisper = 'he means the express option, be gentle';
      const actions = actionsOf(await subject.bot.answer({ ...turn(question), whispers: [whisper] }, quietly()));
      expect(wordsOf(actions)).not.toContain(whisper);
      if (subject.twin) expect(subject.twin.told()).toContain(whisper);
    });

    if (outside) otherSideFails(question, () => subject);
    if (outside) otherSideIsSilent(question, create);
  });
}

/** As long as usual: on a machine that is busy for a moment less would be a bot that does not answer. */
const PATIENT_SECONDS = 10;

/** `timeoutSeconds`: the time limit of a call, where the bot makes any. */
type CreateBot = (timeoutSeconds: number) => Promise<BotSubject>;

function otherSideIsSilent(question: string, create: CreateBot): void {
  it('[BT13] a silent other side is told apart', async () => {
    const { bot, twin, close } = await create(1);
    twin?.fault('hangs');
    expect(['retry', 'uncertain']).toContain((await failureOf(bot.answer(turn(question), quietly()))).kind);
    // The fault was the other side's: the next turn is answered.
    expect(wordsOf(actionsOf(await bot.answer(turn(question, 9), quietly())))).not.toBe('');
    await close();
  });
}

/** What becomes of the other side's failures. */
function otherSideFails(question: string, subject: () => BotSubject): void {
  it('[BT12] ends at once when the call is given up', async () => {
    subject().twin?.fault('hangs');
    const control = new AbortController();
    const answer = subject().bot.answer(turn(question), { ...quietly(), signal: control.signal });
    setImmediate(() => control.abort());
    expect(await failureOf(answer)).toBeInstanceOf(AdapterFailure);
  });

  it.each<[rule: string, fault: Fault, kinds: AdapterFailure['kind'][]]>([
    ['[BT14] a failing', 'error', ['retry']],
    ['[BT14] a busy', 'rate_limited', ['retry']],
    ['[BT15] a forbidding', 'forbidden', ['auth']],
    ['[BT16] a senseless', 'nonsense', ['rejected']],
    ['[BT16] an empty', 'empty', ['rejected', 'retry']],
    ['[BT19] a breaking', 'breaks_off', ['retry', 'uncertain']],
    ['[BT16] a redirecting', 'redirects', ['rejected']],
  ])('%s other side is told apart', async (_, fault, kinds) => {
    subject().twin?.fault(fault);
    const failure = await failureOf(subject().bot.answer(turn(question), quietly()));
    expect(kinds).toContain(failure.kind);
    if (fault === 'rate_limited') expect(failure.retryAfterMs).toBe(TWIN_RETRY_SECONDS * 1_000);
    // The fault was the other side's: the next turn is answered.
    expect(wordsOf(actionsOf(await subject().bot.answer(turn(question, 9), quietly())))).not.toBe('');
  });
}

/** A customer's message as the hub would ask about it. */
export function turn(text: string, seq = 5): BotTurn {
  return {
    id: `cnv_1:${seq}:1`,
    seq,
    type: 'message.created',
    conversation: { id: 'cnv_1', channel: 'widget', locale: 'en', epoch: 1, attributes: {}, page: null },
    customer: { id: 'cus_1', name: 'Ada Lovelace', email: null, externalId: null, verified: false },
    message: { id: `msg_${seq}`, seq, text, parts: [{ type: 'text', text }] },
    history: [],
    returned: null,
    whispers: [],
    flags: [],
    fallbacks: 0,
    capabilities: { choices: true, typing: true, maxText: 8_000 },
    availability: [
      {
        queue: 'que_1',
        name: 'Support',
        state: 'available',
        agentsOnline: 2,
        waiting: 0,
        estimate: null,
        opensAt: null,
        skills: [],
      },
    ],
  };
}

/** Control has just come back from Dana, who promised something and left a note. */
export function returnedTurn(): BotTurn {
  const said = 'I have refunded the second charge. You will see it on your statement within 5 days.';
  return {
    ...turn('', 20),
    type: 'conversation.returned',
    message: null,
    history: [
      { seq: 3, role: 'customer', text: 'I was charged twice' },
      { seq: 12, role: 'agent', name: 'Dana', text: said },
    ],
    returned: {
      handoff: 'hnd_1',
      outcome: 'returned_to_bot',
      agent: { id: 'agt_1', name: 'Dana' },
      note: 'chargeback risk, keep it short. I will have it stamped by accounting.',
      said: [{ seq: 12, name: 'Dana', text: said, at: 1_000 }],
      promised: ['You will see it on your statement within 5 days.', 'I will have it stamped by accounting.'],
      handledUpTo: 12,
      endedAt: 2_000,
    },
  };
}

/** A call that nobody gives up. */
export function quietly(): BotCall {
  return { signal: new AbortController().signal, progress: () => {} };
}

export function actionsOf(answer: BotAnswer): BotAction[] {
  if (answer.kind !== 'actions') throw new Error('The bot wants to answer later.');
  return answer.actions;
}

/** What the customer reads. */
export function wordsOf(actions: readonly BotAction[]): string {
  return actions
    .flatMap((action) => (action.type === 'say' ? action.parts : []))
    .map((part) => (part.type === 'text' ? part.text : part.type === 'card' ? part.title : ''))
    .join('\n')
    .trim();
}
