import type { Auth } from '#http/auth.ts';
import { originAllowed, sameSite } from '#http/origins.ts';
import type { Unknown } from '#http/principal.ts';
import { settingsOf } from '#http/widget-sessions.ts';
import type { Directory } from '#hub/directory.ts';
import type { Identify, Refused } from '#realtime/entrance.ts';
import type { Principal } from '#realtime/realtime.ts';

/** How the sockets learn who somebody is: HTTP's own ways, and the same origins as HTTP allows. */
export function identify({
  auth,
  directory,
  publicUrl,
}: {
  auth: Auth;
  directory: Directory;
  publicUrl: () => string;
}): Identify {
  return {
    visitor: async (token) => known(await auth.principalOfVisitor(token)),
    key: async (token) => known(await auth.principalOfKey(token)),
    cookie: async (cookie) => known(await auth.principalOfCookie(cookie)),
    async originOfVisitor(principal, origin, host) {
      if (principal.kind !== 'visitor') return null;
      await directory.load([principal.workspace]);
      const site = directory.integration(principal.workspace, principal.channel);
      if (!site?.enabled) return { code: 'site_off', message: 'The chat of this site is switched off.' };
      const { allowedOrigins } = settingsOf(site);
      if (originAllowed(origin, { allowedOrigins, ownHost: host, publicUrl: publicUrl() })) return null;
      return { code: 'origin_not_allowed', message: `${origin} is not among the allowed origins of this site.` };
    },
    originOfCookie: ({ origin, host, site }) =>
      sameSite(publicUrl(), { origin, host, 'sec-fetch-site': site })
        ? null
        : {
            code: 'cross_site',
            message: 'The cookie of the console counts on its own pages only. Servers say hello with an API key.',
          },
  };
}

function known(found: Principal | Unknown): Principal | Refused {
  return found.kind === 'unknown' ? { code: found.code, message: found.message } : found;
}
