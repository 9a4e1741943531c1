import type { ConversationId, CustomerId, IntegrationId, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

/** The conversation that a visitor finds again on a site: his open one, else his last. */
export async function conversationOfVisitor(
  db: Db,
  workspace: WorkspaceId,
  channel: IntegrationId,
  customer: string,
): Promise<{ id: ConversationId; status: 'open' | 'closed'; seq: number; closedAt: Date | null } | null> {
  const { rows } = await db.query<{
    id: ConversationId;
    status: 'open' | 'closed';
    seq: number;
    closedAt: Date | null;
  }>(
    `select id, status, seq, closed_at as "closedAt" from conversations
      where workspace_id = $1 and channel_id = $2 and customer_id = any (array(select id from customers where workspace_id = $1 and (id = $3 or merged_into = $3)))
      order by status = 'open' desc, id desc limit 1`,
    [workspace, channel, customer],
  );
  return rows[0] ?? null;
}

/** The open conversations of these visitors on their sites. */
export async function openConversationsOf(
  db: Db,
  visitors: readonly { workspace: WorkspaceId; channel: IntegrationId; customer: CustomerId }[],
): Promise<{ id: ConversationId; customer: CustomerId; channel: IntegrationId }[]> {
  const { rows } = await db.query<{ id: ConversationId; customer: CustomerId; channel: IntegrationId }>(
    `select c.id, c.customer_id as customer, c.channel_id as channel
     from unnest($1::text[], $2::text[], $3::text[]) as v(workspace, channel, customer)
     join conversations c on c.workspace_id = v.workspace and c.customer_id = v.customer and c.channel_id = v.channel
     where c.status = 'open'`,
    [
      visitors.map(({ workspace }) => workspace),
      visitors.map(({ channel }) => channel),
      visitors.map(({ customer }) => customer),
    ],
  );
  return rows;
}

/**
 * Names the conversation that a visitor is about to open: `fresh`, or the one that was named before and is not closed
 * yet, be it there already or not. Of many who ask at once all get the same.
 */
export async function nameOpening(
  db: Db,
  { workspace, channel, customer }: { workspace: WorkspaceId; channel: IntegrationId; customer: string },
  fresh: ConversationId,
): Promise<ConversationId> {
  const { rows } = await db.query<{ id: ConversationId }>(
    `insert into openings as o (workspace_id, channel_id, customer_id, conversation_id)
     select $1, $2, $3, $4 where not exists (select 1 from customers where workspace_id = $1 and id = $3 and erasing_at is not null)
     on conflict (channel_id, customer_id) do update set conversation_id = case
       when exists (select 1 from conversations c where c.id = o.conversation_id and c.status = 'closed') then excluded.conversation_id
       else o.conversation_id end
     returning conversation_id as id`,
    [workspace, channel, customer, fresh],
  );
  if (!rows[0]) throw new Error(`Customer ${customer} was erased: nothing begins under this id.`);
  return rows[0].id;
}

/** Is this a conversation of this customer on this site, or of a visitor there who turned out to be him? */
export async function isCustomerOf(
  db: Db,
  { workspace, channel, customer }: { workspace: WorkspaceId; channel: string; customer: string },
  conversation: string,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from conversations c join customers x on x.workspace_id = c.workspace_id and x.id = c.customer_id
      where c.workspace_id = $1 and c.id = $2 and c.channel_id = $4 and coalesce(x.merged_into, x.id) = $3`,
    [workspace, conversation, customer, channel],
  );
  return rowCount === 1;
}

/** Where the customer is on the site now. */
export async function setPage(
  db: Db,
  workspace: WorkspaceId,
  conversation: ConversationId,
  page: object,
): Promise<void> {
  await db.query('update conversations set page = $3 where workspace_id = $1 and id = $2', [
    workspace,
    conversation,
    page,
  ]);
}
