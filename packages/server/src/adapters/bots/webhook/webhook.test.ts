import { BotAction, WebhookBotTurn } from '@baton/protocol/schemas';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionsOf, botContract, quietly, returnedTurn, turn } from '#adapters/contracts/bot.contract.ts';
import { failureOf } from '#adapters/contracts/failure-of.ts';
import { guardedFetch } from '#kit/guard.ts';
import { newWebhookSecret, verifyWebhook } from '#kit/standard-webhooks.ts';
import { type BotDeps, ConfigProblem } from '#ports/adapter.ts';
import type { Articles } from '#ports/articles.ts';
import type { Bot } from '#ports/bot.ts';
import { readActions } from './inbound.ts';
import { webhook } from './index.ts';
import { turnBody } from './outbound.ts';
import { startWebhookTwin, type WebhookTwin } from './twin.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const noArticles: Articles = { search: async () => [], read: async () => null, titles: async () => [] };
const log = { debug() {}, info() {}, warn() {}, error() {} };

function deps(fetch: typeof globalThis.fetch): BotDeps {
  return {
    id: 'int_bot',
    name: 'Robin',
    articles: noArticles,
    world: { now: () => NOW, newId: (prefix) => `${prefix}_1`, fetch, log },
  };
}

async function subject(timeoutSeconds = 10) {
  const net = guardedFetch('loopback');
  const secret = newWebhookSecret();
  const twin = await startWebhookTwin({ secret, now: () => NOW });
  const bot = webhook.create(
    { url: twin.url, secret, timeoutSeconds, headers: { 'x-gateway': 'open' } },
    deps(net.fetch),
  );
  return {
    bot,
    twin,
    async close() {
      await twin.close();
      await net.close();
    },
  };
}

botContract('the webhook bot', {
  outside: true,
  question: 'how long does delivery take?',
  async create(timeoutSeconds) {
    const { bot, twin, close } = await subject(timeoutSeconds);
    return { bot, close, twin: { fault: twin.fault, told: () => JSON.stringify(twin.turns.at(-1)) } };
  },
});

describe('the webhook bot', () => {
  let bot: Bot;
  let twin: WebhookTwin;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ bot, twin, close } = await subject());
  });
  afterEach(() => close());

  it('[BT50] signs each turn, so that the bot can tell it from a forgery', async () => {
    await bot.answer(turn('hello'), quietly());
    expect(twin.refused).toEqual([]);
    expect(twin.turns.map(({ delivery, turn: asked }) => [delivery, asked.id])).toEqual([['cnv_1:5:1', 'cnv_1:5:1']]);
  });

  it('[BT51] sends what its schema says, with the context of a return, availability and the reply address', async () => {
    const outlook = {
      queue: 'que_1' as const,
      name: 'Billing',
      state: 'busy' as const,
      agentsOnline: 2,
      waiting: 3,
      opensAt: null,
      skills: [],
    };
    const estimate = { p50Seconds: 120, lowSeconds: 60, highSeconds: 240, coverage: 0.8, basis: 'measured', asOf: NOW };
    const body = turnBody(
      { ...returnedTurn(), availability: [{ ...outlook, estimate }] },
      { url: 'https://baton.example/v1/bots/replies', token: 't' },
    );
    expect(WebhookBotTurn.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      type: 'conversation.returned',
      message: null,
      returned: { agent: 'Dana', handled_up_to: 12, ended_at: '1970-01-01T00:00:02.000Z' },
      availability: { open: true, queues: [{ name: 'Billing', eta_seconds: 120 }] },
      reply_url: 'https://baton.example/v1/bots/replies',
      reply_token: 't',
    });
  });

  it('[BT51] does not know whether somebody is there unless all or one queue tells', () => {
    const queue = {
      queue: 'que_1' as const,
      name: 'A',
      agentsOnline: 0,
      waiting: 0,
      estimate: null,
      opensAt: null,
      skills: [],
    };
    const open = (...states: ('available' | 'busy' | 'closed' | 'unknown')[]) =>
      turnBody({ ...turn('x'), availability: states.map((state) => ({ ...queue, state })) }, undefined).availability
        .open;
    expect([open('closed', 'busy'), open('closed'), open('closed', 'unknown'), open()]).toEqual([
      true,
      false,
      null,
      null,
    ]);
  });

  it('[BT51] tells when what is closed opens', () => {
    const queue = {
      queue: 'que_1' as const,
      name: 'A',
      agentsOnline: 0,
      waiting: 0,
      estimate: null,
      opensAt: NOW,
      skills: [],
    };
    const { availability } = turnBody({ ...turn('x'), availability: [{ ...queue, state: 'closed' }] }, undefined);
    expect(availability.queues).toMatchObject([{ state: 'closed', opens_at: new Date(NOW).toISOString() }]);
  });

  it('[BT52] takes 202 for a promise to answer later', async () => {
    twin.behave({ later: true });
    expect(await bot.answer(turn('hello'), quietly())).toEqual({ kind: 'later' });
  });

  it('[BT52] reads every action', async () => {
    const actions = [
      { type: 'typing' },
      { type: 'say', text: 'Which one?', buttons: ['Lamp', { id: 'b', label: 'Rug' }], report: { fallback: true } },
      { type: 'say', attachments: [{ url: 'https://shop.example/a%20b.png', mime: 'image/png' }] },
      { type: 'set', attributes: { order: 'AM1' }, tags: ['vip'] },
      {
        type: 'handoff',
        reason: 'He wants his money back',
        summary: 'Charged twice',
        queue: 'billing',
        priority: 'urgent',
        sentiment: 'angry',
        collected: { order: 'AM1' },
        extra: 1,
      },
      { type: 'close', resolution: 'done' },
      { type: 'noop' },
    ];
    twin.behave({ inline: { actions } });
    const choices = [
      { id: 'Lamp', label: 'Lamp' },
      { id: 'b', label: 'Rug' },
    ];
    const url = 'https://shop.example/a%20b.png';
    expect(actionsOf(await bot.answer(turn('hello'), quietly()))).toEqual([
      {
        type: 'say',
        parts: [
          { type: 'text', text: 'Which one?' },
          { type: 'choices', choices },
        ],
        report: { fallback: true },
      },
      { type: 'say', parts: [{ type: 'card', title: 'a%20b.png', url, imageUrl: url }] },
      { type: 'set', attributes: { order: 'AM1' }, flags: ['vip'] },
      {
        type: 'handoff',
        detail: 'He wants his money back Sentiment: angry.',
        summary: 'Charged twice',
        queue: 'billing',
        priority: 2,
        collected: { order: 'AM1' },
      },
      { type: 'close' },
      { type: 'noop' },
    ]);
  });

  it('[BT53] understands the bare handoff of other products', async () => {
    twin.behave(
      { inline: { action: 'handoff' } },
      { inline: { actions: [{ action: 'handoff', reason: 'customer_asked' }] } },
    );
    expect(actionsOf(await bot.answer(turn('hello'), quietly()))).toEqual([{ type: 'handoff' }]);
    expect(actionsOf(await bot.answer(turn('hello'), quietly()))).toEqual([
      { type: 'handoff', reason: 'customer_asked' },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['no list', { actions: 'say hi' }, 'actions: must be a list'],
    ['an empty list', { actions: [] }, 'noop'],
    ['too many', { actions: Array(21).fill({ type: 'noop' }) }, 'at most 20'],
    ['an unknown action', { actions: [{ type: 'noop' }, { type: 'sing' }] }, 'actions.1'],
    ['a message without words', { actions: [{ type: 'say' }] }, 'Say something'],
    ['a message that is too long', { actions: [{ type: 'say', text: 'x'.repeat(8_001) }] }, 'actions.0.text'],
    ['a file of ours', { actions: [{ type: 'say', parts: [{ type: 'file', file: { id: 'fil_1' } }] }] }, 'attachment'],
    [
      'a script as a link',
      { actions: [{ type: 'say', attachments: [{ url: 'javascript:alert(1)' }] }] },
      'attachments',
    ],
    ['a number', 7, 'actions.0'],
  ])('[BT16] refuses %s and says which field is wrong', async (_, inline, message) => {
    twin.behave({ inline });
    const failure = await failureOf(bot.answer(turn('hello'), quietly()));
    expect(failure.kind).toBe('rejected');
    expect(failure.message).toContain(message);
  });

  it('[BT54] names the fields of a config that are wrong', () => {
    const problem = (config: unknown) => {
      try {
        webhook.create(config, deps(fetch));
      } catch (error) {
        return error instanceof ConfigProblem ? error.message : error;
      }
      return 'no problem';
    };
    expect(problem({ url: 'bot.example', secret: newWebhookSecret() })).toContain('url: Give the address of your bot');
    expect(problem({ url: 'ftp://bot.example', secret: 'short' })).toMatch(/url: .*secret: Give "whsec_"/);
    expect(problem({ url: 'https://bot.example', secret: newWebhookSecret(), timeout: 3 })).toContain(
      'timeout: There is no such setting.',
    );
    expect(
      problem({ url: 'https://bot.example', secret: newWebhookSecret(), headers: { 'Webhook-Id': 'x' } }),
    ).toContain('headers: ');
  });

  it('[BT50] cannot be taken for another sender: a changed body or an old time does not verify', async () => {
    const secret = newWebhookSecret();
    const { signWebhook } = await import('#kit/standard-webhooks.ts');
    const headers = { ...signWebhook(secret, 'id', NOW, '{"a":1}') };
    expect(verifyWebhook([newWebhookSecret(), secret], headers, '{"a":1}', NOW + 299_000)).toEqual({
      ok: true,
      id: 'id',
    });
    expect(verifyWebhook([secret], headers, '{"a":2}', NOW)).toEqual({ ok: false, why: 'bad_signature' });
    expect(verifyWebhook([secret], headers, '{"a":1}', NOW + 301_000)).toEqual({ ok: false, why: 'stale' });
    expect(verifyWebhook([secret], { ...headers, 'webhook-id': 'other' }, '{"a":1}', NOW)).toEqual({
      ok: false,
      why: 'bad_signature',
    });
    expect(verifyWebhook([secret], {}, '{"a":1}', NOW)).toEqual({ ok: false, why: 'missing_headers' });
  });

  it('[BT16] accepts exactly what the published schema accepts', () => {
    for (const action of [{ type: 'say', text: 'hi' }, { type: 'noop' }, { type: 'handoff', queue: 'x' }]) {
      expect(BotAction.safeParse(action).success).toBe(true);
      expect(readActions([action])).toHaveLength(1);
    }
  });
});
