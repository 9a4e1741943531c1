import { z } from 'zod';
import { AnswerFailure } from '#kit/http-failure.ts';
import type { FailureKind } from '#ports/failure.ts';

const Refusal = z.object({
  error: z.object({
    type: z.string(),
    message: z.string().nullish(),
    data: z.object({ region: z.string().nullish() }).nullish().catch(null),
  }),
});

/** What LiveChat calls a refusal; null: it is none of its own. */
export function refusalOf(error: unknown): string | null {
  return error instanceof AnswerFailure ? (said(error)?.type ?? null) : null;
}

function said({ text }: AnswerFailure): z.infer<typeof Refusal>['error'] | null {
  try {
    return Refusal.safeParse(JSON.parse(text)).data?.error ?? null;
  } catch {
    return null;
  }
}

/** The region to ask instead; null: it is no such refusal. */
export function misdirectedTo(error: unknown): string | null {
  const refusal = error instanceof AnswerFailure ? said(error) : null;
  return refusal?.type === 'misdirected_request' ? (refusal.data?.region ?? null) : null;
}

/** By name, as the statuses of LiveChat's answers say less: 403 is a banned customer as well as a wrong scope. */
const KINDS: Record<string, FailureKind> = {
  authentication: 'auth',
  authorization: 'auth',
  license_expired: 'auth',
  missing_access: 'auth',
  too_many_requests: 'retry',
  service_unavailable: 'retry',
  chat_anonymized: 'rejected',
  chat_inactive: 'rejected',
  customer_banned: 'rejected',
  entity_too_large: 'rejected',
  group_not_found: 'rejected',
  group_offline: 'rejected',
  group_unavailable: 'rejected',
  groups_offline: 'rejected',
  limit_reached: 'rejected',
  not_found: 'rejected',
  validation: 'rejected',
};

/** The same failure by what LiveChat calls it. */
export function classified(failure: AnswerFailure, repeatable: boolean): AnswerFailure {
  const refusal = said(failure);
  if (!refusal) return failure;
  const { type } = refusal;
  // LiveChat gave up after 15 seconds: what it was doing then may be done.
  const timedOut = type === 'request_timeout' ? (repeatable ? 'retry' : 'uncertain') : undefined;
  const kind = timedOut ?? KINDS[type] ?? failure.kind;
  const { status, text, retryAfterMs } = failure;
  return new AnswerFailure(kind, `LiveChat: ${refusal.message || type} (${type})`, status, text, retryAfterMs);
}
