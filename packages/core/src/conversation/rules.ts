import type { EscalationPolicy } from '#escalation/policy.ts';
import { defaultPolicy } from '#escalation/policy.ts';
import type { IntegrationId, QueueId } from '#ids.ts';
import type { Hours } from '#queue/hours.ts';
import { DEFAULT_ROUTING, type Routing } from '#queue/routing.ts';

/** Time limits, in seconds; null switches one off. Each belongs to a state and dies with it. */
export interface Limits {
  /** A desk has not acknowledged: one try, and all tries together. */
  deskTrySeconds: number;
  deskTotalSeconds: number;
  /** A slow desk: the customer is told "connecting" after this. */
  connectingNoticeSeconds: number;
  /** An agent is asked; then the next one. */
  offerSeconds: number;
  /** The customer is asked whether he wants to go on waiting. */
  queueAskSeconds: number | null;
  /** The wait ends: back to the bot, with an apology. */
  queueLimitSeconds: number | null;
  /** After accepting, the agent's first word. */
  agentSilentWarnSeconds: number;
  agentSilentSeconds: number;
  /** An agent who declined or let an offer expire is passed over for this long. */
  passOverSeconds: number;
  /** A human holds control and nobody says anything. */
  humanIdleSeconds: number;
  /** The customer does not answer the agent; counted from the agent's last message only. */
  customerIdleSeconds: number | null;
  /** The bot was asked and is silent. */
  botSilentSeconds: number;
  /** Nobody says anything to the bot any more: the conversation is closed without a word. */
  botIdleSeconds: number;
  /** A customer who writes again this long after the end reopens the conversation; later he opens a new one. */
  reopenSeconds: number;
}

export const DEFAULT_LIMITS: Limits = {
  deskTrySeconds: 10,
  deskTotalSeconds: 60,
  connectingNoticeSeconds: 1.5,
  offerSeconds: 30,
  queueAskSeconds: 600,
  queueLimitSeconds: 3_600,
  agentSilentWarnSeconds: 90,
  agentSilentSeconds: 180,
  passOverSeconds: 60,
  humanIdleSeconds: 86_400,
  customerIdleSeconds: null,
  botSilentSeconds: 15,
  botIdleSeconds: 86_400,
  reopenSeconds: 7 * 86_400,
};

/** More than this many changes of control within the window, and the machine stops (I9). */
export const LOOP_LIMIT = 12;
export const LOOP_WINDOW_SECONDS = 600;

/** What a queue may set apart from its workspace. */
export interface QueueRules {
  /** Desks in the order they are tried; null is our own console. */
  desks: (IntegrationId | null)[];
  limits: Partial<Limits>;
  /** When it is served; null or left out: always. */
  hours?: Hours | null;
  /** What it changed of the usual routing. */
  routing?: Partial<Routing>;
}

/** Everything a workspace may set that decisions look at. Plain data: it is stored and sent as JSON. */
export interface Rules {
  /** Where a handoff goes when nobody names a queue. */
  defaultQueue: QueueId;
  limits: Limits;
  escalation: EscalationPolicy;
  /** Calls of a failing bot before the policy's `bot_error` line decides what then. Never silence. */
  botTries: number;
  queues: Record<QueueId, QueueRules>;
  /** The name under which Baton itself speaks. */
  voice: string;
}

export function defaultRules(defaultQueue: QueueId): Rules {
  return {
    defaultQueue,
    limits: DEFAULT_LIMITS,
    escalation: defaultPolicy(),
    botTries: 2,
    queues: {},
    voice: 'Assistant',
  };
}

/** The limits of a queue: its own over the workspace's. */
export function limitsOf(rules: Rules, queue: QueueId | null): Limits {
  const own = queue === null ? undefined : rules.queues[queue]?.limits;
  return own && Object.keys(own).length > 0 ? { ...rules.limits, ...own } : rules.limits;
}

/** How a queue hands out: its own over what is usual. */
export function routingOf(rules: Rules, queue: QueueId): Routing {
  const own = rules.queues[queue]?.routing;
  return own ? { ...DEFAULT_ROUTING, ...own } : DEFAULT_ROUTING;
}

/** When a queue is served; null: always. */
export function hoursOf(rules: Rules, queue: QueueId): Hours | null {
  return rules.queues[queue]?.hours ?? null;
}

/** The desk that a queue tries first; our own console where nothing is set. */
export function firstDesk(rules: Rules, queue: QueueId): IntegrationId | null {
  return rules.queues[queue]?.desks[0] ?? null;
}

/** Where a queue is served for somebody who is at `desk` now: there if it can be, else at its first desk. */
export function deskFor(rules: Rules, queue: QueueId, desk: IntegrationId | null): IntegrationId | null {
  const desks = rules.queues[queue]?.desks ?? [null];
  return desks.includes(desk) ? desk : firstDesk(rules, queue);
}

/** The desk after `desk` in a queue's list; undefined when the list is at its end. */
export function nextDesk(rules: Rules, queue: QueueId, desk: IntegrationId | null): IntegrationId | null | undefined {
  const desks = rules.queues[queue]?.desks ?? [null];
  const at = desks.indexOf(desk);
  return at === -1 ? undefined : desks[at + 1];
}
