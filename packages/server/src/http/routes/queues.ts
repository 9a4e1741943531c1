import {
  type Hours as CoreHours,
  DEFAULT_ROUTING,
  faultOfHours,
  primaryTag,
  type QueueId,
  type WorkspaceId,
} from '@baton/core';
import type { Hours, Queue } from '@baton/protocol';
import { ops, type QueuePatch } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { pageOf, pageQuery } from '#http/cursor.ts';
import type { HttpDeps } from '#http/deps.ts';
import { deskOf, queueOf } from '#http/parties.ts';
import { HttpProblem } from '#http/problems.ts';
import { answer, mount } from '#http/route.ts';
import { presentAvailability } from '#present/conversation.ts';
import { presentTime } from '#present/event.ts';
import { unknownAgents } from '#store/agents.ts';
import { createQueue, deleteQueue, findQueue, listQueues, type QueueRow, updateQueue } from '#store/queues.ts';
import { findWebhook } from '#store/webhooks.ts';
import { updateWorkspace } from '#store/workspaces.ts';

export function queueRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;

  mount(app, deps, ops.getAvailability, async ({ query }, { caller: { workspace } }) => {
    const queue = await namedQueue(deps, workspace, query.queue);
    const skills = (query.skills ?? '').split(',').flatMap((skill) => skill.trim() || []);
    const needs = { skills, language: primaryTag(query.language ?? null) };
    const view = await deps.line.view(workspace);
    return answer(200, presentAvailability(queue, view.availability(queue, needs)));
  });

  mount(app, deps, ops.listQueues, async ({ query }, { caller }) =>
    answer(200, pageOf(await listQueues(pool, caller.workspace, pageQuery(query)), query.limit, presentQueue)),
  );

  mount(app, deps, ops.createQueue, async ({ body }, { caller: { workspace }, newId }) => {
    await checkReferences(deps, workspace, body);
    checkHours(body.hours);
    const id = newId('que');
    await createQueue(pool, workspace, id, body);
    if (body.isDefault) await updateWorkspace(pool, workspace, { defaultQueue: id });
    return answer(201, await changed(deps, workspace, id));
  });

  mount(app, deps, ops.getQueue, async ({ params }, { caller }) =>
    answer(200, presentQueue(await existing(deps, caller.workspace, params.id))),
  );

  mount(app, deps, ops.updateQueue, async ({ params, body }, { caller: { workspace } }) => {
    await existing(deps, workspace, params.id);
    await checkReferences(deps, workspace, body);
    checkHours(body.hours);
    await updateQueue(pool, workspace, params.id, body);
    if (body.isDefault) await updateWorkspace(pool, workspace, { defaultQueue: params.id });
    return answer(200, await changed(deps, workspace, params.id));
  });

  mount(app, deps, ops.deleteQueue, async ({ params }, { caller: { workspace } }) => {
    const queue = await existing(deps, workspace, params.id);
    if (queue.isDefault)
      throw new HttpProblem(
        'queue_default',
        'Make another queue the default first: PATCH it with {"isDefault": true}.',
      );
    if (!(await deleteQueue(pool, workspace, params.id)))
      throw new HttpProblem('queue_busy', 'Handoffs are open in this queue. Pass them on or end them first.');
    await deps.directory.changed(workspace);
    return answer(204, null);
  });
}

/** From memory: it is asked before every promise. Only a name that is not known there is looked for in the database. */
async function namedQueue({ pool, directory }: HttpDeps, workspace: WorkspaceId, named?: string): Promise<QueueId> {
  await directory.load([workspace]);
  if (named === undefined) {
    const rules = directory.rules(workspace);
    if (!rules) throw new HttpProblem('not_found', 'This workspace is gone.');
    return rules.defaultQueue;
  }
  const wanted = named.toLowerCase();
  const known = directory.queues(workspace);
  const found = known.find(({ id }) => id === named) ?? known.find(({ name }) => name.toLowerCase() === wanted);
  return found?.id ?? (await queueOf(pool, workspace, named));
}

async function existing(deps: HttpDeps, workspace: WorkspaceId, id: string): Promise<QueueRow> {
  const queue = await findQueue(deps.pool, workspace, id);
  if (!queue) throw new HttpProblem('not_found', `There is no queue ${id}.`);
  return queue;
}

/** Rules are in force at once on this node, and within a second on the others. */
async function changed(deps: HttpDeps, workspace: WorkspaceId, id: string): Promise<Queue> {
  await deps.directory.changed(workspace);
  await deps.line.fresh(workspace);
  return presentQueue(await existing(deps, workspace, id));
}

type Fields = z.output<typeof QueuePatch>;

async function checkReferences(deps: HttpDeps, workspace: WorkspaceId, fields: Fields): Promise<void> {
  for (const desk of fields.desks ?? []) if (desk !== null) await deskOf(deps.pool, workspace, desk);
  const unknown = await unknownAgents(deps.pool, workspace, fields.agents ?? []);
  if (unknown.length > 0) throw new HttpProblem('agent_unknown', `There is no agent ${unknown.join(', ')}.`);
  const { overflow, hook } = fields.routing ?? {};
  if (overflow && (await queueOf(deps.pool, workspace, overflow.queue)) !== overflow.queue)
    throw new HttpProblem('queue_unknown', `There is no queue ${overflow.queue}.`);
  if (hook && !(await findWebhook(deps.pool, workspace, hook)))
    throw new HttpProblem('webhook_unknown', `There is no webhook ${hook}. Add one with POST /v1/webhooks first.`);
}

function checkHours(hours: Hours | null | undefined): void {
  const fault = hours ? faultOfHours(hours as CoreHours) : null;
  if (fault !== null) throw new HttpProblem('hours_invalid', fault, { errors: [{ path: 'hours', message: fault }] });
}

function presentQueue({ createdAt, limits, hours, routing, ...row }: QueueRow): Queue {
  return {
    ...row,
    limits: limits as Queue['limits'],
    hours: hours as Queue['hours'],
    routing: { ...DEFAULT_ROUTING, ...routing },
    createdAt: presentTime(createdAt),
  };
}
