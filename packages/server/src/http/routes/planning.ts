import { withOneMore } from '@baton/core';
import type { PlanInput } from '@baton/protocol';
import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import type { HttpDeps } from '#http/deps.ts';
import { queueOf } from '#http/parties.ts';
import { answer, mount } from '#http/route.ts';
import { playPlans } from '#hub/play-plan.ts';
import { planOf } from '#present/plan.ts';
import { type PlanMeasures, planMeasures } from '#store/plan-measures.ts';

export function planningRoutes(app: FastifyInstance, deps: HttpDeps): void {
  mount(app, deps, ops.getPlanInput, async ({ query }, { caller: { workspace } }) => {
    const queue = query.queue === undefined ? null : await queueOf(deps.pool, workspace, query.queue);
    const measures = await planMeasures(deps.pool, workspace, queue);
    const customers = measures.arrivals.reduce((sum, { count }) => sum + count, 0);
    return answer(200, {
      input: inputOf(measures),
      measured: { customers, chats: measures.chats, agents: measures.agents.length },
    });
  });

  mount(app, deps, ops.planQueue, async ({ body }) => {
    const plan = planOf(body);
    const [base, more] = await playPlans(body.oneMore ? [plan, withOneMore(plan, 'One more')] : [plan]);
    if (!base) throw new Error('A plan has a report.');
    return answer(200, { plan: base, oneMore: more ?? null });
  });
}

/** With fewer than these a mean would be an accident: what is usual stands in. */
const ENOUGH = 20;
const USUAL: Omit<PlanInput, 'agents'> = {
  arrivalsPerHour: 6,
  chatMinutes: { mean: 8, variation: 1 },
  patienceMinutes: { mean: 10, variation: 1 },
  answerSeconds: 8,
  days: 5,
  seed: 1,
  oneMore: true,
};

function inputOf({
  arrivals,
  days,
  chats,
  chatMinutes,
  chatVariation,
  waited,
  left,
  answerSeconds,
  agents,
}: PlanMeasures): PlanInput {
  const byHour = Array<number>(24).fill(0);
  for (const { at, count } of arrivals) byHour[at.getUTCHours()] = (byHour[at.getUTCHours()] ?? 0) + count;
  const customers = arrivals.reduce((sum, { count }) => sum + count, 0);
  return {
    ...USUAL,
    ...(customers >= ENOUGH ? { arrivalsPerHour: byHour.map((count) => tenth(count / days)) } : {}),
    ...(chats >= ENOUGH && chatMinutes
      ? {
          chatMinutes: {
            mean: within(tenth(chatMinutes), 0.1, 1_440),
            variation: within(tenth(chatVariation ?? 1), 0.1, 5),
          },
        }
      : {}),
    ...(left >= ENOUGH
      ? { patienceMinutes: { mean: within(tenth(waited / left / 60), 0.1, 1_440), variation: 1 } }
      : {}),
    ...(chats >= ENOUGH && answerSeconds ? { answerSeconds: within(tenth(answerSeconds), 0.1, 60) } : {}),
    agents: (agents.length > 0 ? agents : [{ name: 'Agent', capacity: 3 }]).map(({ name, capacity }) => ({
      name,
      from: '09:00',
      to: '17:00',
      capacity: Math.min(50, capacity),
    })),
  };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
