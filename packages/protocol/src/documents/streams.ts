import { ClientFrame, ServerFrame } from '#frames.ts';
import type { Components, Json } from './components.ts';

/**
 * The frames over plain HTTP, for networks that block WebSockets. They stand beside the table of operations: who is there
 * says so as at a socket, and what comes is described by the frames (AsyncAPI).
 */
export function streamPaths(components: Components): Record<string, Json> {
  const server = components.of(ServerFrame, 'output');
  const client = components.of(ClientFrame, 'input');
  return {
    ...pathsOf('/v1', 'Realtime', 'Stream', [{ key: [] }, { session: [] }], server, client),
    ...pathsOf('/widget/v1', 'Widget', 'WidgetStream', [{ visitor: [] }], server, client),
  };
}

function pathsOf(
  prefix: string,
  tag: string,
  name: string,
  security: Json[],
  server: Json,
  client: Json,
): Record<string, Json> {
  return {
    [`${prefix}/stream`]: {
      get: {
        operationId: `open${name}`,
        tags: [tag],
        summary: 'Server frames as server-sent events',
        description:
          'The answer stays open: one frame a `data`, first `welcome`, then the events after `since`, then what happens. Each `event` has the `id` `<conversation>:<seq>`; who comes back says in `since` what he saw of each conversation, or sends `Last-Event-ID` for the last one: he misses nothing. A comment comes at least every ten seconds. Frames of your own go to the address beside it: the stream of the same token takes `follow` and `unfollow` from there.',
        security,
        parameters: [
          {
            name: 'since',
            in: 'query',
            required: false,
            schema: { type: 'string' },
            description: 'A JSON object: the last seq seen of each conversation, `{"cnv_...":12}`.',
          },
          {
            name: 'inbox',
            in: 'query',
            required: false,
            schema: { type: 'string', enum: ['true', 'false'] },
            description: 'Agents: also send `inbox` frames.',
          },
          {
            name: 'Last-Event-ID',
            in: 'header',
            required: false,
            schema: { type: 'string' },
            description: 'The `id` of the last event that you saw.',
          },
        ],
        responses: { 200: { description: 'Open.', content: { 'text/event-stream': { schema: server } } }, ...PROBLEMS },
      },
    },
    [`${prefix}/frames`]: {
      post: {
        operationId: `post${name}Frames`,
        tags: [tag],
        summary: 'Client frames, where there is no socket',
        description:
          'Done in order. The answer has the `ack` or `refused` of each; what is missing in it was not answered in time and is sent again, under the same `clientId`.',
        security,
        parameters: [],
        requestBody: { required: true, content: { 'application/json': { schema: framesOf(client, 1, 50) } } },
        responses: {
          200: { description: 'Done.', content: { 'application/json': { schema: framesOf(server, 0) } } },
          ...PROBLEMS,
        },
      },
    },
  };
}

function framesOf(items: Json, minItems: number, maxItems?: number): Json {
  const frames = { type: 'array', minItems, ...(maxItems === undefined ? {} : { maxItems }), items };
  return { type: 'object', required: ['frames'], additionalProperties: false, properties: { frames } };
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const PROBLEMS: Json = {
  400: problem('The query or the body is not right.'),
  401: problem('Nobody, or a token that is not valid here.'),
  403: problem('From another site.'),
  429: problem('Too many connections: come back after `Retry-After`.'),
  503: problem('The database does not answer.'),
};
