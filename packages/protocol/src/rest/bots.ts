import { z } from 'zod';
import { Attributes, HandoffReason } from '#events.ts';
import { BotReport, Choice, PartsInput, TEXT_LIMIT } from '#parts.ts';
import { op } from './table.ts';

/** What a bot may want, inline in its response or later. */
export const BotAction = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('say'),
      text: z.string().min(1).max(TEXT_LIMIT).optional(),
      choices: z
        .array(Choice)
        .min(1)
        .max(20)
        .optional()
        .meta({ description: 'What the customer may pick with one tap.' }),
      parts: PartsInput.optional().meta({ description: 'Instead of `text` and `choices`.' }),
      report: BotReport.optional(),
    }),
    z.strictObject({ type: z.literal('typing') }),
    z.strictObject({
      type: z.literal('set'),
      attributes: Attributes.optional(),
      flags: z.array(z.string().min(1).max(50)).max(50).optional(),
    }),
    z.strictObject({
      type: z.literal('handoff'),
      reason: HandoffReason.optional(),
      summary: z.string().max(8_000).optional(),
      queue: z.string().max(100).optional().meta({ description: "A queue's id or its name." }),
      priority: z.number().int().min(-100).max(100).optional(),
      skills: z.array(z.string().min(1).max(50)).max(20).optional(),
      collected: Attributes.optional(),
    }),
    z.strictObject({ type: z.literal('close') }),
    z.strictObject({ type: z.literal('noop') }),
  ])
  .meta({ id: 'BotAction' });

export const BotReply = z
  .strictObject({
    token: z.string().min(1).max(4_000).meta({ description: '`replyToken` of the turn that is answered.' }),
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
    problems: ['token_invalid', 'control_lost', 'queue_unknown'],
  }),
};
