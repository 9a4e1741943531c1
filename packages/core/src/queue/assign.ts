import type { HandoffId, Millis, QueueId } from '#ids.ts';
import type { AgentRef } from '#message/message.ts';
import { compareText, routingOrder, type Waiting } from './order.ts';

/** An agent, as routing sees him. */
export interface AgentSlots {
  agent: AgentRef;
  presence: 'online' | 'away' | 'offline';
  /** The queues that he serves; null is all. */
  queues: readonly QueueId[] | null;
  /** What he is able to do; null is everything, where no skills are kept. */
  skills: readonly string[] | null;
  /** Conversations at once. */
  capacity: number;
  /** Offered and active now. */
  load: number;
  /** Is he being asked right now? */
  ringing: boolean;
  /** Since when he got nothing new. */
  idleSince: Millis;
}

export interface Offer {
  handoff: HandoffId;
  agent: AgentRef;
}

/**
 * Whom to ask for what, now. Goes through the line in routing order; each handoff gets the best agent left. So nobody
 * waits while a free agent could serve him, and nobody is overtaken by somebody behind him whom the same agent serves.
 *
 * An agent is asked for one conversation at a time, however many he has room for: a person can answer only one ring,
 * and a second one running out unseen would cost that customer half a minute. The next offer follows his answer.
 *
 * @returns the offers in routing order; an agent at most once. The same input gives the same output.
 */
export function assign(waiting: readonly Waiting[], agents: readonly AgentSlots[], now: Millis): Offer[] {
  const free = agents.filter(isFree);
  const offers: Offer[] = [];
  for (const handoff of waiting.toSorted(routingOrder)) {
    if (free.length === 0) break;
    const best = bestFor(handoff, free, now);
    if (best === null) continue;
    free.splice(free.indexOf(best), 1);
    offers.push({ handoff: handoff.handoff, agent: best.agent });
  }
  return offers;
}

/** May he be asked for one more? */
export function isFree(agent: AgentSlots): boolean {
  return agent.presence === 'online' && !agent.ringing && agent.load < agent.capacity;
}

/** Does he serve this queue, and is he able to do what is needed? */
export function isCompatible(
  waiting: Pick<Waiting, 'queue' | 'skills' | 'exclude'>,
  { agent, queues, skills }: AgentSlots,
): boolean {
  if (queues !== null && !queues.includes(waiting.queue)) return false;
  if (waiting.exclude?.includes(agent.id)) return false;
  return skills === null || waiting.skills.every((skill) => skills.includes(skill));
}

function bestFor(waiting: Waiting, free: readonly AgentSlots[], now: Millis): AgentSlots | null {
  let best: AgentSlots | null = null;
  for (const agent of free) {
    if (!isCompatible(waiting, agent) || isPassedOver(waiting, agent, now)) continue;
    if (best === null || preference(waiting, agent, best) < 0) best = agent;
  }
  return best;
}

function isPassedOver({ passedOver, passOverSeconds }: Waiting, { agent }: AgentSlots, now: Millis): boolean {
  return passedOver.some((pass) => pass.agent === agent.id && now < pass.at + passOverSeconds * 1_000);
}

/** Who has not turned it down before; then the most free share; then the longest idle; then the id. */
function preference(waiting: Waiting, a: AgentSlots, b: AgentSlots): number {
  return (
    timesPassed(waiting, a) - timesPassed(waiting, b) ||
    freeShare(b) - freeShare(a) ||
    a.idleSince - b.idleSince ||
    compareText(a.agent.id, b.agent.id)
  );
}

function timesPassed({ passedOver }: Waiting, { agent }: AgentSlots): number {
  return passedOver.reduce((times, pass) => (pass.agent === agent.id ? times + 1 : times), 0);
}

function freeShare({ capacity, load }: AgentSlots): number {
  return (capacity - load) / capacity;
}
