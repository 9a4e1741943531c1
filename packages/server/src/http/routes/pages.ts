import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { demoPage } from '#http/demo.ts';
import type { HttpDeps } from '#http/deps.ts';
import { asyncapiText, fill, menu, openapiText, page, problemsPage, realtimePage } from '#http/documentation.ts';
import { PAGE_POLICY } from '#http/headers.ts';
import { HttpProblem } from '#http/problems.ts';

const DEMO_LINK =
  '<li><a href="/demo"><strong>Demo shop</strong><span>A page with the widget: be a customer.</span></a></li>';

/** What people open in a browser: landing, demo, console, documentation, the widget's script. */
export function pageRoutes(app: FastifyInstance, deps: HttpDeps): void {
  // One plugin for all folders: each route names its own.
  app.register(fastifyStatic, {
    root: fileURLToPath(new URL('../pages', import.meta.url)),
    serve: false,
    cacheControl: false,
    // The bundles lie there compressed as well (scripts/ensure/bundles.mjs).
    preCompressed: true,
  });

  app.get('/', (_request, reply) =>
    html(reply, fill(page('landing.html'), { demo: deps.settings.demo ? DEMO_LINK : '' })),
  );
  app.get('/favicon.ico', (_request, reply) => reply.code(204).header('cache-control', 'public, max-age=86400').send());
  app.get('/robots.txt', (_request, reply) => reply.type('text/plain').send('User-agent: *\nDisallow: /\n'));
  if (deps.settings.demo) {
    app.get('/demo', async (request, reply) => {
      const { as } = request.query as { as?: unknown };
      return html(reply, await demoPage(deps, typeof as === 'string' ? as : null));
    });
  }
  documentation(app);
  bundles(app, deps.settings.bundles);
}

function html(reply: FastifyReply, body: string): FastifyReply {
  return reply
    .header('content-security-policy', PAGE_POLICY)
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(body);
}

function documentation(app: FastifyInstance): void {
  const assets = join(dirname(fileURLToPath(import.meta.resolve('@fastify/swagger-ui'))), 'static');
  const json = (reply: FastifyReply, text: string) =>
    reply
      .header('cache-control', 'no-cache')
      .header('access-control-allow-origin', '*')
      .type('application/json; charset=utf-8')
      .send(text);
  app.get('/v1/openapi.json', (_request, reply) => json(reply, openapiText()));
  app.get('/v1/asyncapi.json', (_request, reply) => json(reply, asyncapiText()));
  app.get('/docs', (_request, reply) => html(reply, fill(page('docs.html'), { menu: menu('/docs') })));
  app.get('/docs/', (_request, reply) => reply.redirect('/docs', 308));
  app.get('/docs/realtime', (_request, reply) => html(reply, realtimePage()));
  app.get('/docs/problems', (_request, reply) => html(reply, problemsPage()));
  app.get('/docs/style.css', (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'no-cache').send(page('style.css')),
  );
  app.get('/docs/start.js', (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(page('start.js')),
  );
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    app.get(`/docs/assets/${name}`, (_request, reply) =>
      reply.header('cache-control', 'public, max-age=86400').sendFile(name, assets),
    );
  }
}

function bundles(app: FastifyInstance, { widget, console: folder }: HttpDeps['settings']['bundles']): void {
  const missing = (name: string) =>
    new HttpProblem('not_found', `The ${name} is not built. Run \`npm run build\`; \`npm start\` does it by itself.`);

  for (const script of ['widget.js', 'widget-chat.js']) {
    app.get(`/${script}`, (_request, reply) => {
      if (!existsSync(join(widget, script))) throw missing('widget');
      // Sites keep the address for years: a new version must reach them soon, and a page must not wait for an answer each
      // time. The chat's has its version in it, but while servers are upgraded one after the other an old one may answer.
      return reply
        .headers({
          'cache-control': 'public, max-age=300, stale-while-revalidate=86400',
          'access-control-allow-origin': '*',
          'cross-origin-resource-policy': 'cross-origin',
        })
        .sendFile(script, widget);
    });
  }

  app.get('/console', (_request, reply) => reply.redirect('/console/', 308));
  app.get('/console/*', (request, reply) => {
    const path = (request.params as { '*': string })['*'];
    // Vite puts a hash into the names below assets/: they never change.
    if (path.startsWith('assets/'))
      return reply.header('cache-control', 'public, max-age=31536000, immutable').sendFile(path, folder);
    if (!existsSync(join(folder, 'index.html'))) throw missing('console');
    reply.header('content-security-policy', PAGE_POLICY).header('cache-control', 'no-cache');
    // A file of its own, or a screen of the console: the screens are the console's business.
    return reply.sendFile(/\.\w+$/.test(path) ? path : 'index.html', folder);
  });
}
