import { z } from 'zod';

/** RFC 9457. `code` is stable; `errors` says which field, where a body or query was at fault. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    retryAfterSeconds: z.number().optional(),
    control: z.unknown().optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' });

/**
 * Every problem that the HTTP API answers with: its status and what it means. Codes are wire names and stay. The second
 * half are the refusals of core's rules.
 */
export const PROBLEMS = {
  bad_json: [400, 'The body is not JSON.'],
  bad_encoding: [400, 'The body is not UTF-8.'],
  bad_request: [400, 'The request cannot be understood.'],
  idempotency_key_invalid: [400, 'The Idempotency-Key cannot be used.'],
  unauthenticated: [401, 'You have not said who you are.'],
  token_invalid: [401, 'The token is not valid here.'],
  token_expired: [401, 'The token has run out.'],
  identity_invalid: [401, 'The identity is not valid.'],
  login_failed: [401, 'Wrong address or password.'],
  scope_missing: [403, 'You may not do this.'],
  owner_only: [403, 'Only an owner may do this.'],
  origin_not_allowed: [403, 'This site may not use this widget.'],
  cross_site: [403, 'This request comes from another site.'],
  not_found: [404, 'There is nothing here.'],
  site_unknown: [404, 'There is no widget with this site key.'],
  method_not_allowed: [405, 'This address does not take this method.'],
  idempotency_mismatch: [409, 'This Idempotency-Key was used for another request.'],
  idempotency_in_progress: [409, 'A request with this Idempotency-Key is under way.'],
  name_taken: [409, 'The name is taken.'],
  email_taken: [409, 'Somebody has this address already.'],
  queue_busy: [409, 'Somebody waits in this queue.'],
  queue_default: [409, 'This is the default queue.'],
  integration_used: [409, 'The integration is in use.'],
  last_owner: [409, 'A workspace needs an owner.'],
  body_too_large: [413, 'The body is too large.'],
  file_too_large: [413, 'The file is too large.'],
  media_type: [415, 'The body has a type that is not taken here.'],
  file_type: [415, 'Files of this type are not taken.'],
  invalid: [422, 'The request is not valid.'],
  queue_unknown: [422, 'There is no such queue.'],
  desk_unknown: [422, 'There is no such desk.'],
  channel_unknown: [422, 'There is no such channel.'],
  bot_unknown: [422, 'There is no such bot.'],
  agent_unknown: [422, 'There is no such agent.'],
  customer_unknown: [422, 'There is no such customer.'],
  file_unknown: [422, 'There is no such file.'],
  kind_unknown: [422, 'There is no adapter of this kind.'],
  config_invalid: [422, 'The config does not fit this kind of integration.'],
  address_private: [422, 'This address is not reachable for us.'],
  too_many_attempts: [429, 'Too many attempts.'],
  too_many_requests: [429, 'Too many requests.'],
  internal: [500, 'Something went wrong on our side.'],
  unavailable: [503, 'The database does not answer.'],

  control_lost: [409, 'Somebody else answers now.'],
  exists: [409, 'It exists already.'],
  closed: [409, 'The conversation is closed.'],
  not_closed: [409, 'The conversation is not closed.'],
  already_rated: [409, 'The conversation has been rated.'],
  handoff_open: [409, 'A handoff is open already.'],
  no_handoff: [409, 'There is no open handoff.'],
  wrong_phase: [409, 'The handoff is not at this stage.'],
  not_offered: [409, 'It is not offered to you.'],
  not_owner: [409, 'You do not answer in this conversation.'],
  held_by_agent: [409, 'Another agent answers here.'],
  no_bot: [409, 'No bot is connected.'],
  same_party: [409, 'It is there already.'],
  loop_guard: [409, 'Control changed too often.'],
  not_allowed: [403, 'This side may not do that.'],
  no_message: [404, 'There is no such message.'],
  bad_rating: [422, 'A rating is a whole number from 1 to 5.'],
  empty: [422, 'The message is empty.'],
  too_long: [422, 'The message is too long.'],
  too_many_parts: [422, 'The message has too many parts.'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;
