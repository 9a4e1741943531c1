import { z } from 'zod';
import { ConversationId, CustomerId, HandoffId, IntegrationId, MessageId, QueueId, Time, WebhookId } from './ids.ts';
import { AgentRef, Author, Message, Part } from './parts.ts';

export const HandoffReason = z
  .enum([
    'customer_asked',
    'bot_asked',
    'rule',
    'frustration',
    'repeated_fallback',
    'low_confidence',
    'restricted_topic',
    'bot_error',
    'bot_timeout',
    'agent_took_over',
    'api',
  ])
  .meta({ id: 'HandoffReason' });

export const HandoffOutcome = z
  .enum([
    'resolved',
    'returned_to_bot',
    'cancelled_by_customer',
    'abandoned',
    'unavailable',
    'wait_limit',
    'agent_silent',
    'agent_lost',
    'desk_failed',
    'converted_to_ticket',
    'callback_scheduled',
    'superseded',
    'loop_guard',
  ])
  .meta({ id: 'HandoffOutcome' });

export const Meanwhile = z
  .enum(['with_bot', 'message', 'callback'])
  .meta({ id: 'Meanwhile', description: 'What a customer in the line does until his turn comes. He keeps his place.' });

export const Estimate = z
  .object({
    p50Seconds: z.number(),
    lowSeconds: z.number(),
    highSeconds: z.number(),
    coverage: z.number().meta({ description: 'Share of waits that should fall between low and high.' }),
    basis: z.string(),
    asOf: Time,
  })
  .meta({ id: 'Estimate', description: 'An expected wait as a range. Null in its place means "unknown".' });

export const Holder = z
  .object({
    holder: z.enum(['bot', 'queue', 'agent', 'nobody']),
    bot: IntegrationId.optional(),
    queue: QueueId.optional(),
    agent: AgentRef.optional(),
  })
  .meta({ id: 'Holder' });
export const Control = Holder.extend({ epoch: z.number().int(), since: Time }).meta({ id: 'Control' });

export const Evidence = z
  .object({
    kind: z.string(),
    seq: z.number().int().optional(),
    quote: z.string().optional(),
    words: z.array(z.string()).optional(),
    score: z.number().optional(),
    detail: z.string().optional(),
  })
  .meta({ id: 'Evidence' });

export const Flag = z
  .object({ name: z.string(), by: z.string(), at: Time.optional(), evidence: Evidence.optional() })
  .meta({ id: 'Flag' });
export const Actor = z
  .object({
    role: z.enum(['customer', 'bot', 'agent', 'api', 'system']),
    id: z.string().optional(),
    agent: AgentRef.optional(),
  })
  .meta({ id: 'Actor' });
export const Page = z
  .strictObject({
    url: z.string().max(2_000),
    title: z.string().max(300).optional(),
    referrer: z.string().max(2_000).optional(),
  })
  .meta({ id: 'Page' });
export const Attributes = z
  .record(z.string().max(100), z.union([z.string().max(2_000), z.number(), z.boolean()]))
  .meta({ id: 'Attributes' });
const Ticket = z.object({ id: z.string(), url: z.string().optional() });

const handoff = HandoffId;
/** Events as a reader gets them. A customer gets fewer, and fewer fields (core: conversation/audience.ts). */
export const ConversationEvent = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('conversation.opened'),
      id: ConversationId,
      channel: IntegrationId.optional(),
      customer: CustomerId.optional(),
      bot: IntegrationId.nullish(),
      locale: z.string().optional(),
      page: Page.optional(),
      attributes: Attributes.optional(),
    }),
    z.object({ type: z.literal('message'), message: Message }),
    z.object({ type: z.literal('message.edited'), message: MessageId, parts: z.array(Part), by: Actor.optional() }),
    z.object({
      type: z.literal('message.redacted'),
      message: MessageId,
      seq: z.number().int().optional(),
      by: Actor.optional(),
    }),
    z.object({
      type: z.literal('note'),
      note: z.object({ id: MessageId, author: Author, text: z.string(), whisper: z.literal(true).optional() }),
      warning: z.string().optional(),
    }),
    z.object({ type: z.literal('flag.added'), flag: Flag }),
    z.object({ type: z.literal('flag.removed'), name: z.string(), by: Actor }),
    z.object({
      type: z.literal('proposal.made'),
      reason: HandoffReason,
      evidence: z.array(Evidence),
      queue: QueueId.optional(),
    }),
    z.object({
      type: z.literal('bot.skipped'),
      turn: z.number().int(),
      why: z.string(),
      detail: z.string().optional(),
    }),
    z.object({
      type: z.literal('handoff.requested'),
      handoff,
      reason: HandoffReason.optional(),
      evidence: z.array(Evidence).optional(),
      by: Actor.optional(),
      queue: QueueId.optional(),
      desk: IntegrationId.nullish(),
      priority: z.number().optional(),
      skills: z.array(z.string()).optional(),
      preferredSkills: z.array(z.string()).optional(),
      summary: z.string().optional(),
      replyWebhook: WebhookId.optional(),
      retry: z.literal(true).optional(),
    }),
    z.object({
      type: z.literal('handoff.queued'),
      handoff,
      queue: QueueId.optional(),
      desk: IntegrationId.nullish(),
      ticket: Ticket.optional(),
      front: z.literal(true).optional(),
      why: z.string().optional(),
    }),
    z.object({
      type: z.literal('handoff.meanwhile'),
      handoff,
      meanwhile: Meanwhile.nullable().meta({ description: 'Null: he waits in the window again.' }),
      by: Actor.optional(),
    }),
    z.object({ type: z.literal('handoff.offered'), handoff, agent: AgentRef, expiresAt: Time }),
    z.object({
      type: z.literal('handoff.declined'),
      handoff,
      agent: AgentRef,
      why: z.enum(['away', 'lost', 'removed']).optional().meta({ description: 'Left out: he said so himself.' }),
    }),
    z.object({ type: z.literal('handoff.expired'), handoff, agent: AgentRef }),
    z.object({ type: z.literal('handoff.accepted'), handoff, agent: AgentRef, ticket: Ticket.optional() }),
    z.object({ type: z.literal('handoff.held'), handoff, agent: AgentRef }),
    z.object({ type: z.literal('handoff.resumed'), handoff, agent: AgentRef }),
    z.object({
      type: z.literal('handoff.transferred'),
      handoff,
      from: AgentRef.nullish(),
      to: z.object({ agent: AgentRef.optional(), queue: QueueId.optional(), desk: IntegrationId.optional() }),
      note: z.string().optional(),
    }),
    z.object({
      type: z.literal('handoff.ended'),
      handoff,
      outcome: HandoffOutcome,
      by: Actor.optional(),
      note: z.string().optional(),
    }),
    z.object({
      type: z.literal('control.changed'),
      from: Holder,
      to: Holder,
      epoch: z.number().int(),
      why: z.string(),
    }),
    z.object({ type: z.literal('participant.joined'), agent: AgentRef, role: z.enum(['owner', 'watcher']) }),
    z.object({ type: z.literal('participant.left'), agent: AgentRef, role: z.enum(['owner', 'watcher']) }),
    z.object({
      type: z.literal('customer.updated'),
      customer: CustomerId,
      changes: z.record(z.string(), z.unknown()),
      by: Actor.optional(),
    }),
    z.object({ type: z.literal('customer.erased'), customer: CustomerId, by: Actor.optional() }),
    z.object({
      type: z.literal('estimate.told'),
      handoff,
      position: z.number().int().nullable(),
      ahead: z.number().int().nullable(),
      estimate: Estimate.nullable(),
    }),
    z.object({
      type: z.literal('rating.given'),
      score: z.number().int(),
      comment: z.string().optional(),
      handoff: HandoffId.nullable(),
    }),
    z.object({ type: z.literal('conversation.closed'), by: Actor.optional(), outcome: HandoffOutcome.optional() }),
    z.object({ type: z.literal('conversation.reopened'), by: Actor.optional() }),
    z.object({
      type: z.literal('delivery.failed'),
      side: z.string(),
      seq: z.number().int(),
      kind: z.string(),
      detail: z.string(),
    }),
  ])
  .meta({ id: 'ConversationEvent' });

/** An item of the events list, and the body of an `event` frame. */
export const EventItem = z
  .object({ seq: z.number().int(), at: Time, event: ConversationEvent })
  .meta({ id: 'EventItem' });

/** What is told to an agent who is asked, and to a desk: everything, so that nobody starts blind. */
export const HandoffContext = z
  .object({
    handoff: HandoffId,
    conversation: ConversationId,
    reason: HandoffReason,
    evidence: z.array(Evidence),
    summary: z.string(),
    waitingSince: Time,
    queue: QueueId,
    priority: z.number(),
    skills: z.array(z.string()),
    customer: z.object({
      id: CustomerId,
      name: z.string().nullable(),
      email: z.string().nullable(),
      phone: z.string().nullable(),
      externalId: z.string().nullable(),
      verified: z.boolean(),
      attributes: Attributes,
    }),
    page: Page.nullable(),
    language: z.string().nullable(),
    channel: z.object({ id: IntegrationId, kind: z.string(), name: z.string() }),
    flags: z.array(Flag),
    botTried: z.array(
      z.object({
        seq: z.number().int(),
        asked: z.string(),
        answered: z.string().nullable(),
        fallback: z.boolean(),
        sources: z.array(z.string()),
        tools: z.array(z.string()),
      }),
    ),
    transcript: z.array(
      z.object({
        seq: z.number().int().optional(),
        role: z.enum(['customer', 'bot', 'agent', 'system']),
        name: z.string().optional(),
        text: z.string(),
        parts: z.array(Part).optional(),
        at: Time,
      }),
    ),
    earlier: z.array(z.object({ conversation: ConversationId, at: Time, outcome: z.string().nullable() })),
  })
  .meta({ id: 'HandoffContext' });
