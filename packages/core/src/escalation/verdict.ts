import type { HandoffReason } from '#conversation/state.ts';
import type { QueueId } from '#ids.ts';
import type { Action, EscalationPolicy, Signal, SignalKind, Verdict } from './policy.ts';
import { read } from './reading.ts';
import type { Memory } from './remembered.ts';
import { topics } from './topic.ts';

const REASONS: Record<SignalKind, HandoffReason> = {
  asked_for_human: 'customer_asked',
  topic: 'restricted_topic',
  bot_error: 'bot_error',
  repeated_question: 'repeated_fallback',
  repeated_fallback: 'repeated_fallback',
  anger: 'frustration',
};

/** Among equals the first of these names the reason: what the customer says himself comes before what we infer. */
const ORDER: readonly SignalKind[] = [
  'asked_for_human',
  'topic',
  'bot_error',
  'repeated_fallback',
  'repeated_question',
  'anger',
];

const FLAGS: Record<Exclude<SignalKind, 'topic'>, string> = {
  asked_for_human: 'asked_for_human',
  repeated_question: 'repeated',
  repeated_fallback: 'stuck',
  anger: 'frustrated',
  bot_error: 'bot_error',
};

const STRENGTH: Record<Action, number> = { ignore: 0, flag: 1, offer: 2, handoff: 3 };

/** After "shall I connect you?" the same kind does not ask again during this many customer turns. */
export const TURNS_BETWEEN_OFFERS = 3;

/**
 * What the policy makes of the signals of one turn. The strongest action wins and names the reason; all that counts
 * is listed as evidence, strongest first, and raised as flags. Nothing is decided here that the policy does not say.
 */
export function judge(signals: readonly Signal[], memory: Memory, policy: EscalationPolicy): Verdict {
  const counted = signals
    .map((signal) => ({ signal, action: actionOf(signal, memory, policy) }))
    .filter(({ action }) => action !== 'ignore')
    .sort(
      (a, b) =>
        STRENGTH[b.action] - STRENGTH[a.action] ||
        b.signal.score - a.signal.score ||
        ORDER.indexOf(a.signal.kind) - ORDER.indexOf(b.signal.kind),
    );
  const first = counted[0];
  if (!first) return { action: 'ignore', reason: 'rule', evidence: [], flags: [] };
  const kept = counted.map(({ signal }) => signal);
  const queue = first.action === 'flag' ? undefined : queueOf(kept, memory, policy);
  return {
    action: first.action,
    reason: REASONS[first.signal.kind],
    evidence: kept.map(({ evidence }) => evidence),
    ...(queue === undefined ? {} : { queue }),
    flags: kept.map((signal) => ({ name: flagOf(signal), evidence: signal.evidence })),
  };
}

function actionOf(signal: Signal, memory: Memory, policy: EscalationPolicy): Action {
  const action =
    signal.kind === 'topic' ? (topicOf(signal, policy)?.action ?? 'ignore') : ruleOf(signal, signal.kind, policy);
  return action === 'offer' && wasProposed(signal.evidence.kind, memory) ? 'flag' : action;
}

function ruleOf(signal: Signal, kind: Exclude<SignalKind, 'topic'>, policy: EscalationPolicy): Action {
  const rule = policy.signals[kind];
  return signal.score >= rule.threshold ? rule.action : 'ignore';
}

/** `memory` is the one before this turn, so this turn is number `count + 1`. */
function wasProposed(kind: string, memory: Memory): boolean {
  const turn = memory.proposed[kind];
  return turn !== undefined && memory.count + 1 - turn <= TURNS_BETWEEN_OFFERS;
}

function topicOf(signal: Signal, policy: EscalationPolicy) {
  return policy.topics.find((topic) => topic.name === signal.topic);
}

function flagOf(signal: Signal): string {
  return signal.kind === 'topic' ? (signal.topic ?? 'topic') : FLAGS[signal.kind];
}

/**
 * Where a handoff belongs by its subject: the queue of a topic among the signals, else of the newest remembered turn
 * that touched one, because that is what he wants a person for. Without signals it serves a tapped "talk to a person".
 */
export function queueOf(signals: readonly Signal[], memory: Memory, policy: EscalationPolicy): QueueId | undefined {
  const routed = policy.topics.filter((topic) => topic.queue !== undefined && topic.action !== 'ignore');
  if (routed.length === 0) return undefined;
  const named = routed.find((topic) => signals.some((signal) => signal.topic === topic.name));
  if (named) return named.queue;
  for (const turn of memory.turns.toReversed()) {
    const touched = topics(turn.seq, read(turn.text), { ...policy, topics: routed })[0];
    if (touched) return routed.find((topic) => topic.name === touched.topic)?.queue;
  }
  return undefined;
}
