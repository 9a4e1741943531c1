import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { HttpDeps } from './deps.ts';
import { HttpProblem } from './problems.ts';

/**
 * May Baton call this address? Told early, while somebody reads the answer; the connection itself is guarded too
 * (adapters/kit/guard.ts), for names that resolve to private addresses.
 */
export function assertPublic(deps: Pick<HttpDeps, 'settings'>, url: string): void {
  const { reach } = deps.settings;
  if (reach === 'any') return;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const range = rangeOf(host);
  if (range === 'unicast' || (range === 'loopback' && reach === 'loopback')) return;
  throw new HttpProblem(
    'address_private',
    `${host} is a private address. Set ALLOW_PRIVATE_ADDRESSES=true if this server is meant to call its own network.`,
  );
}

/** As ipaddr.js calls it; a name counts as public until it is looked up, but for `localhost`. */
function rangeOf(host: string): string {
  if (isIP(host) !== 0) return ipaddr.process(host).range();
  return host === 'localhost' || host.endsWith('.localhost') ? 'loopback' : 'unicast';
}
