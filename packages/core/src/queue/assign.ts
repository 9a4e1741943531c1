import type { HandoffId, Millis, QueueId } from '#ids.ts';
import type { AgentRef } from '#message/message.ts';
import { compareText, routingOrder, type Waiting } from './order.ts';
import { DEFAULT_ROUTING } from './routing.ts';
import { grantWishes, speaks, wishesMet } from './wishes.ts';

/** Whether an agent takes something new: what he chose, and `offline` while no console of his is connected. */
export type AgentPresence = 'online' | 'away' | 'break' | 'offline';

/** An agent, as routing sees him. */
export interface AgentSlots {
  agent: AgentRef;
  presence: AgentPresence;
  /** In a break: when he said that he would be back. */
  backAt?: Millis | null;
  /** The queues that he serves; null is all. */
  queues: readonly QueueId[] | null;
  /** What he is able to do; null is everything, where no skills are kept. */
  skills: readonly string[] | null;
  /** What he speaks, by primary tags; null or left out is everything. */
  languages?: readonly string[] | null;
  /** Conversations at once: how much weight he carries. */
  capacity: number;
  /** What one conversation of a kind of channel weighs for him; 1 where nothing is said. */
  weights?: Readonly<Record<string, number>>;
  /** What he carries now: offered, active, and being wrapped up. */
  load: number;
  /** Is he being asked right now? */
  ringing: boolean;
  /** Since when he got nothing new. */
  givenAt?: Millis;
  /** Since when he got nothing new and ended nothing. */
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
  const free = agents.filter(hasRoom);
  const offers: Offer[] = [];
  for (const handoff of waiting.toSorted(routingOrder)) {
    if (free.length === 0) break;
    if (!isDue(handoff, now)) continue;
    const best = bestFor(handoff, free, agents, now);
    if (best === null) continue;
    free.splice(free.indexOf(best), 1);
    offers.push({ handoff: handoff.handoff, agent: best.agent });
  }
  return offers;
}

/** May agents be asked for it at all? Not where they pick themselves, and for a message not before the opening. */
export function isDue({ routing, notBefore }: Pick<Waiting, 'routing' | 'notBefore'>, now: Millis): boolean {
  return (routing ?? DEFAULT_ROUTING).strategy !== 'manual' && (notBefore ?? now) <= now;
}

/** May he be asked for this, as far as his time goes: is he there, and is there room for it? */
export function isFree(agent: AgentSlots, waiting: Pick<Waiting, 'channel'>): boolean {
  // Weights are decimal fractions: ten times 0.1 is a little less than 1.
  return hasRoom(agent) && agent.load + weightOf(agent, waiting) <= agent.capacity + 1e-9;
}

/** Could he be asked for something, if it is light enough? */
export function hasRoom({ presence, ringing, load, capacity }: AgentSlots): boolean {
  return presence === 'online' && !ringing && capacity > 0 && load < capacity;
}

/** What this conversation takes of the agent's capacity. */
export function weightOf({ weights }: Pick<AgentSlots, 'weights'>, { channel }: Pick<Waiting, 'channel'>): number {
  return (channel === undefined ? undefined : weights?.[channel]) ?? 1;
}

/** Does he serve this queue, and is he able to do what is needed? */
export function isCompatible(
  waiting: Pick<Waiting, 'queue' | 'skills' | 'exclude' | 'language' | 'routing'>,
  slots: AgentSlots,
): boolean {
  const { agent, queues, skills } = slots;
  if (queues !== null && !queues.includes(waiting.queue)) return false;
  if (waiting.exclude?.includes(agent.id)) return false;
  if (waiting.routing?.language === 'required' && !speaks(slots, waiting)) return false;
  return skills === null || waiting.skills.every((skill) => skills.includes(skill));
}

function bestFor(
  waiting: Waiting,
  free: readonly AgentSlots[],
  team: readonly AgentSlots[],
  now: Millis,
): AgentSlots | null {
  const able = (agent: AgentSlots) => isCompatible(waiting, agent) && !isPassedOver(waiting, agent, now);
  const candidates = free.filter((agent) => isFree(agent, waiting) && able(agent));
  if (candidates.length === 0) return null;
  const serving = team.filter((agent) => agent.presence === 'online' && agent.capacity > 0 && able(agent));
  let best: AgentSlots | null = null;
  for (const agent of grantWishes(waiting, candidates, serving, now))
    if (best === null || preference(waiting, agent, best) < 0) best = agent;
  return best;
}

/** A pass in the future is from before the clock was set back: it holds for no longer than any other. */
function isPassedOver({ passedOver, passOverSeconds }: Waiting, { agent }: AgentSlots, now: Millis): boolean {
  return passedOver.some((pass) => pass.agent === agent.id && Math.abs(now - pass.at) < passOverSeconds * 1_000);
}

/** Who has not turned it down before; then who has more of what is wished for; then by the queue's strategy; then the id. */
function preference(waiting: Waiting, a: AgentSlots, b: AgentSlots): number {
  return (
    timesPassed(waiting, a) - timesPassed(waiting, b) ||
    wishesMet(waiting, b) - wishesMet(waiting, a) ||
    byStrategy(waiting, a, b) ||
    compareText(a.agent.id, b.agent.id)
  );
}

function byStrategy({ routing }: Waiting, a: AgentSlots, b: AgentSlots): number {
  switch ((routing ?? DEFAULT_ROUTING).strategy) {
    case 'least_busy':
    case 'manual':
      return freeShare(b) - freeShare(a) || a.idleSince - b.idleSince;
    case 'longest_idle':
      return a.idleSince - b.idleSince || freeShare(b) - freeShare(a);
    case 'round_robin':
      return givenAt(a) - givenAt(b);
  }
}

function givenAt(agent: AgentSlots): Millis {
  return agent.givenAt ?? agent.idleSince;
}

function timesPassed({ passedOver }: Waiting, { agent }: AgentSlots): number {
  return passedOver.reduce((times, pass) => (pass.agent === agent.id ? times + 1 : times), 0);
}

function freeShare({ capacity, load }: AgentSlots): number {
  return (capacity - load) / capacity;
}
