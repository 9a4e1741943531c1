import {
  type Conversation,
  type ConversationId,
  type CustomerCard,
  type CustomerId,
  type HandoffContext,
  handoffContext,
  type Page,
  type ReturnContext,
  returnContext,
  type WorkspaceId,
} from '@baton/core';
import type { Pool } from 'pg';
import { wholeLog } from '#store/conversations.ts';
import { findCustomer } from '#store/customers.ts';
import type { Directory } from './directory.ts';

/** Other conversations of the same person that an agent is told of, newest first. */
const EARLIER = 10;

export interface ContextDeps {
  pool: Pool;
  directory: Directory;
}

/**
 * What an agent or a desk must know of a handoff, open or ended. `handoff` null takes the open one, else the one that
 * ended last; the answer is null when there never was one. `upTo` cuts the log: what comes after goes its own way.
 */
export async function contextOf(
  deps: ContextDeps,
  state: Conversation,
  upTo = Number.POSITIVE_INFINITY,
): Promise<HandoffContext | null> {
  const { pool, directory } = deps;
  const [events, customer, page, earlier, stored] = await Promise.all([
    wholeLog(pool, state.id),
    customerCard(pool, state.workspace, state.customer),
    pageOf(pool, state.id),
    earlierOf(pool, state),
    state.handoff ? null : lastHandoff(pool, state.id),
  ]);
  const handoff = state.handoff ?? stored;
  if (!handoff) return null;
  const integration = directory.integration(state.workspace, state.channel);
  const channel = { kind: integration?.kind ?? 'unknown', name: integration?.name ?? '' };
  return handoffContext({
    conversation: state,
    handoff,
    events: events.filter(({ seq }) => seq <= upTo),
    customer,
    page,
    channel,
    earlier,
  });
}

/** What a bot gets back after the handoff that ended last; null when there is none. */
export async function returnContextOf(pool: Pool, state: Conversation): Promise<ReturnContext | null> {
  if (!state.ended) return null;
  return returnContext({ handoff: state.ended.id, events: await wholeLog(pool, state.id) });
}

/** The customer, or what is left of him once he was erased. */
export async function customerCard(pool: Pool, workspace: WorkspaceId, id: CustomerId): Promise<CustomerCard> {
  const row = await findCustomer(pool, workspace, id);
  if (!row) return { id, name: null, email: null, phone: null, externalId: null, verified: false, attributes: {} };
  const { externalId, name, email, phone, verified, attributes } = row;
  return { id, name, email, phone, externalId, verified, attributes };
}

export async function pageOf(pool: Pool, conversation: ConversationId): Promise<Page | null> {
  const { rows } = await pool.query<{ page: Page | null }>('select page from conversations where id = $1', [
    conversation,
  ]);
  return rows[0]?.page ?? null;
}

async function earlierOf(pool: Pool, state: Conversation): Promise<HandoffContext['earlier']> {
  const { rows } = await pool.query<{ conversation: ConversationId; at: number; outcome: string | null }>(
    `select c.id as conversation, round(extract(epoch from c.opened_at) * 1000)::float8 as at,
       (select h.outcome from handoffs h where h.conversation_id = c.id order by h.requested_at desc limit 1) as outcome
     from conversations c where c.workspace_id = $1 and c.customer_id = $2 and c.id <> $3 order by c.id desc limit $4`,
    [state.workspace, state.customer, state.id, EARLIER],
  );
  return rows;
}

type HandoffFacts = Parameters<typeof handoffContext>[0]['handoff'];

async function lastHandoff(pool: Pool, conversation: ConversationId): Promise<HandoffFacts | null> {
  const { rows } = await pool.query<Omit<HandoffFacts, 'summary'> & { summary: string | null }>(
    `select id, reason, evidence, summary, queue_id as queue, priority, skills,
       round(extract(epoch from waiting_since) * 1000)::float8 as "waitingSince"
     from handoffs where conversation_id = $1 order by requested_at desc limit 1`,
    [conversation],
  );
  const [row] = rows;
  if (!row) return null;
  const { summary, ...facts } = row;
  return summary === null ? facts : { ...facts, summary };
}
