// The HTTP side over a real hub on a database of its own. Every answer is held against its schema.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentId, ConversationId, HandoffId, WorkspaceId } from '@baton/core';
import type { Conversation, HandoffAnswer } from '@baton/protocol';
import type { FastifyInstance, InjectOptions } from 'fastify';
import pg from 'pg';
import { z } from 'zod';
import { createAuth } from '#http/auth.ts';
import type { HttpDeps } from '#http/deps.ts';
import { type Kind, Kinds, OWN_KINDS } from '#http/kinds.ts';
import { NO_LIMITS } from '#http/limits.ts';
import { buildHttp } from '#http/server.ts';
import { assembleHub, type Hub, type OutsideDesks } from '#hub/hub.ts';
import { postWebhook } from '#kit/post-webhook.ts';
import { presentLogged } from '#present/event.ts';
import { firstStart } from '#store/first-start.ts';
import { saveKey } from '#store/keys.ts';
import { Seal } from '#store/sealed.ts';
import { hashToken, newToken } from '#store/secrets.ts';
import { testDatabase } from '#test/database.ts';
import { realWorld } from '#world';

export const ADMIN_KEY = 'baton_test_admin_key_0123456789';
export const SITE_KEY = 'site_test';
export const OWNER = { email: 'owner@example.com', password: 'correct horse battery' };
export const SECRET = 'a secret key of more than thirty-two characters';

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; each test says what it expects
  body: any;
  headers: Record<string, string | string[] | number | undefined>;
}

interface Call {
  body?: unknown;
  /** Null: nobody says who he is. Left out: the admin's key. */
  key?: string | null;
  cookie?: string;
  idempotencyKey?: string;
  headers?: Record<string, string>;
}

export interface TestHttp {
  app: FastifyInstance;
  hub: Hub;
  pool: pg.Pool;
  deps: HttpDeps;
  workspace: WorkspaceId;
  dataDir: string;
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** A key of this or another workspace. */
  makeKey(scopes: readonly string[], workspace?: WorkspaceId): Promise<string>;
  /** Another workspace, filled like the first. */
  otherWorkspace(): Promise<{ workspace: WorkspaceId; key: string }>;
  /** The cookie of somebody who logged in. */
  login(who?: { email: string; password: string }): Promise<string>;
  /** An agent with a password, logged in. */
  makeAgent(
    role?: 'agent' | 'admin' | 'owner',
  ): Promise<{ id: AgentId; cookie: string; email: string; password: string }>;
  /** A conversation that waits for a person. */
  handoff(
    body?: object,
  ): Promise<HandoffAnswer & { conversation: Conversation & { id: ConversationId }; handoff: { id: HandoffId } }>;
  conversation(body?: object): Promise<Conversation & { id: ConversationId }>;
  stop(): Promise<void>;
}

export async function testHttp(
  more: Partial<HttpDeps['settings']> = {},
  limits: HttpDeps['limits'] = NO_LIMITS,
  {
    outside,
    kinds = [],
    webhooks = false,
  }: { outside?: OutsideDesks; kinds?: readonly Kind[] /** Endpoints are really told. */; webhooks?: boolean } = {},
): Promise<TestHttp> {
  const database = await testDatabase();
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 8 });
  pool.on('error', () => {});
  const dataDir = await mkdtemp(join(tmpdir(), 'baton-http-'));
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (fields: object, message: string) => console.error(message, fields),
  };
  const world = realWorld(log, fetch);
  const seal = new Seal(SECRET);
  const first = await firstStart(
    pool,
    { ownerEmail: OWNER.email, ownerPassword: OWNER.password, apiKey: ADMIN_KEY, siteKey: SITE_KEY, demo: false },
    world.newId,
    seal,
  );
  if (!first) throw new Error('The database was not empty.');
  const hub = assembleHub({
    pool,
    world,
    makeBot: quietBot,
    seal,
    ...(outside ? { outside } : {}),
    ...(webhooks
      ? { webhooks: { present: presentLogged, post: (to, id, body) => postWebhook(world, to, id, body) } }
      : {}),
    replies: { secret: SECRET, publicUrl: () => 'http://localhost' },
  });
  const settings = {
    publicUrl: 'http://localhost',
    dataDir,
    secretKey: SECRET,
    secretKeysBefore: [],
    trustProxy: 0,
    reach: 'public' as const,
    bundles: { widget: join(dataDir, 'widget'), console: join(dataDir, 'console') },
    demo: true,
    checkAnswers: true,
    ...more,
  };
  const deps: HttpDeps = {
    pool,
    ...hub,
    auth: createAuth({ db: pool, secretKey: SECRET, now: world.now }),
    kinds: new Kinds([
      ...OWN_KINDS,
      ...kinds,
      {
        side: 'bot' as const,
        kind: 'house',
        config: z.strictObject({ about: z.string().optional(), token: z.string().optional() }),
        secrets: ['token'],
        made: {},
      },
    ]),
    settings,
    limits,
    seal,
    now: world.now,
    newId: world.newId,
    log,
    follow: (conversation, tell) => hub.news.follow(conversation, tell),
  };
  const app = buildHttp(deps);
  await app.ready();
  hub.start();

  let count = 0;
  const call = async (
    method: string,
    path: string,
    { body, key = ADMIN_KEY, cookie, idempotencyKey, headers = {} }: Call = {},
  ): Promise<Answer> => {
    const options: InjectOptions = {
      method: method as 'GET',
      url: path,
      headers: {
        ...(cookie === undefined ? (key === null ? {} : { authorization: `Bearer ${key}` }) : { cookie }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body as object }),
    };
    const response = await app.inject(options);
    const type = String(response.headers['content-type'] ?? '');
    return {
      status: response.statusCode,
      body: type.includes('json') ? response.json() : response.body,
      headers: response.headers,
    };
  };
  const makeKey = async (scopes: readonly string[], workspace: WorkspaceId = first.workspace) => {
    const key = newToken('baton_');
    await saveKey(pool, { id: world.newId('key'), workspace, name: scopes.join(' '), scopes, hash: hashToken(key) });
    return key;
  };
  const login = async (who = OWNER) => {
    const { headers, status } = await call('POST', '/v1/session', { body: who, key: null });
    if (status !== 200) throw new Error(`The login answered ${status}.`);
    return String(headers['set-cookie']).split(';')[0] ?? '';
  };
  return {
    app,
    hub,
    pool,
    deps,
    workspace: first.workspace,
    dataDir,
    call,
    makeKey,
    login,
    async otherWorkspace() {
      const workspace = world.newId('wsp');
      const queue = world.newId('que');
      await pool.query('insert into workspaces (id, name, default_queue) values ($1, $2, $3)', [
        workspace,
        'Other',
        queue,
      ]);
      await pool.query('insert into queues (workspace_id, id, name) values ($1, $2, $3)', [
        workspace,
        queue,
        'Support',
      ]);
      await pool.query(
        `insert into integrations (workspace_id, id, side, kind, name) values ($1, $2, 'channel', 'api', 'API')`,
        [workspace, world.newId('int')],
      );
      return { workspace, key: await makeKey(['admin'], workspace) };
    },
    async makeAgent(role = 'agent') {
      const who = { email: `agent${++count}@example.com`, password: `password of ${count}` };
      const { body } = await call('POST', '/v1/agents', { body: { ...who, name: `Agent ${count}`, role } });
      return { id: body.id, cookie: await login(who), ...who };
    },
    async handoff(body = {}) {
      const answer = await call('POST', '/v1/handoffs', {
        body: { customer: { name: 'Ada' }, transcript: [{ role: 'customer', text: 'Hello' }], ...body },
      });
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return answer.body;
    },
    async conversation(body = {}) {
      const answer = await call('POST', '/v1/conversations', { body: { customer: { name: 'Ada' }, ...body } });
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return answer.body;
    },
    async stop() {
      await app.close();
      await hub.stop();
      await pool.end();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A bot with nothing to say. */
const quietBot: Parameters<typeof assembleHub>[0]['makeBot'] = (_workspace, { id, name }) => ({
  id,
  name,
  can: { whispers: false, streams: false, later: false },
  answer: async () => ({ kind: 'actions', actions: [{ type: 'noop' }] }),
});
