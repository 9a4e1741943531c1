import type { Webhook } from '@baton/protocol';
import type { DeskState } from '#screens/desks/desk-state.ts';

/** How an endpoint is doing, in the words of desks. */
export function webhookState({ enabled, health }: Webhook): DeskState {
  if (!enabled) return 'off';
  if (health.failingSince) return 'failing';
  return health.lastSuccessAt ? 'ok' : 'unused';
}
