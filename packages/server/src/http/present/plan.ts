import type { QueuePlan } from '@baton/core';
import type { PlanInput } from '@baton/protocol';

/** A plan as people write it, in the units of core. */
export function planOf(input: PlanInput): QueuePlan {
  const { arrivalsPerHour, chatMinutes, patienceMinutes, answerSeconds, agents, days, seed } = input;
  return {
    arrivalsPerHour: typeof arrivalsPerHour === 'number' ? Array<number>(24).fill(arrivalsPerHour) : arrivalsPerHour,
    chat: spreadOf(chatMinutes),
    patience: patienceMinutes && spreadOf(patienceMinutes),
    answerSeconds,
    agents: agents.map(({ name, from, to, capacity }) => ({ name, from: hourOf(from), to: hourOf(to), capacity })),
    days,
    seed,
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
