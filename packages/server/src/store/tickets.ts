import type { ConversationId, HandoffId, IntegrationId, Millis, Ticket } from '@baton/core';
import type { Db } from './db.ts';

/** What a conversation's log says of an outside desk up to a seq: the handoff that is there, or none. */
export interface AtDesk {
  handoff: HandoffId;
}

/**
 * Is the conversation at this desk just before `seq`? The last event that moved the handoff tells: requested there and
 * neither moved on, ended, nor taken by somebody else's agent since.
 */
export async function atDesk(
  db: Db,
  conversation: ConversationId,
  desk: IntegrationId,
  seq: number,
): Promise<AtDesk | null> {
  const { rows } = await db.query<{
    seq: number;
    type: string;
    handoff: HandoffId;
    desk: string | null;
    agent: { desk?: string } | null;
  }>({
    name: 'at-desk',
    text: `select seq, type, event ->> 'handoff' as handoff, event ->> 'desk' as desk, coalesce(event -> 'agent', event -> 'to' -> 'agent') as agent
           from events where conversation_id = $1 and seq < $2
             and type in ('handoff.requested', 'handoff.accepted', 'handoff.transferred', 'handoff.ended')
           order by seq desc limit 50`,
    values: [conversation, seq],
  });
  for (const row of rows) {
    if (row.type === 'handoff.ended') return null;
    if (row.type === 'handoff.requested') return row.desk === desk ? { handoff: row.handoff } : null;
    if (row.agent && row.agent.desk !== desk) return null;
  }
  return null;
}

export interface OfTicket {
  conversation: ConversationId;
  handoff: HandoffId;
  open: boolean;
  requestedAt: Millis;
  /** When the handoff ended; null also where that is not known. */
  endedAt: Millis | null;
}

/**
 * Which conversation a desk's ticket belongs to: the handoff that came there last. One that has gone on to another desk is
 * known by the delivery of its opening.
 */
export async function ofTicket(db: Db, desk: IntegrationId, ticket: string): Promise<OfTicket | null> {
  const { rows } = await db.query<OfTicket>({
    name: 'of-ticket',
    text: `(select conversation_id as conversation, id as handoff, phase <> 'ended' as open,
              extract(epoch from requested_at)::float8 * 1000 as "requestedAt",
              extract(epoch from ended_at)::float8 * 1000 as "endedAt"
            from handoffs where desk_id = $1 and ticket ->> 'id' = $2 order by requested_at desc limit 1)
           union all
           (select d.conversation_id, e.event ->> 'handoff', false, extract(epoch from e.at)::float8 * 1000, null
            from deliveries d join events e on e.conversation_id = d.conversation_id and e.seq = d.seq and e.type = 'handoff.requested'
            where d.side = 'desk:' || $1 and d.external_id = $2 order by d.at desc limit 1)
           limit 1`,
    values: [desk, ticket],
  });
  return rows[0] ?? null;
}

/** Is a handoff being brought to this desk, whose ticket we do not know yet? */
export async function isOpening(db: Db, desk: IntegrationId): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-opening',
    text: "select 1 from handoffs where desk_id = $1 and phase = 'requested' limit 1",
    values: [desk],
  });
  return rowCount === 1;
}

export async function ticketOf(db: Db, handoff: HandoffId): Promise<Ticket | null> {
  const { rows } = await db.query<{ ticket: Ticket | null }>('select ticket from handoffs where id = $1', [handoff]);
  return rows[0]?.ticket ?? null;
}

/** The handoff of a conversation that was at this desk last, where it has a ticket there. */
export async function lastAtDesk(
  db: Db,
  conversation: ConversationId,
  desk: IntegrationId,
): Promise<{ handoff: HandoffId; ticket: Ticket; open: boolean } | null> {
  const { rows } = await db.query<{ handoff: HandoffId; ticket: Ticket; open: boolean }>(
    `select id as handoff, ticket, phase <> 'ended' as open from handoffs
     where conversation_id = $1 and desk_id = $2 and ticket is not null order by requested_at desc limit 1`,
    [conversation, desk],
  );
  return rows[0] ?? null;
}
