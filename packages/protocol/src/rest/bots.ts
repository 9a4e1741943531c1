import { z } from 'zod';
import { BotAction } from '#webhook-bot.ts';
import { op } from './table.ts';

/** The later answer of a webhook bot; the turn and its actions are described in webhook-bot.ts. */
export const BotReply = z
  .strictObject({
    token: z.string().min(1).max(4_000).meta({ description: '`reply_token` of the turn that is answered.' }),
    actions: z.array(BotAction).min(1).max(20),
  })
  .meta({ id: 'BotReply' });

export const botOps = {
  createBotReply: op({
    method: 'POST',
    path: '/v1/bots/replies',
    tag: 'Bots',
    access: 'public',
    idempotent: true,
    summary: 'Answer a turn later',
    description:
      'For a webhook bot that answered a turn with 202. The token of the turn says who is asking and which turn is answered; the same actions again change nothing. Refused with `control_lost` once somebody else has control.',
    body: BotReply,
    answers: {
      200: z.object({
        seq: z
          .number()
          .int()
          .nullable()
          .meta({ description: 'seq of the last event that this caused; null when nothing was to be done.' }),
      }),
    },
    problems: ['token_invalid', 'control_lost'],
  }),
};
