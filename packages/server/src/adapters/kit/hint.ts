import type { DeskEvent } from '#ports/desk.ts';

/**
 * What is left of a webhook's event where its word is not enough (a key that anybody may have learnt, words without their files):
 * that something happened, so that the desk is asked. Its key is not that of what will be found.
 */
export function asHint(event: DeskEvent): DeskEvent {
  return 'key' in event && event.type !== 'changed'
    ? { type: 'changed', ticket: event.ticket, key: `hint:${event.key}` }
    : event;
}
