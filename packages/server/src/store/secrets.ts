import { createHash, hkdfSync, randomBytes } from 'node:crypto';

/** SHA-256: enough for tokens of 256 random bits, which nobody can guess; passwords get argon2id instead. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** 256 random bits, safe in URLs and cookies. */
export function newToken(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** One key per purpose out of SECRET_KEY, so that what signs a visitor's token cannot open anything else. */
export function deriveKey(
  secretKey: string,
  purpose: 'visitor-token' | 'idempotent-answers' | 'idempotent-requests' | 'secrets-at-rest',
): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secretKey, 'baton', purpose, 32));
}
