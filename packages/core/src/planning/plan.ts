/** A queue as it is planned: who comes, how long things take, who answers. Seconds, and hours of the day from 0 to 24. */
export interface QueuePlan {
  /** Customers who ask for a person, by hour of the day: 24 numbers. */
  arrivalsPerHour: readonly number[];
  /** From accepting to the end. */
  chat: Spread;
  /** After how long they leave if nobody has come; null: they never do. */
  patience: Spread | null;
  /** From being asked to accepting, on average. */
  answerSeconds: number;
  agents: readonly PlannedAgent[];
  days: number;
  /** The same one gives the same answer. */
  seed: number;
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
}

/** The plan with one more agent, who is there from when the first one comes to when the last one goes. */
export function withOneMore(plan: QueuePlan, name: string): QueuePlan {
  const { agents } = plan;
  const overMidnight = agents.some(({ from, to }) => to <= from);
  const from = overMidnight ? 0 : Math.min(...agents.map((agent) => agent.from));
  const to = overMidnight ? 24 : Math.max(...agents.map((agent) => agent.to));
  const capacity = Math.max(1, Math.round(agents.reduce((sum, agent) => sum + agent.capacity, 0) / agents.length));
  return { ...plan, agents: [...agents, { name, from, to, capacity }] };
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
