import { z } from 'zod';
import { AgentId, CustomerId, FileId, IntegrationId, MessageId, Time } from './ids.ts';

/** Longest text of one message; the core refuses what is longer (`too_long`), this limit guards the parser. */
export const TEXT_LIMIT = 8_000;

const Text = z.string().max(TEXT_LIMIT, `At most ${TEXT_LIMIT} characters. Shorten the text or send it in pieces.`);

export const Choice = z
  .strictObject({ id: z.string().min(1).max(200), label: z.string().min(1).max(200) })
  .meta({ id: 'Choice' });

export const FileRef = z
  .strictObject({
    id: FileId,
    name: z.string().max(255),
    mime: z.string().max(127),
    size: z.number().int().nonnegative(),
    url: z.string().max(2_000),
  })
  .meta({ id: 'FileRef' });

export const FormField = z
  .strictObject({
    name: z.string().min(1).max(100),
    label: z.string().min(1).max(200),
    kind: z.enum(['text', 'email', 'number', 'select']),
    required: z.boolean().optional(),
    options: z.array(z.string().max(200)).max(50).optional(),
  })
  .meta({ id: 'FormField' });

const HttpUrl = z.url({ protocol: /^https?$/ }).max(2_000);

/** What people and bots may send. A file is named by the id that the upload gave. */
export const PartInput = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('text'), text: Text, choice: z.string().max(200).optional() }),
    z.strictObject({ type: z.literal('file'), file: z.strictObject({ id: FileId }) }),
    z.strictObject({ type: z.literal('choices'), choices: z.array(Choice).min(1).max(20) }),
    z.strictObject({
      type: z.literal('card'),
      title: z.string().min(1).max(300),
      text: Text.optional(),
      imageUrl: HttpUrl.optional(),
      url: HttpUrl.optional(),
    }),
    z.strictObject({
      type: z.literal('form'),
      fields: z.array(FormField).min(1).max(20),
      submitLabel: z.string().max(50).optional(),
    }),
  ])
  .meta({ id: 'PartInput' });
export const PartsInput = z.array(PartInput).min(1).max(20);

/** What everybody reads. */
export const Part = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('text'), text: z.string(), choice: z.string().optional() }),
    z.object({ type: z.literal('file'), file: FileRef }),
    z.object({ type: z.literal('choices'), choices: z.array(Choice) }),
    z.object({
      type: z.literal('card'),
      title: z.string(),
      text: z.string().optional(),
      imageUrl: z.string().optional(),
      url: z.string().optional(),
    }),
    z.object({ type: z.literal('form'), fields: z.array(FormField), submitLabel: z.string().optional() }),
  ])
  .meta({ id: 'Part' });

export const AgentRef = z
  .object({
    id: z.union([AgentId, z.string()]),
    name: z.string(),
    avatarUrl: z.string().optional(),
    desk: IntegrationId.optional(),
  })
  .meta({ id: 'AgentRef' });

export const Author = z
  .object({
    role: z.enum(['customer', 'bot', 'agent', 'system']),
    id: z.union([CustomerId, IntegrationId, AgentId, z.string()]),
    name: z.string().optional(),
    avatarUrl: z.string().optional(),
  })
  .meta({ id: 'Author' });

/** What a bot tells about its own answer; staff see it, customers never do. */
export const BotReport = z
  .strictObject({
    fallback: z.boolean().optional(),
    confidence: z.number().min(0).max(1).optional(),
    intent: z.string().max(200).optional(),
    sources: z
      .array(z.strictObject({ title: z.string().max(300), url: z.string().max(2_000).optional() }))
      .max(20)
      .optional(),
    tools: z
      .array(z.strictObject({ name: z.string().max(200), ok: z.boolean(), detail: z.string().max(2_000).optional() }))
      .max(50)
      .optional(),
  })
  .meta({ id: 'BotReport' });

export const Message = z
  .object({
    id: MessageId,
    author: Author,
    parts: z.array(Part),
    clientId: z.string().optional(),
    epoch: z.number().int().optional(),
    bot: BotReport.optional(),
    notice: z.string().optional(),
    barge: z.literal(true).optional(),
    imported: z.literal(true).optional(),
    saidAt: Time.optional(),
    edited: z.literal(true).optional(),
    redacted: z.literal(true).optional(),
  })
  .meta({ id: 'Message' });

/** The sender's own id of a message: the same one again is the same message. */
export const ClientId = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[\x21-\x7e]+$/, 'Printable ASCII without spaces.');
