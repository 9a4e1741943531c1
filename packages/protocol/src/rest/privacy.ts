import { z } from 'zod';
import { EventItem } from '#events.ts';
import { CustomerId, FileId, Time } from '#ids.ts';
import { Conversation, Customer } from './conversation.ts';
import { op } from './table.ts';

const tag = 'Customers';
const params = z.strictObject({ id: CustomerId });

export const Erasure = z
  .object({
    customers: z.array(CustomerId).meta({ description: 'Every id under which he was known.' }),
    conversations: z.number().int(),
    files: z.number().int(),
  })
  .meta({ id: 'Erasure' });

export const CustomerExport = z
  .object({
    exportedAt: Time,
    customer: Customer,
    ids: z
      .array(CustomerId)
      .meta({ description: 'Every id under which he is known, also as a visitor before he was known.' }),
    conversations: z.array(z.object({ conversation: Conversation, events: z.array(EventItem) })),
    files: z.array(
      z.object({
        id: FileId,
        name: z.string(),
        mime: z.string(),
        size: z.number().int(),
        url: z.string(),
        uploadedAt: Time,
      }),
    ),
  })
  .meta({ id: 'CustomerExport', description: 'Everything that is held of a customer.' });

export const privacyOps = {
  exportCustomer: op({
    method: 'GET',
    path: '/v1/customers/{id}/export',
    tag,
    access: ['admin'],
    summary: 'Everything that is held of a customer',
    description: 'Notes among staff are in it: look through it before you give it away.',
    params,
    answers: { 200: CustomerExport },
  }),
  eraseCustomer: op({
    method: 'POST',
    path: '/v1/customers/{id}/erase',
    tag,
    access: ['admin'],
    idempotent: true,
    summary: 'Erase a customer',
    description:
      'Everywhere and for good: details, what was said in his conversations, notes, quotes, files. Open conversations end. Each log keeps its shape and ends with `customer.erased`, which webhooks hear of. Backups, and what outside desks and bots were told, are yours to follow up. Called again after it was cut off it goes on.',
    params,
    answers: { 200: Erasure },
  }),
};
