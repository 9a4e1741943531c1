import type { WorkspaceId } from '@baton/core';
import { type Seal, Unreadable } from './sealed.ts';

/** The config of an integration as it lies in its row: `openConfig` gives what is in it. */
export interface SealedConfig {
  readonly [sealed]: never;
}
declare const sealed: unique symbol;

/** Which row it is: a secret opens there alone. */
interface Of {
  workspace: WorkspaceId;
  id: string;
}

export type Config = Record<string, unknown>;

function placeOf({ workspace, id }: Of, field: string): string {
  return `integrations/${workspace}/${id}/${field}`;
}

/** Fields that are secrets of its kind are sealed, whatever they hold; what is sealed already stays. */
export function sealConfig(seal: Seal, secrets: readonly string[], of: Of, config: Config): SealedConfig {
  const closed = Object.entries(config).map(([field, value]) => [
    field,
    secrets.includes(field) && value !== undefined ? seal.close(JSON.stringify(value), placeOf(of, field)) : value,
  ]);
  return Object.fromEntries(closed) as unknown as SealedConfig;
}

/** The config in plain. A field that cannot be read is left out and named: the rest goes on. */
export function openConfig(seal: Seal, of: Of, stored: SealedConfig): { config: Config; unreadable: string[] } {
  const config: Config = {};
  const unreadable: string[] = [];
  for (const [field, value] of Object.entries(stored)) {
    if (typeof value !== 'string' || seal.stateOf(value) === 'plain') {
      config[field] = value;
      continue;
    }
    try {
      config[field] = JSON.parse(seal.open(value, placeOf(of, field)));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      unreadable.push(field);
    }
  }
  return { config, unreadable };
}

/** Is there something in it that lies in plain, or (`old` too) under an earlier key, or under one that is not here? */
export function needsSeal(seal: Seal, secrets: readonly string[], stored: SealedConfig, old: boolean): boolean {
  return Object.entries(stored).some(([field, value]) => {
    if (!secrets.includes(field)) return false;
    const state = typeof value === 'string' ? seal.stateOf(value) : 'plain';
    return state === 'plain' || state === 'lost' || (old && state === 'old');
  });
}

/** Where a webhook's secret belongs. */
export function webhookPlace({ workspace, id }: Of): string {
  return `webhooks/${workspace}/${id}/secret`;
}
