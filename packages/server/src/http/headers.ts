import type { FastifyInstance } from 'fastify';

/**
 * Headers of every answer. Written out rather than taken from a package: which page may do what is a decision that a
 * reader should see. Pages that need more (console, docs, demo) set their own Content-Security-Policy.
 */
export function guardHeaders(app: FastifyInstance, settings: { publicUrl: string }): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'strict-origin-when-cross-origin');
    reply.header('x-frame-options', 'DENY');
    reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    if (settings.publicUrl.startsWith('https:')) reply.header('strict-transport-security', 'max-age=31536000');
    if (request.url.startsWith('/widget/v1/')) crossOrigin(reply);
    else if (request.url.startsWith('/v1/')) reply.header('cache-control', 'no-store');
  });
  // Asked by browsers before a widget on another site calls us.
  app.options('/widget/v1/*', async (_request, reply) =>
    reply
      .headers({
        'access-control-allow-methods': 'GET, POST, OPTIONS',
        'access-control-allow-headers': 'authorization, content-type, idempotency-key, last-event-id',
        'access-control-max-age': '86400',
      })
      .code(204)
      .send(),
  );
}

/**
 * Any site may read these answers: they need a token that the browser does not send by itself, and which origins may have
 * one is checked where it is given and used (`origin_not_allowed`), so that a refused page can read why.
 */
function crossOrigin(reply: { header(name: string, value: string): unknown }): void {
  reply.header('access-control-allow-origin', '*');
  reply.header('access-control-expose-headers', 'retry-after, x-request-id');
  reply.header('cross-origin-resource-policy', 'cross-origin');
  reply.header('cache-control', 'no-store');
}

/** What the console's and our own pages may load: their own files, pictures of agents and customers from anywhere. */
export const PAGE_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  // Mantine and the widget set styles from scripts.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: https:",
  "media-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');
