import { timingSafeEqual } from 'node:crypto';
import type { IntegrationId, QueueId, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import type { Desk } from '#ports/desk.ts';
import type { Directory, Integration } from './directory.ts';

/** Makes the ready adapter of an integration. Throws `ConfigProblem`. */
export type MakeDesk = (workspace: WorkspaceId, integration: Integration) => Desk;

/** Ready desks, made once per configuration. */
export class Desks {
  readonly #pool: Pool;
  readonly #directory: Directory;
  readonly #make: MakeDesk;
  readonly #made = new Map<IntegrationId, { config: string; desk: Desk }>();

  constructor(deps: { pool: Pool; directory: Directory; make: MakeDesk }) {
    this.#pool = deps.pool;
    this.#directory = deps.directory;
    this.#make = deps.make;
  }

  /** The desk as configured now; null when it is gone or switched off. */
  async get(workspace: WorkspaceId, id: IntegrationId): Promise<Desk | null> {
    await this.#directory.load([workspace]);
    const integration = this.#directory.integration(workspace, id);
    if (!integration?.enabled || integration.side !== 'desk') return null;
    const config = JSON.stringify([integration.kind, integration.name, integration.config]);
    const known = this.#made.get(id);
    if (known?.config === config) return known.desk;
    const desk = this.#make(workspace, integration);
    this.#made.set(id, { config, desk });
    return desk;
  }

  /** For a webhook: the integration and the secret that its address has. Null: there is no such address. */
  async find(id: IntegrationId, secret: string | null): Promise<{ workspace: WorkspaceId; desk: Desk } | null> {
    const { rows } = await this.#pool.query<{ workspace: WorkspaceId }>(
      'select workspace_id as workspace from integrations where id = $1',
      [id],
    );
    const workspace = rows[0]?.workspace;
    const desk = workspace && (await this.get(workspace, id));
    if (!workspace || !desk) return null;
    const expected = this.inboundSecret(workspace, id);
    return expected === null || isSame(secret, expected) ? { workspace, desk } : null;
  }

  /** The last part of the address for its webhooks; null where its webhooks prove themselves. */
  inboundSecret(workspace: WorkspaceId, id: IntegrationId): string | null {
    return this.#text(workspace, id, 'inboundSecret');
  }

  /** Where one of our queues is in that desk: `groups` of its configuration, else its one `group`. */
  group(workspace: WorkspaceId, id: IntegrationId, queue: QueueId): string | null {
    const groups = this.#directory.integration(workspace, id)?.config.groups as Record<string, string> | undefined;
    return groups?.[queue] ?? this.#text(workspace, id, 'group');
  }

  #text(workspace: WorkspaceId, id: IntegrationId, field: string): string | null {
    const value = this.#directory.integration(workspace, id)?.config[field];
    return typeof value === 'string' && value !== '' ? value : null;
  }
}

function isSame(given: string | null, expected: string): boolean {
  const left = Buffer.from(given ?? '');
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
