import type { PlannedQueue, QueuePlan } from '@baton/core';
import type { PlanInput } from '@baton/protocol';

/** A plan as people write it, in the units of core. */
export function planOf(input: PlanInput): QueuePlan {
  const { answerSeconds, agents, days, seed, otherQueues } = input;
  return {
    queues: [queueOf(input), ...otherQueues.map(queueOf)],
    answerSeconds,
    agents: agents.map(({ from, to, ...agent }) => ({ ...agent, from: hourOf(from), to: hourOf(to) })),
    days,
    seed,
  };
}

function queueOf(queue: PlanInput['otherQueues'][number]): PlannedQueue {
  const { name, arrivalsPerHour, chatMinutes, patienceMinutes, needs, returningShare, routing } = queue;
  return {
    name,
    arrivalsPerHour: typeof arrivalsPerHour === 'number' ? Array<number>(24).fill(arrivalsPerHour) : arrivalsPerHour,
    chat: spreadOf(chatMinutes),
    patience: patienceMinutes && spreadOf(patienceMinutes),
    needs,
    returning: returningShare,
    routing,
  };
}

function spreadOf({ mean, variation }: { mean: number; variation: number }) {
  return { meanSeconds: mean * 60, variation };
}

/** 9.5 of "09:30". */
function hourOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours + minutes / 60;
}
