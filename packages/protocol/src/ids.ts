import { z } from 'zod';

/** A prefixed, time-sortable id. The part after the prefix is opaque. */
const id = <P extends string>(prefix: P, what: string) =>
  z
    .templateLiteral([`${prefix}_`, z.string().regex(/^[0-9A-Za-z]{1,64}$/)])
    .meta({ description: `Id of ${what}.`, examples: [`${prefix}_01jd8n2x7k3v9q4m5w6e7r8t9y`] });

export const WorkspaceId = id('wsp', 'a workspace');
export const CustomerId = id('cus', 'a customer');
export const ConversationId = id('cnv', 'a conversation');
export const MessageId = id('msg', 'a message');
export const HandoffId = id('hnd', 'a handoff');
export const AgentId = id('agt', 'an agent');
export const QueueId = id('que', 'a queue');
export const IntegrationId = id('int', 'an integration (a configured channel, bot or desk)');
export const WebhookId = id('whk', 'an outgoing webhook');
export const KeyId = id('key', 'an API key');
export const ShiftId = id('shf', 'a shift');
export const FileId = id('fil', 'an uploaded file');

/** RFC 3339, UTC. */
export const Time = z.iso.datetime().meta({ description: 'RFC 3339, UTC.', examples: ['2026-11-22T12:00:00.000Z'] });
