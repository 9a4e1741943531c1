import { z } from 'zod';
import {
  Attributes,
  Control,
  Estimate,
  EventItem,
  Evidence,
  Flag,
  HandoffContext,
  HandoffOutcome,
  HandoffReason,
  Meanwhile,
  Page,
} from '#events.ts';
import { ConversationId, CustomerId, HandoffId, IntegrationId, MessageId, QueueId, Time, WebhookId } from '#ids.ts';
import { AgentRef, BotReport, ClientId, Message, PartsInput, TEXT_LIMIT } from '#parts.ts';
import { Hours, Routing } from './hours.ts';

export const CustomerInput = z
  .strictObject({
    id: CustomerId.optional(),
    externalId: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'Your own id of this person; the same one again is the same customer.' }),
    name: z.string().max(200).optional(),
    email: z.email().max(320).optional(),
    phone: z.string().max(50).optional(),
    attributes: Attributes.optional(),
  })
  .meta({ id: 'CustomerInput' });

export const Customer = z
  .object({
    id: CustomerId,
    externalId: z.string().nullable(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    verified: z.boolean(),
    attributes: Attributes,
    createdAt: Time,
  })
  .meta({ id: 'Customer' });

export const Handoff = z
  .object({
    id: HandoffId,
    conversation: ConversationId,
    phase: z.enum(['requested', 'queued', 'offered', 'active', 'ended']),
    reason: HandoffReason,
    evidence: z.array(Evidence),
    summary: z.string().nullable(),
    queue: QueueId,
    desk: IntegrationId.nullable(),
    priority: z.number(),
    skills: z.array(z.string()),
    meanwhile: Meanwhile.nullable(),
    agent: AgentRef.nullable(),
    ticket: z.object({ id: z.string(), url: z.string().optional() }).nullable(),
    outcome: HandoffOutcome.nullable(),
    requestedAt: Time,
    queuedAt: Time.nullable(),
    acceptedAt: Time.nullable(),
    endedAt: Time.nullable(),
  })
  .meta({ id: 'Handoff' });

export const Conversation = z
  .object({
    id: ConversationId,
    status: z.enum(['open', 'closed']),
    channel: IntegrationId,
    customer: Customer,
    control: Control,
    handoff: Handoff.nullable().meta({ description: 'The open one.' }),
    lastHandoff: Handoff.nullable().meta({ description: 'The one that ended last.' }),
    flags: z.array(Flag),
    participants: z.array(z.object({ agent: AgentRef, role: z.enum(['owner', 'watcher']) })),
    seq: z.number().int(),
    openedAt: Time,
    closedAt: Time.nullable(),
    lastMessageAt: Time,
    locale: z.string().nullable(),
    page: Page.nullable(),
    rating: z.object({ score: z.number().int(), comment: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'Conversation' });

/** A row of the console's lists. */
export const ConversationSummary = z
  .object({
    id: ConversationId,
    status: z.enum(['open', 'closed']),
    channel: z.object({ id: IntegrationId, kind: z.string(), name: z.string() }),
    customer: z.object({
      id: CustomerId,
      name: z.string().nullable(),
      email: z.string().nullable(),
      verified: z.boolean(),
    }),
    control: Control,
    handoff: z
      .object({
        id: HandoffId,
        phase: z.string(),
        reason: HandoffReason,
        queue: QueueId,
        waitingSince: Time,
        meanwhile: Meanwhile.nullable(),
        agent: AgentRef.nullable(),
      })
      .nullable(),
    flags: z.array(z.string()),
    watchers: z.array(AgentRef),
    last: z
      .object({
        role: z.enum(['customer', 'bot', 'agent', 'system']),
        text: z.string(),
        at: Time,
        seq: z.number().int(),
      })
      .nullable(),
    waiting: z.boolean().meta({ description: 'The customer wrote last and nobody has answered yet.' }),
    seq: z.number().int(),
    openedAt: Time,
    activeAt: Time,
  })
  .meta({ id: 'ConversationSummary' });

/** An imported text may be longer than a message: it becomes several. */
export const TRANSCRIPT_TEXT_LIMIT = 200_000;
/** Items of one transcript. */
export const TRANSCRIPT_LIMIT = 20_000;

export const TranscriptItem = z
  .strictObject({
    role: z.enum(['customer', 'bot', 'agent']),
    text: z.string().max(TRANSCRIPT_TEXT_LIMIT).optional(),
    parts: PartsInput.optional(),
    at: z.iso.datetime({ offset: true }).optional().meta({ description: 'When it was said. RFC 3339.' }),
    name: z.string().max(200).optional(),
  })
  .refine((item) => (item.text === undefined) !== (item.parts === undefined), 'Give either text or parts.')
  .meta({ id: 'TranscriptItem' });

export const Queue = z
  .object({
    id: QueueId,
    name: z.string(),
    isDefault: z.boolean(),
    desks: z.array(IntegrationId.nullable()),
    limits: z.record(z.string(), z.number().nullable()),
    hours: Hours.nullable(),
    routing: Routing,
    agents: z.array(z.string()).nullable(),
    waiting: z.number().int(),
    createdAt: Time,
  })
  .meta({ id: 'Queue' });

export const Availability = z
  .object({
    queue: QueueId,
    state: z.enum(['available', 'busy', 'closed', 'unknown']),
    agentsOnline: z.number().int().nullable().meta({ description: 'Null: an outside desk does not say.' }),
    freeCapacity: z.number().int().nullable().meta({ description: 'Null: at an outside desk.' }),
    waiting: z.number().int(),
    estimate: Estimate.nullable(),
    opensAt: Time.nullable(),
  })
  .meta({ id: 'Availability' });

export const ReplyWebhookUrl = z
  .url({ protocol: /^https?$/, error: 'An http or https address.' })
  .max(2_000)
  .meta({
    description:
      'Your own address, told of what people and Baton say and do in this conversation from here on: signed by Standard Webhooks with the secret of the answer, in order, retried for a day. A later handoff that names another one replaces it.',
  });

export const HandoffRequest = z
  .strictObject({
    customer: CustomerInput,
    transcript: z.array(TranscriptItem).max(TRANSCRIPT_LIMIT).default([]),
    reason: HandoffReason.default('bot_asked'),
    summary: z.string().max(8_000).optional(),
    flags: z.array(z.string().min(1).max(50)).max(50).optional(),
    attributes: Attributes.optional(),
    queue: z.string().max(100).optional().meta({ description: "A queue's id or its name." }),
    priority: z.number().int().min(-100).max(100).optional(),
    skills: z
      .array(z.string().min(1).max(50))
      .max(20)
      .optional()
      .meta({ description: 'What an agent must be able to do.' }),
    preferredSkills: z
      .array(z.string().min(1).max(50))
      .max(20)
      .optional()
      .meta({ description: 'What it would be better that he is able to do; waited for as long as the queue says.' }),
    desk: z.string().max(100).optional(),
    page: Page.optional(),
    language: z.string().max(35).optional(),
    replyWebhook: ReplyWebhookUrl.optional(),
  })
  .meta({ id: 'HandoffRequest' });

export const HandoffAnswer = z
  .object({
    handoff: Handoff,
    conversation: Conversation,
    availability: Availability,
    position: z.number().int().nullable(),
    estimate: Estimate.nullable(),
    replyWebhook: z
      .object({
        id: WebhookId,
        url: z.string(),
        secret: z.string().optional().meta({ description: 'Signs what is sent there. Shown this one time.' }),
      })
      .nullable()
      .meta({ description: 'Who is told of what happens here; its deliveries are listed below /v1/webhooks/{id}.' }),
  })
  .meta({ id: 'HandoffAnswer' });

/** What a bot gets back when people are done, so that it neither repeats nor contradicts them. */
export const ReturnContext = z
  .object({
    handoff: HandoffId,
    outcome: HandoffOutcome,
    agent: AgentRef.nullable(),
    note: z.string().nullable().meta({ description: 'The words of the agent to the bot. Not for the customer.' }),
    said: z
      .array(z.object({ seq: z.number().int(), name: z.string(), text: z.string(), at: Time }))
      .meta({ description: 'What agents said to the customer, oldest first.' }),
    promised: z.array(z.string()).meta({ description: 'Sentences of it that promise something.' }),
    handledUpTo: z.number().int().meta({ description: 'Everything up to this seq is dealt with: do not answer it.' }),
    endedAt: Time,
  })
  .meta({ id: 'ReturnContext' });

export const ConversationContext = z
  .object({
    handoff: HandoffContext.nullable().meta({
      description: 'What an agent is told: of the open handoff, else of the last. Null: there was none.',
    }),
    returned: ReturnContext.nullable().meta({ description: 'What the bot gets back of the handoff that ended last.' }),
  })
  .meta({ id: 'ConversationContext' });

/** One message, or handoff, on its way to one outside side. */
export const Delivery = z
  .object({
    side: z.string().meta({ description: '`desk:int_...`, `webhook:whk_...`, `reply:whk_...`.' }),
    seq: z.number().int(),
    part: z.number().int(),
    type: z.string().nullable(),
    state: z.enum(['pending', 'sent', 'delivered', 'read', 'failed', 'unknown']),
    externalId: z.string().nullable(),
    attempts: z.number().int(),
    at: Time,
    nextAttemptAt: Time.nullable(),
    detail: z.string().nullable(),
  })
  .meta({ id: 'Delivery' });

export const ConversationInput = z
  .strictObject({
    customer: CustomerInput,
    channel: IntegrationId.optional(),
    transcript: z.array(TranscriptItem).max(TRANSCRIPT_LIMIT).optional(),
    attributes: Attributes.optional(),
    page: Page.optional(),
    language: z.string().max(35).optional(),
  })
  .meta({ id: 'ConversationInput' });

export const MessageInput = z
  .strictObject({
    author: z.strictObject({ role: z.enum(['customer', 'bot']), name: z.string().max(200).optional() }),
    text: z.string().max(TEXT_LIMIT).optional(),
    parts: PartsInput.optional(),
    clientId: ClientId,
    epoch: z.number().int().optional(),
    bot: BotReport.optional(),
  })
  .refine((body) => (body.text === undefined) !== (body.parts === undefined), 'Give either text or parts.')
  .meta({ id: 'MessageInput' });

export const MessageAnswer = z.object({ message: Message, seq: z.number().int() }).meta({ id: 'MessageAnswer' });
export const EventList = z
  .object({ items: z.array(EventItem), next: z.number().int().nullable() })
  .meta({ id: 'EventList' });
export const MessageRef = MessageId;
