import type { ConversationId } from '@baton/core';
import type { Db } from './db.ts';

export type DeliveryState = 'pending' | 'sent' | 'delivered' | 'read' | 'failed' | 'unknown';

export interface Delivery {
  conversation: ConversationId;
  side: string;
  seq: number;
  state: DeliveryState;
  externalId: string | null;
  detail: string | null;
}

/** Receipts come in any order: a state never goes back, and `failed` is final unless it is sent again on purpose. */
export async function noteDelivery(
  db: Db,
  { conversation, side, seq, state, externalId, detail }: Delivery,
): Promise<void> {
  await db.query({
    name: 'note-delivery',
    text: `insert into deliveries (conversation_id, side, seq, state, external_id, detail) values ($1, $2, $3, $4, $5, $6)
           on conflict (conversation_id, side, seq, part) do update set
             state = excluded.state, external_id = coalesce(excluded.external_id, deliveries.external_id), detail = excluded.detail, at = now()`,
    values: [conversation, side, seq, state, externalId, detail?.slice(0, 1_000) ?? null],
  });
}

export async function deliveryOf(
  db: Db,
  conversation: ConversationId,
  side: string,
  seq: number,
): Promise<Delivery | null> {
  const { rows } = await db.query<Delivery>({
    name: 'delivery-of',
    text: `select conversation_id as conversation, side, seq, state, external_id as "externalId", detail from deliveries
           where conversation_id = $1 and side = $2 and seq = $3 and part = 0`,
    values: [conversation, side, seq],
  });
  return rows[0] ?? null;
}

/** Is this outside id one of our own messages, coming back? */
export async function isOurs(db: Db, side: string, externalId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-ours',
    text: 'select 1 from deliveries where side = $1 and external_id = $2 limit 1',
    values: [side, externalId],
  });
  return rowCount === 1;
}
