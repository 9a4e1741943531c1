import type { Millis } from '#ids.ts';
import { limitsOf, type Rules } from './rules.ts';
import type { Conversation, Handoff } from './state.ts';

/** What a conversation waits for. Each belongs to a state and dies with it: nothing has to be switched off. */
export type DeadlineKind =
  | 'desk_notice'
  | 'desk_try'
  | 'desk_total'
  | 'offer_expires'
  | 'queue_ask'
  | 'queue_limit'
  | 'agent_silent_warn'
  | 'agent_silent'
  | 'customer_idle'
  | 'human_idle'
  | 'bot_silent'
  | 'bot_idle';

export interface Deadline {
  kind: DeadlineKind;
  at: Millis;
}

/** All deadlines of a state, earliest first. Pure: stored beside the state is only the earliest. */
export function deadlines(state: Conversation, rules: Rules): Deadline[] {
  if (state.status === 'closed') return [];
  const list: Deadline[] = [];
  const add = (kind: DeadlineKind, from: Millis | null, seconds: number | null): void => {
    if (from !== null && seconds !== null) list.push({ kind, at: from + seconds * 1_000 });
  };
  const limits = limitsOf(rules, state.handoff?.queue ?? null);
  if (state.handoff) ofHandoff(state.handoff, limits, add);
  switch (state.control.holder) {
    case 'bot':
      add('bot_silent', state.turns[0]?.at ?? null, limits.botSilentSeconds);
      if (state.turns.length === 0) add('bot_idle', state.lastMessageAt, limits.botIdleSeconds);
      break;
    case 'nobody':
      add('bot_idle', Math.max(state.lastMessageAt, state.control.since), limits.botIdleSeconds);
      break;
    case 'agent':
      add('human_idle', Math.max(state.lastMessageAt, state.control.since), limits.humanIdleSeconds);
      if (state.lastAgentAt !== null && state.unanswered === null)
        add('customer_idle', state.lastAgentAt, limits.customerIdleSeconds);
      break;
    case 'queue':
      break;
  }
  return list.sort((a, b) => a.at - b.at);
}

function ofHandoff(
  handoff: Handoff,
  limits: Rules['limits'],
  add: (kind: DeadlineKind, from: Millis | null, seconds: number | null) => void,
): void {
  switch (handoff.phase) {
    case 'requested':
      if (!handoff.told) add('desk_notice', handoff.requestedAt, limits.connectingNoticeSeconds);
      add('desk_try', handoff.triedAt, limits.deskTrySeconds);
      add('desk_total', handoff.requestedAt, limits.deskTotalSeconds);
      break;
    case 'offered':
      add('offer_expires', handoff.expiresAt, 0);
      break;
    case 'queued':
      if (!handoff.asked) add('queue_ask', handoff.waitingSince, limits.queueAskSeconds);
      add('queue_limit', handoff.waitingSince, limits.queueLimitSeconds);
      break;
    case 'active':
      // A customer who wrote nothing since has heard from nobody: the first word counts, not each answer.
      if (handoff.repliedAt === null && !handoff.held) {
        if (!handoff.warned) add('agent_silent_warn', handoff.acceptedAt, limits.agentSilentWarnSeconds);
        add('agent_silent', handoff.acceptedAt, limits.agentSilentSeconds);
      }
      break;
  }
}

/** When the conversation has to be looked at next; null: nothing to wait for. */
export function nextDeadline(state: Conversation, rules: Rules): Millis | null {
  return deadlines(state, rules)[0]?.at ?? null;
}
