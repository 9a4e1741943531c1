import type { Log } from '#ports/world.ts';
import { call, jsonOf } from './http.ts';
import { signWebhook } from './standard-webhooks.ts';

/** How long an endpoint may take; who needs longer answers 2xx first and works then. */
const TIMEOUT_MS = 10_000;

/** A routing hook stands between a customer and his agent: who is not quicker is passed by. */
const ASK_TIMEOUT_MS = 1_000;

/** Posts a signed question and gives the JSON of the answer; throws `AdapterFailure`, after a second at the latest. */
export async function askWebhook(world: Outside, to: Endpoint, id: string, body: string): Promise<unknown> {
  const answer = await call(world, { ...signed(world, to, id, body), timeoutMs: ASK_TIMEOUT_MS, limit: 262_144 });
  return jsonOf(answer, 'The webhook');
}

/** Posts a signed event (Standard Webhooks). Any 2xx is taken; everything else throws `AdapterFailure`. */
export async function postWebhook(world: Outside, to: Endpoint, id: string, body: string): Promise<void> {
  await call(world, { ...signed(world, to, id, body), timeoutMs: TIMEOUT_MS, limit: 65_536 });
}

interface Outside {
  fetch: typeof globalThis.fetch;
  now(): number;
  log: Log;
}

interface Endpoint {
  url: string;
  secret: string;
}

function signed(world: Outside, to: Endpoint, id: string, body: string) {
  return {
    url: to.url,
    method: 'POST' as const,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Baton',
      ...signWebhook(to.secret, id, world.now(), body),
    },
    body,
    repeatable: true,
  };
}
