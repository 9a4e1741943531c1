import { z } from 'zod';
import { ConversationId, MessageId } from '#ids.ts';
import { MessageAnswer } from './conversation.ts';
import { Nothing, op } from './table.ts';

const tag = 'Conversations';
const params = z.strictObject({ id: ConversationId, message: MessageId });

export const messageOps = {
  editMessage: op({
    method: 'PATCH',
    path: '/v1/conversations/{id}/messages/{message}',
    tag,
    access: ['conversations:write'],
    idempotent: true,
    summary: 'Change the words of a message',
    description:
      'An agent changes his own, a key what the bot and the customer of its channel said. While the conversation is open. The earlier words stay in the log; to take them out, remove the message.',
    params,
    body: z.strictObject({ text: z.string().min(1).max(8_000) }).meta({ id: 'MessagePatch' }),
    answers: { 200: MessageAnswer },
    problems: ['closed', 'empty', 'too_long', 'not_allowed'],
  }),
  redactMessage: op({
    method: 'DELETE',
    path: '/v1/conversations/{id}/messages/{message}',
    tag,
    access: ['conversations:write'],
    idempotent: true,
    summary: 'Remove a message',
    description:
      'For what should not have been written: a card number, a password. Its words, its edits and its files are gone for good, also where a handoff or a flag quoted them; its place and its author stay. What outside desks and bots were sent before is theirs to remove.',
    params,
    answers: { 204: Nothing },
    problems: ['closed'],
  }),
};
