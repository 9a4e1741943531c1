import type { IntegrationId } from '@baton/core';
import type { Db } from './db.ts';

export interface InboxItem {
  key: string;
  payload: unknown;
  /** Milliseconds since 1970; known of what was read back. */
  receivedAt?: number;
}

/** Keeps what came in, each key once; answers with the keys that are new. */
export async function keepInbox(db: Db, integration: IntegrationId, items: readonly InboxItem[]): Promise<Set<string>> {
  if (items.length === 0) return new Set();
  const { rows } = await db.query<{ key: string }>({
    name: 'keep-inbox',
    text: `insert into inbox (integration_id, key, payload)
           select $1, x.key, x.payload from unnest($2::text[], $3::jsonb[]) as x(key, payload)
           on conflict do nothing returning key`,
    values: [integration, items.map((item) => item.key), items.map((item) => JSON.stringify(item.payload))],
  });
  return new Set(rows.map((row) => row.key));
}

/** What was kept and not worked off yet, oldest first: after a crash it is taken up again. */
export async function openInbox(db: Db, integration: IntegrationId, limit = 200): Promise<InboxItem[]> {
  const { rows } = await db.query<InboxItem>(
    'select key, payload, extract(epoch from received_at)::float8 * 1000 as "receivedAt" from inbox where integration_id = $1 and done_at is null order by n limit $2',
    [integration, limit],
  );
  return rows;
}

export async function inboxDone(db: Db, integration: IntegrationId, keys: readonly string[]): Promise<void> {
  await db.query({
    name: 'inbox-done',
    text: 'update inbox set done_at = now(), payload = null where integration_id = $1 and key = any ($2)',
    values: [integration, keys],
  });
}
