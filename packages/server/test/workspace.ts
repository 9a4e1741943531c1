import type { CustomerId, IntegrationId, QueueId, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';

export interface SeededWorkspace {
  workspace: WorkspaceId;
  channel: IntegrationId;
  bot: IntegrationId;
  queue: QueueId;
  customer: CustomerId;
}

let count = 0;

/** A workspace with one queue, a widget channel, a bot and a customer, for tests of the hub. */
export async function seedWorkspace(pool: Pool): Promise<SeededWorkspace> {
  const n = `t${++count}x${Math.random().toString(36).slice(2, 8)}`;
  const ids: SeededWorkspace = {
    workspace: `wsp_${n}`,
    channel: `int_ch${n}`,
    bot: `int_bot${n}`,
    queue: `que_${n}`,
    customer: `cus_${n}`,
  };
  const { workspace, channel, bot, queue, customer } = ids;
  await pool.query('insert into workspaces (id, name, default_queue) values ($1, $2, $3)', [workspace, 'Test', queue]);
  await pool.query('insert into queues (workspace_id, id, name) values ($1, $2, $3)', [workspace, queue, 'Support']);
  await pool.query(
    `insert into integrations (workspace_id, id, side, kind, name, bot_id, site_key) values
     ($1, $2, 'channel', 'widget', 'Website', $3, $4), ($1, $3, 'bot', 'house', 'Bot', null, null)`,
    [workspace, channel, bot, `site_${n}`],
  );
  await pool.query('insert into customers (workspace_id, id, name) values ($1, $2, $3)', [workspace, customer, 'Ada']);
  return ids;
}
