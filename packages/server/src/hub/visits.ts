import type { ConversationId, CustomerId, IntegrationId, NewId, Page, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import { transaction } from '#store/db.ts';
import { conversationOfVisitor } from '#store/lists.ts';
import type { Directory } from './directory.ts';
import type { Ledger } from './ledger.ts';

export interface Visit {
  workspace: WorkspaceId;
  channel: IntegrationId;
  customer: CustomerId;
}

/**
 * The open conversation of a visitor on a site, or a new one. A customer has one open conversation per site: two tabs
 * that write at once, and a message that is sent again because its answer was lost, meet in the same one. The
 * database's lock makes that so on any number of nodes.
 */
export async function openFor(
  deps: { pool: Pool; ledger: Ledger; directory: Directory; newId: NewId },
  visit: Visit,
  { page, locale }: { page?: Page | undefined; locale?: string | undefined } = {},
): Promise<ConversationId> {
  const { workspace, channel, customer } = visit;
  await deps.directory.load([workspace]);
  return transaction(deps.pool, async (db) => {
    await db.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`visit:${channel}:${customer}`]);
    const found = await conversationOfVisitor(db, workspace, channel, customer);
    if (found?.status === 'open') return found.id;
    const id = deps.newId('cnv');
    const bot = deps.directory.integration(workspace, channel)?.bot ?? null;
    const outcome = await deps.ledger.open({
      type: 'open',
      id,
      workspace,
      channel,
      customer,
      bot,
      ...(page ? { page } : {}),
      ...(locale ? { locale } : {}),
    });
    if (!outcome.ok) throw new Error(`A conversation could not be opened: ${outcome.refusal.code}`);
    return id;
  });
}
