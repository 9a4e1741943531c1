import type { WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import { type Seal, Unreadable } from './sealed.ts';
import { needsSeal, openConfig, type SealedConfig, sealConfig, webhookPlace } from './sealed-config.ts';

export interface Sealed {
  sealed: number;
  /** Where something could not be read: `integration int_1: secret`. */
  unreadable: string[];
}

/**
 * Seals what lies in plain (of before there were seals, or of the first start); with `old` also what lies under an earlier
 * key, which need not be known any more afterwards. What somebody changes meanwhile is left to him.
 */
export async function sealAll(
  pool: Pool,
  seal: Seal,
  secretsOf: (side: string, kind: string) => readonly string[],
  { old }: { old: boolean },
): Promise<Sealed> {
  const done: Sealed = { sealed: 0, unreadable: [] };
  const integrations = await pool.query<{
    workspace: WorkspaceId;
    id: string;
    side: string;
    kind: string;
    config: SealedConfig;
  }>('select workspace_id as workspace, id, side, kind, config from integrations');
  for (const row of integrations.rows) {
    const secrets = secretsOf(row.side, row.kind);
    if (!needsSeal(seal, secrets, row.config, old)) continue;
    const { config, unreadable } = openConfig(seal, row, row.config);
    done.unreadable.push(...unreadable.map((field) => `integration ${row.id}: ${field}`));
    // A field that cannot be read must not be lost: the row waits for its key.
    if (unreadable.length > 0) continue;
    const { rowCount } = await pool.query(
      'update integrations set config = $3 where workspace_id = $1 and id = $2 and config = $4',
      [row.workspace, row.id, sealConfig(seal, secrets, row, config), row.config],
    );
    done.sealed += rowCount ?? 0;
  }
  const webhooks = await pool.query<{ workspace: WorkspaceId; id: string; secret: string }>(
    'select workspace_id as workspace, id, secret from webhooks',
  );
  for (const row of webhooks.rows) {
    const state = seal.stateOf(row.secret);
    if (state === 'current' || (state === 'old' && !old)) continue;
    try {
      const secret = seal.close(seal.open(row.secret, webhookPlace(row)), webhookPlace(row));
      const { rowCount } = await pool.query(
        'update webhooks set secret = $3 where workspace_id = $1 and id = $2 and secret = $4',
        [row.workspace, row.id, secret, row.secret],
      );
      done.sealed += rowCount ?? 0;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      done.unreadable.push(`webhook ${row.id}: secret`);
    }
  }
  return done;
}
