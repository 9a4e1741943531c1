import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import { commit, messageIn, openConversation, presentNow } from '#http/conversations.ts';
import { decodeCursor, encodeCursor } from '#http/cursor.ts';
import type { HttpDeps } from '#http/deps.ts';
import { streamEvents } from '#http/event-stream.ts';
import { actorOf, botOf, conversationOf, customerOf, deskOf, queueOf } from '#http/parties.ts';
import { partsOf } from '#http/parts.ts';
import { HttpProblem } from '#http/problems.ts';
import { assertPublic } from '#http/public-address.ts';
import { answer, mount } from '#http/route.ts';
import { contextOf, returnContextOf } from '#hub/contexts.ts';
import { presentContext, presentReturn } from '#present/context.ts';
import { presentSummary } from '#present/conversation.ts';
import { presentDelivery } from '#present/delivery.ts';
import { presentLogged, presentMessage } from '#present/event.ts';
import { eventsAfter } from '#store/conversations.ts';
import { findCustomer } from '#store/customers.ts';
import { deliveriesIn } from '#store/deliveries.ts';
import type { SentPart } from '#store/files.ts';
import { findApiChannel, findIntegration } from '#store/integrations.ts';
import { listConversations } from '#store/lists.ts';
import { answerOf, replyWebhookOf, requestHandoff } from './handoffs.ts';

export function conversationRoutes(app: FastifyInstance, deps: HttpDeps): void {
  reading(app, deps);
  contexts(app, deps);
  talking(app, deps);
  verbs(app, deps);
}

function reading(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;

  mount(app, deps, ops.listConversations, async ({ query }, { caller }) => {
    const { workspace } = caller;
    const queue = query.queue === undefined ? undefined : await queueOf(pool, workspace, query.queue);
    if (query.agent === 'me' && caller.kind !== 'agent')
      throw new HttpProblem('invalid', 'A key is nobody: name the agent by his id instead of `me`.', {
        errors: [{ path: 'agent', message: 'An id like agt_...' }],
      });
    const agent = query.agent === 'me' && caller.kind === 'agent' ? caller.agent.id : query.agent;
    const [minute, id] = decodeCursor(query.after, 2) ?? [];
    const after = minute === undefined || id === undefined ? null : { minute: timeOf(minute), id };
    const { rows, end } = await listConversations(pool, workspace, { ...query, queue, agent, after });
    return answer(200, {
      items: rows.map(presentSummary),
      next: end && encodeCursor([end.minute.toISOString(), end.id]),
    });
  });

  mount(app, deps, ops.getConversation, async ({ params }, { caller }) =>
    answer(200, await presentNow(deps, caller.workspace, params.id)),
  );

  mount(
    app,
    deps,
    ops.listEvents,
    async ({ params, query }, { caller }) => {
      await conversationOf(deps, caller, params.id);
      const page = await eventsAfter(pool, params.id, query.after, query.limit + 1);
      const items = page.slice(0, query.limit).map(presentLogged);
      return answer(200, { items, next: page.length > query.limit ? (items.at(-1)?.seq ?? null) : null });
    },
    async ({ params, query }, { caller, request, reply }) => {
      await conversationOf(deps, caller, params.id);
      await streamEvents(deps, { conversation: params.id, after: query.after, present: presentLogged, request, reply });
    },
  );
}

function contexts(app: FastifyInstance, deps: HttpDeps): void {
  mount(app, deps, ops.getContext, async ({ params, query }, { caller }) => {
    const state = await conversationOf(deps, caller, params.id);
    const [handoff, returned] = await Promise.all([contextOf(deps, state), returnContextOf(deps.pool, state)]);
    return answer(200, {
      handoff: handoff && presentContext(query.transcript === 'none' ? { ...handoff, transcript: [] } : handoff),
      returned: returned && presentReturn(returned),
    });
  });

  mount(app, deps, ops.listDeliveries, async ({ params, query: { limit, side, after } }, { caller }) => {
    await conversationOf(deps, caller, params.id);
    const [seq, from, part] = decodeCursor(after, 3) ?? [];
    const mark = from === undefined ? null : { seq: numberOf(seq), side: from, part: numberOf(part) };
    const rows = await deliveriesIn(deps.pool, params.id, { side, after: mark, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return answer(200, {
      items: page.map(presentDelivery),
      next: rows.length > limit && last ? encodeCursor([String(last.seq), last.side, String(last.part)]) : null,
    });
  });
}

function numberOf(text: string | undefined): number {
  if (text !== undefined && /^\d{1,9}$/.test(text)) return Number(text);
  throw new HttpProblem('invalid', 'The query is not right: after is not a cursor of this list.');
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new HttpProblem('invalid', 'The query is not right: after is not a cursor of this list.');
  return time;
}

function talking(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;

  mount(app, deps, ops.createConversation, async ({ body }, context) => {
    const { workspace } = context.caller;
    const channel =
      body.channel === undefined
        ? await findApiChannel(pool, workspace)
        : await findIntegration(pool, workspace, body.channel);
    if (channel?.side !== 'channel' || !channel.enabled)
      throw new HttpProblem(
        'channel_unknown',
        'There is no such channel that is switched on. GET /v1/integrations?side=channel lists them; leave it out for the `api` channel.',
      );
    const customer = await customerOf(pool, workspace, body.customer, context.newId);
    const id = await openConversation(deps, context, { ...body, channel, customer });
    return answer(201, await presentNow(deps, workspace, id));
  });

  mount(app, deps, ops.createMessage, async ({ params, body }, { caller }) => {
    const { workspace } = caller;
    if (caller.kind === 'agent')
      throw new HttpProblem('not_allowed', 'An agent speaks for himself, over the socket: `say`, `note`, `whisper`.');
    const state = await conversationOf(deps, caller, params.id);
    const parts = body.parts
      ? await partsOf(pool, workspace, body.parts as SentPart[], { base: deps.settings.publicUrl, uploadedBy: null })
      : [{ type: 'text' as const, text: body.text ?? '' }];
    const name =
      body.author.role === 'customer'
        ? (body.author.name ?? (await findCustomer(pool, workspace, state.customer))?.name)
        : undefined;
    const author =
      body.author.role === 'bot'
        ? await botOf(pool, state, body.author.name)
        : { role: 'customer' as const, id: state.customer, ...(name ? { name } : {}) };
    const outcome = await commit(deps, params.id, {
      type: 'say',
      author,
      parts,
      clientId: body.clientId,
      ...(body.epoch === undefined ? {} : { epoch: body.epoch }),
      ...(body.bot === undefined ? {} : { bot: body.bot as object }),
    });
    // Said before: the log has it, at the seq of its key or soon after (a closed conversation is reopened first).
    const said = messageIn(
      outcome.repeated ? await eventsAfter(pool, params.id, outcome.seq - 1, 5) : outcome.events,
      body.clientId,
    );
    if (!said) throw new Error(`The message ${body.clientId} of ${params.id} is not in the log.`);
    return answer(outcome.repeated ? 200 : 201, { seq: said.seq, message: presentMessage(said.message) });
  });

  mount(app, deps, ops.setTyping, async ({ params, body }, { caller }) => {
    const state = await conversationOf(deps, caller, params.id);
    const who =
      caller.kind === 'agent'
        ? { role: 'agent' as const, id: caller.agent.id, name: caller.agent.name }
        : body.author?.role === 'customer'
          ? { role: 'customer' as const, id: state.customer, ...(body.author.name ? { name: body.author.name } : {}) }
          : await botOf(pool, state, body.author?.name);
    deps.signals.send({ type: 'typing', conversation: params.id, who, on: body.on });
    return answer(204, null);
  });
}

function verbs(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;
  const keyed = (key: string | undefined) => (key === undefined ? {} : { key });

  mount(app, deps, ops.requestHandoff, async ({ params, body }, context) => {
    const { caller, commandKey } = context;
    const { workspace } = caller;
    await conversationOf(deps, caller, params.id);
    const queue = body.queue === undefined ? undefined : await queueOf(pool, workspace, body.queue);
    const desk = body.desk === undefined ? undefined : await deskOf(pool, workspace, body.desk);
    if (body.replyWebhook !== undefined) assertPublic(deps, body.replyWebhook);
    const reply = await replyWebhookOf(deps, context, params.id, body.replyWebhook);
    const handoff = await requestHandoff(deps, workspace, params.id, commandKey, {
      ...body,
      by: actorOf(caller),
      reason: body.reason ?? 'api',
      queue,
      desk,
      replyWebhook: reply?.id,
    });
    return answer(201, await answerOf(deps, workspace, handoff, reply));
  });

  mount(app, deps, ops.returnConversation, async ({ params, body }, { caller, commandKey }) => {
    await conversationOf(deps, caller, params.id);
    const { note, epoch } = body;
    await commit(deps, params.id, {
      type: 'release',
      by: actorOf(caller),
      ...(note === undefined ? {} : { note }),
      ...(epoch === undefined ? {} : { epoch }),
      ...keyed(commandKey),
    });
    return answer(200, await presentNow(deps, caller.workspace, params.id));
  });

  mount(app, deps, ops.closeConversation, async ({ params, body }, { caller, commandKey }) => {
    await conversationOf(deps, caller, params.id);
    const { outcome, note } = body;
    await commit(deps, params.id, {
      type: 'close',
      by: actorOf(caller),
      ...(outcome === undefined ? {} : { outcome }),
      ...(note === undefined ? {} : { note }),
      ...keyed(commandKey),
    });
    return answer(200, await presentNow(deps, caller.workspace, params.id));
  });

  mount(app, deps, ops.addFlag, async ({ params, body }, { caller, commandKey }) => {
    await conversationOf(deps, caller, params.id);
    const evidence = body.detail === undefined ? {} : { evidence: { kind: 'api', detail: body.detail } };
    await commit(deps, params.id, {
      type: 'flag',
      name: body.name,
      by: actorOf(caller),
      ...evidence,
      ...keyed(commandKey),
    });
    return answer(200, await presentNow(deps, caller.workspace, params.id));
  });

  mount(app, deps, ops.removeFlag, async ({ params }, { caller, commandKey }) => {
    await conversationOf(deps, caller, params.id);
    await commit(deps, params.id, { type: 'unflag', name: params.name, by: actorOf(caller), ...keyed(commandKey) });
    return answer(200, await presentNow(deps, caller.workspace, params.id));
  });
}
