import type { ConversationId, CustomerId, IntegrationId, NewId, Page, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import { conversationOfVisitor, nameOpening } from '#store/visits.ts';
import type { Directory } from './directory.ts';
import type { Ledger } from './ledger.ts';

export interface Visit {
  workspace: WorkspaceId;
  channel: IntegrationId;
  customer: CustomerId;
}

/**
 * The open conversation of a visitor on a site, or a new one. A customer has one open conversation per site: two tabs
 * that write at once, and a message that is sent again because its answer was lost, meet in the same one, on any number
 * of nodes. No lock and no connection is held while it is opened: a hundred visitors at once must not wait for each other.
 */
export async function openFor(
  deps: { pool: Pool; ledger: Pick<Ledger, 'open'>; directory: Directory; newId: NewId },
  visit: Visit,
  { page, locale }: { page?: Page | undefined; locale?: string | undefined } = {},
): Promise<ConversationId> {
  const { workspace, channel, customer } = visit;
  await deps.directory.load([workspace]);
  const found = await conversationOfVisitor(deps.pool, workspace, channel, customer);
  if (found?.status === 'open') return found.id;
  const id = await nameOpening(deps.pool, visit, deps.newId('cnv'));
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
  // Another tab was faster: it is the same conversation.
  if (!outcome.ok && outcome.refusal.code !== 'exists')
    throw new Error(`A conversation could not be opened: ${outcome.refusal.code}`);
  return id;
}
