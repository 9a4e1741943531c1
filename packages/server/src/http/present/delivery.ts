import type { Delivery, WebhookDelivery } from '@baton/protocol';
import type { DeliveryRow } from '#store/deliveries.ts';
import { presentTime, presentTimeOrNull } from './event.ts';

export function presentDelivery({ conversation: _, at, nextAttemptAt, ...row }: DeliveryRow): Delivery {
  return { ...row, at: presentTime(at), nextAttemptAt: presentTimeOrNull(nextAttemptAt) };
}

export function presentWebhookDelivery(row: DeliveryRow): WebhookDelivery {
  const { conversation, seq, type, state, attempts, nextAttemptAt } = row;
  return {
    event: row.externalId ?? '',
    type,
    conversation,
    seq,
    status: state !== 'failed' ? 'sent' : nextAttemptAt === null ? 'failed' : 'retrying',
    attempts,
    lastAttemptAt: presentTime(row.at),
    nextAttemptAt: presentTimeOrNull(nextAttemptAt),
    error: row.detail,
  };
}
