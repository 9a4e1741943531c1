import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  after,
  bot,
  CNV,
  choices,
  closed,
  control,
  customer,
  dana,
  frame,
  frames,
  log,
  opened,
  pending,
  says,
  toAgent,
  toQueue,
} from '#test/given.ts';
import { reduce } from './reduce.ts';
import { NEW_VISIT } from './state.ts';
import { canAskHuman, canRate, hasOlder, inLine, mayAnswer, pendingHere, unread } from './view.ts';

const wish = (key: string) => ({ type: 'wish', pending: pending(key) }) as const;
const seqs = (state: typeof NEW_VISIT) => state.log.map((item) => item.seq);

describe('the log', () => {
  test('[WG1] has each event once and in order, however they come', () => {
    const items = log(opened, says(customer, 'a'), says(bot, 'b'), says(customer, 'c'), says(bot, 'd'));
    const order = items.map((item) => item.seq);
    fc.assert(
      fc.property(fc.shuffledSubarray([...items, ...items], { minLength: items.length * 2 }), (shuffled) => {
        expect(seqs(after(frames(shuffled)))).toEqual(order);
      }),
    );
  });

  test('[WG24] earlier events go before the ones here; when none come, that was the beginning', () => {
    const items = log(opened, says(customer, 'a'), says(bot, 'b'), says(customer, 'c'));
    const recent = after(frames(items.slice(2)));
    expect(hasOlder(recent)).toBe(true);
    const loading = reduce(recent, { type: 'load' });
    const whole = reduce(loading, { type: 'page', conversation: CNV, items: items.slice(0, 2) });
    expect(seqs(whole)).toEqual([1, 2, 3, 4]);
    expect(hasOlder(whole)).toBe(false);
    expect(hasOlder(reduce(loading, { type: 'page', conversation: CNV, items: [] }))).toBe(false);
    expect(reduce(loading, { type: 'load-failed' }).older).toBe('failed');
  });
});

describe('what is on its way', () => {
  test('[WG4] shows at once, and gives way to its event: nothing is doubled', () => {
    const sent = after(wish('k1'), frame({ type: 'ack', clientId: 'k1', conversation: CNV, seq: 2 }));
    expect(pendingHere(sent)).toMatchObject([{ key: 'k1', fate: { is: 'accepted' } }]);
    const said = after(wish('k1'), frames(log(opened, says(customer, 'k1', 'k1'))));
    expect(pendingHere(said)).toEqual([]);
    // The ack may come after the event.
    expect(pendingHere(reduce(said, frame({ type: 'ack', clientId: 'k1', seq: 2 })))).toEqual([]);
  });

  test('[WG4] the ack of the first message names the conversation that it opened', () => {
    const first = { ...pending('k1'), conversation: null };
    const state = reduce(
      reduce(NEW_VISIT, { type: 'wish', pending: first }),
      frame({ type: 'ack', clientId: 'k1', conversation: CNV, seq: 2 }),
    );
    expect(state.conversation).toBe(CNV);
    expect(pendingHere(state)).toHaveLength(1);
  });

  test('[WG5] refused: it stays, with the reason, until it is sent again or dropped', () => {
    const refused = after(
      wish('k1'),
      frame({ type: 'refused', clientId: 'k1', code: 'too_long', message: 'Too long.' }),
    );
    expect(refused.pending).toMatchObject([{ fate: { is: 'refused', reason: 'Too long.' } }]);
    expect(reduce(refused, { type: 'retry', key: 'k1' }).pending).toMatchObject([{ fate: { is: 'waiting' } }]);
    expect(reduce(refused, { type: 'drop', key: 'k1' }).pending).toEqual([]);
  });

  test('[WG5] refused with a pause: it keeps waiting', () => {
    const state = after(
      wish('k1'),
      frame({ type: 'refused', clientId: 'k1', code: 'rate_limited', message: '', retryAfterMs: 900 }),
    );
    expect(state.pending).toMatchObject([{ fate: { is: 'waiting' } }]);
  });

  test('[WG5] a wish that is fulfilled already is no trouble; another one is told', () => {
    const ask = { type: 'wish', pending: pending('k1', { what: 'ask-human' }) } as const;
    const open = after(ask, frame({ type: 'refused', id: 'k1', code: 'handoff_open', message: 'Open already.' }));
    expect(open).toMatchObject({ pending: [], trouble: null });
    const failed = after(ask, frame({ type: 'refused', id: 'k1', code: 'loop_guard', message: 'Too often.' }));
    expect(failed).toMatchObject({ pending: [], trouble: 'Too often.' });
  });

  test('[WG6] what a conversation does not take any more begins a new one, all of it and in order', () => {
    const over = { type: 'refused', code: 'closed', message: 'Closed.', conversation: CNV } as const;
    const state = after(wish('k1'), wish('k2'), frame({ ...over, clientId: 'k1' }), frame({ ...over, clientId: 'k2' }));
    expect(state).toMatchObject({ conversation: null, left: CNV });
    expect(state.pending).toMatchObject([
      { key: 'k1', conversation: null, fate: { is: 'waiting' } },
      { key: 'k2', conversation: null, fate: { is: 'waiting' } },
    ]);
  });
});

describe('the line', () => {
  const place = {
    type: 'queue',
    conversation: CNV,
    position: 2,
    estimate: null,
    asOf: '2026-11-22T12:00:00.000Z',
  } as const;

  test('[WG8] the banner stands while control is with the queue, with the newest place', () => {
    const waiting = after(frames(log(opened, toQueue)), frame(place), frame({ ...place, position: 1 }));
    expect(inLine(waiting)).toBe(true);
    expect(waiting.queue?.position).toBe(1);
    expect(canAskHuman(waiting)).toBe(false);
  });

  test.each([
    ['an agent accepts', toAgent],
    ['the customer leaves it', [control('bot')]],
    ['the conversation ends', closed],
  ])('[WG8] it goes when %s', (_, events) => {
    const gone = after(frames(log(opened, toQueue)), frame(place), frames(log(opened, toQueue, events)));
    expect(inLine(gone)).toBe(false);
    expect(gone.queue).toBeNull();
  });

  test('[WG8] it stays while he goes on with the bot at his place', () => {
    const meanwhile = { type: 'handoff.meanwhile', handoff: 'hnd_1', meanwhile: 'with_bot' } as const;
    const withBot = after(frames(log(opened, toQueue, [meanwhile, control('bot')])), frame(place));
    expect(inLine(withBot)).toBe(true);
    expect(withBot).toMatchObject({ queue: { position: 2 }, story: { holder: 'bot' } });
    const accepted = after(frames(log(opened, toQueue, [meanwhile, control('bot')], toAgent)));
    expect(inLine(accepted)).toBe(false);
  });

  test('[WG8] a place says it even when the page of the log does not', () => {
    expect(inLine(after(frames(log(opened, says(customer, 'hi')).slice(1)), frame(place)))).toBe(true);
  });
});

describe('signs', () => {
  const typing = (role: 'bot' | 'agent' | 'customer', on = true, text?: string) =>
    frame({ type: 'typing', conversation: CNV, who: { role, id: 'x', name: 'X' }, on, ...(text ? { text } : {}) });

  test('[WG9] typing is shown with the half answer of a bot, and ends with the message, a stop, or a lost line', () => {
    const start = frames(log(opened, says(customer, 'hi')));
    expect(after(start, typing('bot', true, 'Let me')).typing).toEqual({ role: 'bot', name: 'X', text: 'Let me' });
    expect(after(start, typing('bot'), frames(log(opened, says(customer, 'hi'), says(bot, 'done')))).typing).toBeNull();
    expect(after(start, typing('bot'), typing('bot', false)).typing).toBeNull();
    expect(after(start, typing('bot'), { type: 'link', link: 'offline' }).typing).toBeNull();
    expect(after(start, typing('customer')).typing).toBeNull();
  });

  test('[WG9] who lost control types no more', () => {
    expect(after(frames(log(opened)), typing('bot'), frames(log(opened, toQueue))).typing).toBeNull();
  });

  test('[WG10] reading goes forward only, on both sides', () => {
    const state = after(
      frame({ type: 'read', conversation: CNV, who: 'agent', seq: 5 }),
      frame({ type: 'read', conversation: CNV, who: 'agent', seq: 3 }),
      { type: 'read', seq: 4 },
      { type: 'read', seq: 2 },
    );
    expect(state).toMatchObject({ readByThem: 5, readByMe: 4 });
  });

  test('[WG22] what others said and he has not seen is unread; his own words are not', () => {
    const state = after(frames(log(opened, says(bot, 'a'), says(customer, 'b'), says(bot, 'c'))), {
      type: 'read',
      seq: 2,
    });
    expect(unread(state).map((line) => line.seq)).toEqual([4]);
  });

  test('[WG3] choices wait for nothing else that is on its way', () => {
    const asked = frames(log(opened, says(bot, choices)));
    expect(mayAnswer(after(asked), 2)).toBe(true);
    expect(mayAnswer(after(asked, wish('k1')), 2)).toBe(false);
  });
});

describe('the end and a new beginning', () => {
  const ended = frames(log(opened, says(dana, 'bye'), closed));

  test('[WG11] after the end the customer may rate, once', () => {
    expect(canRate(after(ended))).toBe(true);
    const rated = log(opened, says(dana, 'bye'), closed, { type: 'rating.given', score: 5, handoff: null });
    expect(canRate(after(frames(rated)))).toBe(false);
    expect(canRate(after(frames(log(opened, says(dana, 'bye')))))).toBe(false);
  });

  test('[WG12] a conversation that was left for a new one is not shown again', () => {
    const renewed = after(ended, { type: 'renew' });
    expect(renewed).toMatchObject({ conversation: null, left: CNV, log: [] });
    const welcome = {
      type: 'welcome',
      me: { role: 'visitor', id: 'cus_1' },
      conversation: CNV,
      heartbeatSeconds: 20,
      server: 'x',
    } as const;
    expect(reduce(renewed, frame(welcome)).conversation).toBeNull();
    expect([...ended].reduce(reduce, renewed).conversation).toBeNull();
    expect(reduce(renewed, frame({ ...welcome, conversation: 'cnv_2' })).conversation).toBe('cnv_2');
  });

  test('[WG12] a conversation that another tab begins is followed', () => {
    const state = after(ended, frames(log(opened, says(customer, 'again')), 'cnv_2'));
    expect(state.conversation).toBe('cnv_2');
    expect(seqs(state)).toEqual([1, 2]);
  });

  test('[WG12] late events of another conversation change nothing', () => {
    const state = after(frames(log(opened)));
    expect(
      reduce(state, { type: 'frame', frame: { type: 'event', conversation: 'cnv_0', ...log(opened, closed)[3]! } }),
    ).toBe(state);
  });
});
