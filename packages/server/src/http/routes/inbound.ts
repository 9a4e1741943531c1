import type { IntegrationId } from '@baton/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpDeps } from '#http/deps.ts';
import { HttpProblem } from '#http/problems.ts';

/** Vendors send events, not files. */
const BODY_BYTES = 4_194_304;

/**
 * Where vendors' webhooks come in. The bytes go to the adapter as they are, because they are what was signed. 2xx is said
 * only after everything is stored; a vendor that hears 503 sends again. What is forged is told nothing.
 */
export function inboundRoutes(app: FastifyInstance, { ingest, now }: Pick<HttpDeps, 'ingest' | 'now'>): void {
  app.register(async (room) => {
    room.removeAllContentTypeParsers();
    room.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES }, (_request, body, done) => {
      done(null, body);
    });
    const take = async (request: FastifyRequest, reply: FastifyReply) => {
      const { integration, secret = null } = request.params as { integration: string; secret?: string };
      const answer = await ingest.receive(integration as IntegrationId, secret, rawOf(request, now()));
      if (answer === 'unknown') throw new HttpProblem('not_found', 'There is nothing here.');
      if (answer === 'forged')
        throw new HttpProblem('token_invalid', 'This was not proven to come from the right sender.');
      if (answer === 'unready')
        throw new HttpProblem('unavailable', 'This integration is not ready.', { retryAfterSeconds: 60 });
      return reply.code(answer.status).type(answer.contentType).header('cache-control', 'no-store').send(answer.body);
    };
    for (const url of ['/inbound/:integration', '/inbound/:integration/:secret'])
      room.route({ method: ['GET', 'POST', 'PUT'], url, handler: take });
  });
}

function rawOf({ method, url, query, headers, body }: FastifyRequest, at: number) {
  return {
    method,
    url,
    query: Object.fromEntries(Object.entries(query as object).map(([name, value]) => [name, String(value)])),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
    ),
    body: Buffer.isBuffer(body) ? body : new Uint8Array(),
    at,
  };
}
