import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * A claim as a token that only we can make, opaque to who carries it. The purpose is part of what is signed: a token made
 * for one thing opens no other, though all are signed with SECRET_KEY.
 */
export function seal(purpose: string, claim: object, secret: string): string {
  const body = Buffer.from(JSON.stringify(claim)).toString('base64url');
  return `${body}.${sign(purpose, body, secret).toString('base64url')}`;
}

/** What was sealed under one of these secrets; null: it is none of ours, or was made for something else. */
export function unseal<T>(purpose: string, token: string, secrets: readonly string[]): T | null {
  const [body, signature, more] = token.split('.');
  if (!body || !signature || more !== undefined) return null;
  const given = Buffer.from(signature, 'base64url');
  const ours = secrets.some((secret) => {
    const expected = sign(purpose, body, secret);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!ours) return null;
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as T;
}

function sign(purpose: string, body: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(`${purpose}:${body}`).digest();
}
