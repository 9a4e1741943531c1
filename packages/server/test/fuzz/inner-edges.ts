// Edges that need no network: what a bot answers, and the environment.
import { WebhookBotAnswer } from '@baton/protocol/schemas';
import fc from 'fast-check';
import { z } from 'zod';
import { webhook } from '#adapters/bots/webhook/index.ts';
import { ConfigError, readConfig } from '#config';
import { newWebhookSecret } from '#kit/standard-webhooks.ts';
import { silentLog } from '#log';
import type { BotTurn } from '#ports/bot.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { anyText, bodiesOf, type Ids } from './arbitrary.ts';
import type { Edge, Faults } from './faults.ts';

const TURN: BotTurn = {
  id: 'turn_1',
  seq: 1,
  type: 'message.created',
  conversation: { id: 'cnv_1', channel: 'widget', locale: null, epoch: 1, attributes: {}, page: null },
  customer: { id: 'cus_1', name: null, email: null, externalId: null, verified: false },
  message: { id: 'msg_1', seq: 1, text: 'Hello', parts: [{ type: 'text', text: 'Hello' }] },
  history: [],
  returned: null,
  whispers: [],
  flags: [],
  fallbacks: 0,
  capabilities: { choices: true, typing: true, maxText: 8_000 },
  availability: [],
};

/** A webhook bot that answers anything: actions come out, or an `AdapterFailure` that says what was wrong. */
export function botEdge(ids: Ids, faults: Faults): Edge {
  const answers = fc.record({
    status: fc.oneof(
      { weight: 8, arbitrary: fc.constant(200) },
      { weight: 1, arbitrary: fc.constantFrom(202, 301, 400, 401, 429, 500, 503) },
    ),
    body: bodiesOf(z.toJSONSchema(WebhookBotAnswer, { io: 'input' }), ids),
    after: fc.option(anyText),
  });
  return {
    name: 'bot answers',
    weight: 5,
    async run(inputs, seed, count) {
      for (const { status, body, after } of fc.sample(answers, { numRuns: inputs, seed })) {
        const fetch = async () => {
          const headers = new Headers();
          if (after !== null) headers.set('retry-after', after.replace(/[^\x20-\x7e]/g, '?'));
          return new Response(new Uint8Array(body), { status, headers });
        };
        const bot = webhook.create(
          { url: 'https://bot.example/turn', secret: newWebhookSecret() },
          {
            id: 'int_1',
            name: 'Bot',
            world: { fetch, now: Date.now, newId: (prefix) => `${prefix}_1`, log: silentLog },
            articles: null as never,
          },
        );
        try {
          const answer = await bot.answer(TURN, { signal: new AbortController().signal, progress: () => undefined });
          count(answer.kind);
        } catch (error) {
          count(error instanceof AdapterFailure ? error.kind : 'fault');
          if (!(error instanceof AdapterFailure)) faults.add('bot answers', String(error), body.toString('latin1'));
        }
      }
    },
  };
}

const VARIABLES = [
  'HOST',
  'PORT',
  'DATABASE_URL',
  'REDIS_URL',
  'SMTP_URL',
  'MAIL_FROM',
  'DATA_DIR',
  'PUBLIC_URL',
  'SECRET_KEY',
  'SECRET_KEY_PREVIOUS',
  'LOG_LEVEL',
  'RATE_LIMITS',
  'METRICS_TOKEN',
  'DRAIN_SECONDS',
  'ALLOW_PRIVATE_ADDRESSES',
  'TRUST_PROXY',
  'BATON_DEMO',
  'ARTICLES_DIR',
  'BATON_OWNER_EMAIL',
  'BATON_OWNER_PASSWORD',
  'BATON_API_KEY',
  'BATON_SITE_KEY',
  'OPENAI_BASE_URL',
  'OPENAI_API_KEY',
  'OPENAI_MODEL',
];

/** The environment: a config comes out, or every variable that is wrong is named. */
export function configEdge(faults: Faults): Edge {
  const text = fc.oneof(
    anyText,
    fc.constantFrom(
      'true',
      '0',
      '3000',
      'off',
      'https://chat.example',
      'postgres://a:b@c/d',
      'redis://x',
      'x'.repeat(40),
      'a@example.com',
      'info',
    ),
  );
  const environments = fc.dictionary(fc.constantFrom(...VARIABLES), text, { maxKeys: 6 });
  return {
    name: 'config',
    weight: 2,
    async run(inputs, seed, count) {
      for (const environment of fc.sample(environments, { numRuns: inputs, seed })) {
        try {
          readConfig(environment);
          count('config');
        } catch (error) {
          count(error instanceof ConfigError ? 'refused' : 'fault');
          if (!(error instanceof ConfigError) || error.faults.some(({ variable }) => !VARIABLES.includes(variable)))
            faults.add('config', String(error), JSON.stringify(environment));
        }
      }
    },
  };
}
