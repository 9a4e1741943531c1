import { ops } from '@baton/protocol/schemas';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Unavailable } from '#hub/ledger.ts';
import type { Log } from '#log';
import { isAway } from '#store/away.ts';
import { HttpProblem, problemBody } from './problems.ts';

/** Two writers of the same thing: the database's unique indexes, and what they mean. */
const TAKEN: Record<string, readonly [code: 'name_taken' | 'email_taken' | 'customer_unknown', detail: string]> = {
  queues_name: ['name_taken', 'There is a queue of this name already.'],
  agents_email: ['email_taken', 'Somebody has this email address already.'],
  customers_external: ['customer_unknown', 'Another customer has this externalId.'],
};

/** THE place where an error becomes an answer. Whatever is thrown below a route ends here. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  // Who broke off does not read this.
  if ((error as Error).message === 'aborted') return new HttpProblem('bad_request', 'The request was broken off.');
  if (error instanceof Unavailable || isAway(error)) {
    return new HttpProblem('unavailable', 'The database does not answer. Nothing was written; try again.', {
      retryAfterSeconds: 2,
    });
  }
  const { constraint, code, statusCode, validation } = error as Partial<FastifyError> & { constraint?: string };
  const taken = code === '23505' && constraint !== undefined ? TAKEN[constraint] : undefined;
  if (taken) return new HttpProblem(...taken);
  if (code === '23505')
    return new HttpProblem('exists', 'It is there already, perhaps from a request like this one that was cut off.');
  if (code !== undefined && NOT_KEPT.has(code))
    return new HttpProblem(
      'invalid',
      'It holds something that cannot be kept: U+0000, half a character, or a number too large.',
    );
  if (BROKEN_FORM.test((error as Error).message ?? ''))
    return new HttpProblem('invalid', 'The form is cut off or not multipart/form-data with a boundary.');
  const known = code === undefined ? undefined : FASTIFY[code];
  if (known) return new HttpProblem(...known);
  if (validation || (statusCode !== undefined && statusCode >= 400 && statusCode < 500))
    return new HttpProblem('bad_request', (error as Error).message);
  return new HttpProblem(
    'internal',
    'The request was not done. The server has logged why; name the requestId when you ask.',
  );
}

/** PostgreSQL's codes for texts and numbers that it cannot keep; schemas catch what they can before. */
const NOT_KEPT = new Set(['22021', '22P05', '22P02', '22003']);
/** The parser of forms gives its errors no code. */
const BROKEN_FORM = /^(Unexpected end of (form|multipart)|Malformed (part|content)|Multipart: |Part terminated early)/;

/** What Fastify and its plugins say. */
const FASTIFY: Record<
  string,
  readonly [code: 'body_too_large' | 'media_type' | 'bad_request' | 'file_too_large' | 'invalid', detail: string]
> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    'body_too_large',
    'The body is larger than this address takes (1 MiB; 64 MiB where a transcript comes along).',
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['media_type', 'Send JSON, with the header `content-type: application/json`.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['bad_request', 'The body is shorter or longer than content-length says.'],
  FST_ERR_BAD_URL: ['bad_request', 'The address is not a valid URL.'],
  FST_ERR_MAX_PARAM_LENGTH: ['bad_request', 'A part of the address is too long.'],
  FST_REQ_FILE_TOO_LARGE: ['file_too_large', 'The file is too large.'],
  FST_FILES_LIMIT: ['invalid', 'One file at a time.'],
  FST_PARTS_LIMIT: ['invalid', 'Too many fields.'],
  FST_FIELDS_LIMIT: ['invalid', 'Too many fields.'],
};

export function answerErrors(app: FastifyInstance, log: Log): void {
  app.decorateRequest('problem', null);
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    const told = toldOf(request, problem);
    if (problem.code === 'unavailable') log.warn({ ...told, error }, 'the database did not answer a request');
    else if (problem.status >= 500) log.error({ ...told, error }, 'a request failed');
    else log.info(told, 'a request was refused');
    return sendProblem(reply, request, problem);
  });
  app.setNotFoundHandler((request, reply) => {
    const problem = missing(request);
    log.debug(toldOf(request, problem), 'a request was for nothing that is there');
    return sendProblem(reply, request, problem);
  });
}

/** What the log says of a request: never its address as it came (it may hold a secret), its headers or its body. */
function toldOf(request: FastifyRequest, { status, code }: HttpProblem): object {
  const { id } = (request.params ?? {}) as { id?: unknown };
  return {
    requestId: request.id,
    method: request.method,
    route: request.routeOptions.url,
    status,
    code,
    ...(typeof id === 'string' && /^cnv_\w{1,60}$/.test(id) ? { conversation: id } : {}),
    ...(request.caller ? { workspace: request.caller.workspace } : {}),
  };
}

export function sendProblem(reply: FastifyReply, request: FastifyRequest, problem: HttpProblem): FastifyReply {
  request.problem = problem.code;
  const { headers, retryAfterSeconds } = problem.more;
  if (headers) reply.headers(headers);
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
  return reply.code(problem.status).type('application/problem+json').send(problemBody(problem, request.id));
}

const ADDRESSES = [...Map.groupBy(Object.values(ops), (op) => op.path)].map(([path, all]) => ({
  path,
  matches: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`),
  methods: all.map((op) => op.method as string),
}));

/** Nothing is mounted there: is the method wrong, or the address? */
function missing(request: FastifyRequest): HttpProblem {
  const path = request.url.split('?')[0] ?? '';
  const known = ADDRESSES.find(({ matches }) => matches.test(path));
  if (known && !known.methods.includes(request.method)) {
    const allow = known.methods.join(', ');
    return new HttpProblem('method_not_allowed', `${path} takes ${allow}, not ${request.method}.`, {
      headers: { allow },
    });
  }
  const near =
    path.startsWith('/v1/') || path.startsWith('/widget/')
      ? undefined
      : ADDRESSES.find(({ matches }) => matches.test(`/v1${path}`));
  const hint = near ? `Did you mean ${near.path}?` : 'GET /v1/openapi.json has every address, /docs shows them.';
  return new HttpProblem('not_found', `There is nothing at ${path}. ${hint}`);
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the problem that it was answered with. */
    problem: string | null;
  }
}
