import type { IntegrationId, Millis, QueueId } from '#ids.ts';
import { openingAt } from '#queue/hours.ts';
import { hoursOf, type Limits, limitsOf, type Rules, routingOf } from './rules.ts';
import type { Conversation, Handoff } from './state.ts';

/** What a conversation waits for. Each belongs to a state and dies with it: nothing has to be switched off. */
export type DeadlineKind =
  | 'desk_notice'
  | 'desk_try'
  | 'desk_total'
  | 'offer_expires'
  | 'queue_ask'
  | 'queue_limit'
  | 'overflow'
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
  const list: Deadline[] = [];
  collect(state, rules, (kind, from, seconds) => {
    if (from !== null && seconds !== null) list.push({ kind, at: from + seconds * 1_000 });
  });
  return list.sort((a, b) => a.at - b.at);
}

type Add = (kind: DeadlineKind, from: Millis | null, seconds: number | null) => void;

function collect(state: Conversation, rules: Rules, add: Add): void {
  if (state.status === 'closed') return;
  const limits = limitsOf(rules, state.handoff?.queue ?? null);
  if (state.handoff) {
    ofHandoff(state.handoff, limits, add);
    add('overflow', overflowAt(state.handoff, rules), 0);
  }
  switch (state.control.holder) {
    case 'bot':
      ofBot(state, state.control.bot, limits, add);
      break;
    case 'nobody':
      // What nobody has answered stays open until a person has looked at it.
      if (state.unanswered === null)
        add('bot_idle', Math.max(state.lastMessageAt, state.control.since), limits.botIdleSeconds);
      break;
    case 'agent':
      ofAgent(state, limits, add);
      break;
    case 'queue':
      break;
  }
}

/** A bot that owns its channel is not asked by us, so it is not late either: it reads and answers in its own time. */
function ofBot({ turns, channel, lastMessageAt }: Conversation, bot: IntegrationId, limits: Limits, add: Add): void {
  const [next] = turns;
  if (next === undefined) add('bot_idle', lastMessageAt, limits.botIdleSeconds);
  else if (bot !== channel) add('bot_silent', next.at, limits.botSilentSeconds);
}

function ofAgent({ control, handoff, lastAgentAt, lastMessageAt, unanswered }: Conversation, limits: Limits, add: Add) {
  add('human_idle', Math.max(lastMessageAt, control.since), limits.humanIdleSeconds);
  if (handoff?.phase !== 'active' || handoff.held) return;
  // Only the agent who has him now can say something that the customer is late to answer.
  if (handoff.repliedAt !== null && lastAgentAt !== null && unanswered === null)
    add('customer_idle', Math.max(lastAgentAt, handoff.since), limits.customerIdleSeconds);
}

function ofHandoff(handoff: Handoff, limits: Limits, add: Add): void {
  switch (handoff.phase) {
    case 'requested':
      if (!handoff.told) add('desk_notice', handoff.since, limits.connectingNoticeSeconds);
      add('desk_try', handoff.triedAt, limits.deskTrySeconds);
      add('desk_total', handoff.since, limits.deskTotalSeconds);
      break;
    case 'offered':
      add('offer_expires', handoff.expiresAt, 0);
      break;
    case 'queued':
      // From when he came into the line this time: an hour with an agent who was lost is no hour of waiting.
      // Who does something else meanwhile does not sit and wait: nothing has to be asked, and his place does not run out.
      if (handoff.meanwhile) break;
      if (!handoff.asked) add('queue_ask', handoff.queuedAt, limits.queueAskSeconds);
      add('queue_limit', handoff.queuedAt, limits.queueLimitSeconds);
      break;
    case 'active':
      // A customer who wrote nothing since has heard from nobody: the first word counts, not each answer.
      if (handoff.repliedAt === null && !handoff.held) {
        if (!handoff.warned) add('agent_silent_warn', handoff.since, limits.agentSilentWarnSeconds);
        add('agent_silent', handoff.since, limits.agentSilentSeconds);
      }
      break;
  }
}

/** When he goes on in the other queue: after the time that is set, and not before that one is open. */
function overflowAt(handoff: Handoff, rules: Rules): Millis | null {
  if (handoff.phase !== 'queued' || handoff.meanwhile) return null;
  const { overflow } = routingOf(rules, handoff.queue);
  if (overflow === null || !isNew(overflow.queue, handoff, rules)) return null;
  const at = handoff.queuedAt + overflow.afterSeconds * 1_000;
  const opening = openingAt(hoursOf(rules, overflow.queue), at);
  return opening.open ? at : opening.opensAt;
}

/** Does this queue exist, and has he not waited there before? Two that overflow into each other are no circle. */
function isNew(queue: QueueId, handoff: Handoff, rules: Rules): boolean {
  return Object.hasOwn(rules.queues, queue) && queue !== handoff.queue && !handoff.overflowedFrom?.includes(queue);
}

/** When the conversation has to be looked at next; null: nothing to wait for. */
export function nextDeadline(state: Conversation, rules: Rules): Millis | null {
  let next: Millis | null = null;
  // Asked after every message: no list is made.
  collect(state, rules, (_kind, from, seconds) => {
    if (from === null || seconds === null) return;
    const at = from + seconds * 1_000;
    if (next === null || at < next) next = at;
  });
  return next;
}
