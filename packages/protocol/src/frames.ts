import { z } from 'zod';
import { Estimate, EventItem, HandoffContext, HandoffOutcome, Holder, Page } from './events.ts';
import { AgentId, ConversationId, HandoffId, IntegrationId, QueueId, Time } from './ids.ts';
import { AgentRef, BotReport, ClientId, PartsInput } from './parts.ts';
import { ConversationSummary } from './rest/conversation.ts';

/** Largest frame that a client may send, in bytes. */
export const FRAME_LIMIT = 64 * 1024;

/** What the log can count to: int4 of PostgreSQL. */
const Seq = z.number().int().nonnegative().max(2_147_483_647);
const NoteText = z.string().min(1).max(8_000);
/** A key in the log: no NUL, no half of a character, which the database could not hold. */
const FrameId = z
  .string()
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'No control characters, no half of a character.');
/** Every client frame may carry an `id`; its `ack` or `refused` carries it back. `say` uses `clientId` for this. */
const frame = <T extends string, S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), id: FrameId.optional(), ...shape });

export const ClientFrame = z
  .discriminatedUnion('type', [
    frame('hello', {
      token: z
        .string()
        .max(4_000)
        .optional()
        .meta({ description: "A visitor's token or an API key. A console's cookie serves instead." }),
      since: z
        .record(ConversationId, Seq)
        .optional()
        .meta({ description: 'Last seq seen, per conversation: what came after it is sent.' }),
      inbox: z
        .boolean()
        .optional()
        .meta({ description: 'Agents: also send `inbox` frames, which keep the lists of conversations current.' }),
    }),
    frame('say', {
      clientId: ClientId,
      conversation: ConversationId.optional(),
      parts: PartsInput,
      epoch: z.number().int().optional(),
      page: Page.optional(),
      bot: BotReport.optional(),
      author: z
        .enum(['customer', 'bot'])
        .optional()
        .meta({ description: 'Server clients only (API key): whose words these are.' }),
    }),
    frame('typing', { conversation: ConversationId, on: z.boolean().optional() }),
    frame('read', { conversation: ConversationId, seq: Seq }),
    frame('ask-human', { conversation: ConversationId.optional(), page: Page.optional() }),
    frame('cancel', { conversation: ConversationId }),
    frame('rate', {
      conversation: ConversationId,
      score: z.number().int().min(1).max(5),
      comment: z.string().max(2_000).optional(),
    }),
    frame('accept', { handoff: HandoffId }),
    frame('decline', { handoff: HandoffId }),
    frame('take', { conversation: ConversationId, force: z.boolean().optional() }),
    frame('release', {
      conversation: ConversationId,
      to: z.literal('bot').optional(),
      note: z.string().max(8_000).optional(),
    }),
    frame('pass', {
      conversation: ConversationId,
      to: z.union([
        z.strictObject({ agent: AgentId }),
        z.strictObject({ queue: QueueId }),
        z.strictObject({ bot: IntegrationId }),
      ]),
      note: z.string().max(8_000).optional(),
    }),
    frame('hold', { conversation: ConversationId }),
    frame('resume', { conversation: ConversationId }),
    frame('close', {
      conversation: ConversationId,
      outcome: HandoffOutcome.optional(),
      note: z.string().max(8_000).optional(),
    }),
    frame('note', { conversation: ConversationId, text: NoteText }),
    frame('whisper', { conversation: ConversationId, text: NoteText }),
    frame('barge', { conversation: ConversationId, parts: PartsInput, clientId: ClientId.optional() }),
    frame('flag', { conversation: ConversationId, name: z.string().min(1).max(50) }),
    frame('unflag', { conversation: ConversationId, name: z.string().min(1).max(50) }),
    frame('follow', { conversation: ConversationId, after: Seq.optional() }),
    frame('unfollow', { conversation: ConversationId }),
    frame('watch', { conversation: ConversationId, after: Seq.optional() }),
    frame('unwatch', { conversation: ConversationId }),
    frame('presence', {
      state: z.enum(['online', 'away', 'break', 'offline']),
      capacity: z.number().int().min(0).max(100).optional(),
      backAt: z.iso.datetime().optional().meta({ description: 'Of a break: when it ends.' }),
    }),
    frame('ready', {}),
    frame('ping', {}),
  ])
  .meta({ id: 'ClientFrame' });

/** Who is on this connection. */
export const Me = z
  .object({
    role: z.enum(['visitor', 'agent', 'server']),
    id: z.string(),
    name: z.string().nullable().optional(),
    workspace: z.string().optional(),
    agentRole: z.enum(['owner', 'admin', 'agent']).optional(),
    presence: z.enum(['online', 'away', 'break', 'offline']).optional(),
    backAt: Time.nullable().optional(),
    capacity: z.number().int().optional(),
  })
  .meta({ id: 'Me' });

export const ServerFrame = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('welcome'),
      me: Me,
      conversation: ConversationId.nullable(),
      heartbeatSeconds: z.number(),
      server: z.string(),
    }),
    EventItem.extend({ type: z.literal('event'), conversation: ConversationId }),
    z.object({
      type: z.literal('ack'),
      clientId: z.string().optional(),
      id: z.string().optional(),
      conversation: ConversationId.optional(),
      seq: Seq.optional(),
    }),
    z.object({
      type: z.literal('refused'),
      clientId: z.string().optional(),
      id: z.string().optional(),
      code: z.string(),
      message: z.string(),
      conversation: ConversationId.optional(),
      holder: Holder.optional(),
      epoch: z.number().int().optional(),
      retryAfterMs: z.number().optional(),
    }),
    z.object({
      type: z.literal('typing'),
      conversation: ConversationId,
      who: z.object({ role: z.enum(['customer', 'bot', 'agent']), id: z.string(), name: z.string().optional() }),
      on: z.boolean(),
      text: z.string().optional().meta({
        description: 'A bot that streams: its answer so far. Shown, never stored; the message event replaces it.',
      }),
    }),
    z.object({ type: z.literal('read'), conversation: ConversationId, who: z.enum(['customer', 'agent']), seq: Seq }),
    z.object({
      type: z.literal('presence'),
      agent: AgentRef.extend({ role: z.string().optional() }),
      state: z.enum(['online', 'away', 'break', 'offline']),
      backAt: Time.nullable().optional().meta({ description: 'In a break: when he said that he would be back.' }),
      capacity: z.number().int(),
      active: z.number().int(),
      wrapping: z.number().int().optional().meta({ description: 'Conversations that he is wrapping up.' }),
    }),
    z.object({
      type: z.literal('queue'),
      conversation: ConversationId,
      position: z.number().int().nullable(),
      estimate: Estimate.nullable(),
      availability: z.string().optional(),
      opensAt: Time.nullable().optional().meta({ description: 'Of what is closed.' }),
      asOf: Time,
      longer: z.literal(true).optional().meta({ description: 'It takes longer than he was told before.' }),
      text: z.string().optional().meta({ description: 'The same in words for the customer.' }),
    }),
    z.object({
      type: z.literal('offer'),
      conversation: ConversationId,
      handoff: HandoffId,
      expiresAt: Time,
      context: HandoffContext,
    }),
    z.object({ type: z.literal('offer-gone'), handoff: HandoffId, conversation: ConversationId, why: z.string() }),
    z.object({ type: z.literal('inbox'), conversation: ConversationSummary }),
    z.object({ type: z.literal('pong') }),
    z.object({ type: z.literal('bye'), reason: z.string(), retryAfterMs: z.number() }),
  ])
  .meta({ id: 'ServerFrame' });
