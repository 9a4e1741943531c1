import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { readBodies } from './bodies.ts';
import type { HttpDeps } from './deps.ts';
import { answerErrors, problemOf, sendProblem } from './errors.ts';
import { guardHeaders } from './headers.ts';
import { adapterRoutes } from './routes/adapters.ts';
import { administrationRoutes } from './routes/administration.ts';
import { agentRoutes } from './routes/agents.ts';
import { auditRoutes } from './routes/audit.ts';
import { botRoutes } from './routes/bots.ts';
import { conversationRoutes } from './routes/conversations.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { fileRoutes } from './routes/files.ts';
import { handoffRoutes } from './routes/handoffs.ts';
import { healthRoutes } from './routes/health.ts';
import { inboundRoutes } from './routes/inbound.ts';
import { integrationRoutes } from './routes/integrations.ts';
import { messageRoutes } from './routes/messages.ts';
import { pageRoutes } from './routes/pages.ts';
import { planningRoutes } from './routes/planning.ts';
import { privacyRoutes } from './routes/privacy.ts';
import { queueRoutes } from './routes/queues.ts';
import { reportRoutes } from './routes/reports.ts';
import { sessionRoutes } from './routes/session.ts';
import { shiftRoutes } from './routes/shifts.ts';
import { transcriptRoutes } from './routes/transcripts.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { widgetRoutes } from './routes/widget.ts';

/** Bodies where an operation says nothing else. */
const BODY_BYTES = 1_048_576;
/** A request that is not whole after this long is given up. */
const REQUEST_MS = 60_000;

/** The HTTP side, not listening yet: sockets and streams are mounted on it, then the app listens. */
export function buildHttp(deps: HttpDeps): FastifyInstance {
  const proxies = deps.settings.trustProxy;
  const app = Fastify({
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    // Ids and tokens travel in addresses.
    routerOptions: { maxParamLength: 500 },
    // Counted from the right: what a client writes into X-Forwarded-For itself stands left of what proxies add.
    trustProxy: proxies === 0 ? false : (_address, hop) => hop < proxies,
    // Requests under way are answered when the server stops; what is idle goes at once (app.ts cuts what stays).
    forceCloseConnections: 'idle',
    // Ours by name, or a new one; what a client calls itself is not trusted further than this.
    genReqId: (request) => requestId(request.headers['x-request-id']) ?? crypto.randomUUID(),
    // What goes wrong before there is a route: addresses that are no addresses.
    frameworkErrors: (error, request, reply) =>
      void sendProblem(reply as FastifyReply, request as FastifyRequest, problemOf(error)),
    // Fastify's own log says every request twice; ours says what failed, metrics say the rest.
    logger: false,
  });
  app.decorateRequest('caller', null);
  const closing = new AbortController();
  app.decorate('closing', closing.signal);
  app.addHook('preClose', async () => closing.abort());
  readBodies(app);
  guardHeaders(app, deps.settings);
  answerErrors(app, deps.log);
  for (const routes of [
    healthRoutes,
    handoffRoutes,
    conversationRoutes,
    messageRoutes,
    privacyRoutes,
    queueRoutes,
    shiftRoutes,
    agentRoutes,
    sessionRoutes,
    adapterRoutes,
    integrationRoutes,
    deliveryRoutes,
    administrationRoutes,
    webhookRoutes,
    auditRoutes,
    reportRoutes,
    planningRoutes,
    fileRoutes,
    botRoutes,
    widgetRoutes,
    inboundRoutes,
    transcriptRoutes,
    pageRoutes,
  ]) {
    routes(app, deps);
  }
  return app;
}

function requestId(given: string | string[] | undefined): string | undefined {
  return typeof given === 'string' && /^[\w.-]{8,80}$/.test(given) ? given : undefined;
}
