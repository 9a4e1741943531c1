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
  /** Another try, not news of an earlier one. */
  again?: true;
}

/** A delivery as people read it. */
export interface DeliveryRow extends Omit<Delivery, 'again'> {
  part: number;
  /** Of the event; null once it is gone. */
  type: string | null;
  attempts: number;
  at: Date;
  /** It failed and is tried again then. */
  nextAttemptAt: Date | null;
}

/** Receipts come in any order: a state never goes back, and `failed` is final unless it is sent again on purpose. */
export async function noteDelivery(
  db: Db,
  { conversation, side, seq, state, externalId, detail, again }: Delivery,
): Promise<void> {
  await db.query({
    name: 'note-delivery',
    text: `insert into deliveries (conversation_id, side, seq, state, external_id, detail) values ($1, $2, $3, $4, $5, $6)
           on conflict (conversation_id, side, seq, part) do update set
             state = excluded.state, external_id = coalesce(excluded.external_id, deliveries.external_id), detail = excluded.detail, at = now(), attempts = deliveries.attempts + $7`,
    values: [conversation, side, seq, state, externalId, detail?.slice(0, 1_000) ?? null, again ? 1 : 0],
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

/** Is this outside id one of our own messages in this conversation, coming back? Desks may number tickets and messages alike. */
export async function isOurs(db: Db, conversation: ConversationId, side: string, externalId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-ours',
    text: `select 1 from deliveries d join events e on e.conversation_id = d.conversation_id and e.seq = d.seq
           where d.conversation_id = $1 and d.side = $2 and d.external_id = $3 and e.type = 'message' limit 1`,
    values: [conversation, side, externalId],
  });
  return rowCount === 1;
}

/** What is in the log of a delivery's event, and when its cursor is due again. */
const LISTED = `select d.conversation_id as conversation, d.side, d.seq, d.part, d.state, d.external_id as "externalId", d.detail,
    d.attempts, d.at, e.type, case when d.state in ('failed', 'unknown') then case when c.seq < d.seq then c.due_at when d.again then d.at end end as "nextAttemptAt"
  from deliveries d
  left join events e on e.conversation_id = d.conversation_id and e.seq = d.seq
  left join cursors c on c.conversation_id = d.conversation_id and c.side = d.side`;

/** Where a page ended: lists are read newest first. */
export interface DeliveryMark {
  at: Date;
  conversation: string;
  seq: number;
}

/** What one endpoint was sent. */
export async function deliveriesTo(
  db: Db,
  side: string,
  filter: {
    status?: 'sent' | 'retrying' | 'failed' | undefined;
    conversation?: string | undefined;
    after: DeliveryMark | null;
    limit: number;
  },
): Promise<DeliveryRow[]> {
  const { after } = filter;
  const { rows } = await db.query<DeliveryRow>(
    `select * from (${LISTED} where d.side = $1 and ($2::text is null or d.conversation_id = $2)
       and ($4::timestamptz is null or (d.at, d.conversation_id, d.seq) < ($4, $5, $6))) one
     where $3::text is null or case $3 when 'sent' then state <> 'failed'
       when 'retrying' then state = 'failed' and "nextAttemptAt" is not null else state = 'failed' and "nextAttemptAt" is null end
     order by at desc, conversation desc, seq desc limit $7`,
    [
      side,
      filter.conversation ?? null,
      filter.status ?? null,
      after?.at ?? null,
      after?.conversation ?? '',
      after?.seq ?? 0,
      filter.limit,
    ],
  );
  return rows;
}

/** What of one conversation went to outside sides, newest event first. */
export async function deliveriesIn(
  db: Db,
  conversation: ConversationId,
  filter: { side?: string | undefined; after: { seq: number; side: string; part: number } | null; limit: number },
): Promise<DeliveryRow[]> {
  const { after } = filter;
  const { rows } = await db.query<DeliveryRow>(
    `${LISTED} where d.conversation_id = $1 and ($2::text is null or d.side = $2)
       and ($3::int is null or (d.seq, d.side, d.part) < ($3, $4, $5))
     order by d.seq desc, d.side desc, d.part desc limit $6`,
    [conversation, filter.side ?? null, after?.seq ?? null, after?.side ?? '', after?.part ?? 0, filter.limit],
  );
  return rows;
}
