import { z } from 'zod';
import { defineBot } from '#kit/definition.ts';
import { call } from '#kit/http.ts';
import { isWebhookSecret, newWebhookSecret, signWebhook } from '#kit/standard-webhooks.ts';
import type { Bot } from '#ports/bot.ts';
import { readActions, readAnswer } from './inbound.ts';
import { turnBody } from './outbound.ts';

/** Headers that are ours: a configured one must not replace them. */
const OURS = /^(?:webhook-|content-|host$|connection$|transfer-encoding$)/i;

const config = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'Give the address of your bot, with https:// in front.' }).max(2_000),
  /** Signs each turn; the bot checks it. */
  secret: z
    .string()
    .refine(isWebhookSecret, 'Give "whsec_" and 24 to 64 bytes in base64, or leave it out: Baton makes one.'),
  /** How long one call may take. Answer 202 and post the actions later if more is needed. */
  timeoutSeconds: z.number().min(1).max(30).default(10),
  /** Sent with each call, for a gateway in front of the bot. */
  headers: z
    .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'This is no name of a header.'), z.string().max(4_000))
    .refine(
      (headers) => !Object.keys(headers).some((name) => OURS.test(name)),
      'Headers of Baton (webhook-…, content-…) cannot be set.',
    )
    .default({}),
});

/** Any HTTP service: one signed POST a turn, actions in the response or later. See docs/guide/webhook-bot.md. */
export const webhook = defineBot({
  kind: 'webhook',
  title: 'Webhook bot',
  config,
  secrets: ['secret', 'headers'],
  made: { secret: newWebhookSecret },
  can: { whispers: true, streams: false, later: true },
  create({ url, secret, timeoutSeconds, headers }, { id, name, world }): Bot {
    return {
      id,
      name,
      can: { whispers: true, streams: false, later: true },
      read: readActions,
      async answer(turn, { signal, reply, progress }) {
        const body = JSON.stringify(turnBody(turn, reply));
        const answer = await call(world, {
          url,
          headers: {
            ...headers,
            'content-type': 'application/json',
            ...signWebhook(secret, turn.id, world.now(), body),
          },
          body,
          timeoutMs: timeoutSeconds * 1_000,
          signal,
        });
        const { later, typing, actions } = readAnswer(answer, `The bot ${name}`);
        if (later) return { kind: 'later' };
        if (typing) progress('');
        return { kind: 'actions', actions };
      },
    };
  },
});
