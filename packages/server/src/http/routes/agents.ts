import type { WorkspaceId } from '@baton/core';
import type { Agent } from '@baton/protocol';
import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import { pageOf, pageQuery } from '#http/cursor.ts';
import type { HttpDeps } from '#http/deps.ts';
import type { AgentPrincipal, KeyPrincipal } from '#http/principal.ts';
import { HttpProblem } from '#http/problems.ts';
import { answer, mount } from '#http/route.ts';
import { agentRemoved } from '#hub/agent-removed.ts';
import { presentTime, presentTimeOrNull } from '#present/event.ts';
import {
  type AgentFields,
  type AgentRow,
  createAgent,
  findAgent,
  hasOtherOwner,
  listAgents,
  updateAgent,
} from '#store/agents.ts';
import { type Db, transaction } from '#store/db.ts';
import { hashPassword } from '#store/passwords.ts';
import { hashToken, newToken } from '#store/secrets.ts';
import { endSessionsOf, saveLoginLink } from '#store/sessions.ts';

/** A link that an admin sends to a new agent. */
const LINK_MS = 7 * 86_400_000;

export function agentRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;

  mount(app, deps, ops.listAgents, async ({ query }, { caller }) => {
    const rows = await listAgents(pool, caller.workspace, { ...pageQuery(query), disabled: query.disabled === 'true' });
    const { team } = await deps.line.view(caller.workspace);
    const wrapping = new Map(team.map((one) => [one.agent.id, one.wrapping]));
    return answer(
      200,
      pageOf(rows, query.limit, (row) => ({ ...presentAgent(row), wrapping: wrapping.get(row.id) ?? 0 })),
    );
  });

  mount(app, deps, ops.createAgent, async ({ body }, { caller, newId }) => {
    const { workspace } = caller;
    assertMayGive(caller, body.role);
    const { password, ...fields } = body;
    const id = newId('agt');
    await createAgent(pool, workspace, id, { ...fields, ...(await hashed(password)) });
    const loginLink = password === undefined ? (await makeLink(deps, workspace, id)).url : null;
    return answer(201, { ...presentAgent(await existingAgent(deps, workspace, id)), loginLink });
  });

  mount(app, deps, ops.getAgent, async ({ params }, { caller }) =>
    answer(200, presentAgent(await existingAgent(deps, caller.workspace, params.id))),
  );

  mount(app, deps, ops.updateAgent, async ({ params, body }, { caller }) => {
    const { workspace } = caller;
    const agent = await existingAgent(deps, workspace, params.id);
    assertMayChange(caller, agent);
    assertMayGive(caller, body.role);
    const { password, ...fields } = body;
    const change = { ...fields, ...(await hashed(password)) };
    await transaction(pool, async (db) => {
      if ((body.role !== undefined && body.role !== 'owner') || body.disabled)
        await assertNotLastOwner(db, workspace, agent);
      await updateAgent(db, workspace, agent.id, change);
    });
    if (password !== undefined || body.disabled) await endSessionsOf(pool, workspace, agent.id);
    if (body.disabled) await agentRemoved(deps, agent.id);
    // What he takes has changed: the line looks again.
    await deps.line.fresh(workspace);
    return answer(200, presentAgent(await existingAgent(deps, workspace, agent.id)));
  });

  mount(app, deps, ops.deleteAgent, async ({ params }, { caller }) => {
    const { workspace } = caller;
    const agent = await existingAgent(deps, workspace, params.id);
    assertMayChange(caller, agent);
    await transaction(pool, async (db) => {
      await assertNotLastOwner(db, workspace, agent);
      await updateAgent(db, workspace, agent.id, { disabled: true });
    });
    await endSessionsOf(pool, workspace, agent.id);
    await agentRemoved(deps, agent.id);
    await deps.line.fresh(workspace);
    return answer(204, null);
  });

  mount(app, deps, ops.createLoginLink, async ({ params }, { caller }) => {
    const agent = await existingAgent(deps, caller.workspace, params.id);
    assertMayChange(caller, agent);
    const { url, expiresAt } = await makeLink(deps, caller.workspace, agent.id);
    return answer(201, { url, expiresAt: presentTime(expiresAt) });
  });
}

export async function existingAgent(deps: HttpDeps, workspace: WorkspaceId, id: string): Promise<AgentRow> {
  const agent = await findAgent(deps.pool, workspace, id);
  if (!agent) throw new HttpProblem('not_found', `There is no agent ${id}.`);
  return agent;
}

export function presentAgent({ createdAt, backAt, ...row }: AgentRow): Agent {
  return { ...row, backAt: presentTimeOrNull(backAt), createdAt: presentTime(createdAt) };
}

export async function hashed(password: string | undefined): Promise<Pick<AgentFields, 'passwordHash'>> {
  return password === undefined ? {} : { passwordHash: await hashPassword(password) };
}

async function makeLink(
  deps: HttpDeps,
  workspace: WorkspaceId,
  agent: AgentRow['id'],
): Promise<{ url: string; expiresAt: Date }> {
  const token = newToken();
  const expiresAt = new Date(deps.now() + LINK_MS);
  await saveLoginLink(deps.pool, { tokenHash: hashToken(token), workspace, agent, expiresAt });
  return { url: `${deps.settings.publicUrl}/login/${token}`, expiresAt };
}

/** An API key with the scope `admin` is a server's, and stands for an owner. */
export function isOwner(caller: AgentPrincipal | KeyPrincipal): boolean {
  return caller.kind === 'key' || caller.role === 'owner';
}

function assertMayGive(caller: AgentPrincipal | KeyPrincipal, role: AgentRow['role'] | undefined): void {
  if (role === 'owner' && !isOwner(caller)) throw new HttpProblem('owner_only', 'Only an owner makes others owners.');
}

function assertMayChange(caller: AgentPrincipal | KeyPrincipal, agent: AgentRow): void {
  if (agent.role === 'owner' && !isOwner(caller))
    throw new HttpProblem('owner_only', 'Only an owner changes an owner.');
}

async function assertNotLastOwner(db: Db, workspace: WorkspaceId, agent: AgentRow): Promise<void> {
  if (agent.role !== 'owner' || agent.disabled || (await hasOtherOwner(db, workspace, agent.id))) return;
  throw new HttpProblem('last_owner', 'This is the last owner who can log in. Make somebody else an owner first.');
}
