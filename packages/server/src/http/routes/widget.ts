import { forCustomer, type Logged, MAX_TEXT, windowWords } from '@baton/core';
import type { EventItem } from '@baton/protocol';
import { ops, WidgetTheme } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import { pageOf as pageOfInput } from '#http/conversations.ts';
import type { HttpDeps } from '#http/deps.ts';
import { conversationOfVisitor as assertOwn } from '#http/parties.ts';
import { assertRate, HttpProblem } from '#http/problems.ts';
import { answer, mount } from '#http/route.ts';
import { FILES_PER_MESSAGE } from '#http/uploads.ts';
import { signVisitorToken, VISITOR_TOKEN_SECONDS } from '#http/visitor-token.ts';
import { assertOrigin, customerOfVisit, settingsOf } from '#http/widget-sessions.ts';
import { presentLogged, presentTime } from '#present/event.ts';
import { eventsAfter, eventsBefore } from '#store/conversations.ts';
import { FILE_TYPES } from '#store/file-types.ts';
import { findIntegration, findSite, openIntegration } from '#store/integrations.ts';
import { FILE_BYTES } from '#store/keep-file.ts';
import { deriveKey } from '#store/secrets.ts';
import { conversationOfVisitor, setPage } from '#store/visits.ts';

export function widgetRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;
  const { secretKey, secretKeysBefore } = deps.settings;
  const visitorKey = deriveKey(secretKey, 'visitor-token');
  const visitorKeys = [visitorKey, ...secretKeysBefore.map((key) => deriveKey(key, 'visitor-token'))];

  mount(app, deps, ops.createWidgetSession, async ({ body }, { request }) => {
    assertRate(deps.limits.session(request.ip), 'visits from this address');
    const row = await findSite(pool, body.siteKey);
    const site = row && openIntegration(deps.seal, row);
    if (!site?.enabled)
      throw new HttpProblem(
        'site_unknown',
        `There is no widget with the site key "${body.siteKey}", or it is switched off. Look at data-site-key of the script tag.`,
      );
    assertOrigin(deps, site, request.headers);
    const now = deps.now();
    const { customer, identified } = await customerOfVisit({
      db: pool,
      site,
      visitorKeys,
      visitorToken: body.visitorToken,
      identityToken: body.identityToken,
      now,
      newId: deps.newId,
    });
    const conversation = await conversationOfVisitor(pool, site.workspace, site.id, customer.id);
    if (conversation?.status === 'open' && body.page)
      await setPage(pool, site.workspace, conversation.id, pageOfInput(body.page));
    const { theme, ...own } = settingsOf(site);
    const locale = own.locale ?? body.locale ?? 'en';
    // The site's own wording goes before ours.
    const { title, greeting, ...strings } = { ...windowWords(locale), ...own.strings };
    return answer(201, {
      token: await signVisitorToken(
        visitorKey,
        { workspace: site.workspace, channel: site.id, customer: customer.id, identified, locale },
        now,
      ),
      tokenExpiresAt: presentTime(now + VISITOR_TOKEN_SECONDS * 1_000),
      visitor: { id: customer.id, name: customer.name, email: customer.email, verified: customer.verified },
      conversation: conversation && { id: conversation.id, status: conversation.status, seq: conversation.seq },
      locale,
      strings,
      theme: WidgetTheme.parse({ title, greeting, ...theme }),
      limits: {
        textLength: MAX_TEXT,
        fileBytes: FILE_BYTES,
        filesPerMessage: FILES_PER_MESSAGE,
        mimeTypes: [...FILE_TYPES],
      },
    });
  });

  mount(app, deps, ops.listWidgetEvents, async ({ params, query }, { caller, request }) => {
    await assertSite(deps, caller, request.headers);
    await assertOwn(deps, caller, params.id);
    const { after, before, limit } = query;
    const forwards = after !== undefined && before === undefined;
    const page = forwards
      ? await eventsAfter(pool, params.id, after, limit + 1)
      : await eventsBefore(pool, params.id, before ?? null, limit);
    const shown = forwards ? page.slice(0, limit) : page;
    const first = shown[0]?.seq;
    return answer(200, {
      items: shown.flatMap((logged) => presentForCustomer(logged) ?? []),
      next: forwards && page.length > limit ? (shown.at(-1)?.seq ?? null) : null,
      previous: first !== undefined && first > 1 ? first : null,
    });
  });
}

/** The event as its customer sees it; null for what he must not see. */
function presentForCustomer(logged: Logged): EventItem | null {
  const event = forCustomer(logged.event);
  return event && presentLogged({ ...logged, event });
}

/** A visitor's token counts on the pages of its site only. */
export async function assertSite(
  deps: HttpDeps,
  visitor: { workspace: `wsp_${string}`; channel: string },
  headers: { origin?: string | undefined; host?: string | undefined },
): Promise<void> {
  const site = await findIntegration(deps.pool, visitor.workspace, visitor.channel);
  if (!site) throw new HttpProblem('token_invalid', 'The site of this token is gone. Start a new session.');
  assertOrigin(deps, openIntegration(deps.seal, site), headers);
}
