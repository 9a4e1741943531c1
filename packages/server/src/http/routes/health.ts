import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { HttpDeps } from '#http/deps.ts';
import { numbersOf } from '#http/metrics.ts';
import { HttpProblem } from '#http/problems.ts';

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
  app.get('/metrics', async (request, reply) => {
    const { metricsToken } = deps.settings;
    if (metricsToken && !sameText(request.headers.authorization ?? '', `Bearer ${metricsToken}`))
      throw new HttpProblem('token_invalid', 'Send METRICS_TOKEN as a bearer token.', {
        headers: { 'www-authenticate': 'Bearer' },
      });
    return reply.type(registry.contentType).send(await registry.metrics());
  });
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

function sameText(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
