import type { Routing, Strategy } from '#queue/routing.ts';

/** Lines as they are planned, and who serves them. Seconds, and hours of the day from 0 to 24, all by the same clock. */
export interface QueuePlan {
  /** At least one; names are told apart. */
  queues: readonly PlannedQueue[];
  agents: readonly PlannedAgent[];
  /** From being asked to accepting, on average. */
  answerSeconds: number;
  days: number;
  /** The same one gives the same answer. */
  seed: number;
}

export interface PlannedQueue {
  name: string;
  /** Customers who ask for a person, by hour of the day: 24 numbers. */
  arrivalsPerHour: readonly number[];
  /** From accepting to the end. */
  chat: Spread;
  /** After how long they leave if nobody has come; null: they never do. */
  patience: Spread | null;
  /** What some of them need. Shares are of all who come here and add up to 1 at most; the others need nothing special. */
  needs: readonly PlannedNeed[];
  /** Share of customers who were served by one of the agents before: any of them, and all alike. */
  returning: number;
  routing: PlannedRouting;
}

/**
 * How a line is handed out, as a queue's own settings say it. What cannot be played is not in it: an endpoint of the owner's
 * that is asked who gets whom, and agents who pick for themselves.
 */
export interface PlannedRouting extends Omit<Routing, 'strategy' | 'overflow' | 'hook'> {
  strategy: Exclude<Strategy, 'manual'>;
  /** `queue`: the name of another one of the plan. */
  overflow: { queue: string; afterSeconds: number } | null;
}

export interface PlannedNeed {
  share: number;
  skills: readonly string[];
  preferredSkills: readonly string[];
  language: string | null;
  priority: number;
}

/** A lognormal law of times. */
export interface Spread {
  meanSeconds: number;
  /** Standard deviation by mean. */
  variation: number;
}

export interface PlannedAgent {
  name: string;
  /** He works every day from `from` to `to`; over midnight where that is not later. */
  from: number;
  to: number;
  /** Conversations at once. */
  capacity: number;
  /** Names of the queues that he serves; null is all. */
  queues: readonly string[] | null;
  /** Null is everything. */
  skills: readonly string[] | null;
  languages: readonly string[] | null;
  /** After each conversation; null: as its queue says. */
  wrapUpSeconds: number | null;
}

/** The plan with one more agent, who is there from when the first one comes to when the last one goes, and can do all. */
export function withOneMore(plan: QueuePlan, name: string): QueuePlan {
  const { agents } = plan;
  const overMidnight = agents.some(({ from, to }) => to <= from);
  const from = overMidnight ? 0 : Math.min(...agents.map((agent) => agent.from));
  const to = overMidnight ? 24 : Math.max(...agents.map((agent) => agent.to));
  const capacity = Math.max(1, Math.round(agents.reduce((sum, agent) => sum + agent.capacity, 0) / agents.length));
  const able = { queues: null, skills: null, languages: null, wrapUpSeconds: null };
  return { ...plan, agents: [...agents, { name, from, to, capacity, ...able }] };
}

/** Is he on at this hour of the day? */
export function isOn({ from, to }: Pick<PlannedAgent, 'from' | 'to'>, hour: number): boolean {
  return from < to ? hour >= from && hour < to : hour >= from || hour < to;
}

/** Seconds until he comes or goes next, from this hour of the day on; Infinity for one who is always there. */
export function secondsToTurn(agent: Pick<PlannedAgent, 'from' | 'to'>, hour: number): number {
  if (agent.from % 24 === agent.to % 24) return Number.POSITIVE_INFINITY;
  const next = [agent.from, agent.to].map((turn) => (((turn - hour) % 24) + 24) % 24 || 24);
  return Math.min(...next) * 3_600;
}
