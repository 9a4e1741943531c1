import type { ConversationEvent } from '@baton/protocol';

/** Every event that a webhook may ask for. The type sees that none is forgotten. */
const NAMES: Record<ConversationEvent['type'], true> = {
  'conversation.opened': true,
  'conversation.closed': true,
  'conversation.reopened': true,
  message: true,
  'message.edited': true,
  'message.redacted': true,
  note: true,
  'handoff.requested': true,
  'handoff.queued': true,
  'handoff.meanwhile': true,
  'handoff.offered': true,
  'handoff.accepted': true,
  'handoff.declined': true,
  'handoff.expired': true,
  'handoff.held': true,
  'handoff.resumed': true,
  'handoff.transferred': true,
  'handoff.ended': true,
  'control.changed': true,
  'participant.joined': true,
  'participant.left': true,
  'flag.added': true,
  'flag.removed': true,
  'proposal.made': true,
  'bot.skipped': true,
  'estimate.told': true,
  'rating.given': true,
  'customer.updated': true,
  'customer.erased': true,
  'delivery.failed': true,
};

const names = Object.keys(NAMES);
const families = [...new Set(names.filter((name) => name.includes('.')).map((name) => `${name.split('.')[0]}.*`))];

/** Families first, then single events. */
export const EVENT_CHOICES: readonly string[] = [...families.sort(), ...names];
