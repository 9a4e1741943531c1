import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { HttpDeps } from './deps.ts';
import { HttpProblem } from './problems.ts';

/** Told early; the connection itself is guarded too, for names that resolve to private addresses. */
export function assertPublic(deps: Pick<HttpDeps, 'settings'>, url: string): void {
  if (deps.settings.privateAddresses) return;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const refused =
    isIP(host) === 0 ? host === 'localhost' || host.endsWith('.localhost') : ipaddr.process(host).range() !== 'unicast';
  if (refused)
    throw new HttpProblem(
      'address_private',
      `${host} is a private address. Set ALLOW_PRIVATE_ADDRESSES=true if this server is meant to call its own network.`,
    );
}
