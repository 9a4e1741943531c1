import type { Rules } from '@baton/core';
import type { Key, Workspace } from '@baton/protocol';
import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import { pageOf, pageQuery } from '#http/cursor.ts';
import type { HttpDeps } from '#http/deps.ts';
import { queueOf } from '#http/parties.ts';
import { HttpProblem } from '#http/problems.ts';
import { answer, mount } from '#http/route.ts';
import { presentCustomer } from '#present/conversation.ts';
import { presentTime, presentTimeOrNull } from '#present/event.ts';
import { findCustomer, listCustomers } from '#store/customers.ts';
import { type KeyRow, listKeys, revokeKey, saveKey } from '#store/keys.ts';
import { hashToken, newToken } from '#store/secrets.ts';
import { findWorkspace, rulesOf, updateWorkspace, type WorkspaceChange } from '#store/workspaces.ts';
import { isOwner } from './agents.ts';

export function administrationRoutes(app: FastifyInstance, deps: HttpDeps): void {
  workspaces(app, deps);
  keys(app, deps);
  customers(app, deps);
}

function workspaces(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;
  const present = async (id: Workspace['id']): Promise<Workspace> => {
    const found = await findWorkspace(pool, id);
    if (!found) throw new HttpProblem('not_found', 'This workspace is gone.');
    return {
      id: found.id,
      name: found.name,
      defaultQueue: found.defaultQueue,
      rules: presentRules(rulesOf(found)),
      retentionDays: found.retentionDays,
      createdAt: presentTime(found.createdAt),
    };
  };

  mount(app, deps, ops.getWorkspace, async (_, { caller }) => answer(200, await present(caller.workspace)));

  mount(app, deps, ops.updateWorkspace, async ({ body }, { caller: { workspace } }) => {
    if (body.defaultQueue !== undefined) await queueOf(pool, workspace, body.defaultQueue);
    for (const topic of body.rules?.escalation?.topics ?? [])
      if (topic.queue !== undefined) await queueOf(pool, workspace, topic.queue);
    // JSON has no undefined: what was left out is not there.
    await updateWorkspace(pool, workspace, body as WorkspaceChange);
    await deps.directory.changed(workspace);
    return answer(200, await present(workspace));
  });
}

function presentRules({ limits, escalation, botTries, voice }: Rules): Workspace['rules'] {
  return { limits, escalation, botTries, voice };
}

function keys(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;

  mount(app, deps, ops.listKeys, async ({ query }, { caller }) =>
    answer(200, pageOf(await listKeys(pool, caller.workspace, pageQuery(query)), query.limit, presentKey)),
  );

  mount(app, deps, ops.createKey, async ({ body }, { caller, newId }) => {
    // Such a key stands for an owner (agents.ts): an admin who makes one would make himself an owner.
    if (body.scopes.includes('admin') && !isOwner(caller))
      throw new HttpProblem('owner_only', 'Only an owner makes keys with the scope admin.');
    const key = newToken('baton_');
    const row = await saveKey(pool, {
      id: newId('key'),
      workspace: caller.workspace,
      name: body.name,
      scopes: [...new Set(body.scopes)],
      hash: hashToken(key),
    });
    return answer(201, { ...presentKey(row), key });
  });

  mount(app, deps, ops.deleteKey, async ({ params }, { caller }) => {
    if (!(await revokeKey(pool, caller.workspace, params.id)))
      throw new HttpProblem('not_found', `There is no key ${params.id}.`);
    return answer(204, null);
  });
}

function presentKey({ id, name, scopes, createdAt, lastUsedAt }: KeyRow): Key {
  return {
    id,
    name,
    scopes: scopes as Key['scopes'],
    createdAt: presentTime(createdAt),
    lastUsedAt: presentTimeOrNull(lastUsedAt),
  };
}

function customers(app: FastifyInstance, deps: HttpDeps): void {
  mount(app, deps, ops.listCustomers, async ({ query }, { caller }) => {
    const rows = await listCustomers(deps.pool, caller.workspace, { ...query, ...pageQuery(query) });
    return answer(200, pageOf(rows, query.limit, presentCustomer));
  });

  mount(app, deps, ops.getCustomer, async ({ params }, { caller }) => {
    const row = await findCustomer(deps.pool, caller.workspace, params.id);
    if (!row) throw new HttpProblem('not_found', `There is no customer ${params.id}.`);
    return answer(200, presentCustomer(row));
  });
}
