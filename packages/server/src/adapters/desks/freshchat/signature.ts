import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/**
 * The public key as Freshchat's settings show it: PEM with either title, or the base64 alone; inside may be the key with its algorithm
 * (SPKI) or bare (PKCS#1), whatever the title says. Null: it is none.
 */
export function publicKeyOf(text: string): KeyObject | null {
  const der = Buffer.from(text.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      const key = createPublicKey({ key: der, format: 'der', type });
      if (key.asymmetricKeyType === 'rsa') return key;
    } catch {
      // The other one, then.
    }
  }
  return null;
}

/** Base64 of RSA with SHA-256 (PKCS#1 v1.5) over the bytes as they came. */
export function isSigned(key: KeyObject, body: Uint8Array, signature: string | undefined): boolean {
  return signature !== undefined && verify('RSA-SHA256', body, key, Buffer.from(signature, 'base64'));
}
