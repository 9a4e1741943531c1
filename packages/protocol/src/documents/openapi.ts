import { z } from 'zod';
import { PROBLEMS, Problem, type ProblemCode } from '#problem.ts';
import { ops } from '#rest/ops.ts';
import type { Access, OpShape } from '#rest/table.ts';
import { Components, type Json } from './components.ts';
import { streamPaths } from './streams.ts';

/** Codes that any operation of a kind may answer, besides its own. */
const ALWAYS: readonly ProblemCode[] = ['internal', 'unavailable'];
const WITH_BODY: readonly ProblemCode[] = ['bad_json', 'bad_encoding', 'body_too_large', 'media_type', 'invalid'];
const WITH_LOGIN: readonly ProblemCode[] = [
  'unauthenticated',
  'token_invalid',
  'token_expired',
  'scope_missing',
  'too_many_requests',
];
const IDEMPOTENT: readonly ProblemCode[] = [
  'idempotency_key_invalid',
  'idempotency_mismatch',
  'idempotency_in_progress',
];

const TAGS: readonly [name: string, description: string][] = [
  ['Handoffs', 'Bring a conversation to a person, and follow it.'],
  ['Conversations', 'Open, read, write, and hand on.'],
  ['Queues', 'Waiting lines, and what they can take now.'],
  ['Customers', 'The people who are helped.'],
  ['Agents', 'The people who answer.'],
  ['Roster', 'Who works when: shifts, and what they say of the hours to come.'],
  ['Session', 'Logging in to the console.'],
  ['Integrations', 'Channels, bots and desks.'],
  ['Deliveries', 'What reached outside desks, and what did not.'],
  ['Webhooks', 'Events sent to your server.'],
  ['Realtime', 'Frames where WebSockets are blocked.'],
  ['Keys', 'API keys and their scopes.'],
  ['Audit', 'Who of the staff did what.'],
  ['Reports', 'What was promised and kept; volume, resolution, satisfaction.'],
  ['Workspace', 'Rules: time limits, and when a conversation goes to a person.'],
  ['Files', 'Uploads.'],
  ['Bots', 'For bots that we call.'],
  [
    'Widget',
    "The visitor's side. Calls need the token that POST /widget/v1/sessions gives, and come from an allowed origin.",
  ],
];

const INTRODUCTION = `The HTTP side of Baton. The live side, frames over WebSocket, is described in the AsyncAPI document at \`/v1/asyncapi.json\`.

- **Who is asking**: \`Authorization: Bearer <API key>\`; a key has scopes. The console's cookie counts as well.
- **Errors** are \`application/problem+json\` (RFC 9457) with a stable \`code\`; all codes are listed at \`/docs/problems\`.
- **Writing once**: writes take \`Idempotency-Key\`. The same key and request again get the first answer; another request under the key gets 409 \`idempotency_mismatch\`. Keys are kept for a day.
- **Lists** answer \`{items, next}\`; give \`next\` back as \`after\`.
- Times are RFC 3339 in UTC. Durations end in \`Seconds\`. Unknown fields are refused, so that a typing error is not silence.`;

/** The OpenAPI 3.1 document, made of the table of operations. */
export function openapi(version: string): Json {
  const components = new Components();
  const paths: Record<string, Json> = {};
  for (const [name, op] of Object.entries(ops) as [string, OpShape][]) {
    paths[op.path] = { ...paths[op.path], [op.method.toLowerCase()]: operation(components, name, op) };
  }
  Object.assign(paths, streamPaths(components));
  components.of(Problem, 'output');
  return {
    openapi: '3.1.0',
    info: { title: 'Baton', version, description: INTRODUCTION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    tags: TAGS.map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: components.sorted(),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key with scopes.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'baton',
          description: 'The cookie of the console (`__Host-baton` over https).',
        },
        visitor: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The token that POST /widget/v1/sessions gives.',
        },
      },
    },
  };
}

function operation(components: Components, name: string, op: OpShape): Json {
  const { summary, description, tag } = op;
  const scopes = typeof op.access === 'string' ? [] : op.access;
  const needs =
    scopes.length === 0
      ? ''
      : `\n\nNeeds a key with ${scopes.map((scope) => `\`${scope}\``).join(' or ')}, or a logged-in ${scopes.every((scope) => scope === 'admin') ? 'admin' : 'agent'}.`;
  const body = requestBody(components, op);
  return {
    operationId: name,
    tags: [tag],
    summary,
    ...(description || needs ? { description: `${description ?? ''}${needs}`.trim() } : {}),
    security: securityOf(op.access),
    parameters: parameters(components, op),
    ...(body ? { requestBody: body } : {}),
    responses: responses(components, op),
  };
}

function securityOf(access: Access): Json[] {
  if (access === 'public') return [];
  if (access === 'visitor') return [{ visitor: [] }];
  return access === 'agent' ? [{ session: [] }] : [{ key: [] }, { session: [] }];
}

function parameters(components: Components, op: OpShape): Json[] {
  const list: Json[] = [...fieldsOf(components, op.params, 'path'), ...fieldsOf(components, op.query, 'query')];
  if (op.stream)
    list.push({
      name: 'Last-Event-ID',
      in: 'header',
      required: false,
      schema: { type: 'string' },
      description: 'For streams: the seq of the last event that you saw.',
    });
  if (op.idempotent)
    list.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      schema: { type: 'string', minLength: 1, maxLength: 200 },
      description: 'The same key and request again get the first answer.',
    });
  return list;
}

function fieldsOf(components: Components, shape: z.ZodObject | undefined, where: 'path' | 'query'): Json[] {
  return Object.entries(shape?.shape ?? {}).map(([name, field]) => {
    const { description, ...schema } = components.of(field as z.ZodType, 'input');
    const required = where === 'path' || !(field as z.ZodType).safeParse(undefined).success;
    return { name, in: where, required, schema, ...(description === undefined ? {} : { description }) };
  });
}

function requestBody(components: Components, op: OpShape): Json | undefined {
  if (op.multipart) {
    const schema = { type: 'object', properties: { file: { type: 'string', format: 'binary' } }, required: ['file'] };
    return { required: true, content: { 'multipart/form-data': { schema } } };
  }
  if (!op.body) return undefined;
  return {
    required: !op.body.safeParse({}).success,
    content: { 'application/json': { schema: components.of(op.body, 'input') } },
  };
}

function responses(components: Components, op: OpShape): Json {
  const list: Json = {};
  for (const [status, schema] of Object.entries(op.answers)) {
    const empty = schema instanceof z.ZodNull;
    const content: Json = empty ? {} : { 'application/json': { schema: components.of(schema, 'output') } };
    if (op.stream) content['text/event-stream'] = { schema: { type: 'string' } };
    list[status] = { description: STATUS[status] ?? 'Done.', ...(empty ? {} : { content }) };
  }
  for (const [status, codes] of problemsOf(op)) {
    list[status] ??= {
      description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code][1]}`).join('\n\n'),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return list;
}

const STATUS: Record<string, string> = { 200: 'Done.', 201: 'Made.', 204: 'Done; there is nothing to say.' };

function problemsOf(op: OpShape): [status: string, codes: ProblemCode[]][] {
  const codes = new Set<ProblemCode>([
    ...((op.problems ?? []) as ProblemCode[]),
    ...(op.access === 'public' ? [] : WITH_LOGIN),
    ...(op.params ? (['not_found'] as const) : []),
    ...(op.body || op.multipart ? WITH_BODY : op.query ? (['invalid'] as const) : []),
    ...(op.idempotent ? IDEMPOTENT : []),
    ...ALWAYS,
  ]);
  const byStatus = new Map<string, ProblemCode[]>();
  for (const code of codes) {
    const status = String(PROBLEMS[code][0]);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return [...byStatus].sort(([a], [b]) => Number(a) - Number(b));
}
