import { randomBytes } from 'node:crypto';
import type { IntegrationId, WorkspaceId } from '@baton/core';
import type { Integration } from '@baton/protocol';
import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import { allows } from '#http/auth.ts';
import { pageOf, pageQuery } from '#http/cursor.ts';
import type { HttpDeps } from '#http/deps.ts';
import type { Kind } from '#http/kinds.ts';
import type { AgentPrincipal, KeyPrincipal } from '#http/principal.ts';
import { HttpProblem } from '#http/problems.ts';
import { answer, mount } from '#http/route.ts';
import { testDesk } from '#hub/test-desk.ts';
import { presentTime, presentTimeOrNull } from '#present/event.ts';
import { type Db, transaction } from '#store/db.ts';
import { deskUse } from '#store/desk-deliveries.ts';
import {
  createIntegration,
  deleteIntegration,
  findIntegration,
  listIntegrations,
  lockIntegration,
  type OpenIntegration,
  openIntegration,
  updateIntegration,
} from '#store/integrations.ts';
import { sealConfig } from '#store/sealed-config.ts';

type Caller = AgentPrincipal | KeyPrincipal;

export function integrationRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;
  const present = (caller: Caller) => (row: OpenIntegration) => presentIntegration(deps, caller, row);

  mount(app, deps, ops.listIntegrations, async ({ query }, { caller }) => {
    const rows = await listIntegrations(pool, caller.workspace, { ...query, ...pageQuery(query) });
    const open = rows.map((row) => openIntegration(deps.seal, row));
    return answer(200, pageOf(open, query.limit, present(caller)));
  });

  mount(app, deps, ops.createIntegration, async ({ body }, { caller, newId }) => {
    const { workspace } = caller;
    const { side, kind, name } = body;
    const known = kindOf(deps, side, kind);
    const config = configOf(known, withMade(known, body.config ?? {}));
    const bot = side === 'channel' && body.bot ? await botOf(deps, workspace, body.bot) : null;
    const id = newId('int');
    const siteKey = side === 'channel' && kind === 'widget' ? newSiteKey() : null;
    await createIntegration(pool, {
      id,
      workspace,
      side,
      kind,
      name,
      config: sealConfig(deps.seal, known.secrets, { workspace, id }, config),
      bot,
      siteKey,
      enabled: body.enabled ?? true,
    });
    return answer(201, await changed(deps, caller, id, known.secrets));
  });

  mount(app, deps, ops.getIntegration, async ({ params }, { caller }) =>
    answer(200, present(caller)(await existing(deps, caller.workspace, params.id))),
  );

  mount(app, deps, ops.updateIntegration, async ({ params, body }, { caller }) => {
    const { workspace } = caller;
    const bot = body.bot ? await botOf(deps, workspace, body.bot) : body.bot;
    // What changes is worked out from what is there, so nobody else may change it meanwhile.
    const set = await transaction(pool, async (db) => {
      await lockIntegration(db, workspace, params.id);
      const row = await existing(deps, workspace, params.id, db);
      const known = kindOf(deps, row.side, row.kind);
      const change = withoutMasks(known, body.config);
      const config = change && configOf(known, withMade(known, mergeConfig(row.config, change)));
      if (config !== undefined) assertNothingLost(row, change ?? {});
      await updateIntegration(db, workspace, params.id, {
        name: body.name,
        config: config && sealConfig(deps.seal, known.secrets, row, config),
        bot,
        enabled: body.enabled,
      });
      return known.secrets.filter((name) => change?.[name] !== undefined);
    });
    return answer(200, await changed(deps, caller, params.id, set));
  });

  mount(app, deps, ops.testIntegration, async ({ params }, { caller: { workspace } }) => {
    const { side, id } = await existing(deps, workspace, params.id);
    if (side !== 'desk')
      throw new HttpProblem('not_found', 'Only desks can be tried; a bot is tried by talking to it.');
    const tested = await testDesk(deps.desks, deps.now, workspace, id);
    if (!tested) throw new HttpProblem('not_found', 'This desk is switched off.');
    return answer(200, tested);
  });

  mount(app, deps, ops.getIntegrationHealth, async ({ params }, { caller: { workspace } }) => {
    const { id } = await existing(deps, workspace, params.id);
    const { state, failures, pausedUntil, limits, rate, calls } = deps.circuits.health(id);
    const { usedAt, open, ...trouble } = await deskUse(pool, id);
    const { reasons, ...heard } = deps.ingest.heard(id);
    return answer(200, {
      state,
      failures,
      pausedUntil: pausedUntil > deps.now() ? presentTime(pausedUntil) : null,
      limits: [...limits].flatMap(([what, until]) => (until > deps.now() ? [{ what, until: presentTime(until) }] : [])),
      rate: rate && { ...rate, resetsAt: presentTimeOrNull(rate.resetsAt), at: presentTime(rate.at) },
      usedAt: presentTimeOrNull(usedAt),
      open,
      trouble,
      calls: calls.map(({ at, ...call }) => ({ ...call, at: presentTime(at) })),
      heard: { ...heard, reasons: reasons.map(({ at, why }) => ({ at: presentTime(at), why })) },
    });
  });

  mount(app, deps, ops.deleteIntegration, async ({ params }, { caller: { workspace } }) => {
    await existing(deps, workspace, params.id);
    if (!(await deleteIntegration(pool, workspace, params.id)))
      throw new HttpProblem(
        'integration_used',
        'Conversations, queues or channels use it. Switch it off instead: PATCH it with {"enabled": false}.',
      );
    await deps.directory.changed(workspace);
    return answer(204, null);
  });
}

/** A widget's public key. It is in the page's source for all to see: it names the site, it opens nothing. */
export function newSiteKey(): string {
  return `site_${randomBytes(12).toString('base64url')}`;
}

async function existing(
  deps: HttpDeps,
  workspace: WorkspaceId,
  id: string,
  db: Db = deps.pool,
): Promise<OpenIntegration> {
  const row = await findIntegration(db, workspace, id);
  if (!row) throw new HttpProblem('not_found', `There is no integration ${id}.`);
  return openIntegration(deps.seal, row);
}

/** A secret that cannot be read now would be written over: it comes back with its key, or is named anew. */
function assertNothingLost(row: OpenIntegration, change: Record<string, unknown>): void {
  const lost = row.unreadable.filter((field) => !(field in change));
  if (lost.length === 0) return;
  throw new HttpProblem(
    'config_invalid',
    `${lost.join(', ')} cannot be read: it was sealed under another SECRET_KEY. Name that one in SECRET_KEY_PREVIOUS, or give ${lost.join(' and ')} anew.`,
    { errors: lost.map((field) => ({ path: `config.${field}`, message: 'Cannot be read.' })) },
  );
}

/** @param set secrets that this very request has set or made: whoever has set them may see them now. */
async function changed(
  deps: HttpDeps,
  caller: Caller,
  id: IntegrationId,
  set: readonly string[],
): Promise<Integration> {
  await deps.directory.changed(caller.workspace);
  return presentIntegration(deps, caller, await existing(deps, caller.workspace, id), set);
}

async function botOf(deps: HttpDeps, workspace: WorkspaceId, id: string): Promise<IntegrationId> {
  const bot = await findIntegration(deps.pool, workspace, id);
  if (bot?.side === 'bot') return bot.id;
  throw new HttpProblem('bot_unknown', `There is no bot ${id}. GET /v1/integrations?side=bot lists them.`);
}

function kindOf(deps: HttpDeps, side: string, kind: string): Kind {
  const known = deps.kinds.find(side, kind);
  if (known) return known;
  const names = deps.kinds.names(side).join(', ');
  throw new HttpProblem('kind_unknown', `There is no ${side} of kind "${kind}". There are: ${names}.`, {
    errors: [{ path: 'kind', message: `One of ${names}.` }],
  });
}

function configOf(kind: Kind, config: Record<string, unknown>): Record<string, unknown> {
  const parsed = kind.config.safeParse(config);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({ path: ['config', ...path].join('.'), message }));
  throw new HttpProblem(
    'config_invalid',
    `The config of a ${kind.kind} ${kind.side} is not right: ${errors.map(({ path, message }) => `${path}: ${message}`).join(' ')}`,
    { errors },
  );
}

function withMade(kind: Kind, config: Record<string, unknown>): Record<string, unknown> {
  const made = Object.entries(kind.made).flatMap(([name, make]) =>
    config[name] === undefined ? [[name, make()]] : [],
  );
  return { ...config, ...Object.fromEntries(made) };
}

/** RFC 7396: fields of a change replace, null takes away, what is not named stays. */
export function mergeConfig(config: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...config };
  for (const [name, value] of Object.entries(change)) {
    const old = merged[name];
    if (value === null) delete merged[name];
    else merged[name] = isPlain(value) ? mergeConfig(isPlain(old) ? old : {}, value) : value;
  }
  return merged;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What was read can be sent back as it is: a secret that is only marked stays. */
function withoutMasks(
  { secrets }: Kind,
  change: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined {
  return (
    change &&
    Object.fromEntries(Object.entries(change).filter(([name, value]) => !(secrets.includes(name) && value === MASK)))
  );
}

const MASK = '[secret]';

/** An object with nothing in it hides nothing. */
function isSet(value: unknown): boolean {
  return value !== undefined && !(isPlain(value) && Object.keys(value).length === 0);
}

/** Secrets are for admins, and those of a desk for nobody once they are set; everybody else sees that there is one. */
function presentIntegration(
  deps: HttpDeps,
  caller: Caller,
  { workspace: _, unreadable: __, createdAt, ...row }: OpenIntegration,
  set: readonly string[] = [],
): Integration {
  const secrets = deps.kinds.find(row.side, row.kind)?.secrets ?? Object.keys(row.config);
  const shown = (name: string) => allows(caller, 'admin') && (row.side !== 'desk' || set.includes(name));
  const hidden = secrets.filter((name) => isSet(row.config[name]) && !shown(name)).map((name) => [name, MASK]);
  const { inboundSecret = null } = row.config as { inboundSecret?: string };
  const inboundUrl = row.side === 'desk' && allows(caller, 'admin') ? deps.links.inbound(row.id, inboundSecret) : null;
  const config = { ...row.config, ...Object.fromEntries(hidden) };
  return { ...row, config, inboundUrl, createdAt: presentTime(createdAt) };
}
