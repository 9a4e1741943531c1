import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { HttpDeps } from '#http/deps.ts';

/** A database that takes longer than this to say anything is away. */
const READY_MS = 1_000;

/** Liveness, readiness, and numbers for Prometheus. */
export function healthRoutes(app: FastifyInstance, deps: HttpDeps): void {
  app.get('/healthz', async () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    if (deps.draining?.aborted)
      return reply.code(503).header('cache-control', 'no-store').send({ status: 'stopping', checks: {} });
    const database = await answers(deps);
    return reply
      .code(database ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: database ? 'ready' : 'unavailable', checks: { database: database ? 'ok' : 'away' } });
  });

  const registry = numbersOf(app, deps);
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}

async function answers({ pool }: HttpDeps): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), READY_MS);
  const asked = pool.query('select 1').then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late.promise]).finally(() => clearTimeout(timer));
}

function numbersOf(app: FastifyInstance, { ledger, pool }: HttpDeps): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'baton_' });
  const took = new Histogram({
    name: 'baton_http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    took.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode },
      reply.elapsedTime / 1_000,
    );
  });
  for (const [name, help] of [
    ['flushes', 'Statements that wrote to conversations.'],
    ['events', 'Events written.'],
    ['races', 'Writes that another node won, and that were decided again.'],
    ['failures', 'Flushes that the database did not take.'],
  ] as const) {
    new Counter({
      name: `baton_ledger_${name}_total`,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(ledger.stats[name]);
      },
    });
  }
  new Gauge({
    name: 'baton_database_connections',
    help: 'Connections of this node to the database, by state.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'wanted' }, pool.waitingCount);
    },
  });
  return registry;
}
