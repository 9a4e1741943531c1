import { expect, it } from 'vitest';
import { type DeskSubject, deskContract } from '#adapters/contracts/desk.contract.ts';
import { deskDeps } from '#adapters/contracts/desk-deps.ts';
import { newWebhookSecret, signWebhook } from '#kit/standard-webhooks.ts';
import { readPost } from './inbound.ts';
import { webhook } from './index.ts';
import { startWebhookDesk } from './twin.ts';

const FEATURES = ['typing', 'readMarks', 'availability', 'position', 'poll'];

async function subject(features: string[], timeoutSeconds: number): Promise<DeskSubject> {
  const deps = await deskDeps();
  const secret = newWebhookSecret();
  const twin = await startWebhookDesk({ secret, now: deps.world.now });
  const config = { url: twin.url, features, timeoutSeconds };
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

deskContract('the webhook desk', { create: (seconds) => subject(FEATURES, seconds) });
deskContract('a webhook desk that can do the least', { create: (seconds) => subject([], seconds) });

it('[DK24] a post of more than a hundred events is refused as a whole, so that the desk sends them in smaller ones', () => {
  const secret = newWebhookSecret();
  const agent = { id: 'kim', name: 'Kim' };
  const post = (count: number) => {
    const one = (id: number) => ({ type: 'agent.said', id: `e${id}`, ticket: 'T1', agent, text: `line ${id}` });
    const body = JSON.stringify({ events: Array.from({ length: count }, (_, id) => one(id)) });
    const headers = signWebhook(secret, 'd1', 1_000_000, body);
    const sent = { method: 'POST', url: '/inbound/int_1', query: {}, headers: { ...headers }, at: 1_000_000 };
    return readPost(secret, { ...sent, body: new TextEncoder().encode(body) });
  };
  expect(post(100).events).toHaveLength(100);
  const { events, reply } = post(101);
  expect(events).toEqual([{ type: 'ignored', why: expect.stringContaining('101') }]);
  expect(reply).toMatchObject({ status: 413, body: expect.stringContaining('at most 100') });
});
