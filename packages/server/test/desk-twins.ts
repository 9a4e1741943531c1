// The vendors that stand in: their twins, how each is connected, and how it signs. A new desk is one entry in TWINS.
import { createHmac } from 'node:crypto';
import { startChatwoot } from '#adapters/desks/chatwoot/twin.ts';
import { startFreshchat } from '#adapters/desks/freshchat/twin.ts';
import { startFreshdesk } from '#adapters/desks/freshdesk/twin.ts';
import { startIntercom } from '#adapters/desks/intercom/twin.ts';
import { startLiveChat } from '#adapters/desks/livechat/twin.ts';
import { startSlack } from '#adapters/desks/slack/twin.ts';
import { startWebhookDesk } from '#adapters/desks/webhook/twin.ts';
import { startSunshine } from '#adapters/desks/zendesk-messaging/twin.ts';
import { startZendesk } from '#adapters/desks/zendesk-support/twin.ts';
import { DESKS } from '#adapters/registry.ts';
import type { DeskTwin } from '#kit/desk-twin.ts';
import { newWebhookSecret, signWebhook } from '#kit/standard-webhooks.ts';
import type { TwinDelivery } from '#kit/twin-webhooks.ts';

export interface Stand {
  twin: DeskTwin;
  /** Of the integration, as a person would type it in. */
  config: Record<string, unknown>;
  /** Any body as a webhook that proves to be this vendor's, as far as the vendor proves anything. */
  signed(body: string): TwinDelivery;
}

const now = Date.now;
/** A vendor that hangs costs two seconds, not fifteen; on a busy machine a second is soon over. */
const timeoutSeconds = 2;
const SECRET = 's3cr3t';

const hmac = (algorithm: string, text: string, encoding: 'hex' | 'base64' = 'hex') =>
  createHmac(algorithm, SECRET).update(text).digest(encoding);
const inSeconds = () => String(Math.floor(now() / 1_000));

/** By the kind of the desk. */
const TWINS: Readonly<Record<string, () => Promise<Stand>>> = {
  async webhook() {
    const secret = newWebhookSecret();
    const twin = await startWebhookDesk({ secret, now });
    const features = ['typing', 'readMarks', 'availability', 'position', 'poll'];
    return {
      twin,
      config: { url: twin.url, secret, features, timeoutSeconds },
      signed: (body) => ({ headers: { ...signWebhook(secret, `d${now()}`, now(), body) }, body }),
    };
  },
  async chatwoot() {
    const twin = await startChatwoot({ token: 'token', identifier: 'iNb0x', secret: SECRET, now });
    const config = { url: twin.url, account: 1, inbox: 9, inboxIdentifier: 'iNb0x', token: 'token' };
    return {
      twin,
      config: { ...config, webhookSecret: SECRET, timeoutSeconds },
      signed(body) {
        const time = inSeconds();
        const signature = `sha256=${hmac('sha256', `${time}.${body}`)}`;
        return { headers: { 'x-chatwoot-timestamp': time, 'x-chatwoot-signature': signature }, body };
      },
    };
  },
  async freshchat() {
    const twin = await startFreshchat({ token: 'token', now });
    const { publicKey, channel, notesBy: agent, botGroup } = twin;
    const config = { url: `${twin.url}/v2`, token: 'token', publicKey, channel, agent, botGroup };
    return {
      twin,
      config: { ...config, timeoutSeconds },
      signed: (body) => ({ headers: { 'x-freshchat-signature': twin.sign(body) }, body }),
    };
  },
  async freshdesk() {
    const twin = await startFreshdesk({ apiKey: 'key', now });
    const config = { url: twin.url, apiKey: 'key', timeoutSeconds };
    return { twin, config, signed: (body) => ({ headers: {}, body }) };
  },
  async intercom() {
    const twin = await startIntercom({ token: 'token', secret: SECRET, now });
    const config = { url: twin.url, token: 'token', clientSecret: SECRET, admin: twin.admin, workspace: 'abc123' };
    return {
      twin,
      config: { ...config, botTeam: twin.botTeam, timeoutSeconds },
      signed: (body) => ({ headers: { 'x-hub-signature': `sha1=${hmac('sha1', body)}` }, body }),
    };
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
    return {
      twin,
      config: { ...secrets, url: twin.url, accountsUrl: twin.url, timeoutSeconds },
      // It proves itself in the body.
      signed: (body) => ({
        headers: {},
        body: body.replace(/^\{/, `{"secret_key":"${secrets.webhookSecret}",`).replace(/,\}$/, '}'),
      }),
    };
  },
  async slack() {
    const twin = await startSlack({ token: 'xoxb-token', secret: SECRET, now });
    const config = { url: twin.url, token: 'xoxb-token', signingSecret: SECRET, group: 'C0SUPPORT' };
    return {
      twin,
      config: { ...config, timeoutSeconds },
      signed(body) {
        const time = inSeconds();
        const signature = `v0=${hmac('sha256', `v0:${time}:${body}`)}`;
        return { headers: { 'x-slack-request-timestamp': time, 'x-slack-signature': signature }, body };
      },
    };
  },
  async 'zendesk-messaging'() {
    const twin = await startSunshine({ app: 'app1', key: 'key:secret', webhookKey: 'w3bh00k', now });
    const config = { url: twin.url, app: 'app1', keyId: 'key', keySecret: 'secret', webhookKey: 'w3bh00k' };
    return {
      twin,
      config: { ...config, timeoutSeconds },
      signed: (body) => ({ headers: { 'x-api-key': 'w3bh00k' }, body }),
    };
  },
  async 'zendesk-support'() {
    const [email, token] = ['baton@shop.example', 'token'];
    const twin = await startZendesk({ credentials: `${email}/token:${token}`, secret: SECRET, now });
    return {
      twin,
      config: { url: twin.url, email, token, signingSecret: SECRET, agent: twin.agentId, timeoutSeconds },
      signed(body) {
        const time = new Date(now()).toISOString();
        const signature = hmac('sha256', time + body, 'base64');
        return {
          headers: { 'x-zendesk-webhook-signature-timestamp': time, 'x-zendesk-webhook-signature': signature },
          body,
        };
      },
    };
  },
};

/** Desks of the registry, by whether they can be tried. */
export const KINDS = DESKS.map(({ kind, can }) => ({ kind, polls: can.poll, hasTwin: kind in TWINS }));

export async function stand(kind: string): Promise<Stand> {
  const start = TWINS[kind];
  if (!start) throw new Error(`There is no twin of ${kind}.`);
  return start();
}
