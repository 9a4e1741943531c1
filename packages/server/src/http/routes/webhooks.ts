import { randomBytes } from 'node:crypto';
import type { Webhook } from '@baton/protocol';
import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import { decodeCursor, encodeCursor, pageOf, pageQuery } from '#http/cursor.ts';
import type { HttpDeps } from '#http/deps.ts';
import { HttpProblem } from '#http/problems.ts';
import { assertPublic } from '#http/public-address.ts';
import { answer, mount } from '#http/route.ts';
import { readEventId } from '#hub/webhooks.ts';
import { presentWebhookDelivery } from '#present/delivery.ts';
import { presentTime, presentTimeOrNull } from '#present/event.ts';
import { workspaceOf } from '#store/conversations.ts';
import { type DeliveryMark, deliveriesTo } from '#store/deliveries.ts';
import { webhookPlace } from '#store/sealed-config.ts';
import {
  createWebhook,
  deleteWebhook,
  findWebhook,
  listWebhooks,
  rewind,
  updateWebhook,
  type WebhookRow,
} from '#store/webhooks.ts';

export function webhookRoutes(app: FastifyInstance, deps: HttpDeps): void {
  keeping(app, deps);
  delivering(app, deps);
}

/** Standard Webhooks: 24 to 64 random bytes in base64 behind `whsec_`. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

function keeping(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;

  mount(app, deps, ops.listWebhooks, async ({ query }, { caller }) =>
    answer(200, pageOf(await listWebhooks(pool, caller.workspace, pageQuery(query)), query.limit, presentWebhook)),
  );

  mount(app, deps, ops.createWebhook, async ({ body }, { caller, newId }) => {
    assertPublic(deps, body.url);
    const secret = newSecret();
    const id = newId('whk');
    const row = await createWebhook(pool, caller.workspace, {
      id,
      url: body.url,
      events: body.events,
      enabled: body.enabled ?? true,
      secret: deps.seal.close(secret, webhookPlace({ workspace: caller.workspace, id })),
    });
    await deps.directory.changed(caller.workspace);
    return answer(201, { ...presentWebhook(row), secret });
  });

  mount(app, deps, ops.getWebhook, async ({ params }, { caller }) =>
    answer(200, presentWebhook(known(await findWebhook(pool, caller.workspace, params.id), params.id))),
  );

  mount(app, deps, ops.updateWebhook, async ({ params, body }, { caller }) => {
    if (body.url !== undefined) assertPublic(deps, body.url);
    const changed = known(await updateWebhook(pool, caller.workspace, params.id, body), params.id);
    await deps.directory.changed(caller.workspace);
    return answer(200, presentWebhook(changed));
  });

  mount(app, deps, ops.deleteWebhook, async ({ params }, { caller }) => {
    if (!(await deleteWebhook(pool, caller.workspace, params.id))) throw unknown(params.id);
    await deps.directory.changed(caller.workspace);
    return answer(204, null);
  });
}

/** What was sent, and sending it again. */
function delivering(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;

  mount(app, deps, ops.testWebhook, async ({ params }, { caller }) => {
    const row = known(await findWebhook(pool, caller.workspace, params.id), params.id);
    return answer(200, (await deps.webhooks.test(caller.workspace, params.id)) ?? SWITCHED_OFF(row));
  });

  mount(app, deps, ops.listWebhookDeliveries, async ({ params, query }, { caller }) => {
    const row = known(await findWebhook(pool, caller.workspace, params.id), params.id);
    const { status, conversation, limit, after } = query;
    const rows = await deliveriesTo(pool, sideOf(row), {
      status,
      conversation,
      limit: limit + 1,
      after: markOf(after),
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return answer(200, {
      items: page.map(presentWebhookDelivery),
      next:
        rows.length > limit && last ? encodeCursor([last.at.toISOString(), last.conversation, String(last.seq)]) : null,
    });
  });

  mount(app, deps, ops.replayWebhook, async ({ params, body }, { caller: { workspace } }) => {
    const row = known(await findWebhook(pool, workspace, params.id), params.id);
    if (body.event !== undefined) {
      const which = readEventId(body.event);
      if (!which || (await workspaceOf(pool, which.conversation)) !== workspace) throw noEvent(body.event);
      if (!row.enabled) return answer(200, SWITCHED_OFF(row));
      const tried = await deps.webhooks.resend(workspace, sideOf(row), body.event);
      if (!tried) throw noEvent(body.event);
      return answer(200, tried);
    }
    const since = new Date(body.since ?? 0);
    const { conversation } = row;
    return answer(202, { conversations: await rewind(pool, workspace, { side: sideOf(row), conversation, since }) });
  });
}

const SWITCHED_OFF = ({ id }: WebhookRow) => ({
  ok: false,
  message: `The webhook is switched off. PATCH /v1/webhooks/${id} {"enabled": true} first.`,
  ms: 0,
});

function known(row: WebhookRow | null, id: string): WebhookRow {
  if (!row) throw unknown(id);
  return row;
}

function unknown(id: string): HttpProblem {
  return new HttpProblem('not_found', `There is no webhook ${id}.`);
}

function noEvent(id: string): HttpProblem {
  return new HttpProblem('invalid', `There is no event ${id}. Take the \`event\` of a delivery.`, {
    errors: [{ path: 'event', message: 'Unknown.' }],
  });
}

/** As its cursors and deliveries name it. */
function sideOf({ id, conversation }: WebhookRow): string {
  return `${conversation === null ? 'webhook' : 'reply'}:${id}`;
}

function markOf(after: string | undefined): DeliveryMark | null {
  const [time, conversation, seq] = decodeCursor(after, 3) ?? [];
  if (time === undefined || conversation === undefined || seq === undefined) return null;
  const at = new Date(time);
  if (Number.isNaN(at.getTime()) || !/^\d{1,9}$/.test(seq))
    throw new HttpProblem('invalid', 'The query is not right: after is not a cursor of this list.');
  return { at, conversation, seq: Number(seq) };
}

function presentWebhook(row: WebhookRow): Webhook {
  const { id, url, events, enabled, conversation, createdAt } = row;
  return {
    id,
    url,
    events,
    enabled,
    conversation,
    health: {
      lastSuccessAt: presentTimeOrNull(row.lastSuccessAt),
      failingSince: presentTimeOrNull(row.failingSince),
      lastError: row.lastError,
      disabledAt: presentTimeOrNull(row.disabledAt),
    },
    createdAt: presentTime(createdAt),
  };
}
