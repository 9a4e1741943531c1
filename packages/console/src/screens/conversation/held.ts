import type { EventItem } from '@baton/protocol';

/** Is the conversation on hold? The last word of the log about it counts; any move of the handoff ends it. */
export function isHeld(events: readonly EventItem[] | undefined): boolean {
  for (let at = (events?.length ?? 0) - 1; at >= 0; at--) {
    switch (events?.[at]?.event.type) {
      case 'handoff.held':
        return true;
      case 'handoff.resumed':
      case 'handoff.accepted':
      case 'handoff.transferred':
      case 'handoff.queued':
      case 'handoff.ended':
        return false;
    }
  }
  return false;
}
