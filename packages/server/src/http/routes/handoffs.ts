import {
  type Actor,
  type ConversationId,
  type HandoffId,
  type IntegrationId,
  type NewId,
  primaryTag,
  type WebhookId,
  type WorkspaceId,
} from '@baton/core';
import type { HandoffAnswer } from '@baton/protocol';
import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import { acknowledged, commit, openConversation } from '#http/conversations.ts';
import { pageOf, pageQuery } from '#http/cursor.ts';
import type { HttpDeps } from '#http/deps.ts';
import { actorOf, customerOf, deskOf, queueOf } from '#http/parties.ts';
import { HttpProblem, refused } from '#http/problems.ts';
import { assertPublic } from '#http/public-address.ts';
import { answer, mount } from '#http/route.ts';
import { presentHandoff, presentHandoffAnswer } from '#present/conversation.ts';
import { findApiChannel } from '#store/integrations.ts';
import { findConversation, findHandoff, type HandoffRow, lastHandoff, listHandoffs } from '#store/lists.ts';
import { webhookPlace } from '#store/sealed-config.ts';
import { findWebhook, saveReplyWebhook } from '#store/webhooks.ts';
import { newSecret } from './webhooks.ts';

export function handoffRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;

  mount(app, deps, ops.createHandoff, async ({ body }, context) => {
    const { workspace } = context.caller;
    const queue = body.queue === undefined ? undefined : await queueOf(pool, workspace, body.queue);
    const desk = body.desk === undefined ? undefined : await deskOf(pool, workspace, body.desk);
    if (body.replyWebhook !== undefined) assertPublic(deps, body.replyWebhook);
    const channel = await findApiChannel(pool, workspace);
    if (!channel)
      throw new HttpProblem(
        'channel_unknown',
        'This workspace has no `api` channel that is switched on. Add one with POST /v1/integrations {"side":"channel","kind":"api","name":"API"}.',
      );
    const customer = await customerOf(pool, workspace, body.customer, context.newId);
    const conversation = await openConversation(deps, context, { ...body, channel, customer });
    const by = actorOf(context.caller);
    for (const name of body.flags ?? []) await commit(deps, conversation, { type: 'flag', name, by });
    const reply = await replyWebhookOf(deps, context, conversation, body.replyWebhook);
    const handoff = await requestHandoff(deps, workspace, conversation, context.commandKey, {
      by,
      reason: body.reason,
      queue,
      desk,
      priority: body.priority,
      skills: body.skills,
      preferredSkills: body.preferredSkills,
      summary: body.summary,
      replyWebhook: reply?.id,
    });
    return answer(201, await answerOf(deps, workspace, handoff, reply));
  });

  mount(app, deps, ops.listHandoffs, async ({ query }, { caller: { workspace } }) => {
    const queue = query.queue === undefined ? undefined : await queueOf(pool, workspace, query.queue);
    const rows = await listHandoffs(pool, workspace, { ...query, queue, ...pageQuery(query) });
    return answer(200, pageOf(rows, query.limit, presentHandoff));
  });

  mount(app, deps, ops.getHandoff, async ({ params }, { caller }) =>
    answer(200, await answerOf(deps, caller.workspace, params.id)),
  );

  mount(app, deps, ops.cancelHandoff, async ({ params }, context) => {
    const { workspace } = context.caller;
    const handoff = await handoffOf(deps, workspace, params.id);
    const conversation = await findConversation(pool, workspace, handoff.conversation);
    if (!conversation) throw noHandoff(params.id);
    // In the customer's name: he leaves the line, whoever tells us.
    const by = { role: 'customer', id: conversation.state.customer } as const;
    await commit(deps, handoff.conversation, {
      type: 'cancel',
      handoff: handoff.id,
      by,
      ...(context.commandKey ? { key: context.commandKey } : {}),
    });
    return answer(200, await answerOf(deps, workspace, params.id));
  });
}

interface Wish {
  by: Actor;
  reason: HandoffRow['reason'];
  queue?: HandoffRow['queue'] | undefined;
  desk?: IntegrationId | undefined;
  priority?: number | undefined;
  skills?: string[] | undefined;
  preferredSkills?: string[] | undefined;
  summary?: string | undefined;
  replyWebhook?: WebhookId | undefined;
  epoch?: number | undefined;
}

type Reply = NonNullable<HandoffAnswer['replyWebhook']>;

/** The endpoint that a handoff names, made before it. `url` is checked by the caller, before anything is done. */
export async function replyWebhookOf(
  deps: HttpDeps,
  { caller: { workspace }, newId }: { caller: { workspace: WorkspaceId }; newId: NewId },
  conversation: ConversationId,
  url: string | undefined,
): Promise<Reply | null> {
  if (url === undefined) return null;
  const id = newId('whk');
  const secret = newSecret();
  const sealed = deps.seal.close(secret, webhookPlace({ workspace, id }));
  await saveReplyWebhook(deps.pool, workspace, { id, url, secret: sealed, conversation });
  return { id, url, secret };
}

/** Asks for a person and waits, for a moment, until a desk has it. Gives the handoff's id. */
export async function requestHandoff(
  deps: HttpDeps,
  workspace: WorkspaceId,
  conversation: ConversationId,
  key: string | undefined,
  wish: Wish,
): Promise<HandoffId> {
  const given = Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined)) as {
    by: Wish['by'];
    reason: Wish['reason'];
  };
  const outcome = await deps.ledger.commit(conversation, {
    type: 'request-handoff',
    ...given,
    ...(key === undefined ? {} : { key: `${key}:handoff` }),
  });
  if (!outcome.ok) throw refused(outcome.refusal);
  for (const { event } of outcome.events) {
    if (event.type !== 'handoff.requested') continue;
    await acknowledged(deps, conversation, event.handoff);
    return event.handoff;
  }
  // Asked before, under the same key: the last one is the one.
  const [last] = await listHandoffs(deps.pool, workspace, { conversation, after: null, limit: 1 });
  if (!last) throw new HttpProblem('no_handoff', 'Nothing was asked for.');
  return last.id;
}

async function handoffOf(deps: HttpDeps, workspace: WorkspaceId, id: HandoffId): Promise<HandoffRow> {
  const handoff = await findHandoff(deps.pool, workspace, id);
  if (!handoff) throw noHandoff(id);
  return handoff;
}

const WAITS = new Set(['requested', 'queued', 'offered']);

function noHandoff(id: string): HttpProblem {
  return new HttpProblem('not_found', `There is no handoff ${id}.`);
}

/**
 * Where a handoff stands: itself, its conversation, its queue, and its place in the line while it waits.
 *
 * @param made the endpoint that was made for it just now, with its secret
 */
export async function answerOf(
  deps: HttpDeps,
  workspace: WorkspaceId,
  id: HandoffId,
  made: Reply | null = null,
): Promise<HandoffAnswer> {
  const view = await deps.line.fresh(workspace);
  const handoff = await handoffOf(deps, workspace, id);
  const [conversation, last] = await Promise.all([
    findConversation(deps.pool, workspace, handoff.conversation),
    lastHandoff(deps.pool, workspace, handoff.conversation),
  ]);
  if (!conversation) throw noHandoff(id);
  const needs = { skills: handoff.skills, language: primaryTag(conversation.state.locale) };
  return presentHandoffAnswer({
    handoff,
    conversation,
    last,
    availability: view.availability(handoff.queue, needs),
    outlook: WAITS.has(handoff.phase) ? view.outlook(handoff.queue, id) : null,
    reply: made ?? (await currentReply(deps, workspace, conversation.state.replyWebhook)),
  });
}

async function currentReply(deps: HttpDeps, workspace: WorkspaceId, id: string | undefined): Promise<Reply | null> {
  const row = id === undefined ? null : await findWebhook(deps.pool, workspace, id);
  return row && { id: row.id, url: row.url };
}
