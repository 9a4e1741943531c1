import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Millis } from '@baton/core';
import { Webhook } from 'standardwebhooks';

/** How far the two clocks may be apart, in milliseconds (the specification's advice). */
export const TOLERANCE_MS = 300_000;

/** The three headers of https://www.standardwebhooks.com: same `webhook-id` at each try, so that the receiver can dedupe. */
export interface WebhookHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

/** A fresh signing secret: `whsec_` and 32 random bytes. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** Is this a secret that can sign? `whsec_` is optional; the rest is base64 of 24 to 64 bytes. */
export function isWebhookSecret(secret: string): boolean {
  const text = secret.startsWith('whsec_') ? secret.slice(6) : secret;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return false;
  const { length } = Buffer.from(text, 'base64');
  return length >= 24 && length <= 64;
}

export function signWebhook(secret: string, id: string, at: Millis, body: string): WebhookHeaders {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, new Date(at), body),
  };
}

export type Verified =
  | { ok: true; id: string }
  | { ok: false; why: 'missing_headers' | 'bad_timestamp' | 'stale' | 'bad_signature' };

/**
 * Checks the raw body, before it is parsed, in constant time. Several secrets allow a change of secret without a gap;
 * several signatures in the header likewise.
 */
export function verifyWebhook(
  secrets: readonly string[],
  headers: Record<string, string | string[] | undefined>,
  body: string,
  now: Millis,
): Verified {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signature = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string')
    return { ok: false, why: 'missing_headers' };
  if (!/^\d{1,12}$/.test(timestamp)) return { ok: false, why: 'bad_timestamp' };
  const at = Number(timestamp) * 1_000;
  if (Math.abs(now - at) > TOLERANCE_MS) return { ok: false, why: 'stale' };

  const offered = signature.split(' ').filter((one) => one.startsWith('v1,'));
  let matches = false;
  for (const secret of secrets) {
    const expected = new Webhook(secret).sign(id, new Date(at), body);
    for (const one of offered) if (equal(one, expected)) matches = true;
  }
  return matches ? { ok: true, id } : { ok: false, why: 'bad_signature' };
}

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
