import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import type { HttpDeps } from '#http/deps.ts';
import { HttpProblem } from '#http/problems.ts';
import { answer, idempotencyKey, mount } from '#http/route.ts';

export function botRoutes(app: FastifyInstance, deps: HttpDeps): void {
  mount(app, deps, ops.createBotReply, async ({ body }, { request }) => {
    const key = idempotencyKey(request);
    const outcome = await deps.replies.take({
      token: body.token,
      actions: body.actions,
      ...(key === undefined ? {} : { key }),
    });
    if (!outcome.ok) throw new HttpProblem(outcome.code, outcome.message);
    return answer(200, { seq: outcome.seq });
  });
}
