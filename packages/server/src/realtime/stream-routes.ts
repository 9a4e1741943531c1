import type { ConversationId } from '@baton/core';
import { ConversationId as Id } from '@baton/protocol/schemas';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Refused } from './entrance.ts';
import type { Caller, Streams } from './stream.ts';

/** Most frames of one post. */
const FRAMES = 50;

const Query = z.strictObject({
  since: z
    .string()
    .max(20_000)
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'A JSON object like {"cnv_1": 12}.' });
        return z.NEVER;
      }
    })
    .pipe(z.record(Id, z.number().int().nonnegative()))
    .optional(),
  inbox: z.enum(['true', 'false']).optional(),
});
const Body = z.strictObject({ frames: z.array(z.unknown()).min(1).max(FRAMES) });

/** `GET /v1/stream`, `POST /v1/frames` and the same below /widget: for networks that block WebSockets. */
export function mountStreams(http: FastifyInstance, streams: Streams): void {
  for (const [prefix, side] of [
    ['/v1', 'staff'],
    ['/widget/v1', 'visitor'],
  ] as const) {
    http.get(`${prefix}/stream`, async (request, reply) => {
      const query = Query.safeParse(request.query);
      if (!query.success)
        return problem(reply, 400, 'bad_query', query.error.issues[0]?.message ?? 'The query is not right.');
      const { inbox } = query.data;
      const since = resumed(query.data.since, request.headers['last-event-id']);
      const hello = { ...(since ? { since } : {}), ...(inbox ? { inbox: inbox === 'true' } : {}) };
      const refused = await streams.open(
        callerOf(request, side),
        hello,
        request.raw,
        reply.raw,
        reply.getHeaders() as Record<string, string>,
      );
      if (refused) return refuse(reply, refused);
      return reply.hijack();
    });
    http.post(`${prefix}/frames`, async (request, reply) => {
      const body = Body.safeParse(request.body);
      if (!body.success) return problem(reply, 400, 'bad_body', `{"frames": [...]} with 1 to ${FRAMES} frames.`);
      const answer = await streams.post(callerOf(request, side), body.data.frames);
      return 'code' in answer ? refuse(reply, answer) : reply.send(answer);
    });
  }
}

/** An EventSource comes back with the address of its first time and the id of the last event that it saw. */
function resumed(
  since: Record<ConversationId, number> | undefined,
  last: string | string[] | undefined,
): Record<ConversationId, number> | undefined {
  const [, id, seq] = /^(cnv_\w{1,60}):(\d{1,9})$/.exec(String(last ?? '')) ?? [];
  if (id === undefined) return since;
  const conversation = id as ConversationId;
  return { ...since, [conversation]: Math.max(Number(seq), since?.[conversation] ?? 0) };
}

function callerOf(request: FastifyRequest, side: Caller['side']): Caller {
  const { authorization, cookie, origin, host, 'sec-fetch-site': site } = request.headers;
  const token = authorization?.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : undefined;
  return { side, token, cookie, origin, host, site: typeof site === 'string' ? site : undefined, address: request.ip };
}

function refuse(reply: FastifyReply, { code, message, retryAfterMs }: Refused): FastifyReply {
  if (retryAfterMs !== undefined)
    return problem(reply.header('retry-after', Math.ceil(retryAfterMs / 1_000)), 429, code, message);
  if (code === 'unavailable') return problem(reply.header('retry-after', '2'), 503, code, message);
  return problem(reply, code === 'origin_not_allowed' || code === 'cross_site' ? 403 : 401, code, message);
}

function problem(reply: FastifyReply, status: number, code: string, detail: string): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title: detail, status, code, detail, requestId: reply.request.id });
}
