import type { AgentId, WorkspaceId } from '@baton/core';
import type { Session } from '@baton/protocol';
import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { note } from '#http/audit.ts';
import { SESSION_MS, sessionTokenOf } from '#http/auth.ts';
import type { HttpDeps } from '#http/deps.ts';
import { addressKey, FailureLimit, networkKey } from '#http/limits.ts';
import { assertSameSite } from '#http/origins.ts';
import { HttpProblem } from '#http/problems.ts';
import { answer, mount } from '#http/route.ts';
import { findLogin, updateAgent } from '#store/agents.ts';
import { saveAudit } from '#store/audit.ts';
import { checkPassword } from '#store/passwords.ts';
import { hashToken, newToken } from '#store/secrets.ts';
import { endSession, endSessionsOf, saveSession, useLoginLink } from '#store/sessions.ts';
import { findWorkspace } from '#store/workspaces.ts';
import { existingAgent, hashed, presentAgent } from './agents.ts';

/** Wrong passwords within a quarter of an hour: for one account from one address, and for any from an address or a network. */
const ACCOUNT_FAILURES = 5;
const ADDRESS_FAILURES = 50;
const NETWORK_FAILURES = 500;
const WINDOW_MS = 15 * 60_000;

export function sessionRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;
  const failures = new FailureLimit(deps.now, WINDOW_MS);

  mount(app, deps, ops.createSession, async ({ body }, { request, reply }) => {
    assertSameSite(deps.settings, request);
    warnOfProxy(deps, request);
    const address = addressKey(request.ip);
    const account = `${body.email.toLowerCase()} ${address}`;
    const network = networkKey(request.ip);
    const wait = Math.max(
      failures.waitOf(account, ACCOUNT_FAILURES),
      failures.waitOf(address, ADDRESS_FAILURES),
      failures.waitOf(network, NETWORK_FAILURES),
    );
    assertMayTry(wait);
    // Counted before it is checked: a hundred guesses at once are a hundred guesses.
    for (const key of [account, address, network]) failures.count(key);
    const login = await findLogin(pool, body.email);
    if (!(await checkPassword(login?.passwordHash ?? null, body.password)) || !login) {
      // Not waited for: how long it takes must not tell that there is such an account.
      if (login)
        noteLogin(deps, request, login, 'login.failed').catch((error: unknown) =>
          deps.log.warn({ error }, 'a failed login could not be noted'),
        );
      throw new HttpProblem('login_failed', 'There is no such account, or the password is wrong.');
    }
    failures.forget(account);
    for (const key of [address, network]) failures.takeBack(key);
    await startSession(deps, request, reply, login.workspace, login.agent);
    await noteLogin(deps, request, login, 'login');
    return answer(200, await sessionOf(deps, login.workspace, login.agent));
  });

  mount(app, deps, ops.getSession, async (_, { caller }) =>
    answer(200, await sessionOf(deps, caller.workspace, caller.agent.id)),
  );

  mount(app, deps, ops.updateSession, async ({ body }, { caller, request, reply }) => {
    const { password, currentPassword, ...fields } = body;
    const { workspace, agent } = caller;
    if (password !== undefined) {
      const known = await findLogin(pool, (await existingAgent(deps, workspace, agent.id)).email);
      assertMayTry(failures.waitOf(agent.id, ACCOUNT_FAILURES));
      failures.count(agent.id);
      // Who came by a link has none yet, and sets his first.
      if (known?.passwordHash && !(await checkPassword(known.passwordHash, currentPassword ?? '')))
        throw new HttpProblem('login_failed', 'The current password is wrong.');
      failures.forget(agent.id);
    }
    await updateAgent(pool, workspace, agent.id, { ...fields, ...(await hashed(password)) });
    if (password !== undefined) {
      // Whoever has a copy of this cookie, or a link that was not used yet, is out as well: he goes on under a new one.
      await endSessionsOf(pool, workspace, agent.id);
      await startSession(deps, request, reply, workspace, agent.id);
    }
    await note(deps, caller, request, {
      action: 'updateSession',
      target: agent.id,
      detail: { fields: Object.keys(body) },
    });
    return answer(200, await sessionOf(deps, workspace, agent.id));
  });

  mount(app, deps, ops.deleteSession, async (_, { request, reply }) => {
    assertSameSite(deps.settings, request);
    const token = sessionTokenOf(request.headers.cookie);
    const who = await deps.auth.principalOfCookie(request.headers.cookie);
    if (token) await endSession(pool, hashToken(token));
    if (who.kind === 'agent') await note(deps, who, request, { action: 'logout', target: who.agent.id });
    setCookie(deps, request, reply, '', 0);
    return answer(204, null);
  });

  loginLinks(app, deps);
}

let warned = false;

/** All people would be one address, and one who guesses would shut out all. Told once. */
function warnOfProxy({ settings, log }: HttpDeps, request: FastifyRequest): void {
  if (warned || settings.trustProxy > 0 || request.headers['x-forwarded-for'] === undefined) return;
  warned = true;
  log.warn({}, 'a proxy stands before this server: set TRUST_PROXY, or all people count as one address');
}

function assertMayTry(waitMs: number): void {
  if (waitMs === 0) return;
  const seconds = Math.ceil(waitMs / 1_000);
  throw new HttpProblem(
    'too_many_attempts',
    `Too many wrong passwords. Try again in ${Math.ceil(seconds / 60)} minutes, or ask an admin for a login link.`,
    { retryAfterSeconds: seconds },
  );
}

/** The links that log in once: printed by `npm start`, or sent to a new agent. */
function loginLinks(app: FastifyInstance, deps: HttpDeps): void {
  // Not for HEAD: programs that look at a link before people open it must not use it up.
  app.get('/login/:token', { exposeHeadRoute: false }, async (request, reply) => {
    const { token } = request.params as { token: string };
    const found = await useLoginLink(deps.pool, hashToken(token));
    if (found) {
      await startSession(deps, request, reply, found.workspace, found.agent);
      await noteLogin(deps, request, found, 'login.link');
    }
    // A link that was used leads to the console all the same: who used it is logged in, everybody else sees the login.
    return reply.header('cache-control', 'no-store').redirect('/console/', 303);
  });
}

/** A login that failed is nobody's: it tells whose account was tried. */
async function noteLogin(
  deps: HttpDeps,
  request: FastifyRequest,
  { workspace, agent }: { workspace: WorkspaceId; agent: AgentId },
  action: 'login' | 'login.failed' | 'login.link',
): Promise<void> {
  const { name } = await existingAgent(deps, workspace, agent);
  const actor =
    action === 'login.failed'
      ? ({ kind: 'nobody', id: null, name: null } as const)
      : ({ kind: 'agent', id: agent, name } as const);
  await saveAudit(deps.pool, deps.newId, { workspace, actor, action, target: agent, address: request.ip, detail: {} });
}

async function startSession(
  deps: HttpDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  workspace: WorkspaceId,
  agent: AgentId,
): Promise<void> {
  const token = newToken();
  await saveSession(deps.pool, {
    tokenHash: hashToken(token),
    workspace,
    agent,
    expiresAt: new Date(deps.now() + SESSION_MS),
  });
  // A year: the server decides when it ends, and extends it while it is used.
  setCookie(deps, request, reply, token, 365 * 86_400);
}

function setCookie(deps: HttpDeps, request: FastifyRequest, reply: FastifyReply, token: string, maxAge: number): void {
  const secure = deps.settings.publicUrl.startsWith('https:') || request.protocol === 'https';
  const name = secure ? '__Host-baton' : 'baton';
  reply.header(
    'set-cookie',
    `${name}=${token}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`,
  );
}

async function sessionOf(deps: HttpDeps, workspace: WorkspaceId, agent: AgentId): Promise<Session> {
  const found = await findWorkspace(deps.pool, workspace);
  if (!found) throw new HttpProblem('not_found', 'This workspace is gone.');
  return {
    agent: presentAgent(await existingAgent(deps, workspace, agent)),
    workspace: { id: found.id, name: found.name },
  };
}
