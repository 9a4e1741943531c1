import type { Log } from '#ports/world.ts';
import { call } from './http.ts';
import { signWebhook } from './standard-webhooks.ts';

/** How long an endpoint may take; who needs longer answers 2xx first and works then. */
const TIMEOUT_MS = 10_000;

/** Posts a signed event (Standard Webhooks). Any 2xx is taken; everything else throws `AdapterFailure`. */
export async function postWebhook(
  world: { fetch: typeof globalThis.fetch; now(): number; log: Log },
  to: { url: string; secret: string },
  id: string,
  body: string,
): Promise<void> {
  await call(world, {
    url: to.url,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Baton',
      ...signWebhook(to.secret, id, world.now(), body),
    },
    body,
    timeoutMs: TIMEOUT_MS,
    repeatable: true,
    limit: 65_536,
  });
}
