import type { IntegrationHealth } from '@baton/protocol';

/** How a desk is doing, in one word. */
export type DeskState = 'ok' | 'failing' | 'down' | 'unused' | 'off' | 'unknown';

/** @param health undefined while it was not read yet */
export function deskState(enabled: boolean, health: IntegrationHealth | undefined): DeskState {
  if (!enabled) return 'off';
  if (!health) return 'unknown';
  if (health.state !== 'closed') return 'down';
  const last = health.calls.at(-1);
  if (health.failures > 0 || last?.ok === false) return 'failing';
  return last || health.usedAt || health.heard.events > 0 ? 'ok' : 'unused';
}
