import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import { pageOf, pageQuery } from '#http/cursor.ts';
import type { HttpDeps } from '#http/deps.ts';
import { answer, mount } from '#http/route.ts';
import { presentTime } from '#present/event.ts';
import { listAudit } from '#store/audit.ts';

export function auditRoutes(app: FastifyInstance, deps: HttpDeps): void {
  mount(app, deps, ops.listAudit, async ({ query }, { caller }) => {
    const rows = await listAudit(deps.pool, caller.workspace, { ...query, ...pageQuery(query) });
    return answer(
      200,
      pageOf(rows, query.limit, ({ at, ...row }) => ({ ...row, at: presentTime(at) })),
    );
  });
}
