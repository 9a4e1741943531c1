import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { smtpMailer } from '#adapters/mailers/smtp/smtp.ts';
import { BOTS, createBot, createDesk, DESKS } from '#adapters/registry.ts';
import type { Config } from '#config';
import { createAuth } from '#http/auth.ts';
import type { HttpDeps } from '#http/deps.ts';
import { Kinds, OWN_KINDS } from '#http/kinds.ts';
import { createLimits } from '#http/limits.ts';
import { buildHttp } from '#http/server.ts';
import { Housekeeping } from '#hub/housekeeping.ts';
import { assembleHub, type Hub } from '#hub/hub.ts';
import { loadArticles } from '#hub/load-articles.ts';
import { guardedFetch } from '#kit/guard.ts';
import { askWebhook, postWebhook } from '#kit/post-webhook.ts';
import { watchRate } from '#kit/rate.ts';
import type { Log } from '#ports/world.ts';
import { presentLogged } from '#present/event.ts';
import { assembleRealtime } from '#realtime/assemble.ts';
import { mountStreams } from '#realtime/stream-routes.ts';
import { articlesOf } from '#store/articles.ts';
import { type FirstStart, firstStart } from '#store/first-start.ts';
import { filesFolder, filesOf } from '#store/keep-file.ts';
import { migrate } from '#store/migrate.ts';
import { sealAll } from '#store/seal-all.ts';
import { Seal } from '#store/sealed.ts';
import { secretKey } from '#store/secret-key.ts';
import { realWorld } from '#world';
import { othersOf } from './bus.ts';
import { type Database, openDatabase } from './database.ts';
import { identify } from './identify.ts';

/** A running Baton. */
export interface Baton {
  /** Where it listens, for people on this machine. */
  url: string;
  hub: Hub;
  pool: pg.Pool;
  /** Ends in order: no new work, clients told when to come back, what is under way written, then the database. */
  stop(): Promise<void>;
}

export interface AppOptions {
  log: Log;
  /** Told at the first start what it made and what nobody can read again: at once, since much may go wrong after it. */
  onFirst?: (made: FirstStart) => void;
  /** Told when something it cannot go on without has ended; the process should stop with an error. */
  onFatal?: (reason: string) => void;
  /** Tests: every answer is held against its schema. */
  checkAnswers?: boolean;
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** How long requests that are under way may take when the server stops. */
const REQUESTS_MS = 5_000;

/** Puts everything together and starts it. The only place that knows everybody. */
export async function startBaton(config: Config, options: AppOptions): Promise<Baton> {
  const database = await openDatabase(config, options.log, options.onFatal);
  try {
    return await startOn(database, config, options);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function startOn(
  database: Database,
  config: Config,
  { log, onFirst, checkAnswers = false }: AppOptions,
): Promise<Baton> {
  const { pool } = database;
  await migrate(pool);
  const egress = guardedFetch(config.reach);
  const world = realWorld(log, egress.fetch);
  const signingKey = await secretKey(config.secretKey, config.dataDir);
  const seal = new Seal(signingKey, config.secretKeysBefore);
  const first = await firstStart(pool, { ...config.firstStart, demo: config.demo }, world.newId, seal);
  if (first) onFirst?.(first);
  const kinds = new Kinds([...OWN_KINDS, ...BOTS, ...DESKS]);
  await sealSecrets(pool, seal, kinds, log);
  await readArticles(pool, config, log);

  // The port is known only once it listens; addresses made before that would be wrong.
  let port = config.port;
  const publicUrl = () => config.publicUrl ?? `http://localhost:${port}`;
  const others = await othersOf(config, { pool, secretKey: signingKey, log });
  const files = filesOf({
    pool,
    dataDir: config.dataDir,
    newId: world.newId,
    get publicUrl() {
      return publicUrl();
    },
  });
  const hub = assembleHub({
    pool,
    world,
    ...(others ? { others } : {}),
    seal,
    makeBot: (workspace, { id, kind, name, config: own }) =>
      createBot(
        { kind, config: withModel(kind, own, config) },
        { id, name, world, articles: articlesOf(pool, workspace, world.now) },
      ),
    outside: {
      makeDesk: (_workspace, { id, kind, name, config: own }) =>
        createDesk(
          { kind, config: own },
          { id, name, world: watchRate(world, (rate) => hub.circuits.noteRate(id, rate)), files },
        ),
      files,
    },
    replies: { secret: signingKey, secretsBefore: config.secretKeysBefore, publicUrl },
    ...(config.mail ? { mailer: smtpMailer(config.mail) } : {}),
    webhooks: {
      present: presentLogged,
      post: (to, id, body) => postWebhook(world, to, id, body),
      ask: (to, id, body) => askWebhook(world, to, id, body),
    },
  });
  const limits = createLimits(world.now, config.rateLimits);
  const auth = createAuth({
    db: pool,
    secretKey: signingKey,
    secretKeysBefore: config.secretKeysBefore,
    now: world.now,
    publicUrl,
  });
  const realtime = assembleRealtime({
    pool,
    world,
    hub,
    identify: identify({ auth, directory: hub.directory, publicUrl }),
    base: publicUrl,
    limits,
    proxies: config.trustProxy,
  });
  const draining = new AbortController();
  const deps: HttpDeps = {
    pool,
    ledger: hub.ledger,
    directory: hub.directory,
    line: hub.line,
    signals: hub.signals,
    auth,
    kinds,
    seal,
    replies: hub.replies,
    desks: hub.desks,
    circuits: hub.circuits,
    ingest: hub.ingest,
    links: hub.links,
    webhooks: hub.webhooks,
    limits,
    settings: {
      get publicUrl() {
        return publicUrl();
      },
      metricsToken: config.metricsToken,
      dataDir: config.dataDir,
      secretKey: signingKey,
      secretKeysBefore: config.secretKeysBefore,
      trustProxy: config.trustProxy,
      reach: config.reach,
      bundles: { widget: join(ROOT, 'packages/widget/dist'), console: join(ROOT, 'packages/console/dist') },
      demo: config.demo,
      checkAnswers,
    },
    now: world.now,
    newId: world.newId,
    log,
    nodes: hub.nodes,
    connections: () => ({ ...realtime.gateway.sizes, streams: realtime.streams.size }),
    draining: draining.signal,
    follow: (conversation, tell) => hub.news.follow(conversation, tell),
  };
  const http = buildHttp(deps);
  mountStreams(http, realtime.streams);
  realtime.gateway.attach(http.server);
  await http.listen({ host: config.host, port: config.port });
  port = (http.server.address() as AddressInfo).port;
  hub.start();
  const house = new Housekeeping({ pool, ledger: hub.ledger, filesFolder: filesFolder(config.dataDir), log });
  house.start();
  realtime.revocations.start();
  return {
    url: publicUrl(),
    hub,
    pool,
    async stop() {
      draining.abort();
      await sleep(config.drainSeconds * 1_000);
      realtime.revocations.stop();
      realtime.streams.close('restart');
      await Promise.all([realtime.gateway.close('restart'), closeHttp(http)]);
      await house.stop();
      await hub.stop();
      await egress.close();
      await database.close();
    },
  };
}

/** No new requests; those under way get their time, what then still hangs is cut. */
async function closeHttp(http: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => http.server.closeAllConnections(), REQUESTS_MS);
  await http.close();
  clearTimeout(timer);
}

/** What an older version left in plain is sealed; what no key here opens is told. */
async function sealSecrets(pool: pg.Pool, seal: Seal, kinds: Kinds, log: Log): Promise<void> {
  const { sealed, unreadable } = await sealAll(pool, seal, (side, kind) => kinds.secretsOf(side, kind), { old: false });
  if (sealed > 0) log.info({ sealed }, 'secrets that lay in plain were sealed');
  if (unreadable.length > 0)
    log.warn({ unreadable }, 'secrets were sealed under another SECRET_KEY: name it in SECRET_KEY_PREVIOUS');
}

/** A house bot without a model of its own takes the server's, where there is one. */
function withModel(kind: string, own: Record<string, unknown>, { openai }: Config): Record<string, unknown> {
  if (kind !== 'house' || openai === null || own['model'] !== undefined) return own;
  return { ...own, model: { baseUrl: openai.baseUrl, apiKey: openai.apiKey ?? '', name: openai.model } };
}

/** What the house bot knows: the operator's folder, or the demo shop's. */
async function readArticles(pool: pg.Pool, config: Config, log: Log): Promise<void> {
  const folder = config.articles ?? (config.demo ? join(ROOT, 'demo/articles') : null);
  if (folder === null) return;
  const { rows } = await pool.query<{ id: `wsp_${string}` }>('select id from workspaces order by created_at limit 1');
  const workspace = rows[0]?.id;
  if (workspace) log.info({ ...(await loadArticles(pool, workspace, folder, log)) }, 'articles read');
}
