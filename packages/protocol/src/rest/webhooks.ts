import { z } from 'zod';
import { ConversationEvent } from '#events.ts';
import { ConversationId, Time, WebhookId } from '#ids.ts';
import { listQuery, Nothing, op, pageOf } from './table.ts';

const tag = 'Webhooks';

const HttpUrl = z.url({ protocol: /^https?$/, error: 'An http or https address.' }).max(2_000);

/** Names of events that a webhook may ask for. */
export const EventName = z
  .enum(ConversationEvent.options.map((option) => option.shape.type.value) as [string, ...string[]])
  .meta({ id: 'EventName' });

export const Webhook = z
  .object({
    id: WebhookId,
    url: z.string(),
    events: z.array(z.string()),
    enabled: z.boolean(),
    conversation: ConversationId.nullable().meta({ description: 'The `replyWebhook` of a handoff: its conversation.' }),
    health: z
      .object({
        lastSuccessAt: Time.nullable(),
        failingSince: Time.nullable().meta({ description: 'Since when every call has failed.' }),
        lastError: z.string().nullable(),
        disabledAt: Time.nullable().meta({ description: 'When we switched it off, because it failed for five days.' }),
      })
      .meta({ id: 'WebhookHealth' }),
    createdAt: Time,
  })
  .meta({ id: 'Webhook' });

export const WebhookDelivery = z
  .object({
    event: z.string().meta({ description: 'The id under which it was sent, as in `webhook-id`.' }),
    type: z.string().nullable(),
    conversation: ConversationId,
    seq: z.number().int(),
    status: z.enum(['sent', 'retrying', 'failed']).meta({
      description: '`retrying`: it is tried again at `nextAttemptAt`; `failed`: given up, or switched off meanwhile.',
    }),
    attempts: z.number().int(),
    lastAttemptAt: Time,
    nextAttemptAt: Time.nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'WebhookDelivery' });

const Tried = z.object({ ok: z.boolean(), message: z.string(), ms: z.number() }).meta({ id: 'Tried' });

const fields = z.strictObject({
  url: HttpUrl,
  events: z
    .array(
      z.union([EventName, z.literal('*'), z.string().regex(/^[a-z]+\.\*$/, 'A name of events, `handoff.*`, or `*`.')]),
    )
    .min(1)
    .max(50)
    .meta({ description: 'Names of events, a family (`handoff.*`), or `*` for all.' }),
  enabled: z.boolean(),
});
const params = z.strictObject({ id: WebhookId });

export const webhookOps = {
  listWebhooks: op({
    method: 'GET',
    path: '/v1/webhooks',
    tag,
    access: ['admin'],
    summary: 'List webhooks',
    query: z.strictObject(listQuery),
    answers: { 200: pageOf(Webhook) },
  }),
  createWebhook: op({
    method: 'POST',
    path: '/v1/webhooks',
    tag,
    access: ['admin'],
    idempotent: true,
    secret: true,
    summary: 'Add a webhook',
    description: 'The secret (Standard Webhooks, `whsec_...`) is shown this one time.',
    body: fields.partial({ enabled: true }).meta({ id: 'WebhookInput' }),
    answers: { 201: Webhook.extend({ secret: z.string() }) },
    problems: ['address_private'],
  }),
  getWebhook: op({
    method: 'GET',
    path: '/v1/webhooks/{id}',
    tag,
    access: ['admin'],
    summary: 'Read a webhook, and how it is doing',
    params,
    answers: { 200: Webhook },
  }),
  updateWebhook: op({
    method: 'PATCH',
    path: '/v1/webhooks/{id}',
    tag,
    access: ['admin'],
    idempotent: true,
    summary: 'Change a webhook',
    description: 'Switched on again, it begins with what happens next; `replay` brings what it has missed.',
    params,
    body: fields.partial().meta({ id: 'WebhookPatch' }),
    answers: { 200: Webhook },
    problems: ['address_private'],
  }),
  deleteWebhook: op({
    method: 'DELETE',
    path: '/v1/webhooks/{id}',
    tag,
    access: ['admin'],
    idempotent: true,
    summary: 'Remove a webhook',
    params,
    answers: { 204: Nothing },
  }),
  testWebhook: op({
    method: 'POST',
    path: '/v1/webhooks/{id}/test',
    tag,
    access: ['admin'],
    summary: 'Send a test to a webhook',
    description: 'Posts a signed `webhook.test` now. `ok` false says in `message` what came back.',
    params,
    body: z.strictObject({}),
    answers: { 200: Tried },
  }),
  listWebhookDeliveries: op({
    method: 'GET',
    path: '/v1/webhooks/{id}/deliveries',
    tag,
    access: ['admin'],
    summary: 'What a webhook was sent, newest first',
    params,
    query: z.strictObject({
      ...listQuery,
      status: z.enum(['sent', 'retrying', 'failed']).optional(),
      conversation: ConversationId.optional(),
    }),
    answers: { 200: pageOf(WebhookDelivery) },
  }),
  replayWebhook: op({
    method: 'POST',
    path: '/v1/webhooks/{id}/replay',
    tag,
    access: ['admin'],
    idempotent: true,
    summary: 'Send events again',
    description:
      'With `since`: everything that the webhook wants and that happened since then, each conversation in order; what was sent before comes again, under the same ids. With `event`: that one, now.',
    params,
    body: z
      .strictObject({
        since: z.iso.datetime({ offset: true }).optional().meta({ description: 'RFC 3339.' }),
        event: z.string().max(100).optional().meta({ description: 'The `event` of a delivery.' }),
      })
      .refine((body) => (body.since === undefined) !== (body.event === undefined), 'Give either since or event.')
      .meta({ id: 'WebhookReplay' }),
    answers: {
      200: Tried.meta({ description: 'Of one event: what came back.' }),
      202: z.object({
        conversations: z.number().int().meta({ description: 'Conversations in which something happened since then.' }),
      }),
    },
  }),
};
