import { z } from 'zod';
import { Attributes, HandoffReason, Page } from '#events.ts';
import { BotReport, Choice, PartsInput, TEXT_LIMIT } from '#parts.ts';

/**
 * The wire between Baton and a webhook bot: one POST a turn, signed as https://www.standardwebhooks.com says. Its fields are in
 * snake_case, as other products' bot webhooks are, so that a bot written for one of them needs few changes.
 */
const Time = z.iso.datetime();
const Wait = z.object({
  p50_seconds: z.number(),
  low_seconds: z.number(),
  high_seconds: z.number(),
  coverage: z.number().meta({ description: 'Share of waits that should fall between low and high.' }),
});

const QueueState = z.enum(['available', 'busy', 'closed', 'unknown']);

/** What Baton posts. */
export const WebhookBotTurn = z
  .object({
    id: z
      .string()
      .meta({ description: 'The turn. The same at every try, and in the `webhook-id` header: answer it once.' }),
    type: z
      .enum(['message.created', 'conversation.returned'])
      .meta({ description: 'A customer wrote; or a person gave the conversation back to the bot.' }),
    epoch: z
      .number()
      .int()
      .meta({ description: 'Counts changes of control. An answer that comes after control has moved on is refused.' }),
    conversation: z.object({
      id: z.string(),
      channel: z.string().meta({ examples: ['widget', 'api'] }),
      locale: z.string().nullable(),
      state: z.literal('bot'),
      metadata: Attributes,
      page: Page.pick({ url: true, title: true }).nullable(),
    }),
    contact: z.object({
      id: z.string(),
      external_id: z.string().nullable().meta({ description: 'Your own id of this person.' }),
      name: z.string().nullable(),
      email: z.string().nullable(),
      verified: z
        .boolean()
        .meta({ description: 'Proven by a signed identity. If false, treat name, e-mail and id as claims.' }),
    }),
    message: z
      .object({
        id: z.string(),
        seq: z.number().int(),
        text: z.string(),
        choice: z.string().nullable().meta({ description: 'The id of the button that was tapped.' }),
        attachments: z.array(z.object({ name: z.string(), mime: z.string(), size: z.number(), url: z.string() })),
      })
      .nullable()
      .meta({ description: 'What to answer. Null when a person gave the conversation back and nothing is left open.' }),
    history: z
      .array(
        z.object({
          seq: z.number().int(),
          role: z.enum(['customer', 'bot', 'agent', 'system']),
          name: z.string().nullable(),
          text: z.string(),
        }),
      )
      .meta({ description: 'What was said before, oldest first.' }),
    returned: z
      .object({
        outcome: z.string(),
        agent: z.string().nullable(),
        note: z.string().nullable().meta({ description: 'To the bot alone: never show it to the customer.' }),
        said: z.array(z.object({ seq: z.number().int(), name: z.string(), text: z.string(), at: Time })),
        promised: z.array(z.string()).meta({ description: 'Sentences that bind you: do not contradict them.' }),
        handled_up_to: z
          .number()
          .int()
          .meta({ description: 'Messages up to this seq are dealt with: do not answer them again.' }),
        ended_at: Time,
      })
      .nullable()
      .meta({ description: 'The last stretch that a person answered, if there was one.' }),
    whispers: z
      .array(z.string())
      .meta({ description: 'What agents told the bot behind the customer’s back. Never quote them.' }),
    flags: z.array(z.string()),
    fallbacks: z
      .number()
      .int()
      .meta({ description: 'How many times in a row the bot has said that it does not know.' }),
    capabilities: z.object({ buttons: z.boolean(), typing: z.boolean(), max_text: z.number().int() }),
    availability: z
      .object({
        open: z.boolean().nullable().meta({ description: 'Is somebody from the team there? Null: not known.' }),
        queues: z.array(
          z.object({
            id: z.string(),
            name: z.string(),
            state: QueueState,
            agents_online: z.number().int().nullable().meta({ description: 'Null: an outside desk does not say.' }),
            waiting: z.number().int(),
            eta_seconds: z
              .number()
              .nullable()
              .meta({ description: 'The middle of `estimate`. Null: not known, so promise nothing.' }),
            estimate: Wait.nullable(),
            opens_at: z.string().nullable().meta({ description: 'Of what is closed: when it opens, RFC 3339.' }),
            skills: z.array(z.object({ skill: z.string(), state: QueueState, opens_at: z.string().nullable() })).meta({
              description:
                'The same for who needs a skill: each that is written down of its agents. An agent of whom none are written down has all.',
            }),
          }),
        ),
      })
      .meta({ description: 'What may be promised right now.' }),
    reply_url: z
      .string()
      .nullable()
      .meta({ description: 'Where to post the actions of a turn that was answered with 202.' }),
    reply_token: z.string().nullable(),
  })
  .meta({ id: 'WebhookBotTurn' });

const Button = z.union([
  z.string().min(1).max(200),
  z.object({ id: z.string().min(1).max(200).optional(), label: z.string().min(1).max(200) }),
]);
const Attachment = z.object({
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  name: z.string().max(255).optional(),
  mime: z.string().max(127).optional(),
});

/** What a bot wants: inline in its response, or posted later. Unknown fields are ignored. */
export const BotAction = z
  .discriminatedUnion('type', [
    z
      .object({
        type: z.literal('say'),
        text: z.string().min(1).max(TEXT_LIMIT).optional(),
        buttons: z
          .array(Button)
          .min(1)
          .max(20)
          .optional()
          .meta({ description: 'What the customer may pick with one tap: labels, or `{id, label}`.' }),
        choices: z
          .array(Choice)
          .min(1)
          .max(20)
          .optional()
          .meta({ description: 'The same as `buttons`, in the words of the API.' }),
        attachments: z
          .array(Attachment)
          .max(10)
          .optional()
          .meta({ description: 'Shown as cards with a picture or a link.' }),
        parts: PartsInput.optional().meta({ description: 'Instead of all of these: the parts of a message.' }),
        report: BotReport.optional().meta({
          description:
            'What the bot says of its own answer. `fallback: true` when it did not know: Baton counts these.',
        }),
      })
      .refine(
        (say) => say.text !== undefined || say.parts !== undefined || (say.attachments?.length ?? 0) > 0,
        'Say something: give `text`, `attachments` or `parts`.',
      ),
    z.object({ type: z.literal('typing') }),
    z.object({
      type: z.literal('set'),
      attributes: Attributes.optional(),
      tags: z
        .array(z.string().min(1).max(50))
        .max(50)
        .optional()
        .meta({ description: 'Flags to raise on the conversation.' }),
      flags: z
        .array(z.string().min(1).max(50))
        .max(50)
        .optional()
        .meta({ description: 'The same as `tags`, in the words of the API.' }),
    }),
    z.object({
      type: z.literal('handoff'),
      reason: z
        .union([HandoffReason, z.string().max(2_000)])
        .optional()
        .meta({ description: 'One of the reasons of the API, or a sentence for the agent.' }),
      summary: z.string().max(8_000).optional(),
      queue: z.string().max(100).optional().meta({ description: "A queue's id or its name." }),
      priority: z.union([z.number().int().min(-100).max(100), z.enum(['low', 'normal', 'high', 'urgent'])]).optional(),
      skills: z.array(z.string().min(1).max(50)).max(20).optional(),
      preferredSkills: z.array(z.string().min(1).max(50)).max(20).optional(),
      sentiment: z.string().max(50).optional(),
      collected: Attributes.optional().meta({ description: 'What the bot asked for on the way.' }),
    }),
    z.object({ type: z.literal('close'), resolution: z.string().max(2_000).optional() }),
    z.object({ type: z.literal('noop') }).meta({ description: 'Nothing to say, on purpose.' }),
  ])
  .meta({ id: 'BotAction' });

/** A bot's answer with 200. With 202 the body is empty, and the actions are posted later. */
export const WebhookBotAnswer = z
  .object({ actions: z.array(BotAction).min(1).max(20) })
  .meta({ id: 'WebhookBotAnswer' });

export type WebhookBotTurn = z.infer<typeof WebhookBotTurn>;
export type BotAction = z.infer<typeof BotAction>;
