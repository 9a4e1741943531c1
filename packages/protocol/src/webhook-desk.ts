import { z } from 'zod';
import { Estimate, HandoffContext } from '#events.ts';

/**
 * The wire between Baton and a webhook desk: any agent console that speaks HTTP. Both ways it is one POST of JSON, signed as
 * https://www.standardwebhooks.com says, with one secret.
 */
const Time = z.iso.datetime({ offset: true });
const Ticket = z.string().min(1).max(200).meta({ description: "The desk's own id of the ticket." });

const File = z.object({
  id: z.string(),
  name: z.string(),
  mime: z.string(),
  size: z.number().int().meta({ description: 'Bytes.' }),
  url: z.string().meta({ description: 'Fetch it from here. Whoever has the address may read it.' }),
});

const Said = z.object({
  id: z
    .string()
    .meta({ description: 'The same at every try: a desk that has it already answers as it did the first time.' }),
  seq: z
    .number()
    .int()
    .meta({ description: "The message's place in the conversation: later ones have higher numbers." }),
  author: z.object({ role: z.enum(['customer', 'bot', 'agent', 'system']), name: z.string() }),
  text: z.string().meta({ description: 'Empty where there are only files.' }),
  files: z.array(File),
  at: Time,
});

/** What Baton posts to the desk. */
export const WebhookDeskCall = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('test') }).meta({ description: 'Is this the right desk and the right secret?' }),
    z
      .object({ type: z.literal('availability'), group: z.string().nullable(), ticket: Ticket.nullable() })
      .meta({ description: 'Can this group take somebody now? Asked only where the desk is configured to know.' }),
    z
      .object({
        type: z.literal('ticket.open'),
        handoff: z.string().meta({ description: 'One handoff is one ticket: the same again gets the same ticket.' }),
        group: z.string().nullable(),
        context: HandoffContext,
        transcriptUrl: z.string().meta({ description: 'A page with the whole transcript, for the agent.' }),
        inboundUrl: z.string().meta({ description: 'Post events of this desk here.' }),
      })
      .meta({ description: 'Somebody is needed. The whole transcript is in `context`, however long.' }),
    z
      .object({ type: z.literal('ticket.find'), handoff: z.string() })
      .meta({ description: 'Baton does not know whether an opening has arrived.' }),
    z
      .object({ type: z.literal('ticket.close'), ticket: Ticket, why: z.string() })
      .meta({ description: 'It is over, or answered elsewhere. Closing twice is fine.' }),
    z.object({ type: z.literal('message'), ticket: Ticket, message: Said }),
    z.object({ type: z.literal('typing'), ticket: Ticket, on: z.boolean() }),
    z
      .object({ type: z.literal('read'), ticket: Ticket })
      .meta({ description: 'The customer has read everything so far.' }),
    z
      .object({ type: z.literal('events'), ticket: Ticket, after: z.string().nullable() })
      .meta({ description: 'What was lost on its way: events after this cursor, all where it is null.' }),
  ])
  .meta({ id: 'WebhookDeskCall' });

const Group = z.object({
  state: z.enum(['available', 'busy', 'closed', 'unknown']),
  agentsOnline: z.number().int().min(0).nullable().default(null),
  waiting: z.number().int().min(0).nullable().default(null),
  position: z.number().int().min(1).nullable().default(null).meta({ description: 'Of the ticket; 1 is next.' }),
  estimate: Estimate.nullable().default(null),
});

const Agent = z.object({
  id: z.string().min(1).max(200),
  name: z.string().min(1).max(200),
  avatarUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
});
const Attachment = z.object({
  url: z.url({ protocol: /^https?$/ }).max(4_000),
  name: z.string().min(1).max(255),
  mime: z.string().max(127).optional(),
  size: z.number().int().min(0).optional(),
});
const kept = {
  id: z.string().min(1).max(200).meta({ description: 'Yours, and the same at every try: Baton does each id once.' }),
  ticket: Ticket,
  at: Time.optional().meta({
    description: 'When it happened. With it, events that overtook each other are put right.',
  }),
};

/** What the desk posts to Baton. Unknown types and fields are ignored. */
export const WebhookDeskEvent = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('agent.said'),
      ...kept,
      agent: Agent,
      text: z.string().max(100_000).default(''),
      files: z.array(Attachment).max(20).default([]),
    }),
    z.object({ type: z.literal('agent.typing'), ticket: Ticket, agent: Agent, on: z.boolean() }),
    z
      .object({ type: z.literal('read'), ticket: Ticket })
      .meta({ description: 'The agent has read everything so far.' }),
    z.object({ type: z.literal('assigned'), ...kept, agent: Agent }),
    z.object({ type: z.literal('unassigned'), ...kept }).meta({ description: 'It waits again, for anybody.' }),
    z
      .object({
        type: z.literal('returned'),
        ...kept,
        agent: Agent.nullable().default(null),
        note: z.string().max(8_000).optional(),
      })
      .meta({ description: 'Back to the bot, with a note that only the bot reads.' }),
    z.object({ type: z.literal('closed'), ...kept, agent: Agent.nullable().default(null) }),
    z.object({ type: z.literal('reopened'), ...kept }),
  ])
  .meta({ id: 'WebhookDeskEvent' });

/** The body of the desk's post: one event, or several in their order. */
export const WebhookDeskPost = z
  .union([z.object({ events: z.array(WebhookDeskEvent).min(1).max(100) }), WebhookDeskEvent])
  .meta({ id: 'WebhookDeskPost' });

/** What the desk answers to each call, by its type. Everything else is answered with 2xx and any body. */
export const WebhookDeskAnswers = {
  test: z.object({ name: z.string() }),
  availability: Group,
  'ticket.open': z.object({
    ticket: z.object({
      id: Ticket,
      url: z
        .url({ protocol: /^https?$/ })
        .max(2_000)
        .optional(),
    }),
  }),
  'ticket.find': z.object({
    ticket: z
      .object({
        id: Ticket,
        url: z
          .url({ protocol: /^https?$/ })
          .max(2_000)
          .optional(),
      })
      .nullable(),
  }),
  message: z.object({ id: z.string().min(1).max(200) }),
  events: z.object({ events: z.array(z.unknown()).max(1_000), cursor: z.string().max(1_000) }),
} as const;

export type WebhookDeskCall = z.infer<typeof WebhookDeskCall>;
export type WebhookDeskEvent = z.infer<typeof WebhookDeskEvent>;
