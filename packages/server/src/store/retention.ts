import type { ConversationId, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import { type Db, transaction } from './db.ts';

/** Workspaces that delete what is old, and how old that is. */
export async function retentions(db: Db): Promise<{ workspace: WorkspaceId; days: number }[]> {
  const { rows } = await db.query<{ workspace: WorkspaceId; days: number }>(
    'select id as workspace, retention_days as days from workspaces where retention_days is not null',
  );
  return rows;
}

/** Conversations that were closed longer ago than that, the oldest first. */
export async function closedBefore(
  db: Db,
  workspace: WorkspaceId,
  days: number,
  limit: number,
): Promise<ConversationId[]> {
  // active_at is never much later than closed_at: it has the index, closed_at decides.
  const { rows } = await db.query<{ id: ConversationId }>(
    `select id from conversations
      where workspace_id = $1 and status = 'closed' and closed_at < now() - make_interval(days => $2)
        and active_at < now() - make_interval(days => $2) + interval '1 minute'
      order by active_at limit $3`,
    [workspace, days, limit],
  );
  return rows.map(({ id }) => id);
}

/**
 * Deletes conversations with all that hangs on them. One that was opened again meanwhile stays, also where it was closed
 * anew, and is not in the answer.
 */
export async function deleteConversations(
  pool: Pool,
  workspace: WorkspaceId,
  days: number,
  ids: readonly ConversationId[],
): Promise<ConversationId[]> {
  return transaction(pool, async (db) => {
    // The log has no foreign key (its head is the fence): it goes with the head, in one transaction.
    const { rows } = await db.query<{ id: ConversationId }>(
      `delete from conversations where workspace_id = $1 and id = any ($2)
         and status = 'closed' and closed_at < now() - make_interval(days => $3) returning id`,
      [workspace, ids, days],
    );
    const gone = rows.map(({ id }) => id);
    await db.query('delete from events where conversation_id = any ($1)', [gone]);
    await db.query('delete from openings where conversation_id = any ($1)', [gone]);
    return gone;
  });
}

/** Customers of whom nothing is left, and of whom nothing was heard for so long. Gives how many. */
export async function deleteEmptyCustomers(db: Db, workspace: WorkspaceId, days: number): Promise<number> {
  const { rowCount } = await db.query(
    `delete from customers c where workspace_id = $1 and updated_at < now() - make_interval(days => $2)
       and not exists (select 1 from conversations x where x.workspace_id = c.workspace_id and x.customer_id = c.id)
       and not exists (select 1 from customers m join conversations x on x.workspace_id = m.workspace_id and x.customer_id = m.id
                        where m.workspace_id = c.workspace_id and m.merged_into = c.id)`,
    [workspace, days],
  );
  return rowCount ?? 0;
}

/** What came in and was worked off so long ago that nobody sends it again: vendors try for days, not for weeks. */
export async function forgetInbox(db: Db): Promise<void> {
  await db.query("delete from inbox where done_at < now() - interval '30 days'");
}
