import { type DeskSubject, deskContract } from '#adapters/contracts/desk.contract.ts';
import { deskDeps } from '#adapters/contracts/desk-deps.ts';
import { newWebhookSecret, signWebhook } from '#kit/standard-webhooks.ts';
import { webhook } from './index.ts';
import { startWebhookDesk } from './twin.ts';

const FEATURES = ['typing', 'readMarks', 'availability', 'position', 'poll'];

async function subject(features: string[]): Promise<DeskSubject> {
  const deps = await deskDeps();
  const secret = newWebhookSecret();
  const twin = await startWebhookDesk({ secret, now: deps.world.now });
  const config = { url: twin.url, features, timeoutSeconds: 1 };
  return {
    desk: webhook.create({ ...config, secret }, deps),
    stranger: webhook.create({ ...config, secret: newWebhookSecret() }, deps),
    twin,
    deps,
    signsTime: true,
    forge: ({ headers, body }) => [
      { headers, body: body.replace('Hello', 'Hullo') },
      { headers: { ...headers, 'webhook-id': 'another' }, body },
      { headers: { ...headers, ...signWebhook(newWebhookSecret(), 'd1', deps.clock.now, body) }, body },
      { headers: { 'content-type': 'application/json' }, body },
    ],
    async close() {
      await twin.close();
      await deps.close();
    },
  };
}

deskContract('the webhook desk', { create: () => subject(FEATURES) });
deskContract('a webhook desk that can do the least', { create: () => subject([]) });
