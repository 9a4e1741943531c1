import { SignJWT } from 'jose';
import { findFirstWidget, openIntegration } from '#store/integrations.ts';
import type { HttpDeps } from './deps.ts';
import { escapeHtml, fill, page } from './documentation.ts';
import { settingsOf } from './widget-sessions.ts';

/** Customers of the demo shop, for trying signed identity. */
const PEOPLE: Record<
  string,
  { sub: string; name: string; email: string; attributes: Record<string, string | number> }
> = {
  ada: {
    sub: 'ambleton-1042',
    name: 'Ada Whitfield',
    email: 'ada.whitfield@example.com',
    attributes: { plan: 'Ambleton Plus', orders: 7 },
  },
  ben: {
    sub: 'ambleton-2210',
    name: 'Ben Ashworth',
    email: 'ben.ashworth@example.com',
    attributes: { plan: 'none', orders: 1 },
  },
};

/** The shop's page. With `as` the visitor is logged in to the shop, and the shop's "backend" (we) signs who he is. */
export async function demoPage(deps: HttpDeps, as: string | null): Promise<string> {
  const row = await findFirstWidget(deps.pool);
  const site = row && openIntegration(deps.seal, row);
  const person = as === null ? undefined : PEOPLE[as];
  const identity = site && person ? await sign(settingsOf(site).identitySecret, person, deps.now()) : null;
  const key = site?.siteKey ?? null;
  return fill(page('demo.html'), {
    who: person
      ? `Signed in as ${escapeHtml(person.name)} · <a href="/demo">Sign out</a>`
      : '<a href="/demo?as=ada">Sign in</a>',
    people: person
      ? ''
      : 'Sign in as <a href="/demo?as=ada">Ada</a> or <a href="/demo?as=ben">Ben</a> to be a known customer.',
    order: person ? ORDER : '',
    widget:
      key === null
        ? ''
        : `<script async src="/widget.js" data-site-key="${escapeHtml(key)}"${identity === null ? '' : ` data-identity="${escapeHtml(identity)}"`}></script>`,
  });
}

function sign(secret: string, { sub, ...facts }: (typeof PEOPLE)[string], now: number): Promise<string> {
  return new SignJWT(facts)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setIssuedAt(Math.floor(now / 1_000))
    .setExpirationTime(Math.floor(now / 1_000) + 3_600)
    .sign(new TextEncoder().encode(secret));
}

const ORDER = `<section class="order" id="orders">
        <h2>Your last order</h2>
        <dl>
          <dt>Number</dt><dd>A-10482</dd>
          <dt>What</dt><dd>Harbour table lamp, Fold side table</dd>
          <dt>Paid</dt><dd>£213, by card</dd>
        </dl>
        <span class="state">Delivered on Thursday</span>
      </section>`;
