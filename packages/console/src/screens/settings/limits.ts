import type { Workspace } from '@baton/protocol';

export type Limits = Workspace['rules']['limits'];
export type LimitName = keyof Limits;

/** Limits that can be switched off; the others need a number. */
export const MAY_BE_OFF: ReadonlySet<LimitName> = new Set<LimitName>([
  'queueAskSeconds',
  'queueLimitSeconds',
  'customerIdleSeconds',
]);

export const LIMIT_GROUPS: Record<'line' | 'agent' | 'bot' | 'desk', readonly LimitName[]> = {
  line: ['offerSeconds', 'passOverSeconds', 'queueAskSeconds', 'queueLimitSeconds'],
  agent: ['agentSilentWarnSeconds', 'agentSilentSeconds', 'customerIdleSeconds', 'humanIdleSeconds'],
  bot: ['botSilentSeconds', 'botIdleSeconds', 'reopenSeconds'],
  desk: ['connectingNoticeSeconds', 'deskTrySeconds', 'deskTotalSeconds'],
};

/** The limits that a queue may want to have apart. */
export const QUEUE_LIMITS: readonly LimitName[] = [
  'offerSeconds',
  'passOverSeconds',
  'queueAskSeconds',
  'queueLimitSeconds',
  'agentSilentWarnSeconds',
  'agentSilentSeconds',
];
