import type { EventItem } from '@baton/protocol';

/** How far the two clocks may be apart (https://www.standardwebhooks.com). */
const TOLERANCE_SECONDS = 300;

/** What a webhook or a `replyWebhook` is told. The same `id` at every try: keep the last ones, and drop what came before. */
export type WebhookEvent = EventItem & { id: string; type: EventItem['event']['type']; conversation: string };

/** Somebody asked for a test (`POST /v1/webhooks/{id}/test`): answer 200, there is nothing to do. */
export interface WebhookTest {
  id: string;
  type: 'webhook.test';
  at: string;
}

/** The call is not from Baton, or too old to be believed. Answer it with 401 and do nothing. */
export class WebhookInvalid extends Error {
  override readonly name = 'WebhookInvalid';
  readonly why: 'missing_headers' | 'bad_timestamp' | 'stale' | 'bad_signature' | 'bad_secret' | 'bad_body';

  constructor(why: WebhookInvalid['why']) {
    super(`This webhook is not valid: ${why}.`);
    this.why = why;
  }
}

export interface WebhookCall {
  /** `whsec_...`; several while one is changed for another. */
  secret: string | readonly string[];
  /** As your framework gives them: a `Headers`, or a plain object with names in lower case. */
  headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body exactly as it came, before anything parsed it. */
  body: string;
  /** Milliseconds since 1970. */
  now?: number;
}

/**
 * Verifies a call by Standard Webhooks and gives what it says. The signature covers id, time and body; it is compared by
 * WebCrypto in constant time. Throws `WebhookInvalid`.
 */
export async function readWebhook({
  secret,
  headers,
  body,
  now = Date.now(),
}: WebhookCall): Promise<WebhookEvent | WebhookTest> {
  const of = (name: string) => {
    const value = headers instanceof Headers ? headers.get(name) : headers[name];
    return typeof value === 'string' ? value : '';
  };
  const [id, timestamp, signatures] = [of('webhook-id'), of('webhook-timestamp'), of('webhook-signature')];
  if (id === '' || timestamp === '' || signatures === '') throw new WebhookInvalid('missing_headers');
  if (!/^\d{1,12}$/.test(timestamp)) throw new WebhookInvalid('bad_timestamp');
  if (Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE_SECONDS) throw new WebhookInvalid('stale');
  const keys = await Promise.all([secret].flat().map(keyOf));
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  if (!(await isSigned(keys, signatures, signed))) throw new WebhookInvalid('bad_signature');
  try {
    return JSON.parse(body) as WebhookEvent | WebhookTest;
  } catch {
    throw new WebhookInvalid('bad_body');
  }
}

async function isSigned(
  keys: readonly CryptoKey[],
  signatures: string,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  let valid = false;
  for (const one of signatures.split(' ')) {
    const signature = one.startsWith('v1,') ? bytesOf(one.slice(3)) : null;
    if (!signature) continue;
    for (const key of keys) if (await crypto.subtle.verify('HMAC', key, signature, signed)) valid = true;
  }
  return valid;
}

function keyOf(secret: string): Promise<CryptoKey> {
  const bytes = bytesOf(secret.replace(/^whsec_/, ''));
  if (!bytes || bytes.length === 0) throw new WebhookInvalid('bad_secret');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
