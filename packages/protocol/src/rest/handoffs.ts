import { z } from 'zod';
import { HandoffOutcome, HandoffReason } from '#events.ts';
import { ConversationId, HandoffId } from '#ids.ts';
import { Handoff, HandoffAnswer, HandoffRequest, ReplyWebhookUrl } from './conversation.ts';
import { listQuery, op, pageOf } from './table.ts';

const tag = 'Handoffs';
const params = z.strictObject({ id: HandoffId });

export const HandoffVerb = z
  .strictObject({
    reason: HandoffReason.optional(),
    summary: z.string().max(8_000).optional(),
    queue: z
      .string()
      .max(100)
      .optional()
      .meta({ description: "A queue's id or its name. The workspace's default queue where nothing is said." }),
    priority: z.number().int().min(-100).max(100).optional(),
    skills: z.array(z.string().min(1).max(50)).max(20).optional(),
    preferredSkills: z.array(z.string().min(1).max(50)).max(20).optional(),
    desk: z.string().max(100).optional().meta({ description: "A desk's id. The first of the queue's list else." }),
    replyWebhook: ReplyWebhookUrl.optional(),
    epoch: z
      .number()
      .int()
      .optional()
      .meta({ description: 'The epoch of control that you know; refused with control_lost when it has changed.' }),
  })
  .meta({ id: 'HandoffVerb' });

export const handoffOps = {
  createHandoff: op({
    method: 'POST',
    path: '/v1/handoffs',
    tag,
    access: ['handoffs:write'],
    idempotent: true,
    secret: true,
    summary: 'Hand a conversation to a person, in one call',
    description:
      "For a bot that owns its channel: brings the customer, the whole transcript and the reason, opens a conversation on the workspace's `api` channel and asks for a person. Follow it with `replyWebhook`, or with the events of the conversation. A transcript item of more than 8,000 characters becomes several messages.",
    body: HandoffRequest,
    bodyLimit: 64 * 1024 * 1024,
    answers: { 201: HandoffAnswer },
    problems: ['queue_unknown', 'desk_unknown', 'customer_unknown', 'address_private'],
  }),
  listHandoffs: op({
    method: 'GET',
    path: '/v1/handoffs',
    tag,
    access: ['handoffs:write', 'conversations:read'],
    summary: 'List handoffs, newest first',
    query: z.strictObject({
      ...listQuery,
      conversation: ConversationId.optional(),
      phase: z.enum(['requested', 'queued', 'offered', 'active', 'ended']).optional(),
      outcome: HandoffOutcome.optional(),
      queue: z.string().max(100).optional().meta({ description: "A queue's id or its name." }),
    }),
    answers: { 200: pageOf(Handoff) },
  }),
  getHandoff: op({
    method: 'GET',
    path: '/v1/handoffs/{id}',
    tag,
    access: ['handoffs:write', 'conversations:read'],
    summary: 'Where a handoff stands',
    params,
    answers: { 200: HandoffAnswer },
  }),
  cancelHandoff: op({
    method: 'POST',
    path: '/v1/handoffs/{id}/cancel',
    tag,
    access: ['handoffs:write'],
    idempotent: true,
    summary: 'Leave the queue',
    description: "Ends a handoff that nobody has accepted yet, in the customer's name: control goes back to the bot.",
    params,
    body: z.strictObject({}),
    answers: { 200: HandoffAnswer },
    problems: ['no_handoff', 'wrong_phase'],
  }),
};
