import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector, fetch } from 'undici';

/**
 * Which addresses outside calls may reach. `public` is for production: a customer of the operator, or a bot's answer,
 * can name a URL, and it must not open the operator's own network. `loopback` adds this machine, for development;
 * `any` is the operator's explicit wish (ALLOW_PRIVATE_ADDRESSES).
 */
export type Reach = 'public' | 'loopback' | 'any';

/** The address is not one that we call. Nothing was sent. */
export class AddressRefused extends Error {
  constructor(host: string, address: string) {
    super(
      `${host === address ? host : `${host} (${address})`} is a private or special address, and calls to such are refused. ` +
        'Set ALLOW_PRIVATE_ADDRESSES=true if this server is meant to call its own network.',
    );
    this.name = 'AddressRefused';
  }
}

/**
 * May this IP address be called? Everything that is not plain public unicast is refused: private, loopback, link-local (cloud
 * metadata), carrier NAT, multicast, and IPv6 forms that hide an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo).
 */
export function reachable(address: string, reach: Reach): boolean {
  if (reach === 'any') return true;
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  return (range === 'unicast' && isPublic(parsed)) || (reach === 'loopback' && range === 'loopback');
}

/** Of IPv6 only 2000::/3 was ever given out (RFC 4291): the rest, `::7f00:1` say, is old spellings and nobody's. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');
/** Public by its number, but inside Azure the door to the machine's own host. */
const AZURE_HOST = '168.63.129.16';

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address instanceof ipaddr.IPv6 ? address.match(GLOBAL_IPV6) : address.toString() !== AZURE_HOST;
}

/**
 * `fetch` that connects only to reachable addresses. The check is made on the very address that is connected to, so a name
 * that resolves differently the second time (DNS rebinding) gains nothing; odd spellings of an IP (decimal, hex) are
 * normalised by the URL parser before. Each hop of a redirect is checked, too.
 */
export function guardedFetch(reach: Reach): { fetch: typeof globalThis.fetch; close(): Promise<void> } {
  const dial = buildConnector({ lookup: guardedLookup(reach), timeout: 5_000 });
  const agent = new Agent({
    connect(options, callback) {
      // An IP literal is never looked up, so it must be checked here.
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0 && !reachable(host, reach)) callback(new AddressRefused(host, host), null);
      else dial(options, callback);
    },
  });
  const guarded = (...[input, init]: Parameters<typeof globalThis.fetch>) =>
    fetch(input as never, { ...(init as object), dispatcher: agent });
  // undici's fetch is the one inside Node, only newer; their type declarations are separate.
  return { fetch: guarded as unknown as typeof globalThis.fetch, close: () => agent.destroy() };
}

function guardedLookup(reach: Reach): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const allowed = addresses.filter(({ address }) => reachable(address, reach));
      const first = allowed[0];
      if (!first) return callback(new AddressRefused(hostname, addresses[0]?.address ?? 'no address'), '', 0);
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
