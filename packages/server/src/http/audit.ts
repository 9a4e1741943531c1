import { type OpShape, ops } from '@baton/protocol/schemas';
import type { FastifyRequest } from 'fastify';
import { saveAudit } from '#store/audit.ts';
import type { HttpDeps } from './deps.ts';
import type { AgentPrincipal, KeyPrincipal, Principal } from './principal.ts';

const NAMES = new Map<OpShape, string>(Object.entries(ops).map(([name, op]) => [op, name]));
/** Reading these takes data out of the house. */
const READS = new Set(['exportCustomer']);
/** Fields whose new value is told: they say what was done, and hold nothing that somebody wrote. */
const TOLD = ['role', 'disabled', 'enabled', 'scopes', 'side', 'kind', 'events'] as const;

/** The name under which an operation is noted, or null: every change that needs an admin, and what is in `READS`. */
export function auditName(op: OpShape): string | null {
  const name = NAMES.get(op);
  if (name === undefined || typeof op.access === 'string' || !op.access.includes('admin')) return null;
  return op.method === 'GET' && !READS.has(name) ? null : name;
}

/**
 * Notes what was done, after it was done and before it is answered: who gets an answer has left a trace. A database that
 * goes away in between answers 503 for a change that was made.
 */
export async function noteOperation(
  deps: Pick<HttpDeps, 'pool' | 'newId'>,
  action: string,
  { caller, request, params, body, answer }: Done,
): Promise<void> {
  if (caller === null || caller.kind === 'visitor') return;
  const given = (body ?? {}) as Record<string, unknown>;
  const told = TOLD.flatMap((name) => (name in given ? [[name, given[name]]] : []));
  await note(deps, caller, request, {
    action,
    target: idOf(params) ?? idOf(answer),
    detail: { ...(body === undefined ? {} : { fields: Object.keys(given) }), ...Object.fromEntries(told) },
  });
}

interface Done {
  caller: Principal | null;
  request: FastifyRequest;
  params: unknown;
  body: unknown;
  answer: unknown;
}

/** One thing that an agent or a key did. */
export async function note(
  deps: Pick<HttpDeps, 'pool' | 'newId'>,
  caller: AgentPrincipal | KeyPrincipal,
  request: Pick<FastifyRequest, 'ip'>,
  done: { action: string; target: string | null; detail?: Record<string, unknown> },
): Promise<void> {
  const actor =
    caller.kind === 'agent'
      ? { kind: 'agent' as const, id: caller.agent.id, name: caller.agent.name }
      : { kind: 'key' as const, id: caller.key, name: null };
  await saveAudit(deps.pool, deps.newId, {
    workspace: caller.workspace,
    actor,
    address: request.ip,
    detail: {},
    ...done,
  });
}

function idOf(value: unknown): string | null {
  const id = (value as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id : null;
}
