import { z } from 'zod';
import { HandoffOutcome } from '#events.ts';
import { AgentId, ConversationId, CustomerId } from '#ids.ts';
import {
  Conversation,
  ConversationContext,
  ConversationInput,
  ConversationSummary,
  Delivery,
  EventList,
  HandoffAnswer,
  MessageAnswer,
  MessageInput,
} from './conversation.ts';
import { HandoffVerb } from './handoffs.ts';
import { listQuery, Nothing, op, pageOf, queryInt } from './table.ts';

const tag = 'Conversations';
const params = z.strictObject({ id: ConversationId });
const Note = z.string().max(8_000).optional();
const Epoch = z
  .number()
  .int()
  .optional()
  .meta({ description: 'The epoch of control that you know; refused with control_lost when it has changed.' });

export const FlagInput = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(50)
      .regex(/^[a-z0-9][a-z0-9_.:-]*$/i, 'Letters, digits and _ . : - only.'),
    detail: z.string().max(2_000).optional().meta({ description: 'One sentence for the agent: why.' }),
  })
  .meta({ id: 'FlagInput' });

export const conversationOps = {
  createConversation: op({
    method: 'POST',
    path: '/v1/conversations',
    tag,
    access: ['conversations:write'],
    idempotent: true,
    summary: 'Open a conversation',
    description:
      "On the workspace's `api` channel where no channel is named. What was said before may come along as `transcript`.",
    body: ConversationInput,
    bodyLimit: 64 * 1024 * 1024,
    answers: { 201: Conversation },
    problems: ['channel_unknown', 'customer_unknown'],
  }),
  listConversations: op({
    method: 'GET',
    path: '/v1/conversations',
    tag,
    access: ['conversations:read'],
    summary: 'List conversations, newest activity first',
    query: z.strictObject({
      ...listQuery,
      status: z.enum(['open', 'closed']).optional(),
      holder: z
        .enum(['bot', 'queue', 'agent', 'nobody'])
        .optional()
        .meta({ description: '`queue`: also those who go on with the bot until their turn comes.' }),
      agent: z
        .union([AgentId, z.literal('me')])
        .optional()
        .meta({ description: 'Held by this agent; `me` for the agent who is logged in.' }),
      queue: z.string().max(100).optional().meta({ description: "A queue's id or its name." }),
      customer: CustomerId.optional(),
    }),
    answers: { 200: pageOf(ConversationSummary) },
  }),
  getConversation: op({
    method: 'GET',
    path: '/v1/conversations/{id}',
    tag,
    access: ['conversations:read', 'handoffs:write'],
    summary: 'Read a conversation',
    params,
    answers: { 200: Conversation },
  }),
  getContext: op({
    method: 'GET',
    path: '/v1/conversations/{id}/context',
    tag,
    access: ['conversations:read', 'handoffs:write'],
    summary: 'What an agent is told, and what the bot gets back',
    description:
      'The handoff context has the whole transcript, the customer, reason, flags, a summary and what the bot tried. After a return, `returned` says what people said and promised, and up to where everything is dealt with.',
    params,
    query: z.strictObject({
      transcript: z
        .enum(['whole', 'none'])
        .default('whole')
        .meta({ description: '`none`: without the transcript, for whoever has read it already.' }),
    }),
    answers: { 200: ConversationContext },
  }),
  listDeliveries: op({
    method: 'GET',
    path: '/v1/conversations/{id}/deliveries',
    tag,
    access: ['conversations:read'],
    summary: 'What of it reached desks and webhooks, newest first',
    params,
    query: z.strictObject({ ...listQuery, side: z.string().max(100).optional() }),
    answers: { 200: pageOf(Delivery) },
  }),
  createMessage: op({
    method: 'POST',
    path: '/v1/conversations/{id}/messages',
    tag,
    access: ['conversations:write', 'handoffs:write'],
    idempotent: true,
    summary: 'Say something',
    description:
      "For servers: as the customer, or as the bot that owns the channel. The same `clientId` again is the same message and gets the same answer with 200. A bot is refused with `control_lost` once somebody else has control; give the `epoch` under which it wrote. A customer who writes to a closed conversation reopens it, within the workspace's limit.",
    params,
    body: MessageInput,
    answers: { 201: MessageAnswer, 200: MessageAnswer },
    problems: ['control_lost', 'closed', 'too_long', 'file_unknown'],
  }),
  listEvents: op({
    method: 'GET',
    path: '/v1/conversations/{id}/events',
    tag,
    access: ['conversations:read', 'handoffs:write'],
    summary: 'Read the timeline',
    description:
      'Events after `after`, oldest first. With `Accept: text/event-stream` the answer stays open: each event comes as `id: <seq>` and `data: {seq, at, event}`, and a client that comes back sends `Last-Event-ID` and misses nothing.',
    params,
    query: z.strictObject({
      after: z.coerce
        .number('A seq: a whole number from 0.')
        .int()
        .min(0)
        .max(2_147_483_647)
        .default(0)
        .meta({ type: 'integer' }),
      limit: queryInt(1, 1_000, 100),
    }),
    answers: { 200: EventList },
    stream: true,
  }),
  requestHandoff: op({
    method: 'POST',
    path: '/v1/conversations/{id}/handoff',
    tag,
    access: ['handoffs:write', 'conversations:write'],
    idempotent: true,
    secret: true,
    summary: 'Ask for a person',
    params,
    body: HandoffVerb,
    answers: { 201: HandoffAnswer },
    problems: ['handoff_open', 'control_lost', 'queue_unknown', 'desk_unknown', 'address_private'],
  }),
  returnConversation: op({
    method: 'POST',
    path: '/v1/conversations/{id}/return',
    tag,
    access: ['conversations:write'],
    idempotent: true,
    summary: 'Give control back to the bot',
    description: 'The note is for the bot: what was agreed, what it should do next. The customer never sees it.',
    params,
    body: z.strictObject({ note: Note, epoch: Epoch }),
    answers: { 200: Conversation },
    problems: ['no_bot', 'control_lost', 'same_party'],
  }),
  closeConversation: op({
    method: 'POST',
    path: '/v1/conversations/{id}/close',
    tag,
    access: ['conversations:write'],
    idempotent: true,
    summary: 'End a conversation',
    params,
    body: z.strictObject({ outcome: HandoffOutcome.optional(), note: Note }),
    answers: { 200: Conversation },
    problems: ['closed'],
  }),
  addFlag: op({
    method: 'POST',
    path: '/v1/conversations/{id}/flags',
    tag,
    access: ['conversations:write', 'handoffs:write'],
    idempotent: true,
    summary: 'Raise a flag',
    description:
      'A sign for agents: frustrated, vip, billing ... The customer never sees it. The same flag twice is one.',
    params,
    body: FlagInput,
    answers: { 200: Conversation },
  }),
  removeFlag: op({
    method: 'DELETE',
    path: '/v1/conversations/{id}/flags/{name}',
    tag,
    access: ['conversations:write', 'handoffs:write'],
    idempotent: true,
    summary: 'Lower a flag',
    params: z.strictObject({ id: ConversationId, name: z.string().min(1).max(50) }),
    answers: { 200: Conversation },
  }),
  setTyping: op({
    method: 'POST',
    path: '/v1/conversations/{id}/typing',
    tag,
    access: ['conversations:write'],
    summary: 'Say that somebody is typing',
    description: 'Shown for a few seconds, never stored.',
    params,
    body: z.strictObject({
      author: z.strictObject({ role: z.enum(['customer', 'bot']), name: z.string().max(200).optional() }).optional(),
      on: z.boolean().default(true),
    }),
    answers: { 204: Nothing },
  }),
};
