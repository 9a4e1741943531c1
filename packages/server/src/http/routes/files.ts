import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ops } from '@baton/protocol/schemas';
import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import type { HttpDeps } from '#http/deps.ts';
import { HttpProblem } from '#http/problems.ts';
import { answer, mount } from '#http/route.ts';
import { takeUpload } from '#http/uploads.ts';
import { SHOWN_TYPES } from '#store/file-types.ts';
import { findFile } from '#store/files.ts';
import { filesFolder } from '#store/keep-file.ts';
import { assertSite } from './widget.ts';

export function fileRoutes(app: FastifyInstance, deps: HttpDeps): void {
  app.register(multipart);

  mount(app, deps, ops.uploadFile, async (_, { caller, request }) => {
    const uploadedBy = caller.kind === 'agent' ? caller.agent.id : caller.key;
    return answer(201, await takeUpload(deps, request, { workspace: caller.workspace, uploadedBy, visitor: false }));
  });

  mount(app, deps, ops.uploadWidgetFile, async (_, { caller, request }) => {
    await assertSite(deps, caller, request.headers);
    return answer(
      201,
      await takeUpload(deps, request, { workspace: caller.workspace, uploadedBy: caller.customer, visitor: true }),
    );
  });

  // The address is the secret. Whoever was given it may read; the browser must neither guess types nor run anything.
  app.get('/files/:secret/:name', async (request, reply) => {
    const { secret } = request.params as { secret: string };
    const file = await findFile(deps.pool, secret);
    const path = file && join(filesFolder(deps.settings.dataDir), file.path);
    const size =
      path &&
      (await stat(path).then(
        (found) => found.size,
        () => null,
      ));
    if (!file || !path || size === null) throw new HttpProblem('not_found', 'There is no such file.');
    const shown = SHOWN_TYPES.has(file.mime);
    return reply
      .headers({
        'content-type': file.mime,
        'content-length': size,
        'content-disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${extValue(file.name)}`,
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'cross-origin',
        // It never changes, and a cache shared by many people must not keep it.
        'cache-control': 'private, max-age=31536000, immutable',
      })
      .send(createReadStream(path));
  });
}

/** As headers carry a text (RFC 8187): what encodeURIComponent leaves as it is and the RFC does not is encoded, too. */
function extValue(text: string): string {
  return encodeURIComponent(text).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
