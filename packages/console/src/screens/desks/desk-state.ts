import type { IntegrationHealth } from '@baton/protocol';
import { t } from '#strings/strings.ts';

const words = t.settings.desks;

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

/** Why something waits, and how many milliseconds it still does; 0: nobody knows. */
export interface Wait {
  why: string;
  leftMs: number;
}

/** What is not sent there at this moment: nothing at all, as it is down or asked for time; then what one limit of its keeps back. */
export function waitsOf({ state, pausedUntil, limits }: IntegrationHealth, now: number): Wait[] {
  const left = (until: string | null) => (until === null ? 0 : Math.max(0, Date.parse(until) - now));
  const all: Wait = {
    why: { probing: words.probing, open: words.stateTexts.down, closed: words.askedForTime }[state],
    leftMs: left(pausedUntil),
  };
  const some = limits.map(({ what, until }): Wait => ({ why: words.limitMet(what), leftMs: left(until) }));
  return [...(state !== 'closed' || all.leftMs > 0 ? [all] : []), ...some.filter(({ leftMs }) => leftMs > 0)];
}
