import type { ConversationId, HandoffId, IntegrationId, Millis } from '@baton/core';
import type { Db } from './db.ts';

/** An opening of which nobody knows whether it arrived. */
export interface UnsettledOpening {
  handoff: HandoffId;
  /** Of the `handoff.requested` that asked for it. */
  seq: number;
  /** Since it was tried last. */
  ageMs: Millis;
}

/** Those of a conversation at a desk whose handoff does not wait there any more, nor is there: nobody else finds out about them. */
export async function unsettledOpenings(
  db: Db,
  conversation: ConversationId,
  desk: IntegrationId,
): Promise<UnsettledOpening[]> {
  const { rows } = await db.query<UnsettledOpening>({
    name: 'unsettled-openings',
    text: `select e.event ->> 'handoff' as handoff, d.seq, extract(epoch from now() - d.at)::float8 * 1000 as "ageMs"
           from deliveries d join events e on e.conversation_id = d.conversation_id and e.seq = d.seq and e.type = 'handoff.requested'
           where d.conversation_id = $1 and d.side = 'desk:' || $2 and d.state in ('pending', 'unknown')
             and not exists (select from handoffs h where h.id = e.event ->> 'handoff' and h.desk_id = $2 and h.phase <> 'ended')
           order by d.seq`,
    values: [conversation, desk],
  });
  return rows;
}

/** What came of bringing a handoff to a desk, which may have been asked for several times: the ticket, where any of them gave one. */
export async function openingOf(
  db: Db,
  { conversation, desk, handoff }: { conversation: ConversationId; desk: IntegrationId; handoff: HandoffId },
): Promise<{ externalId: string | null } | null> {
  const { rows } = await db.query<{ externalId: string | null }>({
    name: 'opening-of',
    text: `select d.external_id as "externalId"
           from deliveries d join events e on e.conversation_id = d.conversation_id and e.seq = d.seq and e.type = 'handoff.requested'
           where d.conversation_id = $1 and d.side = 'desk:' || $2 and e.event ->> 'handoff' = $3
           order by d.external_id is null, d.seq desc limit 1`,
    values: [conversation, desk, handoff],
  });
  return rows[0] ?? null;
}

/** Its ticket is known now: whichever of several tries made it, none of them is in doubt any more. */
export async function settleEarlier(
  db: Db,
  { conversation, desk, handoff }: { conversation: ConversationId; desk: IntegrationId; handoff: HandoffId },
  ticket: string,
): Promise<void> {
  await db.query(
    `update deliveries d set state = 'sent', external_id = $4, detail = null from events e
     where d.conversation_id = $1 and d.side = 'desk:' || $2 and d.state <> 'sent'
       and e.conversation_id = d.conversation_id and e.seq = d.seq and e.type = 'handoff.requested' and e.event ->> 'handoff' = $3`,
    [conversation, desk, handoff, ticket],
  );
}
