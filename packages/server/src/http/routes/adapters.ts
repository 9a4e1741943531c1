import type { Adapter } from '@baton/protocol';
import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { HttpDeps } from '#http/deps.ts';
import type { Kind } from '#http/kinds.ts';
import { answer, mount } from '#http/route.ts';

/** What can be connected, for whoever draws a screen of it. */
export function adapterRoutes(app: FastifyInstance, deps: HttpDeps): void {
  mount(app, deps, ops.listAdapters, async () => answer(200, { items: deps.kinds.of('desk').map(presentAdapter) }));
}

function presentAdapter({ kind, title, can, config, secrets, made, setup }: Kind): Adapter {
  const { $schema: _, ...schema } = z.toJSONSchema(config, { io: 'input' });
  const { direct: __, ...shown } = can as Adapter['can'] & { direct: boolean };
  return {
    side: 'desk',
    kind,
    title: title ?? kind,
    can: { ...shown, tells: [...shown.tells] },
    config: schema,
    secrets: [...secrets],
    made: Object.keys(made),
    setup: (setup ?? []).map(({ title: name, text, fields = [], shows = null }) => ({
      title: name,
      text,
      fields: [...fields],
      shows,
    })),
  };
}
