import type { FastifyInstance } from 'fastify';
import { forgetAnswers } from '#store/idempotency.ts';
import { forgetExpiredSessions } from '#store/sessions.ts';
import type { HttpDeps } from './deps.ts';

/** How often what has run out is swept. Every node does it: what one has deleted the others do not find. */
const SWEEP_MS = 15 * 60_000;

/** Sessions, login links and kept answers that have run out. They count no more; this only keeps the tables small. */
export function keepHouse(app: FastifyInstance, { pool, log }: Pick<HttpDeps, 'pool' | 'log'>): void {
  const sweep = () =>
    Promise.all([forgetAnswers(pool), forgetExpiredSessions(pool)]).catch((error: unknown) =>
      log.warn({ error }, 'what has run out could not be swept; it is tried again later'),
    );
  let timer: NodeJS.Timeout | undefined;
  app.addHook('onListen', async () => {
    timer = setInterval(() => void sweep(), SWEEP_MS);
    timer.unref();
  });
  app.addHook('onClose', async () => clearInterval(timer));
}
