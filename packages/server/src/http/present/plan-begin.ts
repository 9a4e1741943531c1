import { firstDesk, type QueueId, type Routing, type Rules, routingOf } from '@baton/core';
import type { PlanInput } from '@baton/protocol';
import type { QueueEntry } from '#hub/directory.ts';
import type { PlanAgentRow, PlanMeasures } from '#store/plan-measures.ts';

/** With fewer than these a mean would be an accident: what is usual stands in. */
const ENOUGH = 20;
/** Needs of fewer are not worth a line of the plan. */
const LEAST_SHARE = 0.02;
const MOST_QUEUES = 12;
/** Of a plan, in all its days. */
const MOST_CUSTOMERS = 20_000;

type PlanQueue = PlanInput['otherQueues'][number];
export type NotPlayed =
  | 'routing_hook'
  | 'manual'
  | 'outside_desk'
  | 'overflow_outside'
  | 'opening_hours'
  | 'weights'
  | 'more_queues';

/** A queue with what the last weeks say of it. */
export interface MeasuredQueue extends QueueEntry {
  measures: PlanMeasures;
}

/**
 * The queue and those that are played with it, because customers go on from one to the other or agents serve both. Those of
 * other desks are not played, unless it is the one that was asked for.
 */
export function queuesAround(main: QueueEntry, all: readonly QueueEntry[], rules: Rules): QueueEntry[] {
  const found = [main];
  for (const one of found) {
    const next = routingOf(rules, one.id).overflow?.queue;
    const joined = all.filter((other) => {
      if (found.includes(other) || firstDesk(rules, other.id) !== null) return false;
      return other.id === next || sharesAgents(one, other);
    });
    found.push(...joined);
  }
  return found;
}

/** All that our own agents serve, whether or not they have to do with each other. */
export function ownQueues(main: QueueEntry, all: readonly QueueEntry[], rules: Rules): QueueEntry[] {
  return [main, ...all.filter((other) => other !== main && firstDesk(rules, other.id) === null)];
}

function sharesAgents(one: QueueEntry, other: QueueEntry): boolean {
  return one.agents === null || other.agents === null || one.agents.some((agent) => other.agents?.includes(agent));
}

export interface PlanBegin {
  input: PlanInput;
  notPlayed: NotPlayed[];
}

/** A plan to begin with: how things are set, and what was measured; where too little was, what is usual. */
export function planBegin(around: readonly MeasuredQueue[], agents: readonly PlanAgentRow[], rules: Rules): PlanBegin {
  const staffed = around.filter((queue, index) => index === 0 || agents.some(({ id }) => serves(queue, id)));
  const played = staffed.slice(0, MOST_QUEUES);
  const [main, ...others] = played;
  if (!main) throw new Error('A plan is of a queue.');
  const notPlayed = new Set<NotPlayed>(played.length < staffed.length ? ['more_queues'] : []);
  const serving = agents.filter(({ id }) => played.some((queue) => serves(queue, id)));
  // Somebody must be there for it, or there is nothing to play.
  const crew = serving.some(({ id }) => main.agents === null || main.agents.includes(id))
    ? serving
    : [...serving, NOBODY];
  if (serving.some(({ weighs }) => weighs)) notPlayed.add('weights');
  for (const queue of played) for (const what of unplayable(queue.id, rules, played)) notPlayed.add(what);
  const all =
    played.length === 1 || crew.every((agent) => agent !== NOBODY && played.every((queue) => serves(queue, agent.id)));
  const servingOf = (queue: QueueEntry) => crew.filter(({ id }) => serves(queue, id));
  const input: PlanInput = {
    ...queueOf(main, rules, played, servingOf(main)),
    otherQueues: others.map((queue) => queueOf(queue, rules, played, servingOf(queue))),
    agents: crew.map((agent) => {
      const { id, name, capacity, skills, languages, wrapUpSeconds, from, to } = agent;
      return {
        name,
        from: from ?? '09:00',
        to: from === null ? '17:00' : to === '00:00' ? '24:00' : (to ?? '17:00'),
        capacity: Math.max(1, Math.min(50, Math.floor(capacity))),
        queues: all
          ? null
          : (agent === NOBODY ? [main] : played.filter((queue) => serves(queue, id))).map(({ name }) => name),
        skills,
        languages,
        wrapUpSeconds,
      };
    }),
    answerSeconds: main.measures.chats >= ENOUGH ? within(tenth(main.measures.answerSeconds ?? 8), 0.1, 60) : 8,
    days: 5,
    seed: 1,
    oneMore: true,
  };
  // So few say nothing of when people come.
  if (customersOf(main) < ENOUGH) input.arrivalsPerHour = 6;
  const perDay = [input, ...input.otherQueues].reduce((sum, queue) => sum + sumOf(queue.arrivalsPerHour), 0);
  input.days = within(Math.floor(MOST_CUSTOMERS / Math.max(1, perDay)), 1, 5);
  return { input, notPlayed: [...notPlayed] };
}

/** Stands in where a queue has nobody. */
const NOBODY: PlanAgentRow = {
  id: '',
  name: 'Agent',
  capacity: 3,
  skills: null,
  languages: null,
  wrapUpSeconds: null,
  weighs: false,
  from: null,
  to: null,
};

function serves({ agents }: QueueEntry, agent: string): boolean {
  return agents === null || agents.includes(agent) || agent === NOBODY.id;
}

function* unplayable(queue: QueueId, rules: Rules, played: readonly QueueEntry[]): Generator<NotPlayed> {
  const { strategy, hook, overflow } = routingOf(rules, queue);
  if (hook !== null) yield 'routing_hook';
  if (strategy === 'manual') yield 'manual';
  if (firstDesk(rules, queue) !== null) yield 'outside_desk';
  if (overflow !== null && !played.some(({ id }) => id === overflow.queue)) yield 'overflow_outside';
  if (rules.queues[queue]?.hours) yield 'opening_hours';
}

function queueOf(
  { id, name, measures }: MeasuredQueue,
  rules: Rules,
  played: readonly QueueEntry[],
  crew: readonly PlanAgentRow[],
): PlanQueue {
  const { arrivals, days, chats, chatMinutes, chatVariation, waited, left, returning } = measures;
  const customers = customersOf({ measures });
  const byHour = Array<number>(24).fill(0);
  for (const { hour, count } of arrivals) byHour[hour] = within(tenth(count / days), 0, 2_000);
  const routing = routingOf(rules, id);
  return {
    name,
    arrivalsPerHour: byHour,
    chatMinutes: {
      mean: chats >= ENOUGH && chatMinutes ? within(tenth(chatMinutes), 0.1, 1_440) : 8,
      variation: chats >= ENOUGH && chatVariation ? within(tenth(chatVariation), 0.1, 5) : 1,
    },
    patienceMinutes: { mean: left >= ENOUGH ? within(tenth(waited / left / 60), 0.1, 1_440) : 10, variation: 1 },
    needs: customers >= ENOUGH ? needsOf(measures, customers, crew) : [],
    returningShare: customers >= ENOUGH ? hundredth(returning / customers) : 0,
    routing: routingIn(routing, played),
  };
}

function routingIn(
  { hook: _, strategy, overflow, ...routing }: Routing,
  played: readonly QueueEntry[],
): PlanQueue['routing'] {
  const next = overflow && played.find(({ id }) => id === overflow.queue);
  return {
    ...routing,
    strategy: strategy === 'manual' ? 'least_busy' : strategy,
    overflow: next && overflow ? { queue: next.name, afterSeconds: overflow.afterSeconds } : null,
  };
}

/** What nobody could do who is there would only make a plan that cannot be. */
function needsOf({ needs }: PlanMeasures, customers: number, crew: readonly PlanAgentRow[]): PlanQueue['needs'] {
  return needs.flatMap(({ count, skills, preferredSkills, language, priority }) => {
    const plain = skills.length === 0 && preferredSkills.length === 0 && language === null && priority === 0;
    const able = crew.some((agent) => agent.skills === null || skills.every((skill) => agent.skills?.includes(skill)));
    const share = hundredth(count / customers);
    if (plain || !able || share < LEAST_SHARE) return [];
    return [{ share, skills, preferredSkills, language, priority: within(priority, -10, 10) }];
  });
}

function customersOf({ measures }: Pick<MeasuredQueue, 'measures'>): number {
  return measures.arrivals.reduce((sum, { count }) => sum + count, 0);
}

function sumOf(arrivals: PlanQueue['arrivalsPerHour']): number {
  return typeof arrivals === 'number' ? 24 * arrivals : arrivals.reduce((sum, one) => sum + one, 0);
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Rounded down, so that shares never add up to more than 1. */
function hundredth(value: number): number {
  return Math.floor(value * 100) / 100;
}

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
