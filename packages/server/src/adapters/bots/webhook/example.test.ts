import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WebhookBotAnswer, WebhookBotTurn } from '@baton/protocol/schemas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actionsOf, botContract, quietly, returnedTurn, turn, wordsOf } from '#adapters/contracts/bot.contract.ts';
import { failureOf } from '#adapters/contracts/failure-of.ts';
import { guardedFetch } from '#kit/guard.ts';
import { newWebhookSecret } from '#kit/standard-webhooks.ts';
import { serveTwin } from '#kit/twin-server.ts';
import type { Bot } from '#ports/bot.ts';
import { webhook } from './index.ts';

const ROOT = fileURLToPath(new URL('../../../../../../', import.meta.url));
const net = guardedFetch('loopback');
const secret = newWebhookSecret();
let example: ChildProcess;
let url: string;

beforeAll(async () => {
  example = spawn(process.execPath, [`${ROOT}examples/webhook-bot/bot.mjs`], {
    env: { WEBHOOK_SECRET: secret, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!example.stdout) throw new Error('no output');
  for await (const line of createInterface(example.stdout)) {
    url = /http:\S+/.exec(line)?.[0] ?? '';
    break;
  }
});
afterAll(async () => {
  example.kill();
  await net.close();
});

function connect(own = secret): Bot {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const articles = { search: async () => [], read: async () => null, titles: async () => [] };
  return webhook.create(
    { url, secret: own },
    {
      id: 'int_bot',
      name: 'Robin',
      articles,
      world: { now: () => Date.now(), newId: (prefix) => `${prefix}_1`, fetch: net.fetch, log },
    },
  );
}

botContract('the example of a webhook bot', {
  question: 'What are your opening hours?',
  outside: false,
  knows: false,
  create: async () => ({ bot: connect(), close: async () => {} }),
});

it('[BT50] the example refuses who does not know the secret', async () => {
  expect((await failureOf(connect(newWebhookSecret()).answer(turn('hello'), quietly()))).kind).toBe('auth');
});

it('[BT52] the example hands off and tells the wait as far as it is known', async () => {
  const actions = actionsOf(await connect().answer(turn('Give me a person'), quietly()));
  expect(wordsOf(actions)).toBe("I can't tell yet how long it will take.");
  expect(actions.at(-1)).toEqual({
    type: 'handoff',
    reason: 'customer_asked',
    summary: 'Wrote: "Give me a person"',
    priority: 0,
  });
  expect(actionsOf(await connect().answer(returnedTurn(), quietly()))).toEqual([{ type: 'noop' }]);
});

it('[BT52] the example answers later', async () => {
  const posted = Promise.withResolvers<{ key: unknown; body: unknown }>();
  const hub = await serveTwin((request, body, response) => {
    posted.resolve({ key: request.headers['idempotency-key'], body: JSON.parse(body) });
    response.end('{"seq":1}');
  });
  const asked = turn('Where is my order?');
  expect(await connect().answer(asked, { ...quietly(), reply: { url: hub.url, token: 'tok' } })).toEqual({
    kind: 'later',
  });
  expect(await posted.promise).toEqual({
    key: asked.id,
    body: { token: 'tok', actions: [{ type: 'say', text: 'Your order is on its way.' }] },
  });
  await hub.close();
});

it('[BT51] the guide shows what the schemas say', () => {
  const guide = readFileSync(`${ROOT}docs/guide/webhook-bot.md`, 'utf8');
  const [call, returned, answer] = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(
    ([, json]) => JSON.parse(json ?? '') as object,
  );
  expect(WebhookBotTurn.parse(call)).toEqual(call);
  expect(WebhookBotTurn.parse({ ...call, type: 'conversation.returned', returned })).toMatchObject({ returned });
  expect(WebhookBotAnswer.parse(answer)).toEqual(answer);
});
