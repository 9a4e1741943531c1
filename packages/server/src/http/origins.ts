import type { FastifyRequest } from 'fastify';
import { HttpProblem } from './problems.ts';

/** Methods that change nothing. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A cookie travels with requests that other sites make. A write with a cookie must come from our own pages: browsers
 * say so by Sec-Fetch-Site, older ones by Origin. Who sends neither is no browser, and no other site can make him send.
 */
export function assertSameSite(
  settings: { publicUrl: string },
  request: Pick<FastifyRequest, 'method' | 'headers'>,
): void {
  if (SAFE.has(request.method) || sameSite(settings.publicUrl, request.headers)) return;
  throw new HttpProblem(
    'cross_site',
    'A write with the cookie of the console must come from its own pages. Servers use an API key instead.',
  );
}

/** For sockets too: a cookie alone does not open one from another site. */
export function sameSite(
  publicUrl: string,
  headers: Pick<Partial<FastifyRequest['headers']>, 'origin' | 'host' | 'sec-fetch-site'>,
): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = headers;
  return origin === undefined || origin === publicUrl || hostOf(origin) === headers.host;
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

/** This machine, under any port: for development. */
const LOCAL = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * May a page of this origin use the widget? Its own host may always (the demo page), and this machine may where the site
 * names no origins at all. Not a browser: no origin, and nothing to protect it from.
 */
export function originAllowed(
  origin: string | undefined,
  site: { allowedOrigins: readonly string[]; ownHost: string | undefined; publicUrl: string },
): boolean {
  if (
    origin === undefined ||
    origin === site.publicUrl ||
    (site.ownHost !== undefined && hostOf(origin) === site.ownHost)
  )
    return true;
  if (site.allowedOrigins.length === 0) return LOCAL.test(origin);
  return site.allowedOrigins.some((pattern) => matches(origin.toLowerCase(), pattern.toLowerCase()));
}

/** `https://*.shop.example` stands for every name below shop.example, not for shop.example itself. */
function matches(origin: string, pattern: string): boolean {
  if (pattern === '*' || origin === pattern) return true;
  const star = pattern.indexOf('*.');
  if (star === -1) return false;
  const scheme = pattern.slice(0, star);
  const ending = pattern.slice(star + 1);
  return origin.startsWith(scheme) && origin.endsWith(ending) && origin.length > scheme.length + ending.length;
}
