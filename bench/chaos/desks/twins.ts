// The vendors that stand in: their twins, and how each is connected. A new desk is one line in TWINS.

import { startChatwoot } from '@baton/server/src/adapters/desks/chatwoot/twin.ts';
import { startFreshchat } from '@baton/server/src/adapters/desks/freshchat/twin.ts';
import { startFreshdesk } from '@baton/server/src/adapters/desks/freshdesk/twin.ts';
import { startIntercom } from '@baton/server/src/adapters/desks/intercom/twin.ts';
import { startLiveChat } from '@baton/server/src/adapters/desks/livechat/twin.ts';
import { startSlack } from '@baton/server/src/adapters/desks/slack/twin.ts';
import { startWebhookDesk } from '@baton/server/src/adapters/desks/webhook/twin.ts';
import { startSunshine } from '@baton/server/src/adapters/desks/zendesk-messaging/twin.ts';
import { startZendesk } from '@baton/server/src/adapters/desks/zendesk-support/twin.ts';
import type { DeskTwin } from '@baton/server/src/adapters/kit/desk-twin.ts';
import { newWebhookSecret } from '@baton/server/src/adapters/kit/standard-webhooks.ts';
import { DESKS } from '@baton/server/src/adapters/registry.ts';

export interface Stand {
  twin: DeskTwin;
  /** Of the integration, as a person would type it in. */
  config: Record<string, unknown>;
}

const now = Date.now;
/** A vendor that hangs costs a second, not fifteen. */
const timeoutSeconds = 1;

/** By the kind of the desk. */
const TWINS: Readonly<Record<string, () => Promise<Stand>>> = {
  async webhook() {
    const secret = newWebhookSecret();
    const twin = await startWebhookDesk({ secret, now });
    const features = ['typing', 'readMarks', 'availability', 'position', 'poll'];
    return { twin, config: { url: twin.url, secret, features, timeoutSeconds } };
  },
  async chatwoot() {
    const twin = await startChatwoot({ token: 'token', identifier: 'iNb0x', secret: 's3cr3t', now });
    const config = { url: twin.url, account: 1, inbox: 9, inboxIdentifier: 'iNb0x', token: 'token' };
    return { twin, config: { ...config, webhookSecret: 's3cr3t', timeoutSeconds } };
  },
  async freshchat() {
    const twin = await startFreshchat({ token: 'token', now });
    const { publicKey, channel, notesBy: agent, botGroup } = twin;
    const config = { url: `${twin.url}/v2`, token: 'token', publicKey, channel, agent, botGroup };
    return { twin, config: { ...config, timeoutSeconds } };
  },
  async freshdesk() {
    const twin = await startFreshdesk({ apiKey: 'key', now });
    return { twin, config: { url: twin.url, apiKey: 'key', timeoutSeconds } };
  },
  async intercom() {
    const twin = await startIntercom({ token: 'token', secret: 's3cr3t', now });
    const config = { url: twin.url, token: 'token', clientSecret: 's3cr3t', admin: twin.admin, workspace: 'abc123' };
    return { twin, config: { ...config, botTeam: twin.botTeam, timeoutSeconds } };
  },
  async livechat() {
    const secrets = {
      organization: '390e44e6',
      clientId: '9cbf3a96',
      clientSecret: 'client-secret',
      refreshToken: 'refresh-token',
      webhookSecret: 'webhook-secret-of-16',
    };
    const twin = await startLiveChat(secrets, now);
    return { twin, config: { ...secrets, url: twin.url, accountsUrl: twin.url, timeoutSeconds } };
  },
  async slack() {
    const twin = await startSlack({ token: 'xoxb-token', secret: 's3cr3t', now });
    const config = { url: twin.url, token: 'xoxb-token', signingSecret: 's3cr3t', group: 'C0SUPPORT' };
    return { twin, config: { ...config, timeoutSeconds } };
  },
  async 'zendesk-messaging'() {
    const twin = await startSunshine({ app: 'app1', key: 'key:secret', webhookKey: 'w3bh00k', now });
    const config = { url: twin.url, app: 'app1', keyId: 'key', keySecret: 'secret', webhookKey: 'w3bh00k' };
    return { twin, config: { ...config, timeoutSeconds } };
  },
  async 'zendesk-support'() {
    const [email, token, signingSecret] = ['baton@shop.example', 'token', 's3cr3t'];
    const twin = await startZendesk({ credentials: `${email}/token:${token}`, secret: signingSecret, now });
    return { twin, config: { url: twin.url, email, token, signingSecret, agent: twin.agentId, timeoutSeconds } };
  },
};

/** Desks of the registry, by whether they can be tried. */
export const KINDS = DESKS.map(({ kind, can }) => ({ kind, polls: can.poll, hasTwin: kind in TWINS }));

export async function stand(kind: string): Promise<Stand> {
  const start = TWINS[kind];
  if (!start) throw new Error(`There is no twin of ${kind}.`);
  return start();
}
