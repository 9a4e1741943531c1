import type { QueueId, WorkspaceId } from '@baton/core';
import type { Queue } from '@baton/protocol';
import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import { pageOf, pageQuery } from '#http/cursor.ts';
import type { HttpDeps } from '#http/deps.ts';
import { deskOf, queueOf } from '#http/parties.ts';
import { HttpProblem } from '#http/problems.ts';
import { answer, mount } from '#http/route.ts';
import { presentAvailability } from '#present/conversation.ts';
import { presentTime } from '#present/event.ts';
import { unknownAgents } from '#store/agents.ts';
import {
  createQueue,
  deleteQueue,
  findQueue,
  listQueues,
  type QueueFields,
  type QueueRow,
  updateQueue,
} from '#store/queues.ts';
import { findWorkspace, updateWorkspace } from '#store/workspaces.ts';

export function queueRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;

  mount(app, deps, ops.getAvailability, async ({ query }, { caller: { workspace } }) => {
    const queue =
      query.queue === undefined ? await defaultQueue(deps, workspace) : await queueOf(pool, workspace, query.queue);
    const view = await deps.line.view(workspace);
    return answer(200, presentAvailability(queue, view.availability(queue)));
  });

  mount(app, deps, ops.listQueues, async ({ query }, { caller }) =>
    answer(200, pageOf(await listQueues(pool, caller.workspace, pageQuery(query)), query.limit, presentQueue)),
  );

  mount(app, deps, ops.createQueue, async ({ body }, { caller: { workspace }, newId }) => {
    await checkReferences(deps, workspace, body);
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

async function defaultQueue(deps: HttpDeps, workspace: WorkspaceId): Promise<QueueId> {
  const found = await findWorkspace(deps.pool, workspace);
  if (!found) throw new HttpProblem('not_found', 'This workspace is gone.');
  return found.defaultQueue;
}

async function existing(deps: HttpDeps, workspace: WorkspaceId, id: string): Promise<QueueRow> {
  const queue = await findQueue(deps.pool, workspace, id);
  if (!queue) throw new HttpProblem('not_found', `There is no queue ${id}.`);
  return queue;
}

/** Rules are in force at once on this node, and within seconds on the others. */
async function changed(deps: HttpDeps, workspace: WorkspaceId, id: string): Promise<Queue> {
  await deps.directory.changed(workspace);
  return presentQueue(await existing(deps, workspace, id));
}

async function checkReferences(deps: HttpDeps, workspace: WorkspaceId, fields: QueueFields): Promise<void> {
  for (const desk of fields.desks ?? []) if (desk !== null) await deskOf(deps.pool, workspace, desk);
  const unknown = await unknownAgents(deps.pool, workspace, fields.agents ?? []);
  if (unknown.length > 0) throw new HttpProblem('agent_unknown', `There is no agent ${unknown.join(', ')}.`);
}

function presentQueue({ createdAt, limits, ...row }: QueueRow): Queue {
  return { ...row, limits: limits as Queue['limits'], createdAt: presentTime(createdAt) };
}
