import { describe, expect, test } from 'vitest';
import { readWebhook, type WebhookCall } from './webhook.ts';

// The published example of https://www.standardwebhooks.com.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const AT = 1_614_265_330;
const GOOD: WebhookCall = {
  secret: SECRET,
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': String(AT),
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  body: '{"test": 2432232314}',
  now: AT * 1_000,
};
const headers = (more: Record<string, string>) => ({ ...(GOOD.headers as Record<string, string>), ...more });

describe('readWebhook', () => {
  test('[SK1] takes the published example, as an object and as Headers', async () => {
    expect(await readWebhook(GOOD)).toEqual({ test: 2432232314 });
    const asHeaders = new Headers(GOOD.headers as Record<string, string>);
    expect(await readWebhook({ ...GOOD, headers: asHeaders })).toEqual({ test: 2432232314 });
  });

  test('[SK1] takes one of several secrets and one of several signatures', async () => {
    const other = `whsec_${btoa('another secret of 24 bytes!!')}`;
    expect(await readWebhook({ ...GOOD, secret: [other, SECRET] })).toBeTruthy();
    const signature = `v1a,nonsense v1,bm9uc2Vuc2U= ${headers({})['webhook-signature']}`;
    expect(await readWebhook({ ...GOOD, headers: headers({ 'webhook-signature': signature }) })).toBeTruthy();
    await expect(readWebhook({ ...GOOD, secret: other })).rejects.toMatchObject({ why: 'bad_signature' });
  });

  test.each<[string, Partial<WebhookCall>]>([
    ['missing_headers', { headers: {} }],
    ['missing_headers', { headers: headers({ 'webhook-signature': '' }) }],
    ['bad_timestamp', { headers: headers({ 'webhook-timestamp': '1e9' }) }],
    ['stale', { now: (AT + 301) * 1_000 }],
    ['stale', { now: (AT - 301) * 1_000 }],
    ['bad_signature', { body: '{"test": 2432232315}' }],
    ['bad_signature', { headers: headers({ 'webhook-id': 'msg_other' }) }],
    ['bad_signature', { headers: headers({ 'webhook-signature': 'v1,%%%' }) }],
    ['bad_signature', { headers: headers({ 'webhook-signature': 'v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' }) }],
    ['bad_secret', { secret: 'whsec_' }],
  ])('[SK1] refuses with %s', async (why, change) => {
    await expect(readWebhook({ ...GOOD, ...change })).rejects.toMatchObject({ name: 'WebhookInvalid', why });
  });
});
