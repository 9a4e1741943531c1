import { defaultRules, withOneMore } from '@baton/core';
import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import type { HttpDeps } from '#http/deps.ts';
import { queueOf } from '#http/parties.ts';
import { answer, mount } from '#http/route.ts';
import { playPlans } from '#hub/play-plan.ts';
import { planOf } from '#present/plan.ts';
import { ownQueues, planBegin, queuesAround } from '#present/plan-begin.ts';
import { planAgents, planMeasures } from '#store/plan-measures.ts';

export function planningRoutes(app: FastifyInstance, deps: HttpDeps): void {
  mount(app, deps, ops.getPlanInput, async ({ query }, { caller: { workspace } }) => {
    const { pool, directory } = deps;
    const zone = query.zone ?? 'UTC';
    await directory.load([workspace]);
    const rules = directory.rules(workspace) ?? defaultRules('que_none');
    const queue = query.queue === undefined ? rules.defaultQueue : await queueOf(pool, workspace, query.queue);
    const queues = directory.queues(workspace);
    const main = queues.find(({ id }) => id === queue) ?? { id: queue, name: 'Queue', agents: null };
    const around = query.queue === undefined ? ownQueues(main, queues, rules) : queuesAround(main, queues, rules);
    const [agents, measured] = await Promise.all([
      planAgents(pool, workspace, zone),
      Promise.all(around.map(async (one) => ({ ...one, measures: await planMeasures(pool, workspace, one.id, zone) }))),
    ]);
    const customers = measured.flatMap(({ measures }) => measures.arrivals.map(({ count }) => count));
    return answer(200, {
      ...planBegin(measured, agents, rules),
      measured: {
        customers: customers.reduce((sum, count) => sum + count, 0),
        chats: measured.reduce((sum, { measures }) => sum + measures.chats, 0),
        agents: agents.length,
      },
    });
  });

  mount(app, deps, ops.planQueue, async ({ body }) => {
    const plan = planOf(body);
    const [base, more] = await playPlans(body.oneMore ? [plan, withOneMore(plan, 'One more')] : [plan]);
    if (!base) throw new Error('A plan has a report.');
    return answer(200, { plan: base, oneMore: more ?? null });
  });
}
