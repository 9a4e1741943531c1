import type { NewId } from '@baton/core';
import type { Access, OpAnswer, OpInput, OpShape, Scope } from '@baton/protocol/schemas';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { deriveKey } from '#store/secrets.ts';
import { auditName, noteOperation } from './audit.ts';
import { allows } from './auth.ts';
import type { HttpDeps } from './deps.ts';
import { type Answer, once } from './idempotency.ts';
import { assertSameSite } from './origins.ts';
import type { AgentPrincipal, KeyPrincipal, Principal, VisitorPrincipal } from './principal.ts';
import { assertRate, HttpProblem } from './problems.ts';

/** Who may stand behind an operation with this access. */
export type Caller<A extends Access> = A extends 'visitor'
  ? VisitorPrincipal
  : A extends 'agent'
    ? AgentPrincipal
    : A extends 'public'
      ? null
      : AgentPrincipal | KeyPrincipal;

export interface Context<O extends OpShape> {
  caller: Caller<O['access']>;
  /** The same ids again when a write is done again under its Idempotency-Key. */
  newId: NewId;
  /** Key for the commands of this request, where it has an Idempotency-Key: the ledger knows them again. */
  commandKey: string | undefined;
  request: FastifyRequest;
  reply: FastifyReply;
}

export type Handler<O extends OpShape> = (input: OpInput<O>, context: Context<O>) => Promise<OpAnswer<O>>;
/** Answers by itself, as an event stream. */
export type Streamer<O extends OpShape> = (input: OpInput<O>, context: Context<O>) => Promise<void>;

/** An answer whose status stays the number that it is, so that the table can check the body against it. */
export function answer<S extends number, B>(status: S, body: B): { status: S; body: B } {
  return { status, body };
}

/** `/v1/queues/{id}` for OpenAPI, `/v1/queues/:id` for Fastify. */
export function routePath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

/**
 * Binds an operation of the table to its handler: who may call it, what goes in, doing it once, what comes out. A handler
 * gets validated input and a known caller, and answers or throws `HttpProblem`.
 */
export function mount<O extends OpShape>(
  app: FastifyInstance,
  deps: HttpDeps,
  op: O,
  handler: Handler<NoInfer<O>>,
  stream?: Streamer<NoInfer<O>>,
): void {
  const { secretKey, secretKeysBefore } = deps.settings;
  const keysFor = (purpose: Parameters<typeof deriveKey>[1]) =>
    [secretKey, ...secretKeysBefore].map((key) => deriveKey(key, purpose));
  const hashKeys = op.idempotent ? keysFor('idempotent-requests') : [];
  const sealKeys = op.secret ? keysFor('idempotent-answers') : null;
  const audited = auditName(op);
  app.route({
    method: op.method,
    url: routePath(op.path),
    ...(op.bodyLimit === undefined ? {} : { bodyLimit: op.bodyLimit }),
    // Before the body is read: a stranger is not worth 64 MB.
    async onRequest(request) {
      request.caller = await identify(deps, op, request);
    },
    async handler(request, reply) {
      const { caller } = request;
      const input = readInput(op, request);
      const context = (newId: NewId, commandKey?: string): Context<O> => ({
        caller: caller as Caller<O['access']>,
        newId,
        commandKey,
        request,
        reply,
      });
      if (stream && wantsStream(request)) return stream(input, context(deps.newId));
      const key = op.idempotent ? idempotencyKey(request) : undefined;
      const work = async (at: Context<O>) => {
        const done = await handler(input, at);
        if (audited !== null)
          await noteOperation(deps, audited, {
            caller,
            request,
            params: input.params,
            body: input.body,
            answer: done.body,
          });
        return done;
      };
      const answer: Answer =
        key === undefined || caller === null
          ? await work(context(deps.newId))
          : await once(
              deps.pool,
              {
                workspace: caller.workspace,
                caller: nameOf(caller),
                key,
                method: op.method,
                path: request.url,
                body: request.body,
                requestId: request.id,
                hashKeys,
                seal: sealKeys,
              },
              (newId) => work(context(newId, `once:${nameOf(caller)}:${key}`)),
            );
      return send(deps, op, reply, answer);
    },
  });
}

function send(deps: HttpDeps, op: OpShape, reply: FastifyReply, { status, body, replayed }: Answer): FastifyReply {
  if (replayed) reply.header('idempotent-replayed', 'true');
  if (status >= 400) return reply.code(status).type('application/problem+json').send(body);
  if (deps.settings.checkAnswers) checkAnswer(op, status, body);
  if (status === 204) return reply.code(204).send();
  return reply.code(status).send(body);
}

/** Tests only: an answer that does not fit its schema, or that says more than it, is a bug. */
function checkAnswer(op: OpShape, status: number, body: unknown): void {
  const schema = op.answers[status];
  if (!schema) throw new Error(`${op.method} ${op.path} answered ${status}, which the table does not know.`);
  const wire = JSON.parse(JSON.stringify(body ?? null));
  const parsed = schema.safeParse(wire);
  if (!parsed.success)
    throw new Error(`${op.method} ${op.path} answered what its schema does not allow: ${parsed.error.message}`);
  const unsaid = moreIn(wire, parsed.data, '');
  if (unsaid !== null) throw new Error(`${op.method} ${op.path} answered ${unsaid}, which its schema does not know.`);
}

/** Path of the first thing that is in the answer and not in what its schema knows. */
function moreIn(answered: unknown, known: unknown, at: string): string | null {
  if (answered === null || typeof answered !== 'object') return answered === known ? null : at;
  if (known === null || typeof known !== 'object') return at;
  for (const [name, value] of Object.entries(answered)) {
    const more =
      name in known ? moreIn(value, (known as Record<string, unknown>)[name], `${at}.${name}`) : `${at}.${name}`;
    if (more !== null) return more;
  }
  return null;
}

function nameOf(caller: Principal): string {
  switch (caller.kind) {
    case 'agent':
      return caller.agent.id;
    case 'key':
      return caller.key;
    case 'visitor':
      return caller.customer;
  }
}

async function identify(deps: HttpDeps, op: OpShape, request: FastifyRequest): Promise<Principal | null> {
  if (op.access === 'public') return null;
  const { limits } = deps;
  assertRate(limits.strangerWait(request.ip), 'unknown tokens from this address');
  const who = await deps.auth.authenticate(request.headers);
  if (who.kind === 'unknown') {
    if (who.code === 'token_invalid') limits.stranger(request.ip);
    throw new HttpProblem(who.code, who.message, { headers: { 'www-authenticate': 'Bearer' } });
  }
  if (who.kind === 'visitor') assertRate(limits.visitor(who.customer), 'requests');
  else assertRate(limits.staff(nameOf(who)), 'requests');
  if (who.kind === 'agent') assertSameSite(deps.settings, request);
  if (op.access === 'visitor') {
    if (who.kind !== 'visitor')
      throw new HttpProblem('scope_missing', 'This is for visitors: send the token of POST /widget/v1/sessions.');
  } else if (op.access === 'agent') {
    if (who.kind !== 'agent')
      throw new HttpProblem('scope_missing', 'This is for agents who are logged in, not for keys.');
  } else {
    assertScope(op.access, who);
  }
  return who;
}

function assertScope(needed: readonly Scope[], who: Principal): void {
  const scopes = needed.join(' or ');
  if (who.kind === 'visitor')
    throw new HttpProblem('scope_missing', `A visitor's token does not open this: it needs ${scopes}.`);
  if (needed.some((scope) => allows(who, scope))) return;
  throw new HttpProblem(
    'scope_missing',
    who.kind === 'key' ? `This needs a key with the scope ${scopes}.` : 'This needs an admin of the workspace.',
  );
}

function readInput<O extends OpShape>(op: O, request: FastifyRequest): OpInput<O> {
  const params = op.params?.safeParse(request.params);
  // An id that cannot be one names nothing.
  if (params && !params.success)
    throw new HttpProblem(
      'not_found',
      `There is no such thing: ${params.error.issues.map(({ path }) => path.join('.')).join(', ')} is not an id of this kind.`,
    );
  const query = op.query ? parse(op.query, request.query ?? {}, 'query') : refuseQuery(request);
  const body =
    op.body && !op.multipart ? parse(op.body, request.body === undefined ? {} : request.body, 'body') : undefined;
  return { params: params?.data, query, body } as OpInput<O>;
}

function refuseQuery(request: FastifyRequest): undefined {
  const names = Object.keys((request.query as object | undefined) ?? {});
  if (names.length === 0) return undefined;
  throw new HttpProblem('invalid', `This address takes no query: leave ${names.join(', ')} out.`, {
    errors: names.map((name) => ({ path: name, message: 'Unknown.' })),
  });
}

function parse(schema: z.ZodType, value: unknown, where: 'query' | 'body'): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, 20).flatMap(faults);
  const first = errors[0];
  throw new HttpProblem(
    'invalid',
    `The ${where} is not right${first ? `: ${first.path === '' ? '' : `${first.path}: `}${first.message}` : '.'}`,
    { errors },
  );
}

/** Unknown fields are told one by one, each at its own place. */
function faults(issue: z.core.$ZodIssue): { path: string; message: string }[] {
  const at = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: at === '' ? key : `${at}.${key}`,
      message: 'There is no such field. Leave it out, or look for the right name in /docs.',
    }));
  return [{ path: at, message: issue.message }];
}

export function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new HttpProblem(
    'idempotency_key_invalid',
    'An Idempotency-Key is 1 to 200 printable ASCII characters without spaces; a UUID is a good one.',
  );
}

function wantsStream(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes('text/event-stream');
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `mount`. */
    caller: Principal | null;
  }
}
