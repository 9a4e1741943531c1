import type { CustomerId, Millis, NewId, WorkspaceId } from '@baton/core';
import type { z } from 'zod';
import {
  type CustomerRow,
  createCustomer,
  findCustomer,
  findCustomerByExternalId,
  mergeCustomer,
  updateCustomer,
} from '#store/customers.ts';
import type { Db } from '#store/db.ts';
import type { OpenIntegration } from '#store/integrations.ts';
import type { HttpDeps } from './deps.ts';
import { type Identity, readIdentity } from './identity.ts';
import { WidgetConfig } from './kinds.ts';
import { originAllowed } from './origins.ts';
import { HttpProblem } from './problems.ts';
import { verifyVisitorToken } from './visitor-token.ts';

export type WidgetSettings = z.output<typeof WidgetConfig>;

/** A widget's config, with defaults for what is not set. */
export function settingsOf(site: Pick<OpenIntegration, 'config'>): WidgetSettings {
  return WidgetConfig.parse(site.config);
}

/** Headers of a request. */
interface From {
  origin?: string | undefined;
  host?: string | undefined;
}

/** Throws when a page of this origin may not use the site's widget. */
export function assertOrigin(
  deps: Pick<HttpDeps, 'settings'>,
  site: Pick<OpenIntegration, 'config' | 'name'>,
  { origin, host }: From,
): void {
  const { allowedOrigins } = settingsOf(site);
  if (originAllowed(origin, { allowedOrigins, ownHost: host, publicUrl: deps.settings.publicUrl })) return;
  throw new HttpProblem(
    'origin_not_allowed',
    `Pages of ${origin} may not use the widget "${site.name}". Add the origin to allowedOrigins of its integration.`,
  );
}

interface Visit {
  db: Db;
  site: OpenIntegration;
  visitorKeys: readonly Uint8Array[];
  visitorToken: string | undefined;
  identityToken: string | undefined;
  now: Millis;
  newId: NewId;
}

/**
 * Who comes: the customer of a valid identity; else the anonymous visitor of the token; else somebody new. What an
 * anonymous visitor wrote comes along when he proves who he is, and only then.
 *
 * A token that was made with an identity does not count alone: on a shared computer the next person would be the one before.
 */
export async function customerOfVisit(visit: Visit): Promise<{ customer: CustomerRow; identified: boolean }> {
  const { db, site, identityToken, newId, now } = visit;
  const earlier = await earlierSelf(visit);
  if (identityToken === undefined) {
    if (earlier && !earlier.identified) {
      const known = await findCustomer(db, site.workspace, earlier.customer);
      if (known && !known.verified) return { customer: known, identified: false };
    }
    return { customer: await createCustomer(db, site.workspace, newId('cus'), {}), identified: false };
  }
  const identity = await readIdentity(identityToken, settingsOf(site).identitySecret, now);
  return {
    customer: await identified(db, site.workspace, identity, earlier?.customer ?? null, newId),
    identified: true,
  };
}

/** The visitor of the token, when it is one of this site. A token that cannot be used is as none. */
async function earlierSelf({
  site,
  visitorKeys,
  visitorToken,
  now,
}: Visit): Promise<{ customer: CustomerId; identified: boolean } | null> {
  if (visitorToken === undefined) return null;
  const claims = await verifyVisitorToken(visitorKeys, visitorToken, now);
  return 'kind' in claims || claims.workspace !== site.workspace || claims.channel !== site.id ? null : claims;
}

async function identified(
  db: Db,
  workspace: WorkspaceId,
  { externalId, ...facts }: Identity,
  earlier: CustomerId | null,
  newId: NewId,
): Promise<CustomerRow> {
  const proven = { ...facts, externalId, verified: true };
  const known = await findCustomerByExternalId(db, workspace, externalId);
  if (known) {
    if (earlier !== null) await mergeCustomer(db, workspace, earlier, known.id);
    return (await updateCustomer(db, workspace, known.id, proven)) ?? known;
  }
  const before = earlier === null ? null : await findCustomer(db, workspace, earlier);
  // The anonymous visitor becomes the customer: same id, so all that he wrote is his.
  if (before && before.externalId === null && !before.verified)
    return (await updateCustomer(db, workspace, before.id, proven)) ?? before;
  return await createCustomer(db, workspace, newId('cus'), proven);
}
